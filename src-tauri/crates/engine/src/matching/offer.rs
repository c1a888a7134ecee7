//! What a catalog offers for a query: the nearest tracks, and the background they stand out
//! from.

use std::collections::BTreeMap;

use needledrop_catalog::{Catalog, CatalogError, CatalogInfo, Filter, Hit, KeyFilter, Track};
use needledrop_models::Pack;
use needledrop_ranking::{Candidate, Key, Mood};

use super::MatchRequest;
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
pub(super) struct Candidates {
    pub(super) list: Vec<Candidate>,
    pub(super) tracks: BTreeMap<String, Track>,
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

    pub(super) fn mood(&self, vector: &[f32]) -> Mood {
        self.moods.mood(vector)
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
        let mut hits: BTreeMap<i64, f32> = BTreeMap::new();
        let mut add = |found: Vec<Hit>| hits.extend(found.iter().map(|h| (h.row, h.cosine)));
        add(self
            .catalog
            .search(query, CANDIDATES.max(request.top * 2), &self.filter())?);
        for wish in self.wishes(request) {
            add(self.catalog.search(query, WISHED, &wish)?);
        }
        let rows: Vec<i64> = hits.keys().copied().collect();
        let mut list = Vec::with_capacity(rows.len());
        let mut tracks = BTreeMap::new();
        for track in self.catalog.tracks_at(&rows)? {
            let vector = self.catalog.vector(&track.id)?;
            list.push(Candidate {
                cosine: hits.get(&track.row).copied(),
                text_cosine: words.map(|words| dot(words, &vector)),
                mood: Some(self.moods.mood(&vector)),
                ..candidate(&track)
            });
            tracks.insert(track.id.clone(), track);
        }
        Ok(Candidates { list, tracks })
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
    pub(super) fn confidence(&self, query: &[f32], candidates: &Candidates) -> f64 {
        let best = candidates
            .list
            .iter()
            .filter_map(|c| c.cosine)
            .fold(f32::MIN, f32::max);
        let cosines: Vec<f64> = self
            .background
            .iter()
            .map(|v| f64::from(dot(v, query)))
            .collect();
        luck(f64::from(best), &cosines, self.info.tracks)
    }
}

/// Probability that the greatest of `count` draws from a normal distribution, with mean and
/// deviation of `background`, stays below `best`.
fn luck(best: f64, background: &[f64], count: usize) -> f64 {
    let (n, count) = (background.len() as f64, count as f64);
    if background.len() < 2 {
        return 0.0;
    }
    let mean = background.iter().sum::<f64>() / n;
    let deviation = (background.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / n).sqrt();
    if deviation < 1e-9 {
        return 0.0;
    }
    below((best - mean) / deviation).powf(count)
}

/// The normal distribution function, after Abramowitz & Stegun 26.2.17 (error below 7.5e-8).
fn below(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let series = t
        * (0.319_381_530
            + t * (-0.356_563_782
                + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt() * series;
    if z >= 0.0 { 1.0 - tail } else { tail }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_has_its_known_values() {
        for (z, p) in [
            (0.0, 0.5),
            (1.0, 0.841_344_7),
            (-1.96, 0.024_997_9),
            (5.0, 0.999_999_7),
        ] {
            assert!((below(z) - p).abs() < 1e-6, "below({z}) = {}", below(z));
        }
    }

    #[test]
    fn a_best_that_luck_explains_gives_little_confidence() {
        let background: Vec<f64> = (0..100).map(|i| f64::from(i) / 1000.0).collect();
        let lucky = luck(0.12, &background, 40_000);
        let telling = luck(0.30, &background, 40_000);
        assert!(lucky < 0.05, "{lucky}");
        assert!(telling > 0.95, "{telling}");
        assert!(
            luck(0.12, &background, 20) > lucky,
            "in a small catalog it means more"
        );
        assert_eq!(luck(0.9, &[0.5], 1), 0.0, "one track is no background");
    }
}
