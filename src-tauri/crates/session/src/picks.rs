//! Picks of a clip: saving, notes, order, undo.

use std::path::PathBuf;

use needledrop_engine::projects::{ClipId, ClipRange, NewPick, Projects, Undone};

use crate::dto::{Pick, UndoneStep};
use crate::fault::Fault;
use crate::session::{Session, clip_id};
use crate::store::now_ms;

impl Session {
    /// Saves a track for a clip, with the second of the track that meets the in-point. Returns the clip's picks.
    ///
    /// # Errors
    /// `no_clip`, `track_not_found`, and those of the catalog and of the editor's data.
    pub fn save(&self, clip: &str, track: &str, start_s: f64) -> Result<Vec<Pick>, Fault> {
        let id = clip_id(clip)?;
        let (catalog, found) = self.catalog.with(&self.catalog_ref(), |library| {
            Ok((library.info().id.clone(), library.track(track)?))
        })?;
        let facts = found.facts;
        let key = facts.key.map(|estimate| estimate.key);
        let pick = NewPick {
            track: track.to_owned(),
            catalog,
            title: facts.title,
            artist: facts.artist,
            path: Some(found.path),
            licence: facts.licence,
            bpm: facts.tempo.map(|tempo| f64::from(tempo.bpm)),
            camelot: key.map(|key| key.camelot().to_string()),
            start_s,
            range: ClipRange::of_seconds(self.range_of(id)?),
            score: self.score(id, track),
        };
        self.change_picks(id, |projects| {
            projects.save_pick(id, &pick, now_ms())?;
            Ok(())
        })
    }

    /// Removes a pick. Returns the clip's picks.
    ///
    /// # Errors
    /// `no_clip`, and those of the editor's data.
    pub fn unsave(&self, clip: &str, track: &str) -> Result<Vec<Pick>, Fault> {
        let id = clip_id(clip)?;
        self.change_picks(id, |projects| {
            projects.remove_pick(id, track, now_ms())?;
            Ok(())
        })
    }

    /// Writes a note to a pick. Returns the clip's picks.
    ///
    /// # Errors
    /// `no_clip`, and those of the editor's data.
    pub fn note(&self, clip: &str, track: &str, note: &str) -> Result<Vec<Pick>, Fault> {
        let id = clip_id(clip)?;
        self.change_picks(id, |projects| {
            projects.note_pick(id, track, note, now_ms())?;
            Ok(())
        })
    }

    /// Moves a pick to another place of the list, counted from 0. Returns the clip's picks.
    ///
    /// # Errors
    /// `no_clip`, and those of the editor's data.
    pub fn move_pick(&self, clip: &str, track: &str, to: u32) -> Result<Vec<Pick>, Fault> {
        let id = clip_id(clip)?;
        self.change_picks(id, |projects| {
            let mut order: Vec<String> = projects
                .picks(id)?
                .into_iter()
                .map(|pick| pick.saved.track)
                .collect();
            if let Some(from) = order.iter().position(|known| known == track) {
                let moved = order.remove(from);
                order.insert((to as usize).min(order.len()), moved);
                let order: Vec<&str> = order.iter().map(String::as_str).collect();
                projects.reorder_picks(id, &order, now_ms())?;
            }
            Ok(())
        })
    }

    /// Undoes the last change of a list; `None` if there is none.
    ///
    /// # Errors
    /// Those of the editor's data.
    pub fn undo(&self) -> Result<Option<UndoneStep>, Fault> {
        self.store.with(|projects| {
            projects
                .undo()?
                .map(|done| step(projects, done))
                .transpose()
        })
    }

    /// Redoes the last change that was undone; `None` if there is none.
    ///
    /// # Errors
    /// Those of the editor's data.
    pub fn redo(&self) -> Result<Option<UndoneStep>, Fault> {
        self.store.with(|projects| {
            projects
                .redo()?
                .map(|done| step(projects, done))
                .transpose()
        })
    }

    /// Path of a track's file, for drag and drop and for the file manager.
    ///
    /// # Errors
    /// `track_not_found`; `not_found` if the file is missing.
    pub fn track_file(&self, track: &str) -> Result<PathBuf, Fault> {
        let path = self.catalog.with(&self.catalog_ref(), |library| {
            Ok(library.track(track)?.path)
        })?;
        path.canonicalize().map_err(|error| {
            let message = format!(
                "the track's file cannot be read: {error}: {}",
                path.display()
            );
            Fault::new("not_found", message)
                .with_hint("index its folder again if the file was moved")
        })
    }

    /// The range of a clip's match.
    fn range_of(&self, id: ClipId) -> Result<(f64, f64), Fault> {
        if let Ok(open) = self.open_clip(id) {
            return Ok(open.doc.range_s);
        }
        self.store.flush();
        self.store.with(|projects| {
            let clip = projects.clip(id)?;
            let range = clip.settings.range.map(ClipRange::seconds);
            Ok(range.unwrap_or((0.0, clip.duration_s)))
        })
    }

    /// Runs a change and returns the clip's picks after it.
    fn change_picks(
        &self,
        id: ClipId,
        change: impl FnOnce(&mut Projects) -> Result<(), Fault>,
    ) -> Result<Vec<Pick>, Fault> {
        self.store.with(|projects| {
            change(projects)?;
            picks(projects, id)
        })
    }
}

fn picks(projects: &Projects, id: ClipId) -> Result<Vec<Pick>, Fault> {
    Ok(projects.picks(id)?.iter().map(Pick::from).collect())
}

fn step(projects: &Projects, done: Undone) -> Result<UndoneStep, Fault> {
    Ok(UndoneStep {
        picks: done.clip.map(|clip| picks(projects, clip)).transpose()?,
        clip: done.clip.map(|clip| clip.to_string()),
        what: done.what,
    })
}
