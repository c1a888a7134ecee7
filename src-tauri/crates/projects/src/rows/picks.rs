//! Rows of the table `picks`.

use std::path::PathBuf;

use needledrop_timebase::FrameRate;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use serde::{Deserialize, Serialize};

use crate::ids::{ClipId, ProjectId};
use crate::range::ClipRange;

use super::{clips, frame_columns, frames, rate, unreadable};

/// A track to save. The facts of the catalog are copied, so that a pick can be read without it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(
    missing_docs,
    reason = "fields are documented where their name leaves a question"
)]
pub struct NewPick {
    /// Id of the track in its catalog.
    pub track: String,
    /// Id of the catalog.
    pub catalog: String,
    pub title: String,
    pub artist: Option<String>,
    /// Path of the music file; absent if the catalog does not know it.
    pub path: Option<PathBuf>,
    /// Name of the licence, such as `CC-BY 4.0`.
    pub licence: Option<String>,
    pub bpm: Option<f64>,
    /// Key in Camelot notation, such as `8A`.
    pub camelot: Option<String>,
    /// Second of the track that plays at the in-point of the range.
    pub start_s: f64,
    /// The part of the clip that the track was picked for.
    #[serde(flatten)]
    pub range: ClipRange,
    /// Score of the match, 0 to 1.
    pub score: f64,
}

/// A track that the editor saved for a clip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pick {
    /// The track as it was saved last.
    #[serde(flatten)]
    pub saved: NewPick,
    /// The editor's note, empty if there is none.
    pub note: String,
    /// When it was first saved, in milliseconds since 1970.
    pub saved_ms: i64,
}

impl std::ops::Deref for Pick {
    type Target = NewPick;

    fn deref(&self) -> &NewPick {
        &self.saved
    }
}

/// A pick and its position among those of its clip, from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Placed {
    pub(crate) place: i64,
    pub(crate) pick: Pick,
}

const COLUMNS: &str = "SELECT track, catalog, title, artist, path, licence, bpm, camelot, start_s, \
     range_in_s, range_out_s, score, note, saved_ms, clip, place, rate_num, rate_den, \
     range_in_frame, range_out_frame FROM picks";

/// The picks of a clip in the editor's order.
pub(crate) fn list(connection: &Connection, clip: ClipId) -> Result<Vec<Placed>, rusqlite::Error> {
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

/// The picks of all clips of a project, clip by clip in the order in which they were added.
pub(crate) fn of_project(
    connection: &Connection,
    project: ProjectId,
) -> Result<Vec<(ClipId, Pick)>, rusqlite::Error> {
    let sql = format!(
        "{COLUMNS} WHERE clip IN (SELECT id FROM clips WHERE project = ?1) ORDER BY clip, place"
    );
    connection
        .prepare(&sql)?
        .query_map([project], |row| Ok((row.get(14)?, pick(row)?)))?
        .collect()
}

/// Inserts a pick at its position; those behind it move back by one.
pub(crate) fn insert(
    transaction: &Transaction<'_>,
    clip: ClipId,
    placed: &Placed,
) -> Result<(), rusqlite::Error> {
    transaction.execute(
        "UPDATE picks SET place = place + 1 WHERE clip = ?1 AND place >= ?2",
        (clip, placed.place),
    )?;
    let pick = &placed.pick;
    // Steps that were logged under schema 1 hold no frames.
    let range = pick.range.filled(clips::rate_of(transaction, clip)?);
    let [in_frame, out_frame, rate_num, rate_den] = frame_columns(range);
    transaction.execute(
        "INSERT INTO picks (clip, track, place, catalog, title, artist, path, licence, bpm, camelot,
            start_s, range_in_s, range_out_s, range_in_frame, range_out_frame, rate_num, rate_den,
            score, note, saved_ms)
         VALUES (:clip, :track, :place, :catalog, :title, :artist, :path, :licence, :bpm, :camelot,
            :start, :in, :out, :in_frame, :out_frame, :rate_num, :rate_den, :score, :note, :saved)",
        named_params! {
            ":clip": clip,
            ":track": pick.track,
            ":place": placed.place,
            ":catalog": pick.catalog,
            ":title": pick.title,
            ":artist": pick.artist,
            ":path": pick.path.as_ref().and_then(|path| path.to_str()),
            ":licence": pick.licence,
            ":bpm": pick.bpm,
            ":camelot": pick.camelot,
            ":start": pick.start_s,
            ":in": range.seconds().0,
            ":out": range.seconds().1,
            ":in_frame": in_frame,
            ":out_frame": out_frame,
            ":rate_num": rate_num,
            ":rate_den": rate_den,
            ":score": pick.score,
            ":note": pick.note,
            ":saved": pick.saved_ms,
        },
    )?;
    Ok(())
}

/// Deletes a pick; those behind it move forward by one. Returns whether it was there.
pub(crate) fn delete(
    transaction: &Transaction<'_>,
    clip: ClipId,
    track: &str,
) -> Result<bool, rusqlite::Error> {
    let place: Option<i64> = transaction
        .query_row(
            "DELETE FROM picks WHERE clip = ?1 AND track = ?2 RETURNING place",
            (clip, track),
            |row| row.get(0),
        )
        .optional()?;
    let Some(place) = place else {
        return Ok(false);
    };
    transaction.execute(
        "UPDATE picks SET place = place - 1 WHERE clip = ?1 AND place > ?2",
        (clip, place),
    )?;
    Ok(true)
}

/// Puts the picks of a clip in the order of `tracks`; returns whether each of them was there.
pub(crate) fn reorder(
    transaction: &Transaction<'_>,
    clip: ClipId,
    tracks: &[String],
) -> Result<bool, rusqlite::Error> {
    let mut set_place =
        transaction.prepare("UPDATE picks SET place = ?3 WHERE clip = ?1 AND track = ?2")?;
    for (place, track) in tracks.iter().enumerate() {
        if set_place.execute((clip, track, place as i64))? != 1 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Gives the picks of a clip that have no frames yet the nearest ones at `rate`.
pub(crate) fn count_frames(
    transaction: &Transaction<'_>,
    clip: ClipId,
    rate: FrameRate,
) -> Result<(), rusqlite::Error> {
    let uncounted: Vec<(String, f64, f64)> = transaction
        .prepare(
            "SELECT track, range_in_s, range_out_s FROM picks WHERE clip = ?1 AND rate_num IS NULL",
        )?
        .query_map([clip], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut set_frames = transaction.prepare(
        "UPDATE picks SET range_in_frame = ?3, range_out_frame = ?4, rate_num = ?5, rate_den = ?6
         WHERE clip = ?1 AND track = ?2",
    )?;
    for (track, in_s, out_s) in uncounted {
        let range = ClipRange::of_seconds((in_s, out_s)).counted(rate);
        let [in_frame, out_frame, rate_num, rate_den] = frame_columns(range);
        set_frames.execute((clip, track, in_frame, out_frame, rate_num, rate_den))?;
    }
    Ok(())
}

fn pick(row: &Row<'_>) -> Result<Pick, rusqlite::Error> {
    let finite = |at: usize| {
        let value: f64 = row.get(at)?;
        match value.is_finite() {
            true => Ok(value),
            false => Err(unreadable(at, format!("{value} where a number belongs"))),
        }
    };
    let frames = frames(row, 18, rate(row, 16)?)?;
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
            range: ClipRange::stored((finite(9)?, finite(10)?), frames),
            score: finite(11)?,
        },
        note: row.get(12)?,
        saved_ms: row.get(13)?,
    })
}
