//! Bins: clips put together under a name, often the folder they came from.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::clip::{self, ClipId};
use crate::error::ProjectsError;
use crate::history::Step;
use crate::limits;
use crate::project::ProjectId;
use crate::store::{Fault, Projects};
use crate::words::quoted;

/// A bin of clips.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bin {
    /// Its number.
    pub id: i64,
    /// Its project.
    pub project: ProjectId,
    /// Its name.
    pub name: String,
    /// The folder that was dropped in, where it came of one.
    pub folder: Option<PathBuf>,
    /// Its clips, in order.
    pub clips: Vec<ClipId>,
}

/// A bin as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BinRow {
    pub(crate) project: ProjectId,
    pub(crate) name: String,
    pub(crate) folder: Option<String>,
    pub(crate) clips: Vec<ClipId>,
}

impl BinRow {
    pub(crate) fn insert(&self, transaction: &Transaction<'_>, bin: i64) -> Result<(), Fault> {
        transaction.execute(
            "INSERT INTO bins (id, project, name, folder) VALUES (?1, ?2, ?3, ?4)",
            (bin, self.project, &self.name, &self.folder),
        )?;
        let mut insert =
            transaction.prepare("INSERT INTO bin_clips (bin, place, clip) VALUES (?1, ?2, ?3)")?;
        for (place, clip) in self.clips.iter().enumerate() {
            insert.execute((bin, place as i64, clip))?;
        }
        Ok(())
    }

    fn bin(self, id: i64) -> Bin {
        Bin {
            id,
            project: self.project,
            name: self.name,
            folder: self.folder.map(PathBuf::from),
            clips: self.clips,
        }
    }
}

impl Projects {
    /// The bins of a project, oldest first.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and its like.
    pub fn bins(&self, project: ProjectId) -> Result<Vec<Bin>, ProjectsError> {
        let read = || {
            let mut ids = self
                .connection
                .prepare("SELECT id FROM bins WHERE project = ?1 ORDER BY id")?;
            let ids: Vec<i64> = ids
                .query_map([project], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            ids.into_iter()
                .map(|id| Ok(row(&self.connection, id)?.map(|row| row.bin(id))))
                .filter_map(Result::transpose)
                .collect::<Result<Vec<_>, rusqlite::Error>>()
        };
        read().map_err(|error| self.sqlite(&error))
    }

    /// Makes a bin, of a `folder` where it came of one.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the project or a clip, [`ProjectsError::InvalidValue`],
    /// [`ProjectsError::TooLong`], [`ProjectsError::Full`].
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
            let (there, bins, id): (bool, i64, i64) = transaction.query_row(
                "SELECT EXISTS (SELECT 1 FROM projects WHERE id = ?1),
                    (SELECT count(*) FROM bins WHERE project = ?1),
                    coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'bins'), 0) + 1",
                [project],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?;
            if !there {
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
            Ok((changed(id, what, None, Some(row.clone())), row.bin(id)))
        })
    }

    /// Gives a bin another name.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`], [`ProjectsError::InvalidValue`], [`ProjectsError::TooLong`].
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

    /// Removes a bin; its clips stay.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`].
    pub fn remove_bin(&mut self, bin: i64, at_ms: i64) -> Result<(), ProjectsError> {
        self.step(at_ms, |transaction| {
            let before = find(transaction, bin)?;
            let what = format!("removed the bin {}", quoted(&before.name));
            Ok((changed(bin, what, Some(before), None), ()))
        })
    }

    /// Says which clips are in a bin, in which order; this adds, takes out and moves.
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
                std::cmp::Ordering::Greater => format!("put clips into the bin {name}"),
                std::cmp::Ordering::Less => format!("took clips out of the bin {name}"),
                std::cmp::Ordering::Equal => format!("rearranged the bin {name}"),
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

/// The clips, each once, all of the project.
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
    let mut kept = Vec::with_capacity(clips.len());
    for &id in clips {
        if clip::read(transaction, id)?.project != project {
            return Err(ProjectsError::missing("a clip of the same project", id).into());
        }
        if seen.insert(id) {
            kept.push(id);
        }
    }
    Ok(kept)
}

fn find(transaction: &Transaction<'_>, bin: i64) -> Result<BinRow, Fault> {
    row(transaction, bin)?.ok_or_else(|| ProjectsError::missing("a bin", bin).into())
}

fn row(connection: &Connection, bin: i64) -> Result<Option<BinRow>, rusqlite::Error> {
    let found = connection
        .query_row(
            "SELECT project, name, folder FROM bins WHERE id = ?1",
            [bin],
            |row| {
                Ok(BinRow {
                    project: row.get(0)?,
                    name: row.get(1)?,
                    folder: row.get(2)?,
                    clips: Vec::new(),
                })
            },
        )
        .optional()?;
    let Some(mut found) = found else {
        return Ok(None);
    };
    found.clips = connection
        .prepare("SELECT clip FROM bin_clips WHERE bin = ?1 ORDER BY place")?
        .query_map([bin], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(Some(found))
}
