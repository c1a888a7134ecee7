//! `needledrop search --text` and `needledrop similar`.

use std::path::Path;

use needledrop_catalog::{Catalog, Filter};
use serde::Serialize;

use crate::error::EngineError;
use crate::library::documents::{CatalogDoc, TrackDoc, rounded};
use crate::library::tracks;
use crate::music::text::{MusicText, dot};
use crate::packs;
use crate::places::Places;

/// Tracks near a query.
#[derive(Debug, Serialize)]
pub struct SearchReport {
    /// The words, or the id of the track, that was searched for.
    pub query: String,
    /// The catalog that was searched.
    pub catalog: CatalogDoc,
    /// Found tracks, nearest first.
    pub results: Vec<SearchRow>,
}

/// A track near the query.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Serialize)]
pub struct SearchRow {
    /// Position in the list, from 1.
    pub rank: usize,
    /// Starts at its section nearest to the query.
    #[serde(flatten)]
    pub track: TrackDoc,
    /// Cosine between track and query, -1 to 1.
    pub score: f64,
    /// Strongest tags, at most five.
    pub tags: Vec<String>,
    /// Share of the track with singing or speech, 0 to 1.
    pub vocal: Option<f64>,
    /// Credit line that the licence requires.
    pub attribution: Option<String>,
    /// Origin of the file, such as a package and its version.
    pub source: Option<String>,
}

/// Finds the tracks nearest to a description.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::Model`], [`EngineError::Catalog`].
pub fn by_text(
    places: &Places,
    pack: &str,
    dir: &Path,
    text: &str,
    filter: &Filter,
    top: usize,
) -> Result<SearchReport, EngineError> {
    let pack = packs::open(places, pack)?;
    let catalog = tracks::open(dir, Some(&pack))?;
    let vector = MusicText::open(&pack, 0)?
        .embed(&[text])?
        .pop()
        .unwrap_or_default();
    near(&catalog, text.to_owned(), &vector, filter, top)
}

/// Finds the tracks that sound most like a track of the catalog. The same recording is left out in every encoding.
///
/// # Errors
/// [`EngineError::TrackNotFound`], [`EngineError::Catalog`].
pub fn by_track(
    dir: &Path,
    track: &str,
    filter: &Filter,
    top: usize,
) -> Result<SearchReport, EngineError> {
    near_track(&tracks::open(dir, None)?, track, filter, top)
}

pub(crate) fn near_track(
    catalog: &Catalog,
    track: &str,
    filter: &Filter,
    top: usize,
) -> Result<SearchReport, EngineError> {
    let track = tracks::resolve(catalog, track)?;
    let vector = catalog.vector(&track.id)?;
    let mut filter = filter.clone();
    filter
        .exclude
        .extend(tracks::same_recording(catalog, &track.id)?);
    near(catalog, track.id, &vector, &filter, top)
}

pub(crate) fn near(
    catalog: &Catalog,
    query: String,
    vector: &[f32],
    filter: &Filter,
    top: usize,
) -> Result<SearchReport, EngineError> {
    let hits = catalog.search(vector, top, filter)?;
    let rows: Vec<i64> = hits.iter().map(|hit| hit.row).collect();
    let mut results = Vec::with_capacity(hits.len());
    for track in catalog.tracks_at(&rows)? {
        let cosine = hits
            .iter()
            .find(|h| h.row == track.row)
            .map_or(0.0, |h| h.cosine);
        let sections = catalog.sections(&track.id)?;
        let start_s = sections
            .iter()
            .max_by(|a, b| dot(&a.vector, vector).total_cmp(&dot(&b.vector, vector)))
            .map_or(track.facts.preview_s.0, |section| section.start_s);
        results.push(SearchRow {
            rank: results.len() + 1,
            track: TrackDoc::new(&track, start_s),
            score: rounded(f64::from(cosine), 4),
            tags: tracks::strongest_tags(&track),
            vocal: track
                .facts
                .character
                .vocal
                .map(|v| rounded(f64::from(v), 3)),
            attribution: track.facts.attribution.clone(),
            source: track.facts.source.clone(),
        });
    }
    Ok(SearchReport {
        query,
        catalog: CatalogDoc::from(&catalog.info()?),
        results,
    })
}
