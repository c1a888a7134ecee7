//! What a catalog offers for a query: the nearest tracks, and the background they stand out
//! from.

use std::collections::{BTreeMap, BTreeSet};

use needledrop_catalog::{
    Catalog, CatalogError, CatalogInfo, Filter, Hit, KeyFilter, Track, TrackDetails,
};
use needledrop_models::Pack;
use needledrop_ranking::{Calibration, Candidate, Key, Kinship, Section, TagWish, confidence, kin};

use super::MatchRequest;
use super::words::{Words, named};
use crate::error::EngineError;
use crate::mood::{MoodScale, MoodVectors};
use crate::places::Places;
use crate::texts::dot;
use crate::tracks;

/// Nearest tracks that are ranked.
const CANDIDATES: usize = 200;
/// Nearest tracks beside those that meet one explicit wish, so that a wish is met even where
/// few of the nearest tracks do.
const WISHED: usize = 100;
/// Tracks that stand for the whole catalog.
const BACKGROUND: usize = 512;
/// How far apart two tempi may be and still count as the same.
const SAME_TEMPO: f32 = 0.04;
/// What a tag that the words name weighs beside one that is asked for by itself: the words' own
/// direction says most of it already; what is refused is refused.
const WANTED: f32 = 0.5;
const UNWANTED: f32 = -2.0;
/// Camelot steps from a wished key that a track may be apart to be looked for.
const KEY_STEPS: u8 = 1;

/// An open catalog, ready to be asked.
pub(super) struct Offer {
    catalog: Catalog,
    info: CatalogInfo,
    reference: Option<Track>,
    /// Ids that are not offered: the reference in each of its encodings.
    excluded: Vec<String>,
    background: Vec<Vec<f32>>,
    moods: MoodScale,
}

/// Tracks to be ranked.
#[derive(Default)]
pub(super) struct Candidates {
    pub(super) list: Vec<Candidate>,
    pub(super) tracks: BTreeMap<String, Track>,
    pub(super) vectors: BTreeMap<String, Vec<f32>>,
}

impl Offer {
    /// Loads the catalog's index and what else a query needs.
    pub(super) fn open(
        places: &Places,
        pack: &Pack,
        catalog: Catalog,
        request: &MatchRequest,
    ) -> Result<Offer, EngineError> {
        let info = catalog.info()?;
        catalog.index()?;
        let reference = request
            .reference
            .as_deref()
            .map(|query| tracks::resolve(&catalog, query))
            .transpose()?;
        let excluded = match &reference {
            Some(track) => tracks::same_recording(&catalog, &track.id)?,
            None => Vec::new(),
        };
        let background = background(&catalog, info.tracks)?;
        let moods =
            MoodVectors::of(pack, &places.cache)?.against(background.iter().map(Vec::as_slice));
        Ok(Offer {
            catalog,
            info,
            reference,
            excluded,
            background,
            moods,
        })
    }

    pub(super) fn info(&self) -> &CatalogInfo {
        &self.info
    }

    /// Vector of the reference track.
    pub(super) fn reference_vector(&self) -> Result<Option<Vec<f32>>, EngineError> {
        let Some(track) = &self.reference else {
            return Ok(None);
        };
        Ok(Some(self.catalog.vector(&track.id)?))
    }

