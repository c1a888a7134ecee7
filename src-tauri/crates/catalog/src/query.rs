//! Reading tracks, sections and vectors.

use std::collections::HashMap;
use std::ops::ControlFlow;

use needledrop_ranking::{Character, Form, Key, KeyEstimate, Loudness, Section, Tempo};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};

use crate::encoding::{self, damaged};
use crate::error::CatalogError;
use crate::filter::Filter;
use crate::path_text::text_path;
use crate::sql::placeholders;
use crate::store::Catalog;
use crate::track::{Track, TrackFacts, key_of_number};
use crate::vector::from_f16_bytes;

const COLUMNS: &str = "t.row, t.id, f.path, f.missing, t.title, t.artist, t.album, t.licence, t.attribution, t.source,
    t.duration_s, t.preview_start_s, t.preview_end_s, t.bpm, t.bpm_confidence, t.bpm_candidates, t.key,
    t.key_confidence, t.loudness_lufs, t.true_peak_dbtp, t.isrc, t.claimed_bpm, t.claimed_key, t.tuning_cents,
    t.loudness_range_lu, t.tempo_stretches, t.ending, t.ending_s, t.climax_s, t.loop_start_s, t.loop_end_s, t.mood,
    t.energy, t.valence, t.vocal, t.presence, t.intensity";

/// Tracks, each with one file: an existing one if there is any, then the first by path.
const JOINED: &str = "tracks t JOIN files f ON f.path =
    (SELECT g.path FROM files g WHERE g.track = t.row ORDER BY g.missing, g.path LIMIT 1)";

/// Number of rows that one query names; SQLite's limit is 32,766.
const AT_ONCE: usize = 1_000;

