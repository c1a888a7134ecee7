//! What the engine reads: tracks, sections, vectors.

use std::collections::HashMap;

use rusqlite::types::Value;
use rusqlite::{Row, ToSql, params_from_iter};

use crate::error::CatalogError;
use crate::filter::Filter;
use crate::store::Catalog;
use crate::track::{KeyEstimate, Section, Tempo, Track, TrackFacts, key_of_number};
use crate::vector::{from_f16_bytes, from_f32_bytes};

const COLUMNS: &str = "t.row, t.id, f.path, f.missing, t.title, t.artist, t.album, t.licence, t.attribution, t.source,
    t.duration_s, t.preview_start_s, t.preview_end_s, t.bpm, t.bpm_confidence, t.bpm_candidates, t.key,
    t.key_confidence, t.loudness_lufs, t.true_peak_dbtp";

/// One file a track: one that is there where there is one, then the first by name.
const JOINED: &str = "tracks t JOIN files f ON f.path =
    (SELECT g.path FROM files g WHERE g.track = t.row ORDER BY g.missing, g.path LIMIT 1)";

/// Rows named in one query at a time; SQLite's own limit is 32,766.
const AT_ONCE: usize = 1_000;

impl Catalog {
    /// The tracks that `filter` lets through, by title, artist and id.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn tracks(&self, filter: &Filter) -> Result<Vec<Track>, CatalogError> {
        let (mut condition, values) = filter.condition();
        if !filter.include_missing {
            condition.push_str(" AND f.missing = 0");
        }
        self.read_tracks(&condition, &values, "ORDER BY t.title, t.artist, t.id")
    }

    /// The track with this id.
    ///
    /// # Errors
    /// [`CatalogError::TrackNotFound`], [`CatalogError::Database`].
    pub fn track(&self, id: &str) -> Result<Track, CatalogError> {
        self.read_tracks("t.id = ?", &[Value::Text(id.into())], "")?
            .pop()
            .ok_or_else(|| CatalogError::TrackNotFound { id: id.into() })
    }

    /// The tracks of these rows, in their order; rows that are gone are left out.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn tracks_at(&self, rows: &[i64]) -> Result<Vec<Track>, CatalogError> {
        let mut found = HashMap::with_capacity(rows.len());
        for part in rows.chunks(AT_ONCE) {
            let values: Vec<Value> = part.iter().map(|&row| Value::Integer(row)).collect();
            let condition = format!("t.row IN ({})", places(part.len()));
            for track in self.read_tracks(&condition, &values, "")? {
                found.insert(track.row, track);
            }
        }
        Ok(rows.iter().filter_map(|row| found.remove(row)).collect())
    }

    /// The vector of a track, of length one.
    ///
    /// # Errors
    /// [`CatalogError::TrackNotFound`], [`CatalogError::Database`].
    pub fn vector(&self, id: &str) -> Result<Vec<f32>, CatalogError> {
        let bytes: Vec<u8> = self
            .connection
            .query_row(
                "SELECT v.vector FROM vectors v JOIN tracks t ON t.row = v.track WHERE t.id = ?1",
                [id],
                |row| row.get(0),
            )
            .map_err(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => {
                    CatalogError::TrackNotFound { id: id.into() }
                }
                _ => self.fail(&error),
            })?;
        Ok(from_f32_bytes(&bytes))
    }

    /// Calls `each` with the row and vector (length one) of every track whose row is above `after`, in order of rows.
    ///
    /// # Errors
    /// [`CatalogError::Damaged`] where a vector has a wrong length, [`CatalogError::Database`], and what `each` returns.
    pub fn vectors_after(
        &self,
        after: i64,
        mut each: impl FnMut(i64, &[f32]) -> Result<(), CatalogError>,
    ) -> Result<(), CatalogError> {
        let fail = |error: rusqlite::Error| self.fail(&error);
        let mut query = self
            .connection
            .prepare_cached("SELECT track, vector FROM vectors WHERE track > ?1 ORDER BY track")
            .map_err(fail)?;
        let mut rows = query.query([after]).map_err(fail)?;
        while let Some(row) = rows.next().map_err(fail)? {
            let track: i64 = row.get(0).map_err(fail)?;
            let bytes = row.get_ref(1).map_err(fail)?.as_blob().unwrap_or_default();
            let vector = from_f32_bytes(bytes);
            if vector.len() != self.dim || bytes.len() != self.dim * 4 {
                return Err(CatalogError::Damaged {
                    reason: format!(
                        "a vector of {} bytes where {} were expected",
                        bytes.len(),
                        self.dim * 4
                    ),
                    dir: self.dir.clone(),
                });
            }
            each(track, &vector)?;
        }
        Ok(())
    }

    /// The sections of a track in time order; one of silence has a vector of zeros.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn sections(&self, id: &str) -> Result<Vec<Section>, CatalogError> {
        self.connection
            .prepare_cached(
                "SELECT s.start_s, s.end_s, s.vector FROM sections s JOIN tracks t ON t.row = s.track
                 WHERE t.id = ?1 ORDER BY s.start_s",
            )
            .and_then(|mut query| {
                query
                    .query_map([id], |row| {
                        Ok(Section {
                            start_s: row.get(0)?,
                            end_s: row.get(1)?,
                            vector: from_f16_bytes(row.get_ref(2)?.as_blob().unwrap_or_default()),
                        })
                    })?
                    .collect()
            })
            .map_err(|error| self.fail(&error))
    }

    /// Every tag of the catalog with the number of tracks that carry it, most used first.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn tag_counts(&self) -> Result<Vec<(String, usize)>, CatalogError> {
        self.connection
            .prepare("SELECT name, count(*) AS n FROM tags JOIN tag_names ON number = tag GROUP BY tag ORDER BY n DESC, name")
            .and_then(|mut query| query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(|error| self.fail(&error))
    }

    fn read_tracks(
        &self,
        condition: &str,
        values: &[Value],
        order: &str,
    ) -> Result<Vec<Track>, CatalogError> {
        let sql = format!("SELECT {COLUMNS} FROM {JOINED} WHERE {condition} {order}");
        let mut tracks: Vec<Track> = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut query| {
                query
                    .query_map(params_from_iter(values), track_of)?
                    .collect()
            })
            .map_err(|error| self.fail(&error))?;
        self.fill_tags(&mut tracks, condition, values)?;
        Ok(tracks)
    }

    fn fill_tags(
        &self,
        tracks: &mut [Track],
        condition: &str,
        values: &[Value],
    ) -> Result<(), CatalogError> {
        let sql = format!(
            "SELECT x.track, n.name, x.score FROM {JOINED} JOIN tags x ON x.track = t.row
             JOIN tag_names n ON n.number = x.tag WHERE {condition} ORDER BY x.score DESC, n.name"
        );
        let place: HashMap<i64, usize> = tracks
            .iter()
            .enumerate()
            .map(|(at, track)| (track.row, at))
            .collect();
        let mut fill = || -> Result<(), rusqlite::Error> {
            let mut query = self.connection.prepare_cached(&sql)?;
            let mut rows = query.query(params_from_iter(
                values.iter().map(|value| value as &dyn ToSql),
            ))?;
            while let Some(row) = rows.next()? {
                if let Some(&at) = place.get(&row.get(0)?) {
                    tracks[at].facts.tags.push((row.get(1)?, row.get(2)?));
                }
            }
            Ok(())
        };
        fill().map_err(|error| self.fail(&error))
    }
}

