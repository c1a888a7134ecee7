//! Documents of searches, and `needledrop similar`. [`crate::library::word_search`] searches by words.

use std::path::Path;

use needledrop_catalog::{Catalog, Filter, Track};
use serde::Serialize;

use crate::error::EngineError;
use crate::library::documents::{CatalogDoc, TrackDoc, rounded};
use crate::library::tracks;
use crate::music::text::dot;
use crate::words::WordDoc;

/// Tracks near a query.
#[derive(Debug, Serialize)]
pub struct SearchReport {
    /// The words, or the id of the track, that was searched for.
    pub query: String,
    /// The catalog that was searched.
    pub catalog: CatalogDoc,
    /// What each word became; empty for a search by a track.
    pub words: Vec<WordDoc>,
    /// Found tracks, best first.
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
    /// What orders the rows: the fit to the words, 0 to 1, or the cosine for a search by a track.
    pub score: f64,
    /// Cosine between track and query, -1 to 1.
    pub cosine: f64,
    /// What became of each measurable word; `null` without such words.
    pub why: Option<String>,
    /// Strongest tags, at most five.
    pub tags: Vec<String>,
    /// Share of the track with singing or speech, 0 to 1.
    pub vocal: Option<f64>,
    /// Credit line that the licence requires.
    pub attribution: Option<String>,
    /// Origin of the file, such as a package and its version.
    pub source: Option<String>,
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

fn near(
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
        let hit = hits.iter().find(|hit| hit.row == track.row);
        let cosine = hit.map_or(0.0, |hit| f64::from(hit.cosine));
        let found = Found {
            rank: results.len() + 1,
            score: cosine,
            cosine,
            why: None,
        };
        results.push(row(catalog, &track, vector, found)?);
    }
    Ok(SearchReport {
        query,
        catalog: CatalogDoc::from(&catalog.info()?),
        words: Vec::new(),
        results,
    })
}

/// The part of a row that depends on the search.
pub(crate) struct Found {
    pub(crate) rank: usize,
    pub(crate) score: f64,
    pub(crate) cosine: f64,
    pub(crate) why: Option<String>,
}

/// The row of a track, which starts at its section nearest to `vector`.
pub(crate) fn row(
    catalog: &Catalog,
    track: &Track,
    vector: &[f32],
    found: Found,
) -> Result<SearchRow, EngineError> {
    let sections = catalog.sections(&track.id)?;
    let start_s = sections
        .iter()
        .max_by(|a, b| dot(&a.vector, vector).total_cmp(&dot(&b.vector, vector)))
        .map_or(track.facts.preview_s.0, |section| section.start_s);
    let vocal = track.facts.character.vocal;
    Ok(SearchRow {
        rank: found.rank,
        track: TrackDoc::new(track, start_s),
        score: rounded(found.score, 4),
        cosine: rounded(found.cosine, 4),
        why: found.why,
        tags: tracks::strongest_tags(track),
        vocal: vocal.map(|share| rounded(f64::from(share), 3)),
        attribution: track.facts.attribution.clone(),
        source: track.facts.source.clone(),
    })
}
