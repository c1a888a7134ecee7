//! Opening clips, their settings, and moved files.

use std::io;
use std::path::{Path, PathBuf};

use needledrop_timebase::FrameRate;
use rusqlite::{OptionalExtension, Transaction};
use serde::Serialize;

use crate::error::ProjectsError;
use crate::identity::Identity;
use crate::ids::{ClipId, ProjectId};
use crate::limits;
use crate::rows::clips::{self, Clip, ClipSettings};
use crate::rows::picks;
use crate::store::{Fault, Projects};

/// Facts of a clip's file when it is opened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClipFacts {
    /// Size and time of the file.
    pub identity: Identity,
    /// Length of the file in seconds.
    pub duration_s: f64,
    /// Frame rate of the file.
    pub rate: FrameRate,
}

/// Difference between a file and the same file when it was last opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It was not opened in this project before.
    New,
    /// Size and time are the same.
    Same,
    /// Size or time differ, usually because the clip was exported again. Its analysis is stale.
    Changed,
    /// It was found under another path and keeps its picks and settings.
    Moved {
        /// Path of the file when it was last opened.
        from: PathBuf,
    },
}

/// A clip that was opened, and the state of its file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names explain the fields")]
pub struct OpenedClip {
    pub clip: Clip,
    pub file: FileState,
}

impl Projects {
    /// Opens the file at `path` in a project. A file that was moved keeps its picks and settings: it has the size and time of
    /// a clip whose old path is empty now. Ranges that were saved without frames get the nearest ones.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the project, [`ProjectsError::InvalidValue`] for a path that
    /// is not Unicode text, [`ProjectsError::Full`].
    pub fn open_clip(
        &mut self,
        project: ProjectId,
        path: &Path,
        facts: ClipFacts,
        at_ms: i64,
    ) -> Result<OpenedClip, ProjectsError> {
        let text = limits::path(path)?;
        limits::between("a duration in seconds", facts.duration_s, 0.0, 1e9)?;
        let (bytes, modified_ns) = facts.identity.stored();
        self.within(|transaction| {
            let (id, file) = match find_by_file(transaction, project, text, facts.identity)? {
                Some(found) => found,
                None => (add(transaction, project, text)?, FileState::New),
            };
            // The time is later than that of every other clip, even if the system's clock was set back.
            transaction.execute(
                "UPDATE clips SET path = ?2, bytes = ?3, modified_ns = ?4, duration_s = ?5,
                    opened_ms = max(?6, (SELECT coalesce(max(opened_ms) + 1, ?6) FROM clips WHERE id <> ?1))
                 WHERE id = ?1",
                (id, text, bytes, modified_ns, facts.duration_s, at_ms),
            )?;
            clips::set_rate(transaction, id, facts.rate)?;
            picks::count_frames(transaction, id, facts.rate)?;
            transaction.execute("DELETE FROM forgotten WHERE clip = ?1", [id])?;
            let clip = clips::read(transaction, id)?;
            Ok(OpenedClip { clip, file })
        })
    }

    /// The clip with an id.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the clip.
    pub fn clip(&self, id: ClipId) -> Result<Clip, ProjectsError> {
        clips::read(&self.connection, id).map_err(|fault| self.fail(fault))
    }

    /// Saves the settings of a clip's match. The range gets the nearest frames at the clip's rate.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the clip, [`ProjectsError::InvalidValue`] and [`ProjectsError::TooLong`] for the
    /// settings.
    pub fn set_clip(&mut self, id: ClipId, settings: &ClipSettings) -> Result<(), ProjectsError> {
        check(settings)?;
        self.within(|transaction| match clips::set(transaction, id, settings)? {
            0 => Err(ProjectsError::missing("a clip", id).into()),
            _ => Ok(()),
        })
    }

