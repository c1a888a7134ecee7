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
    /// What was asked: the words, or the id of a track.
    pub query: String,
    /// The catalog.
    pub catalog: CatalogDoc,
    /// The tracks, nearest first.
    pub results: Vec<SearchRow>,
}

/// A track near the query.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Serialize)]
pub struct SearchRow {
    /// Place, from 1.
    pub rank: usize,
    /// The track; it starts where it is nearest to the query.
    #[serde(flatten)]
    pub track: TrackDoc,
    /// Cosine to the query, -1 to 1.
    pub score: f64,
    /// Its strongest tags.
    pub tags: Vec<String>,
    /// Share of it in which somebody sings or speaks, where that is known.
    pub vocal: Option<f64>,
    /// The line of credit that its licence asks for.
    pub attribution: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

/// Finds tracks by words.
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

/// Finds tracks that sound like one of the catalog, which is not among them in any encoding.
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
