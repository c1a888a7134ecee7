//! Beats, curves and fingerprint of a track. They are in tables of their own.

use needledrop_ranking::{Beats, Curve, Curves};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::encoding::{self, Wrong, damaged};
use crate::error::CatalogError;
use crate::store::Catalog;
use crate::track::TrackDetails;

/// Longest fingerprint that is stored: the time to compare two grows with the square of their length where their numbers
/// are alike.
const MOST_NUMBERS: usize = 4_096;

impl Catalog {
    /// Beats, curves and fingerprint of a track; empty for a track that was indexed before they were computed.
    ///
    /// # Errors
    /// [`CatalogError::TrackNotFound`], [`CatalogError::Damaged`], [`CatalogError::Database`].
    pub fn details(&self, id: &str) -> Result<TrackDetails, CatalogError> {
        let read = || -> Result<Option<TrackDetails>, rusqlite::Error> {
            let row: Option<i64> = self
                .connection
                .prepare_cached("SELECT row FROM tracks WHERE id = ?1")?
                .query_row([id], |found| found.get(0))
                .optional()?;
            let Some(row) = row else { return Ok(None) };
            let details = self
                .connection
                .prepare_cached(
                    "SELECT beats, downbeats, per_bar, beats_confidence, energy_hz, energy, onsets_hz, onsets,
                        peaks_hz, peaks, peaks_fine_hz, peaks_fine FROM details WHERE track = ?1",
                )?
                .query_row([row], details_of)
                .optional()?;
            let fingerprint = self
                .connection
                .prepare_cached("SELECT fingerprint FROM fingerprints WHERE track = ?1")?
                .query_row([row], |found| fingerprint_of(found, 0))
                .optional()?;
            Ok(Some(TrackDetails {
                fingerprint: fingerprint.unwrap_or_default(),
                ..details.unwrap_or_default()
            }))
        };
        read()
            .map_err(|error| self.fail(&error))?
            .ok_or_else(|| CatalogError::TrackNotFound { id: id.into() })
    }
}

/// Reads and checks the fingerprint in a column.
pub(crate) fn fingerprint_of(row: &Row<'_>, column: usize) -> Result<Vec<u32>, rusqlite::Error> {
    let bytes = encoding::blob(row, column)?.unwrap_or_default();
    encoding::u32s(bytes, "a fingerprint")
        .and_then(|fingerprint| check_fingerprint(&fingerprint).map(|()| fingerprint))
        .map_err(|wrong| damaged(column, wrong))
}

fn check_fingerprint(fingerprint: &[u32]) -> Result<(), Wrong> {
    if fingerprint.len() <= MOST_NUMBERS {
        return Ok(());
    }
    Err(format!("a fingerprint of {} numbers", fingerprint.len()))
}

fn details_of(row: &Row<'_>) -> Result<TrackDetails, rusqlite::Error> {
    Ok(TrackDetails {
        beats: beats_of(row)?,
        curves: Curves {
            energy: curve_of(row, 4, "energy")?,
            onsets: curve_of(row, 6, "onsets")?,
            peaks: curve_of(row, 8, "peaks")?,
            peaks_fine: curve_of(row, 10, "fine peaks")?,
        },
        fingerprint: Vec::new(),
    })
}

fn beats_of(row: &Row<'_>) -> Result<Option<Beats>, rusqlite::Error> {
    let Some(times) = encoding::blob(row, 0)? else {
        return Ok(None);
    };
    let downbeats = encoding::blob(row, 1)?.unwrap_or_default();
    let per_bar = row.get::<_, Option<u8>>(2)?.unwrap_or(0);
    let confidence = row.get::<_, Option<f32>>(3)?.unwrap_or(0.0);
    encoding::beats(times, downbeats, per_bar, confidence)
        .map(Some)
        .map_err(|wrong| damaged(0, wrong))
}

fn curve_of(row: &Row<'_>, column: usize, what: &str) -> Result<Curve, rusqlite::Error> {
    let curve = Curve {
        rate_hz: row.get(column)?,
        values: encoding::blob(row, column + 1)?
            .unwrap_or_default()
            .to_vec(),
    };
    encoding::check_curve(&curve, what).map_err(|wrong| damaged(column, wrong))?;
    Ok(curve)
}

/// Checks what is to be written by the rules of reading.
pub(crate) fn check(details: &TrackDetails) -> Result<(), Wrong> {
    check_fingerprint(&details.fingerprint)?;
    if let Some(beats) = &details.beats {
        let (times, downbeats) = encoding::beats_bytes(beats);
        encoding::beats(&times, &downbeats, beats.per_bar, beats.confidence)?;
    }
    let curves = &details.curves;
    for (curve, what) in [
        (&curves.energy, "energy"),
        (&curves.onsets, "onsets"),
        (&curves.peaks, "peaks"),
        (&curves.peaks_fine, "fine peaks"),
    ] {
        encoding::check_curve(curve, what)?;
    }
    Ok(())
}

/// Inserts the details of the track in `row`, which has none.
pub(crate) fn put(
    transaction: &Transaction<'_>,
    row: i64,
    details: &TrackDetails,
) -> Result<(), rusqlite::Error> {
    let beats = details.beats.as_ref();
    let (times, downbeats) = beats.map(encoding::beats_bytes).unzip();
    let curves = &details.curves;
    transaction
        .prepare_cached(
            "INSERT INTO details (track, per_bar, beats_confidence, beats, downbeats, energy_hz, energy, onsets_hz,
                onsets, peaks_hz, peaks, peaks_fine_hz, peaks_fine)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            row,
            beats.map(|beats| beats.per_bar),
            beats.map(|beats| beats.confidence),
            times,
            downbeats,
            curves.energy.rate_hz,
            curves.energy.values,
            curves.onsets.rate_hz,
            curves.onsets.values,
            curves.peaks.rate_hz,
            curves.peaks.values,
            curves.peaks_fine.rate_hz,
            curves.peaks_fine.values,
        ])?;
    if !details.fingerprint.is_empty() {
        transaction
            .prepare_cached("INSERT INTO fingerprints (track, fingerprint) VALUES (?1, ?2)")?
            .execute(params![row, encoding::u32_bytes(&details.fingerprint)])?;
    }
    Ok(())
}
