//! An opened catalog with the pack that reads it, kept ready: whoever asks often opens it once.

use std::collections::BTreeSet;
use std::path::Path;

use needledrop_catalog::{Catalog, CatalogError, CatalogInfo, Filter, Track, TrackDetails};
use needledrop_models::Pack;
use needledrop_ranking::Section;

use crate::error::EngineError;
use crate::library::search::{self, SearchReport};
use crate::library::tracks;
use crate::music::mood::{MoodScale, MoodVectors};
use crate::music::text::{MusicText, dot};
use crate::packs;
use crate::places::Places;

/// Tracks that stand for the whole catalog.
const BACKGROUND: usize = 512;

/// A catalog whose index is loaded, and a pack of its audio space.
///
/// Opening takes as long as reading the index does (some 50 ms for 40,000 tracks); asking takes
/// milliseconds. One thread asks at a time.
pub struct Library {
    pub(crate) pack: Pack,
    pub(crate) catalog: Catalog,
    info: CatalogInfo,
    background: Vec<Vec<f32>>,
    moods: MoodScale,
    text: Option<MusicText>,
}

impl Library {
    /// Opens a catalog with a pack.
    ///
    /// # Errors
    /// [`EngineError::UnknownPack`], [`EngineError::Model`], and [`EngineError::Catalog`] for one that is
    /// missing, empty, damaged or of another audio space.
    pub fn open(places: &Places, pack: &str, dir: &Path) -> Result<Library, EngineError> {
        let pack = packs::open(places, pack)?;
        let catalog = tracks::open(dir, Some(&pack))?;
        Library::ready(places, pack, catalog)
    }

    pub(crate) fn ready(
        places: &Places,
        pack: Pack,
        catalog: Catalog,
    ) -> Result<Library, EngineError> {
        let info = catalog.info()?;
        catalog.index()?;
        let background = background(&catalog, info.tracks)?;
        let moods =
            MoodVectors::of(&pack, &places.cache)?.against(background.iter().map(Vec::as_slice));
        Ok(Library {
            pack,
            catalog,
            info,
            background,
            moods,
            text: None,
        })
    }

    /// Name, epoch and size.
    pub fn info(&self) -> &CatalogInfo {
        &self.info
    }

    /// One track.
    ///
    /// # Errors
    /// [`EngineError::Catalog`] where there is none of that id.
    pub fn track(&self, id: &str) -> Result<Track, EngineError> {
        Ok(self.catalog.track(id)?)
    }

    /// Beats, curves and sections of a track.
    ///
    /// # Errors
    /// [`EngineError::Catalog`] where there is none of that id.
    pub fn details(&self, id: &str) -> Result<(TrackDetails, Vec<Section>), EngineError> {
        Ok((self.catalog.details(id)?, self.catalog.sections(id)?))
    }

    /// Tags and licences that its tracks carry, by name: what can be filtered by.
    ///
    /// # Errors
    /// [`EngineError::Catalog`].
    pub fn offers(&self) -> Result<(Vec<String>, Vec<String>), EngineError> {
        let mut all = self.catalog.tracks_without_tags(&Filter::default())?;
        self.catalog.add_tags(&mut all)?;
        let (mut tags, mut licences) = (BTreeSet::new(), BTreeSet::new());
        for track in all {
            tags.extend(track.facts.tags.into_iter().map(|(tag, _)| tag));
            licences.extend(track.facts.licence);
        }
        Ok((tags.into_iter().collect(), licences.into_iter().collect()))
    }

    /// Tracks by words, nearest first.
    ///
    /// # Errors
    /// [`EngineError::Model`], [`EngineError::Catalog`].
    pub fn search(
        &mut self,
        words: &str,
        filter: &Filter,
        top: usize,
    ) -> Result<SearchReport, EngineError> {
        let vector = self
            .music_text()?
            .embed(&[words])?
            .pop()
            .unwrap_or_default();
        search::near(&self.catalog, words.to_owned(), &vector, filter, top)
    }

    /// Tracks that sound like one of the catalog.
    ///
    /// # Errors
    /// [`EngineError::TrackNotFound`], [`EngineError::Catalog`].
    pub fn similar(
        &self,
        track: &str,
        filter: &Filter,
        top: usize,
    ) -> Result<SearchReport, EngineError> {
        search::near_track(&self.catalog, track, filter, top)
    }

    /// The pack's text model, loaded when first asked for.
    pub(crate) fn music_text(&mut self) -> Result<&mut MusicText, EngineError> {
        let text = match self.text.take() {
            Some(text) => text,
            None => MusicText::open(&self.pack, 1)?,
        };
        Ok(self.text.insert(text))
    }

    /// Start of the section that is closest to `query`; of the preview where there are none.
    pub(crate) fn best_start(&self, track: &Track, query: &[f32]) -> Result<f64, EngineError> {
        let sections = self.catalog.sections(&track.id)?;
        let best = sections
            .iter()
            .max_by(|a, b| dot(&a.vector, query).total_cmp(&dot(&b.vector, query)));
        Ok(best.map_or(track.facts.preview_s.0, |section| section.start_s))
    }

    pub(crate) fn moods(&self) -> &MoodScale {
        &self.moods
    }

    /// Cosines of tracks from all over the catalog to a query.
    pub(crate) fn background_cosines(&self, query: &[f32]) -> Vec<f32> {
        self.background.iter().map(|v| dot(v, query)).collect()
    }
}

/// Vectors from all over the catalog, evenly by row, always the same ones.
fn background(catalog: &Catalog, tracks: usize) -> Result<Vec<Vec<f32>>, EngineError> {
    let mut vectors = Vec::with_capacity(BACKGROUND.min(tracks));
    let wanted = BACKGROUND.min(tracks);
    let mut last = 0;
    for at in 0..wanted {
        let after = i64::try_from(at * tracks / wanted)
            .unwrap_or(i64::MAX)
            .max(last);
        let mut found = None;
        // The first row is enough: stopping is the only way to leave the scan early.
        let stopped = catalog.vectors_after(after, |row, vector| {
            found = Some((row, vector.to_vec()));
            Err(CatalogError::Cancelled)
        });
        match (stopped, found) {
            (Err(CatalogError::Cancelled), Some((row, vector))) => {
                last = row;
                vectors.push(vector);
            }
            (Err(error), _) => return Err(error.into()),
            (Ok(()), _) => break,
        }
    }
    Ok(vectors)
}
