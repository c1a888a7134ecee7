//! An open catalog with the pack that reads it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use needledrop_catalog::{Catalog, CatalogInfo, Filter, FilterChoices, Track, TrackDetails};
use needledrop_models::Pack;
use needledrop_ranking::Section;

use crate::error::EngineError;
use crate::library::search::{self, SearchReport};
use crate::library::text_towers::TextTowers;
use crate::library::tracks;
use crate::music::mood::{MoodScale, MoodVectors};
use crate::music::text::dot;
use crate::packs;
use crate::places::Places;
use crate::words::census::Census;
use crate::words::neighbours::Vocabulary;
use crate::words::vocabulary_file::vocabulary;

/// Number of tracks that represent the whole catalog in statistics.
const BACKGROUND: usize = 512;

/// A catalog whose index is loaded, and a pack of its audio space.
///
/// Opening reads the index (about 50 ms for 40,000 tracks); a search then takes milliseconds. One thread at a time
/// can search.
pub struct Library {
    pub(crate) pack: Pack,
    pub(crate) catalog: Catalog,
    info: CatalogInfo,
    background: Vec<Vec<f32>>,
    moods: MoodScale,
    towers: TextTowers,
    /// Folder for what can be made again.
    cache: PathBuf,
    /// Numbers of all tracks, read for the first brief with measurable words.
    census: Option<Census>,
    /// Vectors of the known words, read for the first brief with an unknown word.
    vocabulary: Option<Vocabulary>,
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
        let background = catalog.sample_vectors(BACKGROUND)?;
        let moods =
            MoodVectors::of(&pack, &places.cache)?.against(background.iter().map(Vec::as_slice));
        Ok(Library {
            pack,
            catalog,
            info,
            background,
            moods,
            towers: TextTowers::default(),
            cache: places.cache.clone(),
            census: None,
            vocabulary: None,
        })
    }

    /// Name, epoch and size.
    pub fn info(&self) -> &CatalogInfo {
        &self.info
    }

    /// The track with this id.
    ///
    /// # Errors
    /// [`EngineError::Catalog`] for an unknown id.
    pub fn track(&self, id: &str) -> Result<Track, EngineError> {
        Ok(self.catalog.track(id)?)
    }

    /// Beats, curves and sections of a track.
    ///
    /// # Errors
    /// [`EngineError::Catalog`] for an unknown id.
    pub fn details(&self, id: &str) -> Result<(TrackDetails, Vec<Section>), EngineError> {
        Ok((self.catalog.details(id)?, self.catalog.sections(id)?))
    }

    /// All tags and all licences of its tracks, sorted: the choices of a filter.
    ///
    /// # Errors
    /// [`EngineError::Catalog`].
    pub fn filter_choices(&self) -> Result<FilterChoices, EngineError> {
        Ok(self.catalog.filter_choices()?)
    }

    /// The tracks that sound most like a track of the catalog.
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

    /// Opens the pack's text towers, so that a later brief need not wait for them.
    ///
    /// # Errors
    /// [`EngineError::Model`] for a file that is missing, corrupt or unusable.
    pub(crate) fn open_text_towers(&mut self) -> Result<(), EngineError> {
        self.towers.open(&self.pack)
    }

    /// The texts of a brief in the audio space: see [`TextTowers::brief`].
    pub(crate) fn brief_vectors(&mut self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EngineError> {
        self.towers.brief(&self.pack, texts)
    }

    /// The texts in the audio space, through the tower of music alone.
    pub(crate) fn music_vectors(&mut self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EngineError> {
        self.towers.music(&self.pack, texts)
    }

    /// The vectors of the known words.
    pub(crate) fn vocabulary(&mut self) -> Result<Option<&Vocabulary>, EngineError> {
        if self.vocabulary.is_none() {
            let (pack, towers) = (&self.pack, &mut self.towers);
            self.vocabulary = vocabulary(pack, &self.cache, |words| towers.music(pack, words))?;
        }
        Ok(self.vocabulary.as_ref())
    }

    /// Reads the numbers of all tracks, where the catalog has changed since the last time, and these groups of tags.
    pub(crate) fn count(
        &mut self,
        groups: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), EngineError> {
        let census = match self.census.take() {
            Some(census) if census.is_current(&self.catalog)? => census,
            _ => Census::of(&self.catalog)?,
        };
        Ok(self
            .census
            .insert(census)
            .add_groups(&self.catalog, groups)?)
    }

    /// The numbers of all tracks; `None` before [`Library::count`].
    pub(crate) fn census(&self) -> Option<&Census> {
        self.census.as_ref()
    }

    /// Start of the section nearest to `query`, seconds; of the preview for a track without sections. Sections from
    /// which the track lasts for `range_s` come first.
    pub(crate) fn best_start(
        &self,
        track: &Track,
        query: &[f32],
        range_s: f64,
    ) -> Result<f64, EngineError> {
        let sections = self.catalog.sections(&track.id)?;
        let fills = |section: &Section| section.start_s + range_s <= track.facts.duration_s;
        let best = sections.iter().max_by(|a, b| {
            let nearness = || dot(&a.vector, query).total_cmp(&dot(&b.vector, query));
            fills(a).cmp(&fills(b)).then_with(nearness)
        });
        Ok(best.map_or(track.facts.preview_s.0, |section| section.start_s))
    }

    pub(crate) fn moods(&self) -> &MoodScale {
        &self.moods
    }

    /// Cosines between a query and the tracks that represent the catalog.
    pub(crate) fn background_cosines(&self, query: &[f32]) -> Vec<f32> {
        self.background.iter().map(|v| dot(v, query)).collect()
    }
}