    /// Beats, curves and sections of a track.
    pub(super) fn details(&self, id: &str) -> Result<(TrackDetails, Vec<Section>), EngineError> {
        Ok((self.catalog.details(id)?, self.catalog.sections(id)?))
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
        request: &MatchRequest,
    ) -> Result<Candidates, EngineError> {
        let wanted = CANDIDATES.max(request.top * 2);
        let mut hits = nearest(self.catalog.search(query, wanted, &self.filter())?);
        for wish in self.wishes(request) {
            hits.extend(nearest(self.catalog.search(query, WISHED, &wish)?));
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
        candidates: &mut Candidates,
    ) -> Result<(), EngineError> {
        let mut hits = BTreeMap::new();
        for count in [0.5, 1.0, 2.0] {
            let filter = Filter {
                bpm: Some((
                    bpm * count * (1.0 - SAME_TEMPO),
                    bpm * count * (1.0 + SAME_TEMPO),
                )),
                ..self.filter()
            };
            hits.extend(nearest(self.catalog.search(query, WISHED, &filter)?));
        }
        let known: BTreeSet<i64> = candidates.tracks.values().map(|track| track.row).collect();
        hits.retain(|row, _| !known.contains(row));
        let more = self.read(&hits, words)?;
        candidates.list.extend(more.list);
        candidates.tracks.extend(more.tracks);
        candidates.vectors.extend(more.vectors);
        Ok(())
    }

    fn read(
        &self,
        hits: &BTreeMap<i64, f32>,
        words: Option<&[f32]>,
    ) -> Result<Candidates, EngineError> {
        let rows: Vec<i64> = hits.keys().copied().collect();
        let mut found = Candidates::default();
        for track in self.catalog.tracks_at(&rows)? {
            let vector = self.catalog.vector(&track.id)?;
            let character = &track.facts.character;
            found.list.push(Candidate {
                cosine: hits.get(&track.row).copied(),
                text_cosine: words.map(|words| dot(words, &vector)),
                mood: character.mood.or_else(|| Some(self.moods.mood(&vector))),
                vocal: character.vocal,
                presence: character.presence,
                ..candidate(&track)
            });
            found.vectors.insert(track.id.clone(), vector);
            found.tracks.insert(track.id.clone(), track);
        }
        Ok(found)
    }

    fn filter(&self) -> Filter {
        Filter {
            exclude: self.excluded.clone(),
            ..Filter::default()
        }
    }

    fn wishes(&self, request: &MatchRequest) -> Vec<Filter> {
        let mut wishes = Vec::new();
        if request.bpm_range.is_some() {
            wishes.push(Filter {
                bpm: request.bpm_range,
                ..self.filter()
            });
        }
        if let Some(key) = request.key.or(self.reference_key()) {
            let key = Some(KeyFilter {
                key,
                max_distance: KEY_STEPS,
            });
            wishes.push(Filter {
                key,
                ..self.filter()
            });
        }
        for wish in request.tags.iter().filter(|wish| wish.weight > 0.0) {
            wishes.push(Filter {
                tags: vec![tracks::tag(&wish.tag)],
                ..self.filter()
            });
        }
        wishes
    }

    /// Start of the section that is closest to `query`; of the preview where there are none.
    pub(super) fn best_start(&self, track: &Track, query: &[f32]) -> Result<f64, EngineError> {
        let sections = self.catalog.sections(&track.id)?;
        let best = sections
            .iter()
            .max_by(|a, b| dot(&a.vector, query).total_cmp(&dot(&b.vector, query)));
        Ok(best.map_or(track.facts.preview_s.0, |section| section.start_s))
    }

    /// See [`super::MatchReport::confidence`].
    pub(super) fn confidence(
        &self,
        query: &[f32],
        calibration: Option<Calibration>,
        candidates: &Candidates,
    ) -> f64 {
        let best = candidates
            .list
            .iter()
            .filter_map(|c| c.cosine)
            .fold(f32::MIN, f32::max);
        let cosines: Vec<f32> = self.background.iter().map(|v| dot(v, query)).collect();
        let calibration = calibration.or_else(|| Calibration::of_background(&cosines));
        calibration.map_or(0.0, |known| confidence(f64::from(best), &known))
    }
}

impl Candidates {
    /// Tells near-duplicates, so that they do not fill the list.
    pub(super) fn tell_kin(&mut self) {
        let kinship: Vec<Kinship<'_>> = self
            .list
            .iter()
            .map(|candidate| Kinship {
                artist: &candidate.artist,
                album: self
                    .tracks
                    .get(&candidate.id)
                    .and_then(|track| track.facts.album.as_deref())
                    .unwrap_or_default(),
                vector: self.vectors.get(&candidate.id).map_or(&[], Vec::as_slice),
            })
            .collect();
        let groups = kin(&kinship);
        for (candidate, group) in self.list.iter_mut().zip(groups) {
            candidate.kin = group;
        }
    }

    /// The tags that words name, as wishes for and against them.
    pub(super) fn wishes_of(&self, words: &Words) -> Vec<TagWish> {
        let all: BTreeSet<&str> = self
            .list
            .iter()
            .flat_map(|c| c.tags.iter().map(|(tag, _)| tag.as_str()))
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
}

fn nearest(hits: Vec<Hit>) -> BTreeMap<i64, f32> {
    hits.iter().map(|h| (h.row, h.cosine)).collect()
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
