//! The catalog in use. The first call opens it; one call at a time uses it.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use needledrop_engine::catalog::Catalog;
use needledrop_engine::{EngineError, Library, Places};

use crate::dto::{CatalogState, count, display_path};
use crate::fault::Fault;
use crate::sync::lock;

/// Number of peaks in a row's small waveform.
const ROW_PEAKS: usize = 96;
/// Number of tracks whose small waveforms are cached.
const MAX_CACHED_PEAKS: usize = 4_096;

/// A catalog's folder, and the name of the pack for its vectors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CatalogRef {
    pub dir: PathBuf,
    pub pack: String,
}

/// The catalog in use, open or closed.
pub(crate) struct OpenCatalog {
    places: Places,
    open: Mutex<Option<(CatalogRef, Library)>>,
    peaks: Mutex<HashMap<String, Vec<u8>>>,
}

impl OpenCatalog {
    pub(crate) fn new(places: Places) -> Self {
        Self {
            places,
            open: Mutex::default(),
            peaks: Mutex::default(),
        }
    }

    /// Calls `ask` with the catalog `wanted`; opens it if it is not open.
    ///
    /// # Errors
    /// Those of opening the catalog, and those of `ask`.
    pub(crate) fn with<T>(
        &self,
        wanted: &CatalogRef,
        ask: impl FnOnce(&mut Library) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut open = lock(&self.open);
        let library = match open.take() {
            Some((known, library)) if known == *wanted => library,
            _ => Library::open(&self.places, &wanted.pack, &wanted.dir)?,
        };
        ask(&mut open.insert((wanted.clone(), library)).1)
    }

    /// Closes the catalog, because it changed on the disk or another one is chosen.
    pub(crate) fn close(&self) {
        *lock(&self.open) = None;
        lock(&self.peaks).clear();
    }

    /// The catalog's state with its tags and licences; opens it.
    pub(crate) fn state(&self, wanted: &CatalogRef) -> CatalogState {
        let ready = self.with(wanted, |library| {
            let choices = library.filter_choices()?;
            let info = library.info();
            Ok(CatalogState::Ready {
                id: info.id.clone(),
                epoch: info.epoch as f64,
                tracks: count(info.tracks - info.missing.min(info.tracks)),
                path: display_path(&wanted.dir),
                licences: choices.licences,
                tags: choices.tags,
            })
        });
        ready.unwrap_or_else(|fault| CatalogState::of_fault(&wanted.dir, fault))
    }

    /// The catalog's name and size, without opening its index.
    pub(crate) fn quick_state(wanted: &CatalogRef) -> CatalogState {
        let path = display_path(&wanted.dir);
        match Catalog::open(&wanted.dir).and_then(|catalog| catalog.info()) {
            Ok(info) if info.tracks > 0 => CatalogState::Ready {
                id: info.id.clone(),
                epoch: info.epoch as f64,
                tracks: count(info.tracks - info.missing.min(info.tracks)),
                path,
                licences: Vec::new(),
                tags: Vec::new(),
            },
            Ok(_) => CatalogState::Empty { path },
            Err(error) => CatalogState::of_fault(&wanted.dir, EngineError::from(error).into()),
        }
    }

    /// Small waveforms of tracks, by id; an empty one for a track without peaks.
    pub(crate) fn peaks<'a>(
        &self,
        library: &Library,
        ids: impl Iterator<Item = &'a str>,
    ) -> BTreeMap<String, Vec<u8>> {
        ids.map(|id| (id.to_owned(), self.track_peaks(library, id)))
            .collect()
    }

    fn track_peaks(&self, library: &Library, id: &str) -> Vec<u8> {
        let mut cached = lock(&self.peaks);
        if let Some(known) = cached.get(id) {
            return known.clone();
        }
        let peaks = library
            .details(id)
            .map(|(details, _)| thinned(&details.curves.peaks.values, ROW_PEAKS))
            .unwrap_or_default();
        if cached.len() >= MAX_CACHED_PEAKS {
            cached.clear();
        }
        cached.insert(id.to_owned(), peaks.clone());
        peaks
    }
}

impl CatalogState {
    fn of_fault(dir: &Path, fault: Fault) -> Self {
        let path = display_path(dir);
        match fault.code.as_str() {
            "catalog_missing" => CatalogState::Missing { path },
            "catalog_empty" => CatalogState::Empty { path },
            _ => CatalogState::Broken { path, fault },
        }
    }
}

/// At most `most` values: each is the largest of an equal share of `values`.
fn thinned(values: &[u8], most: usize) -> Vec<u8> {
    if values.len() <= most {
        return values.to_vec();
    }
    (0..most)
        .map(|at| {
            let (from, to) = (at * values.len() / most, (at + 1) * values.len() / most);
            let part = &values[from..to.max(from + 1)];
            part.iter().copied().max().unwrap_or(0)
        })
        .collect()
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