impl Catalog {
    /// The tracks that meet `filter`, in order of title, artist and id.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn tracks(&self, filter: &Filter) -> Result<Vec<Track>, CatalogError> {
        let mut tracks = self.tracks_without_tags(filter)?;
        self.add_tags(&mut tracks)?;
        Ok(tracks)
    }

    /// As [`Catalog::tracks`], without the tags, which are most of what there is to read; see [`Catalog::add_tags`].
    ///
    /// # Errors
    /// As [`Catalog::tracks`].
    pub fn tracks_without_tags(&self, filter: &Filter) -> Result<Vec<Track>, CatalogError> {
        let (mut condition, values) = filter.condition();
        if !filter.include_missing {
            condition.push_str(" AND f.missing = 0");
        }
        let mut tracks =
            self.read_tracks(&condition, &values, "ORDER BY t.title, t.artist, t.id")?;
        if !filter.include_duplicates {
            let spare = self.duplicate_rows()?;
            tracks.retain(|track| !spare.contains(&track.row));
        }
        Ok(tracks)
    }

    /// The track with this id.
    ///
    /// # Errors
    /// [`CatalogError::TrackNotFound`], [`CatalogError::Database`].
    pub fn track(&self, id: &str) -> Result<Track, CatalogError> {
        let mut tracks = self.read_tracks("t.id = ?", &[Value::Text(id.into())], "")?;
        self.add_tags(&mut tracks)?;
        tracks
            .pop()
            .ok_or_else(|| CatalogError::TrackNotFound { id: id.into() })
    }

    /// The tracks in `rows`, in their order; rows that are gone are left out.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn tracks_at(&self, rows: &[i64]) -> Result<Vec<Track>, CatalogError> {
        let mut found = HashMap::with_capacity(rows.len());
        for part in rows.chunks(AT_ONCE) {
            let values: Vec<Value> = part.iter().map(|&row| Value::Integer(row)).collect();
            let condition = format!("t.row IN ({})", placeholders(part.len()));
            let mut tracks = self.read_tracks(&condition, &values, "")?;
            self.add_tags(&mut tracks)?;
            found.extend(tracks.into_iter().map(|track| (track.row, track)));
        }
        Ok(rows.iter().filter_map(|row| found.remove(row)).collect())
    }

    /// The vector of a track, of length one.
    ///
    /// # Errors
    /// [`CatalogError::TrackNotFound`], [`CatalogError::Damaged`], [`CatalogError::Database`].
    pub fn vector(&self, id: &str) -> Result<Vec<f32>, CatalogError> {
        self.connection
            .prepare_cached(
                "SELECT v.vector FROM vectors v JOIN tracks t ON t.row = v.track WHERE t.id = ?1",
            )
            .and_then(|mut query| {
                query.query_row([id], |row| encoding::unit_vector(row, 0, self.dim))
            })
            .map_err(|error| match error {
                rusqlite::Error::QueryReturnedNoRows => {
                    CatalogError::TrackNotFound { id: id.into() }
                }
                _ => self.fail(&error),
            })
    }

    /// Calls `each` with the row and vector (length one) of every track whose row is above `after`, in ascending order of
    /// rows, until it breaks.
    ///
    /// # Errors
    /// [`CatalogError::Damaged`] where a vector has a wrong length or direction, [`CatalogError::Database`].
    pub fn vectors_after(
        &self,
        after: i64,
        mut each: impl FnMut(i64, &[f32]) -> ControlFlow<()>,
    ) -> Result<(), CatalogError> {
        let fail = |error: rusqlite::Error| self.fail(&error);
        let mut query = self
            .connection
            .prepare_cached("SELECT track, vector FROM vectors WHERE track > ?1 ORDER BY track")
            .map_err(fail)?;
        let mut rows = query.query([after]).map_err(fail)?;
        while let Some(row) = rows.next().map_err(fail)? {
            let track: i64 = row.get(0).map_err(fail)?;
            let vector = encoding::unit_vector(row, 1, self.dim).map_err(fail)?;
            if each(track, &vector).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The sections of a track in time order. A silent section has a vector of zeros.
    ///
    /// # Errors
    /// [`CatalogError::Damaged`], [`CatalogError::Database`].
    pub fn sections(&self, id: &str) -> Result<Vec<Section>, CatalogError> {
        self.connection
            .prepare_cached(
                "SELECT s.start_s, s.end_s, s.vector, s.kind, s.energy, s.vocal
                 FROM sections s JOIN tracks t ON t.row = s.track
                 WHERE t.id = ?1 ORDER BY s.start_s",
            )
            .and_then(|mut query| {
                query
                    .query_map([id], |row| section_of(row, self.dim))?
                    .collect()
            })
            .map_err(|error| self.fail(&error))
    }

    /// Every tag of the catalog with the number of its tracks, most used first.
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
        self.connection
            .prepare_cached(&sql)
            .and_then(|mut query| {
                query
                    .query_map(params_from_iter(values), track_of)?
                    .collect()
            })
            .map_err(|error| self.fail(&error))
    }

    /// Reads the tags of tracks that were read without them.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn add_tags(&self, tracks: &mut [Track]) -> Result<(), CatalogError> {
        self.fill_tags(tracks).map_err(|error| self.fail(&error))
    }

    fn fill_tags(&self, tracks: &mut [Track]) -> Result<(), rusqlite::Error> {
        let names: HashMap<i64, String> = self
            .connection
            .prepare_cached("SELECT number, name FROM tag_names")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for part in tracks.chunks_mut(AT_ONCE) {
            let place: HashMap<i64, usize> = part
                .iter()
                .enumerate()
                .map(|(at, track)| (track.row, at))
                .collect();
            let sql = format!(
                "SELECT track, tag, score FROM tags WHERE track IN ({})",
                placeholders(part.len())
            );
            let mut query = self.connection.prepare_cached(&sql)?;
            let mut rows = query.query(params_from_iter(part.iter().map(|track| track.row)))?;
            while let Some(row) = rows.next()? {
                let name = names.get(&row.get(1)?);
                let score: f32 = row.get(2)?;
                if let (Some(&at), Some(name), true) =
                    (place.get(&row.get(0)?), name, score.is_finite())
                {
                    part[at].facts.tags.push((name.clone(), score));
                }
            }
            for track in part {
                let tags = &mut track.facts.tags;
                tags.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            }
        }
        Ok(())
    }
}

fn section_of(row: &Row<'_>, dim: usize) -> Result<Section, rusqlite::Error> {
    let vector = encoding::blob(row, 2)?.unwrap_or_default();
    if vector.len() != dim * 2 {
        let wrong = format!("a section's vector of {} bytes", vector.len());
        return Err(damaged(2, wrong));
    }
    Ok(Section {
        start_s: encoding::required_time_s(row, 0, "the start of a section")?,
        end_s: encoding::required_time_s(row, 1, "the end of a section")?,
        kind: encoding::section_kind(row.get(3)?).map_err(|wrong| damaged(3, wrong))?,
        energy: encoding::share(row, 4, "energy of a section")?.unwrap_or(0.0),
        vocal: encoding::share(row, 5, "share of voices in a section")?,
        vector: from_f16_bytes(vector),
    })
}

