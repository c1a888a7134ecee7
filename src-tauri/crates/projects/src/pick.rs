//! Picks: the tracks that the editor saved for a clip, in the order they want them.

use std::path::PathBuf;

use rusqlite::types::Type;
use rusqlite::{Connection, Row, Transaction, named_params};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Placed};
use crate::clip::{self, ClipId};
use crate::error::ProjectsError;
use crate::history::Step;
use crate::limits;
use crate::project::ProjectId;
use crate::store::{Fault, Projects};
use crate::words::{file_name, quoted};

/// A track to save. What the catalog says of it is copied, so that a pick can be read without it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NewPick {
    /// Id of the track in its catalog.
    pub track: String,
    /// Id of the catalog.
    pub catalog: String,
    /// Its title.
    pub title: String,
    /// Who made it.
    pub artist: Option<String>,
    /// The music file.
    pub path: Option<PathBuf>,
    /// Under which licence.
    pub licence: Option<String>,
    /// Beats per minute.
    pub bpm: Option<f64>,
    /// Key in Camelot's notation, such as `8A`.
    pub camelot: Option<String>,
    /// Second of the track at the range's in-point.
    pub start_s: f64,
    /// The range of the clip that it was picked for, in seconds.
    pub range_s: (f64, f64),
    /// Its score in the match.
    pub score: f64,
}

/// A saved track.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pick {
    /// What was saved.
    #[serde(flatten)]
    pub saved: NewPick,
    /// What the editor noted.
    pub note: String,
    /// When it was first saved.
    pub saved_ms: i64,
}

impl std::ops::Deref for Pick {
    type Target = NewPick;

    fn deref(&self) -> &NewPick {
        &self.saved
    }
}

const COLUMNS: &str = "SELECT track, catalog, title, artist, path, licence, bpm, camelot, start_s, \
     range_in_s, range_out_s, score, note, saved_ms, clip, place FROM picks";

impl Projects {
    /// The picks of a clip, in the editor's order.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and its like.
    pub fn picks(&self, clip: ClipId) -> Result<Vec<Pick>, ProjectsError> {
        let placed = list(&self.connection, clip).map_err(|error| self.sqlite(&error))?;
        Ok(placed.into_iter().map(|placed| placed.pick).collect())
    }

    /// The picks of all clips of a project, clip by clip in the order they were first opened.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and its like.
    pub fn project_picks(&self, project: ProjectId) -> Result<Vec<(ClipId, Pick)>, ProjectsError> {
        let read = || {
            let sql = format!(
                "{COLUMNS} WHERE clip IN (SELECT id FROM clips WHERE project = ?1)
                 ORDER BY clip, place"
            );
            let mut statement = self.connection.prepare(&sql)?;
            let rows = statement.query_map([project], |row| Ok((row.get(14)?, pick(row)?)))?;
            rows.collect::<Result<Vec<_>, _>>()
        };
        read().map_err(|error| self.sqlite(&error))
    }

