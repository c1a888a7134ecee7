//! `needledrop search --text`: the tracks that obey words, and lie near what the words cannot measure.

use std::collections::BTreeMap;
use std::path::Path;

use needledrop_catalog::Filter;
use needledrop_ranking::{Calibration, Obedience, confidence, words_score};

use crate::error::EngineError;
use crate::library::documents::CatalogDoc;
use crate::library::open::Library;
use crate::library::search::{Found, SearchReport, row};
use crate::places::Places;
use crate::words::census::{Obeyed, best_rows};
use crate::words::understood::{Towers, Understood};

/// Number of tracks nearest to the words.
const NEAREST: usize = 200;
/// The tracks that obey best: at least so many, and this share of a large catalog.
const OBEYING: usize = 400;
const OBEYING_SHARE: usize = 20;

/// A candidate with its scores.
struct Candidate {
    row: i64,
    score: f64,
    cosine: f32,
    why: Option<String>,
}

/// Finds the tracks that fit a description.
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
    Library::open(places, pack, dir)?.search(text, filter, top)
}

impl Library {
    /// The tracks that fit a description, best first: those that obey its measurable words (tempo, energy, mode,
    /// instruments, voices, what is refused), and near its vague ones.
    ///
    /// # Errors
    /// [`EngineError::Model`], [`EngineError::Catalog`].
    pub fn search(
        &mut self,
        text: &str,
        filter: &Filter,
        top: usize,
    ) -> Result<SearchReport, EngineError> {
        let understood = Understood::of(self, text, Towers::Music)?;
        let (mut words, mut direction) = (Vec::new(), None);
        if let Some(understood) = &understood {
            words = understood.documents();
            direction.clone_from(&understood.vector);
        }
        let is_vague = direction.is_some() || words.is_empty();
        let query = match direction {
            Some(direction) => direction,
            None => self.music_vectors(&[text])?.pop().unwrap_or_default(),
        };
        let library = &*self;
        library.catalog.snapshot(|| {
            let candidates =
                library.word_candidates(understood.as_ref(), &query, is_vague, filter, top)?;
            let rows: Vec<i64> = candidates.iter().map(|each| each.row).collect();
            let mut results = Vec::with_capacity(rows.len());
            let mut found: BTreeMap<i64, Candidate> = candidates
                .into_iter()
                .map(|each| (each.row, each))
                .collect();
            for track in library.catalog.tracks_at(&rows)? {
                let Some(candidate) = found.remove(&track.row) else {
                    continue;
                };
                let of_track = Found {
                    rank: results.len() + 1,
                    score: candidate.score,
                    cosine: f64::from(candidate.cosine),
                    why: candidate.why,
                };
                results.push(row(&library.catalog, &track, &query, of_track)?);
            }
            Ok(SearchReport {
                query: text.to_owned(),
                catalog: CatalogDoc::from(library.info()),
                words,
                results,
            })
        })
    }

    /// The `top` best candidates for the words, best first.
    fn word_candidates(
        &self,
        understood: Option<&Understood>,
        query: &[f32],
        is_vague: bool,
        filter: &Filter,
        top: usize,
    ) -> Result<Vec<Candidate>, EngineError> {
        let nearest = NEAREST.max(top);
        let mut hits: BTreeMap<i64, f32> = self
            .catalog
            .search(query, nearest, filter)?
            .iter()
            .map(|hit| (hit.row, hit.cosine))
            .collect();
        let wishes = understood.map_or(&[][..], |understood| &understood.wishes);
        let census = self.census().filter(|_| !wishes.is_empty());
        if let Some(census) = census {
            hits.extend(self.obeying(query, nearest, filter, census.obeyed(wishes))?);
        }
        let (weight, refuses) = census.map_or((0.0, false), |census| census.weight(wishes));
        let background = Calibration::of_background(&self.background_cosines(query));
        let candidate = |(row, cosine): (i64, f32)| {
            let near = background.map_or(0.5, |known| confidence(f64::from(cosine), &known));
            let obedience = census.and_then(|census| census.obedience(wishes, row));
            let obeyed = obedience.as_ref().map_or(0.5, |obedience| obedience.score);
            let refused = obedience
                .as_ref()
                .is_some_and(|obedience| obedience.refused);
            let score = words_score(obeyed, weight, is_vague.then_some(near));
            Candidate {
                row,
                score: if refuses {
                    Obedience::held_apart(score, refused)
                } else {
                    score
                },
                cosine,
                why: obedience
                    .map(|obedience| obedience.reason)
                    .filter(|why| !why.is_empty()),
            }
        };
        let mut candidates: Vec<Candidate> = hits.into_iter().map(candidate).collect();
        candidates.sort_by(|a, b| {
            let nearer = || {
                b.cosine
                    .total_cmp(&a.cosine)
                    .then_with(|| a.row.cmp(&b.row))
            };
            b.score.total_cmp(&a.score).then_with(nearer)
        });
        candidates.truncate(top);
        Ok(candidates)
    }

    /// Of the tracks that obey best those nearest to `query`, and the very best whatever their direction.
    pub(crate) fn obeying(
        &self,
        query: &[f32],
        nearest: usize,
        filter: &Filter,
        obeyed: Vec<Obeyed>,
    ) -> Result<Vec<(i64, f32)>, EngineError> {
        let most = OBEYING.max(obeyed.len() / OBEYING_SHARE);
        let mut found = Vec::new();
        for count in [nearest, most] {
            let rows = best_rows(obeyed.clone(), count);
            let hits = self.catalog.search_rows(query, nearest, filter, &rows)?;
            found.extend(hits.iter().map(|hit| (hit.row, hit.cosine)));
        }
        Ok(found)
    }
}
