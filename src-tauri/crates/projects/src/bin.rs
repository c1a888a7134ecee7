//! Bins: clips in groups, often one per folder.

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use rusqlite::Transaction;
use serde::Serialize;

use crate::change::Change;
use crate::error::ProjectsError;
use crate::history::Step;
use crate::ids::{ClipId, ProjectId};
use crate::limits;
use crate::names::quoted;
use crate::rows::bins::{self, BinRow};
use crate::rows::clips;
use crate::store::{Fault, Projects};

/// A bin of clips.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(
    missing_docs,
    reason = "fields are documented where their name leaves a question"
)]
pub struct Bin {
    /// Unique in the file, never used again.
    pub id: i64,
    pub project: ProjectId,
    pub name: String,
    /// Path of the folder that the editor made the bin from; absent for a bin without one.
    pub folder: Option<PathBuf>,
    /// Ids in the editor's order, each once.
    pub clips: Vec<ClipId>,
}

impl Bin {
    fn new(id: i64, row: BinRow) -> Self {
        Self {
            id,
            project: row.project,
            name: row.name,
            folder: row.folder.map(PathBuf::from),
            clips: row.clips,
        }
    }
}

impl Projects {
    /// The bins of a project, oldest first.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and the other errors of reading.
    pub fn bins(&self, project: ProjectId) -> Result<Vec<Bin>, ProjectsError> {
        let rows = bins::list(&self.connection, project).map_err(|error| self.sqlite(&error))?;
        Ok(rows
            .into_iter()
            .map(|(id, row)| Bin::new(id, row))
            .collect())
    }

    /// Makes a bin. `folder` is the folder that the editor made it from.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the project or a clip, [`ProjectsError::InvalidValue`] and [`ProjectsError::TooLong`]
    /// for the name, [`ProjectsError::Full`] for too many bins or clips.
    pub fn make_bin(
        &mut self,
        project: ProjectId,
        name: &str,
        folder: Option<&Path>,
        clips: &[ClipId],
        at_ms: i64,
    ) -> Result<Bin, ProjectsError> {
        let name = limits::name("a bin's name", name)?;
        let folder = folder.map(limits::path).transpose()?.map(str::to_owned);
        self.step(at_ms, |transaction| {
            let (exists, bins, id): (bool, i64, i64) = transaction.query_row(
                "SELECT EXISTS (SELECT 1 FROM projects WHERE id = ?1),
                    (SELECT count(*) FROM bins WHERE project = ?1),
                    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'bins'), 0) + 1",
                [project],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            if !exists {
                return Err(ProjectsError::missing("a project", project).into());
            }
            if bins >= limits::BINS {
                return Err(ProjectsError::Full {
                    what: "bins in a project",
                    limit: limits::BINS,
                }
                .into());
            }
            let row = BinRow {
                project,
                name,
                folder,
                clips: checked(transaction, project, clips)?,
            };
            let what = format!("made the bin {}", quoted(&row.name));
            Ok((
                changed(id, what, None, Some(row.clone())),
                Bin::new(id, row),
            ))
        })
    }

    /// Gives a bin another name.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the bin, [`ProjectsError::InvalidValue`] and [`ProjectsError::TooLong`] for the name.
    pub fn rename_bin(&mut self, bin: i64, name: &str, at_ms: i64) -> Result<(), ProjectsError> {
        let name = limits::name("a bin's name", name)?;
        self.step(at_ms, |transaction| {
            let before = find(transaction, bin)?;
            let what = format!(
                "renamed the bin {} to {}",
                quoted(&before.name),
                quoted(&name)
            );
            let after = BinRow {
                name,
                ..before.clone()
            };
            Ok((changed(bin, what, Some(before), Some(after)), ()))
        })
    }

    /// Removes a bin; its clips stay in the project.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the bin.
    pub fn remove_bin(&mut self, bin: i64, at_ms: i64) -> Result<(), ProjectsError> {
        self.step(at_ms, |transaction| {
            let before = find(transaction, bin)?;
            let what = format!("removed the bin {}", quoted(&before.name));
            Ok((changed(bin, what, Some(before), None), ()))
        })
    }

    /// Replaces the clips of a bin and their order.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the bin or a clip, [`ProjectsError::Full`].
    pub fn set_bin(&mut self, bin: i64, clips: &[ClipId], at_ms: i64) -> Result<(), ProjectsError> {
        self.step(at_ms, |transaction| {
            let before = find(transaction, bin)?;
            let after = BinRow {
                clips: checked(transaction, before.project, clips)?,
                ..before.clone()
            };
            let name = quoted(&before.name);
            let what = match after.clips.len().cmp(&before.clips.len()) {
                Ordering::Greater => format!("added clips to the bin {name}"),
                Ordering::Less => format!("removed clips from the bin {name}"),
                Ordering::Equal => format!("changed the bin {name}"),
            };
            Ok((changed(bin, what, Some(before), Some(after)), ()))
        })
    }
}

fn changed(bin: i64, what: String, before: Option<BinRow>, after: Option<BinRow>) -> Option<Step> {
    (before != after).then_some(Step {
        what,
        clip: None,
        change: Change::Bin { bin, before, after },
    })
}

/// The clips without repetition. All of them must belong to the project.
fn checked(
    transaction: &Transaction<'_>,
    project: ProjectId,
    clips: &[ClipId],
) -> Result<Vec<ClipId>, Fault> {
    if clips.len() > limits::BIN_CLIPS {
        return Err(ProjectsError::Full {
            what: "clips in a bin",
            limit: limits::BIN_CLIPS as i64,
        }
        .into());
    }
    let mut seen = std::collections::HashSet::new();
    let mut unique = Vec::with_capacity(clips.len());
    for &id in clips {
        if clips::read(transaction, id)?.project != project {
            return Err(ProjectsError::missing("a clip of the same project", id).into());
        }
        if seen.insert(id) {
            unique.push(id);
        }
    }
    Ok(unique)
}

fn find(transaction: &Transaction<'_>, bin: i64) -> Result<BinRow, Fault> {
    bins::read(transaction, bin)?.ok_or_else(|| ProjectsError::missing("a bin", bin).into())
}
