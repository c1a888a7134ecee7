//! The list of recently opened clips.

use rusqlite::OptionalExtension;
use serde::Serialize;

use crate::change::Change;
use crate::clip::is_gone;
use crate::error::ProjectsError;
use crate::history::Step;
use crate::identity::Identity;
use crate::ids::{ClipId, ProjectId};
use crate::names::{file_name, quoted};
use crate::rows::clips::{self, Clip};
use crate::store::Projects;

/// A clip on the list, and the present state of its file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecentClip {
    /// The clip as it was last opened.
    pub clip: Clip,
    /// Number of the clip's picks.
    pub picks: i64,
    /// Whether nothing is at its path.
    pub gone: bool,
    /// Whether the size or time of the file differ from those when it was opened.
    pub changed: bool,
}

impl Projects {
    /// The `most` clips opened last, newest first, of one project or of all. Checks each file.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and the other errors of reading.
    pub fn recent_clips(
        &self,
        project: Option<ProjectId>,
        most: usize,
    ) -> Result<Vec<RecentClip>, ProjectsError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let read = || {
            let condition = "WHERE id NOT IN (SELECT clip FROM forgotten)
                AND (?1 IS NULL OR project = ?1) ORDER BY opened_ms DESC, id DESC LIMIT ?2";
            let clips = clips::list(&self.connection, condition, (project, most))?;
            let mut count = self
                .connection
                .prepare("SELECT count(*) FROM picks WHERE clip = ?1")?;
            clips
                .into_iter()
                .map(|clip| {
                    let picks = count.query_row([clip.id], |row| row.get(0))?;
                    let now = Identity::of(&clip.path);
                    Ok(RecentClip {
                        picks,
                        gone: is_gone(&clip.path),
                        changed: now.is_ok_and(|now| now.stored() != clip.identity.stored()),
                        clip,
                    })
                })
                .collect::<Result<Vec<_>, rusqlite::Error>>()
        };
        read().map_err(|error| self.sqlite(&error))
    }

    /// Removes a clip from the list. Its picks and settings stay, and the next opening puts it on the list again.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the clip.
    pub fn forget_clip(&mut self, id: ClipId, at_ms: i64) -> Result<(), ProjectsError> {
        self.step(at_ms, |transaction| {
            let clip = clips::read(transaction, id)?;
            let forgotten: Option<i64> = transaction
                .query_row("SELECT 1 FROM forgotten WHERE clip = ?1", [id], |row| {
                    row.get(0)
                })
                .optional()?;
            let path = clip.path.to_string_lossy();
            let step = forgotten.is_none().then(|| Step {
                what: format!("removed {} from the recent clips", quoted(file_name(&path))),
                clip: Some(id),
                change: Change::Forgotten {
                    clip: id,
                    before: false,
                    after: true,
                },
            });
            Ok((step, ()))
        })
    }
}
