//! The tracks that are ranked: found around a query, read once.

use std::collections::{BTreeMap, BTreeSet};

use needledrop_catalog::{Filter, Hit, KeyFilter, Track};
use needledrop_ranking::{Calibration, Candidate, InPoint, Key, Kinship, TagWish, confidence, kin};

use super::brief::MatchBrief;
use super::words::{Words, named};
use crate::error::EngineError;
use crate::library::open::Library;
use crate::library::tracks;
use crate::music::text::dot;

/// Nearest tracks that are ranked.
const CANDIDATES: usize = 200;
/// Nearest tracks beside those that meet one explicit wish, so that a wish is met even where
/// few of the nearest tracks do.
const WISHED: usize = 100;
/// How far apart two tempi may be and still count as the same.
const SAME_TEMPO: f32 = 0.04;
/// What a tag that the words name weighs beside one that is asked for by itself: the words' own
/// direction says most of it already; what is refused is refused.
const WANTED: f32 = 0.5;
const UNWANTED: f32 = -2.0;
/// Camelot steps from a wished key that a track may be apart to be looked for.
const KEY_STEPS: u8 = 1;

/// A library asked with one brief.
pub(super) struct CandidateSource<'a> {
    library: &'a Library,
    reference: Option<Track>,
    /// What a track must be, less the reference in each of its encodings.
    filter: Filter,
}

/// A track to be ranked.
pub(super) struct Shortlisted {
    /// What the ranking compares.
    pub(super) candidate: Candidate,
    pub(super) track: Track,
    /// Vector of the track in the audio space, of length 1.
    pub(super) vector: Vec<f32>,
    /// Where the track starts under the clip; `None` before the clip was analysed.
    pub(super) in_point: Option<InPoint>,
}

impl<'a> CandidateSource<'a> {
    /// Looks the reference up.
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

    /// The tracks nearest to `query`, and those nearest among the tracks that meet a wish.
    pub(super) fn candidates(
        &self,
        query: &[f32],
        words: Option<&[f32]>,
        brief: &MatchBrief,
    ) -> Result<Vec<Shortlisted>, EngineError> {
        let wanted = CANDIDATES.max(brief.top * 2);
        let mut hits = nearest(self.library.catalog.search(query, wanted, &self.filter)?);
        for filter in self.wishes(brief) {
            hits.extend(nearest(
                self.library.catalog.search(query, WISHED, &filter)?,
            ));
        }
        self.read(&hits, words)
    }

    /// Adds the nearest tracks of a tempo, counted in half or double time too: what moves with the
    /// picture may not be among those that look like it.
    pub(super) fn add_tempo(
        &self,
        query: &[f32],
        words: Option<&[f32]>,
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
        words: Option<&[f32]>,
    ) -> Result<Vec<Shortlisted>, EngineError> {
        let rows: Vec<i64> = hits.keys().copied().collect();
        let vectors = self.library.catalog.vectors_at(&rows)?;
        let mut vectors: BTreeMap<i64, Vec<f32>> = vectors.into_iter().collect();
        let tracks = self.library.catalog.tracks_at(&rows)?.into_iter();
        let shortlisted = |track: Track| {
            let vector = vectors.remove(&track.row)?;
            let character = &track.facts.character;
            let mood = || self.library.moods().mood(&vector);
            let candidate = Candidate {
                cosine: hits.get(&track.row).copied(),
                text_cosine: words.map(|words| dot(words, &vector)),
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

    /// See [`super::MatchReport::confidence`].
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

/// Groups near-duplicates, so that they do not fill the list.
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

/// The tags that words name, as wishes for and against them.
pub(super) fn tag_wishes(candidates: &[Shortlisted], words: &Words) -> Vec<TagWish> {
    let all: BTreeSet<&str> = candidates
        .iter()
        .flat_map(|c| c.candidate.tags.iter().map(|(tag, _)| tag.as_str()))
        .collect();
    let mut wishes: BTreeMap<&str, f32> = BTreeMap::new();
    for phrase in words.wanted.split(", ").filter(|p| !p.is_empty()) {
        for tag in named(phrase, all.iter().copied()) {
            wishes.insert(tag, WANTED);
        }
    }
    for phrase in &words.unwanted {
        for tag in named(phrase, all.iter().copied()) {
            wishes.insert(tag, UNWANTED);
        }
    }
    let wish = |(tag, weight): (&str, f32)| TagWish {
        tag: tag.to_owned(),
        weight,
    };
    wishes.into_iter().map(wish).collect()
}

/// The filter with its tempi narrowed to a range; `None` where nothing is left of them.
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

/// What the ranking needs to know of a track, but for what depends on the query.
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