fn track_of(row: &Row<'_>) -> Result<Track, rusqlite::Error> {
    Ok(Track {
        row: row.get(0)?,
        id: row.get(1)?,
        path: text_path(row.get(2)?),
        missing: row.get(3)?,
        facts: TrackFacts {
            title: row.get(4)?,
            artist: row.get(5)?,
            album: row.get(6)?,
            licence: row.get(7)?,
            attribution: row.get(8)?,
            source: row.get(9)?,
            isrc: row.get(20)?,
            claimed_bpm: encoding::finite(row, 21)?,
            claimed_key: key_in(row, 22)?,
            duration_s: encoding::required_time_s(row, 10, "a duration")?,
            preview_s: (
                encoding::required_time_s(row, 11, "the start of a preview")?,
                encoding::required_time_s(row, 12, "the end of a preview")?,
            ),
            tempo: tempo_of(row)?,
            key: key_of(row)?,
            loudness: Loudness {
                integrated_lufs: encoding::finite(row, 18)?,
                range_lu: encoding::finite(row, 24)?,
                true_peak_dbtp: encoding::finite(row, 19)?,
            },
            form: form_of(row)?,
            character: character_of(row)?,
            tags: Vec::new(),
        },
    })
}

fn tempo_of(row: &Row<'_>) -> Result<Option<Tempo>, rusqlite::Error> {
    let fastest = f64::from(encoding::FASTEST_BPM);
    let Some(bpm) = encoding::between(row, 13, "a tempo", (0.0, fastest))? else {
        return Ok(None);
    };
    let readings = encoding::blob(row, 15)?.unwrap_or_default();
    let stretches = encoding::blob(row, 25)?.unwrap_or_default();
    Ok(Some(Tempo {
        bpm: bpm as f32,
        confidence: encoding::share(row, 14, "confidence in a tempo")?.unwrap_or(0.0),
        candidates: encoding::pairs(readings, "readings of a tempo")
            .map_err(|wrong| damaged(15, wrong))?,
        stretches: encoding::stretches(stretches).map_err(|wrong| damaged(25, wrong))?,
    }))
}

fn key_in(row: &Row<'_>, column: usize) -> Result<Option<Key>, rusqlite::Error> {
    let number = encoding::between(row, column, "a key", (0.0, 23.0))?;
    Ok(number.map(|number| key_of_number(number as u8)))
}

fn key_of(row: &Row<'_>) -> Result<Option<KeyEstimate>, rusqlite::Error> {
    let Some(key) = key_in(row, 16)? else {
        return Ok(None);
    };
    let tuning = encoding::between(row, 23, "a tuning in cents", (-100.0, 100.0))?;
    Ok(Some(KeyEstimate {
        key,
        confidence: encoding::share(row, 17, "confidence in a key")?.unwrap_or(0.0),
        tuning_cents: tuning.unwrap_or(0.0) as f32,
    }))
}

fn form_of(row: &Row<'_>) -> Result<Form, rusqlite::Error> {
    let starts_s = encoding::time_s(row, 29, "the start of a loop")?;
    let ends_s = encoding::time_s(row, 30, "the end of a loop")?;
    Ok(Form {
        ending: encoding::ending(row.get(26)?).map_err(|wrong| damaged(26, wrong))?,
        ending_s: encoding::time_s(row, 27, "an ending")?,
        climax_s: encoding::time_s(row, 28, "a climax")?,
        loop_s: starts_s.zip(ends_s),
    })
}

fn character_of(row: &Row<'_>) -> Result<Character, rusqlite::Error> {
    let mood = encoding::blob(row, 31)?
        .map(|bytes| encoding::mood(bytes).map_err(|wrong| damaged(31, wrong)))
        .transpose()?;
    Ok(Character {
        mood,
        intensity: encoding::share(row, 36, "intensity")?,
        energy: encoding::share(row, 32, "energy")?.unwrap_or(0.0),
        valence: encoding::share(row, 33, "valence")?,
        vocal: encoding::share(row, 34, "share of voices")?,
        presence: encoding::share(row, 35, "presence")?,
    })
}
