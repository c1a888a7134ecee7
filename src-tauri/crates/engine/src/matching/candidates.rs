//! The candidates: tracks near the query, read from the catalog once.

use std::collections::{BTreeMap, BTreeSet};

use needledrop_catalog::{Filter, Hit, KeyFilter, Track};
use needledrop_ranking::{Calibration, Candidate, InPoint, Key, Kinship, confidence, kin};

use super::brief::MatchBrief;
use crate::error::EngineError;
use crate::library::open::Library;
use crate::library::tracks;
use crate::music::text::dot;
use crate::words::understood::Understood;

/// Number of tracks nearest to the query.
const CANDIDATES: usize = 200;
/// For each explicit wish (tempo, key, tag), number of tracks nearest to the query that satisfy it. They are added
/// because few of the nearest tracks may satisfy a wish.
const WISHED: usize = 100;
/// Two tempi are the same up to this relative difference.
const SAME_TEMPO: f32 = 0.04;
/// Largest Camelot distance from the wanted key among the added tracks.
const KEY_STEPS: u8 = 1;

/// Searches a library for the candidates of one brief.
pub(super) struct CandidateSource<'a> {
    library: &'a Library,
    reference: Option<Track>,
    /// The filter of the brief, without the reference track and its other encodings.
    filter: Filter,
}

/// A track that the ranking compares with others.
pub(super) struct Shortlisted {
    /// Its properties, as the ranking reads them.
    pub(super) candidate: Candidate,
    pub(super) track: Track,
    /// Vector of the track in the audio space, of length 1.
    pub(super) vector: Vec<f32>,
    /// Where the track starts under the clip; `None` before the clip was analysed.
    pub(super) in_point: Option<InPoint>,
}

impl<'a> CandidateSource<'a> {
    /// Finds the reference track.
    pub(super) fn new(
        library: &'a Library,
        brief: &MatchBrief,
    ) -> Result<CandidateSource<'a>, EngineError> {
        let reference = brief
            .reference
            .as_deref()
            .map(|query| tracks::resolve(&library.catalog, query))
            .transpose()?;
        let mut filter = brief.filter.clone();
        if let Some(track) = &reference {
            let same = tracks::same_recording(&library.catalog, &track.id)?;
            filter.exclude.extend(same);
        }
        Ok(CandidateSource {
            library,
            reference,
            filter,
        })
    }

    /// Vector of the reference track.
    pub(super) fn reference_vector(&self) -> Result<Option<Vec<f32>>, EngineError> {
        let Some(track) = &self.reference else {
            return Ok(None);
        };
        Ok(Some(self.library.catalog.vector(&track.id)?))
    }

    pub(super) fn reference_key(&self) -> Option<Key> {
        self.reference
            .as_ref()?
            .facts
            .key
            .map(|estimate| estimate.key)
    }

    /// The tracks nearest to `query`, for each wish the nearest ones that satisfy it, and those that obey the words.
    pub(super) fn candidates(
        &self,
        query: &[f32],
        words: Option<&Understood>,
        brief: &MatchBrief,
    ) -> Result<Vec<Shortlisted>, EngineError> {
        let wanted = CANDIDATES.max(brief.top * 2);
        let mut hits = nearest(self.library.catalog.search(query, wanted, &self.filter)?);
        for filter in self.wishes(brief) {
            hits.extend(nearest(
                self.library.catalog.search(query, WISHED, &filter)?,
            ));
        }
        let wishes = words.map_or(&[][..], |words| &words.wishes);
        if let Some(census) = self.library.census().filter(|_| !wishes.is_empty()) {
            let obeyed = census.obeyed(wishes);
            let found = self
                .library
                .obeying(query, CANDIDATES, &self.filter, obeyed)?;
            hits.extend(found);
        }
        self.read(&hits, words)
    }

    /// Adds the tracks of a tempo, its half or its double that are nearest to `query`: few of the candidates so far
    /// may have the tempo of the picture.
    pub(super) fn add_tempo(
        &self,
        query: &[f32],
        words: Option<&Understood>,
        bpm: f32,
        candidates: &mut Vec<Shortlisted>,
    ) -> Result<(), EngineError> {
        let mut hits = BTreeMap::new();
        for count in [0.5, 1.0, 2.0] {
            let near = (
                bpm * count * (1.0 - SAME_TEMPO),
                bpm * count * (1.0 + SAME_TEMPO),
            );
            if let Some(filter) = with_tempo(&self.filter, near) {
                hits.extend(nearest(
                    self.library.catalog.search(query, WISHED, &filter)?,
                ));
            }
        }
        let known: BTreeSet<i64> = candidates.iter().map(|known| known.track.row).collect();
        hits.retain(|row, _| !known.contains(row));
        candidates.extend(self.read(&hits, words)?);
        Ok(())
    }

    /// Tracks and vectors of the rows that were found; a row that is gone is left out.
    fn read(
        &self,
        hits: &BTreeMap<i64, f32>,
        words: Option<&Understood>,
    ) -> Result<Vec<Shortlisted>, EngineError> {
        let rows: Vec<i64> = hits.keys().copied().collect();
        let vectors = self.library.catalog.vectors_at(&rows)?;
        let mut vectors: BTreeMap<i64, Vec<f32>> = vectors.into_iter().collect();
        let tracks = self.library.catalog.tracks_at(&rows)?.into_iter();
        let direction = words.and_then(|words| words.vector.as_deref());
        let wishes = words.map_or(&[][..], |words| &words.wishes);
        let census = self.library.census().filter(|_| !wishes.is_empty());
        let shortlisted = |track: Track| {
            let vector = vectors.remove(&track.row)?;
            let character = &track.facts.character;
            let mood = || self.library.moods().mood(&vector);
            let candidate = Candidate {
                cosine: hits.get(&track.row).copied(),
                text_cosine: direction.map(|direction| dot(direction, &vector)),
                obedience: census.and_then(|census| census.obedience(wishes, track.row)),
                mood: Some(character.mood.unwrap_or_else(mood)),
                vocal: character.vocal,
                presence: character.presence,
                ..candidate(&track)
            };
            Some(Shortlisted {
                candidate,
                track,
                vector,
                in_point: None,
            })
        };
        Ok(tracks.filter_map(shortlisted).collect())
    }

    fn wishes(&self, brief: &MatchBrief) -> Vec<Filter> {
        let mut wishes = Vec::new();
        if let Some(range) = brief.bpm_range {
            wishes.extend(with_tempo(&self.filter, range));
        }
        if let (Some(key), None) = (brief.key.or(self.reference_key()), &self.filter.key) {
            let key = Some(KeyFilter {
                key,
                max_distance: KEY_STEPS,
            });
            wishes.push(Filter {
                key,
                ..self.filter.clone()
            });
        }
        for wish in brief.tags.iter().filter(|wish| wish.weight > 0.0) {
            let mut filter = self.filter.clone();
            filter.tags.push(tracks::tag(&wish.tag));
            wishes.push(filter);
        }
        wishes
    }

    /// Computes [`super::MatchReport::confidence`].
    pub(super) fn confidence(
        &self,
        query: &[f32],
        calibration: Option<Calibration>,
        candidates: &[Shortlisted],
    ) -> f64 {
        let best = candidates
            .iter()
            .filter_map(|c| c.candidate.cosine)
            .fold(f32::MIN, f32::max);
        let cosines = self.library.background_cosines(query);
        let calibration = calibration.or_else(|| Calibration::of_background(&cosines));
        calibration.map_or(0.0, |known| confidence(f64::from(best), &known))
    }
}