    /// Sets the path of a clip whose file was moved and changed. [`Projects::open_clip`] does not recognise such a file.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the clip; [`ProjectsError::InvalidValue`] if another clip of the project has the
    /// path.
    pub fn relink_clip(
        &mut self,
        id: ClipId,
        path: &Path,
        identity: Identity,
    ) -> Result<Clip, ProjectsError> {
        let text = limits::path(path)?;
        let (bytes, modified_ns) = identity.stored();
        self.within(|transaction| {
            let clip = clips::read(transaction, id)?;
            let other: Option<ClipId> = transaction
                .query_row(
                    "SELECT id FROM clips WHERE project = ?1 AND path = ?2 AND id <> ?3",
                    (clip.project, text, id),
                    |row| row.get(0),
                )
                .optional()?;
            if other.is_some() {
                return Err(ProjectsError::InvalidValue {
                    expected: "a file that no other clip of the project has; open that clip instead",
                    found: text.to_owned(),
                }
                .into());
            }
            transaction.execute(
                "UPDATE clips SET path = ?2, bytes = ?3, modified_ns = ?4 WHERE id = ?1",
                (id, text, bytes, modified_ns),
            )?;
            clips::read(transaction, id)
        })
    }
}

fn check(settings: &ClipSettings) -> Result<(), ProjectsError> {
    let range_s = settings.range.map(|range| range.seconds());
    range_s.map_or(Ok(()), limits::range)?;
    limits::text("a brief", &settings.brief, limits::BRIEF)?;
    limits::json("filters", &settings.filters)?;
    let shares = [
        ("a share of the words from 0 to 1", settings.words_share),
        ("a sensitivity from 0 to 1", settings.sensitivity),
    ];
    for (expected, value) in shares {
        value.map_or(Ok(()), |v| limits::between(expected, v, 0.0, 1.0))?;
    }
    for weight in settings.weights.unwrap_or_default() {
        limits::between("weights from 0 to 1000", weight, 0.0, 1000.0)?;
    }
    Ok(())
}

/// The clip of a file, by its path or by its size and time, and the state of the file.
fn find_by_file(
    transaction: &Transaction<'_>,
    project: ProjectId,
    path: &str,
    identity: Identity,
) -> Result<Option<(ClipId, FileState)>, Fault> {
    let stored = identity.stored();
    let at_path: Option<(ClipId, (i64, i64))> = transaction
        .query_row(
            "SELECT id, bytes, modified_ns FROM clips WHERE project = ?1 AND path = ?2",
            (project, path),
            |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))),
        )
        .optional()?;
    if let Some((id, before)) = at_path {
        let state = match before == stored {
            true => FileState::Same,
            false => FileState::Changed,
        };
        return Ok(Some((id, state)));
    }
    let mut alike = transaction.prepare(
        "SELECT id, path FROM clips WHERE project = ?1 AND bytes = ?2 AND modified_ns = ?3
         ORDER BY EXISTS (SELECT 1 FROM picks WHERE clip = clips.id) DESC, opened_ms DESC LIMIT 100",
    )?;
    let mut alike = alike.query((project, stored.0, stored.1))?;
    while let Some(row) = alike.next()? {
        let from = PathBuf::from(row.get::<_, String>(1)?);
        // A file that still exists at the old path was copied, not moved.
        if is_gone(&from) {
            return Ok(Some((row.get(0)?, FileState::Moved { from })));
        }
    }
    Ok(None)
}

/// Whether nothing is at `path`. A file that cannot be read for another reason is not gone.
pub(crate) fn is_gone(path: &Path) -> bool {
    Identity::of(path).is_err_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
        )
    })
}

fn add(transaction: &Transaction<'_>, project: ProjectId, path: &str) -> Result<ClipId, Fault> {
    let (exists, clips): (bool, i64) = transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM projects WHERE id = ?1),
                (SELECT count(*) FROM clips WHERE project = ?1)",
        [project],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if !exists {
        return Err(ProjectsError::missing("a project", project).into());
    }
    if clips >= limits::CLIPS {
        return Err(ProjectsError::Full {
            what: "clips in a project",
            limit: limits::CLIPS,
        }
        .into());
    }
    transaction.execute(
        "INSERT INTO clips (project, path, bytes, modified_ns, duration_s, opened_ms)
         VALUES (?1, ?2, 0, 0, 0, 0)",
        (project, path),
    )?;
    Ok(transaction.last_insert_rowid())
}