pub(crate) fn places(count: usize) -> String {
    let mut text = "?,".repeat(count);
    text.pop();
    text
}

fn track_of(row: &Row<'_>) -> Result<Track, rusqlite::Error> {
    let tempo = match row.get::<_, Option<f32>>(13)? {
        None => None,
        Some(bpm) => {
            let pairs = from_f32_bytes(row.get_ref(15)?.as_blob_or_null()?.unwrap_or_default());
            Some(Tempo {
                bpm,
                confidence: row.get::<_, Option<f32>>(14)?.unwrap_or(0.0),
                candidates: pairs
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .map(|&[bpm, weight]| (bpm, weight))
                    .collect(),
            })
        }
    };
    let key = match row.get::<_, Option<u8>>(16)? {
        None => None,
        Some(number) => Some(KeyEstimate {
            key: key_of_number(number),
            confidence: row.get::<_, Option<f32>>(17)?.unwrap_or(0.0),
        }),
    };
    Ok(Track {
        row: row.get(0)?,
        id: row.get(1)?,
        path: row.get::<_, String>(2)?.into(),
        missing: row.get(3)?,
        facts: TrackFacts {
            title: row.get(4)?,
            artist: row.get(5)?,
            album: row.get(6)?,
            licence: row.get(7)?,
            attribution: row.get(8)?,
            source: row.get(9)?,
            duration_s: row.get(10)?,
            preview_s: (row.get(11)?, row.get(12)?),
            tempo,
            key,
            loudness_lufs: row.get(18)?,
            true_peak_dbtp: row.get(19)?,
            tags: Vec::new(),
        },
    })
}