/// Groups near-duplicates, of which the ranking lists only a few.
pub(super) fn group_kin(candidates: &mut [Shortlisted]) {
    let kinship: Vec<Kinship<'_>> = candidates
        .iter()
        .map(|each| Kinship {
            artist: &each.candidate.artist,
            album: each.track.facts.album.as_deref().unwrap_or_default(),
            vector: &each.vector,
        })
        .collect();
    let groups = kin(&kinship);
    for (each, group) in candidates.iter_mut().zip(groups) {
        each.candidate.kin = group;
    }
}

/// The filter narrowed to a range of tempi; `None` if no tempo is left.
fn with_tempo(filter: &Filter, (low, high): (f32, f32)) -> Option<Filter> {
    let (low, high) = match filter.bpm {
        Some((from, to)) => (low.max(from), high.min(to)),
        None => (low, high),
    };
    (low <= high).then(|| Filter {
        bpm: Some((low, high)),
        ..filter.clone()
    })
}

fn nearest(hits: Vec<Hit>) -> BTreeMap<i64, f32> {
    hits.iter().map(|h| (h.row, h.cosine)).collect()
}

/// The candidate of a track, without the fields that depend on the query.
fn candidate(track: &Track) -> Candidate {
    let facts = &track.facts;
    Candidate {
        id: track.id.clone(),
        title: facts.title.clone(),
        artist: facts.artist.clone().unwrap_or_default(),
        duration_s: Some(facts.duration_s),
        bpm: facts.tempo.as_ref().map(|tempo| tempo.bpm),
        bpm_confidence: facts.tempo.as_ref().map_or(0.0, |tempo| tempo.confidence),
        key: facts.key.map(|estimate| estimate.key),
        key_confidence: facts.key.map_or(0.0, |estimate| estimate.confidence),
        tags: facts.tags.clone(),
        ..Candidate::default()
    }
}
