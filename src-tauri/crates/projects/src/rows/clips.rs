//! Rows of the table `clips`.

use std::path::PathBuf;

use needledrop_timebase::FrameRate;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use serde::Serialize;

use crate::error::ProjectsError;
use crate::identity::Identity;
use crate::ids::{ClipId, ProjectId};
use crate::range::ClipRange;
use crate::store::Fault;

use super::{frame_columns, frames, rate, unreadable};

/// A clip of a project.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clip {
    /// Unique in the file, never used again.
    pub id: ClipId,
    /// The project it was opened in.
    pub project: ProjectId,
    /// Absolute path of the file.
    pub path: PathBuf,
    /// Size and time of the file when it was last opened.
    pub identity: Identity,
    /// Length of the file in seconds.
    pub duration_s: f64,
    /// Frame rate of the file when it was last opened; absent for a clip of a schema 1 file that was not opened since.
    pub rate: Option<FrameRate>,
    /// Settings of its last match.
    pub settings: ClipSettings,
    /// When it was last opened, in milliseconds since 1970.
    pub opened_ms: i64,
}

/// The settings of a clip's match. An absent value means the default of the program.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClipSettings {
    /// The part of the clip that is matched.
    pub range: Option<ClipRange>,
    /// The wanted music in words.
    pub brief: String,
    /// Share of the words in the query against the picture, 0 to 1.
    pub words_share: Option<f64>,
    /// Weights of picture, tempo, tags and key.
    pub weights: Option<[f64; 4]>,
    /// Cut sensitivity, 0 to 1.
    pub sensitivity: Option<f64>,
    /// Filters as a JSON document, which is stored as given.
    pub filters: String,
}

impl Default for ClipSettings {
    fn default() -> Self {
        Self {
            range: None,
            brief: String::new(),
            words_share: None,
            weights: None,
            sensitivity: None,
            filters: "{}".into(),
        }
    }
}

const COLUMNS: &str = "SELECT id, project, path, bytes, modified_ns, duration_s, range_in_s, \
     range_out_s, brief, words_share, weights, sensitivity, filters, opened_ms, rate_num, \
     rate_den, range_in_frame, range_out_frame FROM clips";

pub(crate) fn read(connection: &Connection, id: ClipId) -> Result<Clip, Fault> {
    let sql = format!("{COLUMNS} WHERE id = ?1");
    let found = connection.query_row(&sql, [id], clip).optional()?;
    found.ok_or_else(|| ProjectsError::missing("a clip", id).into())
}

/// Clips where `condition`, which may use `?1` and `?2`.
pub(crate) fn list(
    connection: &Connection,
    condition: &str,
    parameters: (Option<ProjectId>, i64),
) -> Result<Vec<Clip>, rusqlite::Error> {
    connection
        .prepare(&format!("{COLUMNS} {condition}"))?
        .query_map(parameters, clip)?
        .collect()
}

/// The rate of a clip, if it is known.
pub(crate) fn rate_of(
    connection: &Connection,
    id: ClipId,
) -> Result<Option<FrameRate>, rusqlite::Error> {
    let sql = "SELECT rate_num, rate_den FROM clips WHERE id = ?1";
    let found = connection.query_row(sql, [id], |row| rate(row, 0));
    found.optional().map(Option::flatten)
}

/// Writes the settings of a clip; returns how many rows it has, 0 or 1.
pub(crate) fn set(
    transaction: &Transaction<'_>,
    id: ClipId,
    settings: &ClipSettings,
) -> Result<usize, rusqlite::Error> {
    let weights = settings.weights.map(|weights| {
        let each: Vec<String> = weights.iter().map(f64::to_string).collect();
        format!("[{}]", each.join(","))
    });
    // The frames of a clip's range always count at the clip's own rate.
    let rate = rate_of(transaction, id)?;
    let counted = settings
        .range
        .zip(rate)
        .map(|(range, rate)| range.counted(rate));
    let [in_frame, out_frame, ..] = counted.map(frame_columns).unwrap_or_default();
    let range_s = settings.range.map(ClipRange::seconds);
    transaction.execute(
        "UPDATE clips SET range_in_s = :in, range_out_s = :out, range_in_frame = :in_frame,
            range_out_frame = :out_frame, brief = :brief, words_share = :words,
            weights = :weights, sensitivity = :sensitivity, filters = :filters WHERE id = :id",
        named_params! {
            ":id": id,
            ":in": range_s.map(|r| r.0),
            ":out": range_s.map(|r| r.1),
            ":in_frame": in_frame,
            ":out_frame": out_frame,
            ":brief": settings.brief,
            ":words": settings.words_share,
            ":weights": weights,
            ":sensitivity": settings.sensitivity,
            ":filters": settings.filters,
        },
    )
}

/// Writes the rate of a clip's file and gives the clip's range the nearest frames at that rate.
pub(crate) fn set_rate(
    transaction: &Transaction<'_>,
    id: ClipId,
    rate: FrameRate,
) -> Result<(), rusqlite::Error> {
    transaction.execute(
        "UPDATE clips SET rate_num = ?2, rate_den = ?3 WHERE id = ?1",
        (id, rate.num(), rate.den()),
    )?;
    let range: Option<(f64, f64)> = transaction.query_row(
        "SELECT range_in_s, range_out_s FROM clips WHERE id = ?1",
        [id],
        |row| Ok(row.get::<_, Option<f64>>(0)?.zip(row.get(1)?)),
    )?;
    if let Some(range_s) = range {
        let range = ClipRange::of_seconds(range_s).counted(rate);
        let [in_frame, out_frame, ..] = frame_columns(range);
        transaction.execute(
            "UPDATE clips SET range_in_frame = ?2, range_out_frame = ?3 WHERE id = ?1",
            (id, in_frame, out_frame),
        )?;
    }
    Ok(())
}

fn clip(row: &Row<'_>) -> Result<Clip, rusqlite::Error> {
    let unsigned = |at: usize| row.get::<_, i64>(at).map(|v| u64::try_from(v).unwrap_or(0));
    let weights: Option<String> = row.get(10)?;
    let weights = weights.map(|json| serde_json::from_str(&json)).transpose();
    let weights = weights.map_err(|error| unreadable(10, error))?;
    let rate = rate(row, 14)?;
    let range_s = row.get::<_, Option<f64>>(6)?.zip(row.get(7)?);
    let frames = frames(row, 16, rate)?;
    Ok(Clip {
        id: row.get(0)?,
        project: row.get(1)?,
        path: row.get::<_, String>(2)?.into(),
        identity: Identity {
            bytes: unsigned(3)?,
            modified_ns: unsigned(4)?,
        },
        duration_s: row.get(5)?,
        rate,
        settings: ClipSettings {
            range: range_s.map(|range_s| ClipRange::stored(range_s, frames)),
            brief: row.get(8)?,
            words_share: row.get(9)?,
            weights,
            sensitivity: row.get(11)?,
            filters: row.get(12)?,
        },
        opened_ms: row.get(13)?,
    })
}
