//! `needledrop tracks`: the list of a catalog. Also finds one track by id or title.

use std::collections::HashMap;
use std::path::Path;

use needledrop_catalog::{Catalog, CatalogError, Filter, TagFilter, Track};
use needledrop_models::Pack;
use serde::Serialize;

use crate::error::EngineError;
use crate::library::documents::{CatalogDoc, TrackDoc};
use crate::music::index::DuplicateDoc;

/// A track carries a tag from this score on.
const TAG_SCORE: f32 = 0.1;
/// Number of tags shown with a track.
const SHOWN_TAGS: usize = 5;
/// Number of titles suggested for an unknown one.
const SUGGESTIONS: usize = 5;

/// The tracks of a catalog.
#[derive(Debug, Serialize)]
pub struct TracksReport {
    /// The catalog that is listed.
    pub catalog: CatalogDoc,
    /// Matching tracks, sorted by title.
    pub tracks: Vec<ListedTrack>,
    /// Recordings that the catalog holds in more than one encoding.
    pub duplicates: Vec<DuplicateDoc>,
}

/// A track with its credits.
#[derive(Debug, Serialize)]
pub struct ListedTrack {
    /// Starts at its preview.
    #[serde(flatten)]
    pub track: TrackDoc,
    /// From credits, else from the file's tags.
    pub album: Option<String>,
    /// Credit line that the licence requires.
    pub attribution: Option<String>,
    /// Origin of the file, such as a package and its version.
    pub source: Option<String>,
    /// Loudness of the whole track, LUFS.
    pub loudness_lufs: Option<f64>,
    /// Strongest tags, at most five.
    pub tags: Vec<String>,
    /// Id of the same recording in a better encoding, which searches and matches list instead.
    pub duplicate_of: Option<String>,
}

/// Lists the tracks that pass `filter` and have all words of `find` in title, artist or album.
///
/// # Errors
/// [`EngineError::Catalog`].
pub fn list(
    dir: &Path,
    filter: &Filter,
    find: Option<&str>,
    limit: Option<usize>,
) -> Result<TracksReport, EngineError> {
    let catalog = Catalog::open(dir)?;
    let words = words(find.unwrap_or_default());
    let duplicates: Vec<DuplicateDoc> = catalog.recordings()?.into_iter().map(Into::into).collect();
    let offered: HashMap<&str, &str> = duplicates
        .iter()
        .flat_map(|group| {
            let offered = group.offered.as_str();
            group.others.iter().map(move |id| (id.as_str(), offered))
        })
        .collect();
    let all = Filter {
        include_duplicates: true,
        ..filter.clone()
    };
    let mut found: Vec<Track> = catalog
        .tracks_without_tags(&all)?
        .into_iter()
        .filter(|track| holds(track, &words))
        .take(limit.unwrap_or(usize::MAX))
        .collect();
    catalog.add_tags(&mut found)?;
    let tracks = found
        .iter()
        .map(|track| listed(track, offered.get(track.id.as_str()).copied()))
        .collect();
    Ok(TracksReport {
        catalog: CatalogDoc::from(&catalog.info()?),
        tracks,
        duplicates,
    })
}

fn listed(track: &Track, duplicate_of: Option<&str>) -> ListedTrack {
    let facts = &track.facts;
    ListedTrack {
        track: TrackDoc::new(track, facts.preview_s.0),
        album: facts.album.clone(),
        attribution: facts.attribution.clone(),
        source: facts.source.clone(),
        loudness_lufs: facts.loudness.integrated_lufs,
        tags: strongest_tags(track),
        duplicate_of: duplicate_of.map(str::to_owned),
    }
}

/// The strongest tags of a track, at most five.
pub fn strongest_tags(track: &Track) -> Vec<String> {
    let tags = track.facts.tags.iter().take(SHOWN_TAGS);
    tags.map(|(tag, _)| tag.clone()).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

fn holds(track: &Track, words: &[String]) -> bool {
    let facts = &track.facts;
    let artist = facts.artist.as_deref().unwrap_or_default();
    let album = facts.album.as_deref().unwrap_or_default();
    let all = format!("{} {artist} {album}", facts.title).to_lowercase();
    words.iter().all(|word| all.contains(word))
}

/// Opens a catalog for searching: it must have tracks, and the audio space of `pack`.
///
/// # Errors
/// [`EngineError::Catalog`].
pub(crate) fn open(dir: &Path, pack: Option<&Pack>) -> Result<Catalog, EngineError> {
    let catalog = Catalog::open(dir)?;
    if let Some(pack) = pack {
        catalog.require(&pack.manifest.audio.space, pack.manifest.audio.dim)?;
    }
    if catalog.info()?.tracks == 0 {
        return Err(CatalogError::Empty {
            dir: dir.to_owned(),
        }
        .into());
    }
    Ok(catalog)
}

/// A filter for tracks with a tag.
pub fn tag(tag: &str) -> TagFilter {
    TagFilter {
        tag: tag.to_owned(),
        min_score: TAG_SCORE,
    }
}

/// The one track with this id, or this whole title, or these words in title and artist.
///
/// # Errors
/// [`EngineError::TrackNotFound`], with similar titles, where no track or several tracks match.
pub(crate) fn resolve(catalog: &Catalog, query: &str) -> Result<Track, EngineError> {
    let by_id = query.len() == 16 && query.bytes().all(|b| b.is_ascii_hexdigit());
    if by_id && let Ok(track) = catalog.track(&query.to_ascii_lowercase()) {
        return Ok(track);
    }
    let mut near = Vec::new();
    // First among the tracks that searches list, then among the other encodings of their recordings.
    for include_duplicates in [false, true] {
        let all = catalog.tracks_without_tags(&Filter {
            include_missing: true,
            include_duplicates,
            ..Filter::default()
        })?;
        let same = named(&all, query);
        if let [track] = same[..] {
            return Ok(catalog.track(&track.id)?);
        }
        near = same
            .iter()
            .take(SUGGESTIONS)
            .map(|t| format!("{} ({})", t.facts.title, t.id))
            .collect();
        if !near.is_empty() {
            break;
        }
    }
    Err(EngineError::TrackNotFound {
        query: query.to_owned(),
        near,
    })
}

/// The tracks with this title, or else those with all its words.
fn named<'a>(all: &'a [Track], query: &str) -> Vec<&'a Track> {
    let wanted = query.trim().to_lowercase();
    let same: Vec<&Track> = all
        .iter()
        .filter(|t| t.facts.title.to_lowercase() == wanted)
        .collect();
    if !same.is_empty() {
        return same;
    }
    let words = words(query);
    all.iter()
        .filter(|t| !words.is_empty() && holds(t, &words))
        .collect()
}

/// Ids of all tracks with the same recording as this one, its own id included.
pub(crate) fn same_recording(catalog: &Catalog, id: &str) -> Result<Vec<String>, EngineError> {
    let mut ids = vec![id.to_owned()];
    for recording in catalog.recordings()? {
        if recording.offered == id || recording.others.iter().any(|other| other == id) {
            ids.push(recording.offered);
            ids.extend(recording.others);
        }
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}