    /// Saves a track for a clip, behind those that are there. One that is saved already keeps its
    /// place, its note and the time it was first saved; the rest becomes as given.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the clip, [`ProjectsError::InvalidValue`],
    /// [`ProjectsError::TooLong`], [`ProjectsError::Full`].
    pub fn save_pick(
        &mut self,
        clip: ClipId,
        new: &NewPick,
        at_ms: i64,
    ) -> Result<Pick, ProjectsError> {
        new.check()?;
        self.step(at_ms, |transaction| {
            clip::read(transaction, clip)?;
            let there = list(transaction, clip)?;
            let count = there.len() as i64;
            let before = there.into_iter().find(|p| p.pick.track == new.track);
            if before.is_none() && count >= limits::PICKS {
                return Err(ProjectsError::Full {
                    what: "picks of a clip",
                    limit: limits::PICKS,
                }
                .into());
            }
            let was = before.as_ref().map(|p| &p.pick);
            let pick = Pick {
                saved: new.clone(),
                note: was.map_or(String::new(), |p| p.note.clone()),
                saved_ms: was.map_or(at_ms, |p| p.saved_ms),
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

    /// Takes a track off the picks of a clip.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`].
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

    /// Notes something with a pick.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`], [`ProjectsError::TooLong`].
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
    /// [`ProjectsError::NotFound`] for the clip, [`ProjectsError::InvalidValue`] when they are not
    /// the ones that are there.
    pub fn reorder_picks(
        &mut self,
        clip: ClipId,
        tracks: &[&str],
        at_ms: i64,
    ) -> Result<(), ProjectsError> {
        self.step(at_ms, |transaction| {
            let path = clip::read(transaction, clip)?.path;
            let tracks_of = |picks: Vec<Placed>| picks.into_iter().map(|p| p.pick.saved.track);
            let before: Vec<String> = tracks_of(list(transaction, clip)?).collect();
            let mut there: Vec<&str> = before.iter().map(String::as_str).collect();
            let mut named = tracks.to_vec();
            there.sort_unstable();
            named.sort_unstable();
            if there != named {
                return Err(ProjectsError::InvalidValue {
                    expected: "each pick of the clip once",
                    found: format!("{} tracks where {} are saved", tracks.len(), before.len()),
                }
                .into());
            }
            let after: Vec<String> = tracks.iter().map(|&t| t.to_owned()).collect();
            let name = quoted(file_name(&path.to_string_lossy())).to_string();
            let step = (before != after).then(|| Step {
                what: format!("put the picks of {name} in another order"),
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

impl NewPick {
    fn check(&self) -> Result<(), ProjectsError> {
        if self.track.is_empty() {
            return Err(ProjectsError::InvalidValue {
                expected: "the id of a track",
                found: "nothing".into(),
            });
        }
        for (what, text) in [
            ("a track's id", Some(&self.track)),
            ("a catalog's id", Some(&self.catalog)),
            ("a title", Some(&self.title)),
            ("an artist", self.artist.as_ref()),
            ("a licence", self.licence.as_ref()),
            ("a key", self.camelot.as_ref()),
        ] {
            limits::optional(what, text.map(String::as_str), limits::FACT)?;
        }
        if let Some(path) = &self.path {
            limits::path(path)?;
        }
        self.bpm
            .map_or(Ok(()), |bpm| limits::between("a tempo", bpm, 0.0, 10_000.0))?;
        limits::number("a start in seconds", self.start_s)?;
        limits::number("a score", self.score)?;
        for edge in [self.range_s.0, self.range_s.1] {
            limits::between("a range in seconds", edge, 0.0, 1e9)?;
        }
        Ok(())
    }
}

fn list(connection: &Connection, clip: ClipId) -> Result<Vec<Placed>, rusqlite::Error> {
    let sql = format!("{COLUMNS} WHERE clip = ?1 ORDER BY place");
    let placed = |row: &Row<'_>| {
        Ok(Placed {
            place: row.get(15)?,
            pick: pick(row)?,
        })
    };
    connection
        .prepare(&sql)?
        .query_map([clip], placed)?
        .collect()
}

fn find(transaction: &Transaction<'_>, clip: ClipId, track: &str) -> Result<Placed, Fault> {
    let mut there = list(transaction, clip)?.into_iter();
    there
        .find(|p| p.pick.track == track)
        .ok_or_else(|| ProjectsError::missing("a pick", track).into())
}

fn pick(row: &Row<'_>) -> Result<Pick, rusqlite::Error> {
    let finite = |at: usize| {
        let value: f64 = row.get(at)?;
        if value.is_finite() {
            return Ok(value);
        }
        let wrong = format!("{value} where a number belongs");
        Err(rusqlite::Error::FromSqlConversionFailure(
            at,
            Type::Real,
            wrong.into(),
        ))
    };
    Ok(Pick {
        saved: NewPick {
            track: row.get(0)?,
            catalog: row.get(1)?,
            title: row.get(2)?,
            artist: row.get(3)?,
            path: row.get::<_, Option<String>>(4)?.map(PathBuf::from),
            licence: row.get(5)?,
            bpm: row.get(6)?,
            camelot: row.get(7)?,
            start_s: finite(8)?,
            range_s: (finite(9)?, finite(10)?),
            score: finite(11)?,
        },
        note: row.get(12)?,
        saved_ms: row.get(13)?,
    })
}

pub(crate) fn insert(
    transaction: &Transaction<'_>,
    clip: ClipId,
    place: i64,
    pick: &Pick,
) -> Result<(), rusqlite::Error> {
    transaction.execute(
        "INSERT INTO picks (clip, track, place, catalog, title, artist, path, licence, bpm, camelot,
            start_s, range_in_s, range_out_s, score, note, saved_ms)
         VALUES (:clip, :track, :place, :catalog, :title, :artist, :path, :licence, :bpm, :camelot,
            :start, :in, :out, :score, :note, :saved)",
        named_params! {
            ":clip": clip,
            ":track": pick.track,
            ":place": place,
            ":catalog": pick.catalog,
            ":title": pick.title,
            ":artist": pick.artist,
            ":path": pick.path.as_ref().and_then(|path| path.to_str()),
            ":licence": pick.licence,
            ":bpm": pick.bpm,
            ":camelot": pick.camelot,
            ":start": pick.start_s,
            ":in": pick.range_s.0,
            ":out": pick.range_s.1,
            ":score": pick.score,
            ":note": pick.note,
            ":saved": pick.saved_ms,
        },
    )?;
    Ok(())
}
