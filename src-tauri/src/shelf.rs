//! The catalog in use: opened behind the window, asked by one call at a time.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use needledrop_engine::catalog::Track;
use needledrop_engine::{Library, Places};

use crate::desk::lock;
use crate::fault::Fault;
use crate::screen::{CatalogState, Curve, TrackSheet, count};

/// Peaks in a row's small waveform.
const ROW_PEAKS: usize = 96;
/// Tracks whose small waveforms are kept.
const MOST_PEAKS: usize = 4_096;

/// Where a catalog is and with which pack it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub dir: PathBuf,
    pub pack: String,
}

/// The catalog in use.
pub struct Shelf {
    places: Places,
    open: Mutex<Option<(Place, Library)>>,
    peaks: Mutex<HashMap<String, Vec<u8>>>,
}

impl Shelf {
    pub fn new(places: Places) -> Self {
        Self {
            places,
            open: Mutex::default(),
            peaks: Mutex::default(),
        }
    }

    /// Asks the library of a place, which is opened where it is not open yet.
    pub fn ask<T>(
        &self,
        place: &Place,
        ask: impl FnOnce(&mut Library) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut open = self.lock();
        let library = match open.take() {
            Some((known, library)) if known == *place => library,
            _ => Library::open(&self.places, &place.pack, &place.dir)?,
        };
        ask(&mut open.insert((place.clone(), library)).1)
    }

    /// Forgets what is open: it changed on the disk, or another is wanted.
    pub fn close(&self) {
        *self.lock() = None;
        lock(&self.peaks).clear();
    }

    /// How the catalog is, as the window shows it; opens it.
    pub fn state(&self, place: &Place) -> CatalogState {
        let ready = self.ask(place, |library| {
            let (tags, licences) = library.offers()?;
            let info = library.info();
            Ok(CatalogState::Ready {
                id: info.id.clone(),
                epoch: info.epoch as f64,
                tracks: count(info.tracks - info.missing.min(info.tracks)),
                path: shown(&place.dir),
                licences,
                tags,
            })
        });
        ready.unwrap_or_else(|fault| CatalogState::of_fault(&place.dir, fault))
    }

    /// The small waveform of a track; empty where there is none.
    pub fn row_peaks(&self, library: &Library, id: &str) -> Vec<u8> {
        let mut peaks = lock(&self.peaks);
        if let Some(known) = peaks.get(id) {
            return known.clone();
        }
        let found = library
            .details(id)
            .map(|(details, _)| thinned(&details.curves.peaks.values, ROW_PEAKS))
            .unwrap_or_default();
        if peaks.len() >= MOST_PEAKS {
            peaks.clear();
        }
        peaks.insert(id.to_owned(), found.clone());
        found
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Place, Library)>> {
        lock(&self.open)
    }
}

impl CatalogState {
    pub fn of_fault(dir: &Path, fault: Fault) -> Self {
        let path = shown(dir);
        match fault.code.as_str() {
            "catalog_missing" => CatalogState::Missing { path },
            "catalog_empty" => CatalogState::Empty { path },
            _ => CatalogState::Broken { path, fault },
        }
    }
}

/// What the timeline draws of a track.
pub fn sheet(library: &Library, id: &str) -> Result<TrackSheet, Fault> {
    let track: Track = library.track(id)?;
    let (details, _) = library.details(id)?;
    let facts = &track.facts;
    let beats = details.beats.unwrap_or_default();
    let curves = &details.curves;
    let fine = &curves.peaks_fine;
    let peaks = if fine.values.is_empty() {
        &curves.peaks
    } else {
        fine
    };
    Ok(TrackSheet {
        track_id: track.id.clone(),
        duration_s: facts.duration_s,
        bpm: facts.tempo.as_ref().map(|tempo| f64::from(tempo.bpm)),
        beats_s: beats
            .times_s
            .iter()
            .map(|&t| crate::screen::rounded(t, 4))
            .collect(),
        downbeats: beats.downbeats,
        per_bar: beats.per_bar,
        peaks: Curve {
            rate_hz: f64::from(peaks.rate_hz),
            values: peaks.values.iter().map(|&v| f64::from(v)).collect(),
        },
        loudness_lufs: facts.loudness.integrated_lufs,
        ending: facts
            .form
            .ending_s
            .map(|_| facts.form.ending.as_str().to_owned()),
        ending_s: facts.form.ending_s,
    })
}

/// At most `most` values, each the largest of those it stands for.
fn thinned(values: &[u8], most: usize) -> Vec<u8> {
    if values.len() <= most {
        return values.to_vec();
    }
    (0..most)
        .map(|at| {
            let (from, to) = (at * values.len() / most, (at + 1) * values.len() / most);
            values[from..to.max(from + 1)]
                .iter()
                .copied()
                .max()
                .unwrap_or(0)
        })
        .collect()
}

/// A path as text, for people.
pub fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thinned_waveform_keeps_its_peaks() {
        let mut values = vec![10_u8; 1_000];
        values[777] = 255;
        let thin = thinned(&values, 96);
        assert_eq!(thin.len(), 96);
        assert_eq!(thin.iter().filter(|&&v| v == 255).count(), 1, "one peak");
        assert_eq!(thinned(&[1, 2, 3], 96), [1, 2, 3]);
    }
}
