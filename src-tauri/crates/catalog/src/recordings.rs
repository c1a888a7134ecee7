//! Tracks that are the same recording in several encodings. A search offers the best of them and leaves out the others.
//!
//! The indexer finds which tracks belong together, and that is stored. Which of them is the best depends on the files
//! that exist, so it is decided when they are read.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use rusqlite::{OptionalExtension, Params, Transaction};

use crate::details::fingerprint_of;
use crate::error::CatalogError;
use crate::path_text::text_path;
use crate::store::Catalog;

/// Extensions of files with lossless sound.
const LOSSLESS: [&str; 6] = ["aif", "aiff", "caf", "flac", "wav", "wave"];

/// One recording that several tracks hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Id of the best track: existing before missing files, lossless before lossy, longer before shorter, then by path.
    pub offered: String,
    /// Ids of the other tracks, from better to worse.
    pub others: Vec<String>,
}

/// A track with its fingerprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprinted {
    /// Id of the track.
    pub id: String,
    /// Chromaprint of the first two minutes, never empty.
    pub fingerprint: Vec<u32>,
}

/// A track of a recording, with what decides which is the best.
struct Member {
    recording: i64,
    row: i64,
    id: String,
    path: PathBuf,
    missing: bool,
    duration_s: f64,
}

impl Member {
    /// The least of these is the best.
    fn order(&self) -> (bool, bool, Reverse<i64>, &Path) {
        let tenths = (self.duration_s * 10.0).round() as i64;
        (
            self.missing,
            !is_lossless(&self.path),
            Reverse(tenths),
            &self.path,
        )
    }
}

impl Catalog {
    /// The recordings that more than one track holds, in order of the ids of the best tracks.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn recordings(&self) -> Result<Vec<Recording>, CatalogError> {
        let members = self.members()?;
        let mut recordings: Vec<Recording> = groups(&members)
            .map(|group| Recording {
                offered: group[0].id.clone(),
                others: group[1..].iter().map(|member| member.id.clone()).collect(),
            })
            .collect();
        recordings.sort_by(|a, b| a.offered.cmp(&b.offered));
        Ok(recordings)
    }

    /// Tracks that have a fingerprint and whose duration differs from `duration_s` by at most `within_s`: they may be the
    /// same recording.
    ///
    /// # Errors
    /// [`CatalogError::Damaged`], [`CatalogError::Database`].
    pub fn fingerprints_near(
        &self,
        duration_s: f64,
        within_s: f64,
    ) -> Result<Vec<Fingerprinted>, CatalogError> {
        self.connection
            .prepare_cached(
                "SELECT t.id, p.fingerprint FROM tracks t JOIN fingerprints p ON p.track = t.row
                 WHERE t.duration_s BETWEEN ?1 AND ?2 ORDER BY t.row",
            )
            .and_then(|mut query| {
                query
                    .query_map([duration_s - within_s, duration_s + within_s], |row| {
                        Ok(Fingerprinted {
                            id: row.get(0)?,
                            fingerprint: fingerprint_of(row, 1)?,
                        })
                    })?
                    .collect()
            })
            .map_err(|error| self.fail(&error))
    }

    /// Rows of the tracks that are not the best of their recording.
    pub(crate) fn duplicate_rows(&self) -> Result<HashSet<i64>, CatalogError> {
        let members = self.members()?;
        Ok(groups(&members)
            .flat_map(|group| group[1..].iter().map(|member| member.row))
            .collect())
    }

    /// Rows of the tracks of one recording, the best first.
    pub(crate) fn recording_rows(&self, recording: i64) -> Result<Vec<i64>, CatalogError> {
        let members = self.read_members("WHERE r.recording = ?1", [recording])?;
        Ok(members.iter().map(|member| member.row).collect())
    }

    /// Every track that belongs to a recording, grouped by recording, the best of each first.
    fn members(&self) -> Result<Vec<Member>, CatalogError> {
        self.read_members("", [])
    }

    fn read_members(
        &self,
        condition: &str,
        values: impl Params,
    ) -> Result<Vec<Member>, CatalogError> {
        let sql = format!(
            "SELECT r.recording, t.row, t.id, f.path, f.missing, t.duration_s
             FROM recordings r JOIN tracks t ON t.row = r.track JOIN files f ON f.path =
                (SELECT g.path FROM files g WHERE g.track = t.row ORDER BY g.missing, g.path LIMIT 1) {condition}"
        );
        let mut members: Vec<Member> = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut query| {
                query
                    .query_map(values, |row| {
                        Ok(Member {
                            recording: row.get(0)?,
                            row: row.get(1)?,
                            id: row.get(2)?,
                            path: text_path(row.get(3)?),
                            missing: row.get(4)?,
                            duration_s: row.get(5)?,
                        })
                    })?
                    .collect()
            })
            .map_err(|error| self.fail(&error))?;
        members.sort_by(|a, b| (a.recording, a.order()).cmp(&(b.recording, b.order())));
        Ok(members)
    }
}

/// The recordings that more than one of `members` holds.
fn groups(members: &[Member]) -> impl Iterator<Item = &[Member]> {
    members
        .chunk_by(|a, b| a.recording == b.recording)
        .filter(|group| group.len() > 1)
}

/// Puts the track in `row` and the tracks with the ids `same_as` into one recording, and merges the recordings that they
/// belonged to.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    row: i64,
    same_as: &[String],
) -> Result<(), rusqlite::Error> {
    let mut recording_of = transaction.prepare_cached(
        "SELECT t.row, r.recording FROM tracks t LEFT JOIN recordings r ON r.track = t.row WHERE t.id = ?1",
    )?;
    let mut put = transaction
        .prepare_cached("INSERT OR REPLACE INTO recordings (track, recording) VALUES (?1, ?2)")?;
    let mut join =
        transaction.prepare_cached("UPDATE recordings SET recording = ?1 WHERE recording = ?2")?;
    // Rows are never reused, so `row` is a new number for a recording.
    let mut alone = true;
    for id in same_as {
        let found: Option<(i64, Option<i64>)> = recording_of
            .query_row([id], |found| Ok((found.get(0)?, found.get(1)?)))
            .optional()?;
        match found {
            Some((other, _)) if other == row => {}
            Some((_, Some(recording))) => {
                join.execute([row, recording])?;
                alone = false;
            }
            Some((other, None)) => {
                put.execute([other, row])?;
                alone = false;
            }
            None => {}
        }
    }
    if !alone {
        put.execute([row, row])?;
    }
    Ok(())
}

fn is_lossless(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        let extension = extension.to_string_lossy().to_ascii_lowercase();
        LOSSLESS.contains(&extension.as_str())
    })
}
