//! The clips opened last.

use rusqlite::OptionalExtension;
use serde::Serialize;

use crate::change::Change;
use crate::clip::{self, Clip, ClipId, is_gone};
use crate::error::ProjectsError;
use crate::history::Step;
use crate::identity::Identity;
use crate::project::ProjectId;
use crate::store::Projects;
use crate::words::{file_name, quoted};

/// A clip that was opened, with how its file is now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecentClip {
    /// The clip.
    pub clip: Clip,
    /// Its picks.
    pub picks: i64,
    /// Nothing is at its path any more.
    pub gone: bool,
    /// The file has another size or time than when it was opened.
    pub changed: bool,
}

impl Projects {
    /// The clips opened last, newest first, of one project or of all. Looks at each file.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and its like.
    pub fn recent_clips(
        &self,
        project: Option<ProjectId>,
        most: usize,
    ) -> Result<Vec<RecentClip>, ProjectsError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let read = || {
            let condition = "WHERE id NOT IN (SELECT clip FROM forgotten)
                AND (?1 IS NULL OR project = ?1) ORDER BY opened_ms DESC, id DESC LIMIT ?2";
            let clips = clip::list(&self.connection, condition, (project, most))?;
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

    /// Takes a clip off the list of recent ones. Its picks and settings stay, and it is back on the
    /// list when it is opened again.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`].
    pub fn forget_clip(&mut self, id: ClipId, at_ms: i64) -> Result<(), ProjectsError> {
        self.step(at_ms, |transaction| {
            let clip = clip::read(transaction, id)?;
            let forgotten: Option<i64> = transaction
                .query_row("SELECT 1 FROM forgotten WHERE clip = ?1", [id], |row| {
                    row.get(0)
                })
                .optional()?;
            let path = clip.path.to_string_lossy();
            let step = forgotten.is_none().then(|| Step {
                what: format!("took {} off the recent clips", quoted(file_name(&path))),
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
