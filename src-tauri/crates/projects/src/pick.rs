//! Picks: the tracks that the editor saved for a clip, in the editor's order.

use rusqlite::Transaction;

use crate::change::Change;
use crate::error::ProjectsError;
use crate::history::Step;
use crate::ids::{ClipId, ProjectId};
use crate::limits;
use crate::names::{file_name, quoted};
use crate::rows::clips;
use crate::rows::picks::{self, NewPick, Pick, Placed};
use crate::store::{Fault, Projects};

impl Projects {
    /// The picks of a clip, in the editor's order.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and the other errors of reading.
    pub fn picks(&self, clip: ClipId) -> Result<Vec<Pick>, ProjectsError> {
        let placed = picks::list(&self.connection, clip).map_err(|error| self.sqlite(&error))?;
        Ok(placed.into_iter().map(|placed| placed.pick).collect())
    }

    /// The picks of all clips of a project, clip by clip in the order in which they were added.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and the other errors of reading.
    pub fn project_picks(&self, project: ProjectId) -> Result<Vec<(ClipId, Pick)>, ProjectsError> {
        picks::of_project(&self.connection, project).map_err(|error| self.sqlite(&error))
    }

    /// Saves a track for a clip, after the existing picks. If the track is saved already, it keeps
    /// its position, its note and the time it was first saved, and everything else is replaced.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the clip, [`ProjectsError::InvalidValue`] and [`ProjectsError::TooLong`] for the
    /// track's facts, [`ProjectsError::Full`] for too many picks.
    pub fn save_pick(
        &mut self,
        clip: ClipId,
        new: &NewPick,
        at_ms: i64,
    ) -> Result<Pick, ProjectsError> {
        check(new)?;
        self.step(at_ms, |transaction| {
            let rate = clips::read(transaction, clip)?.rate;
            let existing = picks::list(transaction, clip)?;
            let count = existing.len() as i64;
            let before = existing.into_iter().find(|p| p.pick.track == new.track);
            if before.is_none() && count >= limits::PICKS {
                return Err(ProjectsError::Full {
                    what: "picks of a clip",
                    limit: limits::PICKS,
                }
                .into());
            }
            let previous = before.as_ref().map(|p| &p.pick);
            let pick = Pick {
                saved: NewPick {
                    range: new.range.filled(rate),
                    ..new.clone()
                },
                note: previous.map_or(String::new(), |p| p.note.clone()),
                saved_ms: previous.map_or(at_ms, |p| p.saved_ms),
            };
            let title = quoted(&pick.title);
            let what = match before {
                None => format!("saved {title} to the picks"),
                Some(_) => format!("changed {title} in the picks"),
            };
            let place = before.as_ref().map_or(count, |p| p.place);
            let after = Placed {
                place,
                pick: pick.clone(),
            };
            Ok((changed(clip, what, before, Some(after)), pick))
        })
    }

    /// Removes a track from the picks of a clip.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the pick.
    pub fn remove_pick(
        &mut self,
        clip: ClipId,
        track: &str,
        at_ms: i64,
    ) -> Result<(), ProjectsError> {
        self.step(at_ms, |transaction| {
            let before = find(transaction, clip, track)?;
            let what = format!("removed {} from the picks", quoted(&before.pick.title));
            Ok((changed(clip, what, Some(before), None), ()))
        })
    }

    /// Replaces the note of a pick.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the pick, [`ProjectsError::TooLong`] for the note.
    pub fn note_pick(
        &mut self,
        clip: ClipId,
        track: &str,
        note: &str,
        at_ms: i64,
    ) -> Result<(), ProjectsError> {
        limits::text("a note", note, limits::NOTE)?;
        self.step(at_ms, |transaction| {
            let before = find(transaction, clip, track)?;
            let mut after = before.clone();
            after.pick.note = note.to_owned();
            let what = format!("changed the note of {}", quoted(&before.pick.title));
            Ok((changed(clip, what, Some(before), Some(after)), ()))
        })
    }

    /// Puts the picks of a clip in the order of `tracks`, which names each of them once.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the clip, [`ProjectsError::InvalidValue`] if `tracks` are
    /// not the saved ones.
    pub fn reorder_picks(
        &mut self,
        clip: ClipId,
        tracks: &[&str],
        at_ms: i64,
    ) -> Result<(), ProjectsError> {
        self.step(at_ms, |transaction| {
            let path = clips::read(transaction, clip)?.path;
            let before: Vec<String> = picks::list(transaction, clip)?
                .into_iter()
                .map(|placed| placed.pick.saved.track)
                .collect();
            let mut saved: Vec<&str> = before.iter().map(String::as_str).collect();
            let mut named = tracks.to_vec();
            saved.sort_unstable();
            named.sort_unstable();
            if saved != named {
                return Err(ProjectsError::InvalidValue {
                    expected: "each pick of the clip once",
                    found: format!("{} tracks, of {} picks", tracks.len(), before.len()),
                }
                .into());
            }
            let after: Vec<String> = tracks.iter().map(|&t| t.to_owned()).collect();
            let name = quoted(file_name(&path.to_string_lossy()));
            let step = (before != after).then(|| Step {
                what: format!("changed the order of the picks of {name}"),
                clip: Some(clip),
                change: Change::Order {
                    clip,
                    before,
                    after,
                },
            });
            Ok((step, ()))
        })
    }
}

fn changed(
    clip: ClipId,
    what: String,
    before: Option<Placed>,
    after: Option<Placed>,
) -> Option<Step> {
    (before != after).then_some(Step {
        what,
        clip: Some(clip),
        change: Change::Pick {
            clip,
            before: before.map(Box::new),
            after: after.map(Box::new),
        },
    })
}

fn check(new: &NewPick) -> Result<(), ProjectsError> {
    if new.track.is_empty() {
        return Err(ProjectsError::InvalidValue {
            expected: "the id of a track",
            found: "an empty text".into(),
        });
    }
    for (what, text) in [
        ("a track's id", Some(&new.track)),
        ("a catalog's id", Some(&new.catalog)),
        ("a title", Some(&new.title)),
        ("an artist", new.artist.as_ref()),
        ("a licence", new.licence.as_ref()),
        ("a key", new.camelot.as_ref()),
    ] {
        limits::optional(what, text.map(String::as_str), limits::FACT)?;
    }
    if let Some(path) = &new.path {
        limits::path(path)?;
    }
    new.bpm.map_or(Ok(()), |bpm| {
        limits::between("a tempo in bpm", bpm, 0.0, 10_000.0)
    })?;
    limits::number("a start in seconds", new.start_s)?;
    limits::number("a score", new.score)?;
    let (in_s, out_s) = new.range.seconds();
    for edge in [in_s, out_s] {
        limits::between("a range in seconds", edge, 0.0, 1e9)?;
    }
    Ok(())
}

fn find(transaction: &Transaction<'_>, clip: ClipId, track: &str) -> Result<Placed, Fault> {
    picks::list(transaction, clip)?
        .into_iter()
        .find(|placed| placed.pick.track == track)
        .ok_or_else(|| ProjectsError::missing("a pick", track).into())
}
