//! Rows, and what is asked for them.

use needledrop_engine::matching::{LandingDoc, MatchBrief, MatchReport, ResultDoc};
use needledrop_engine::ranking::{Camelot, Weights};
use needledrop_engine::{Filter, KeyFilter, TrackDoc, tag};
use serde::{Deserialize, Serialize};

use super::clip::{Filters, TermWeights, Voices};
use crate::fault::Fault;

/// A clip to be matched, and with what.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ask {
    /// The clip.
    pub clip: String,
    /// In and out.
    pub range_s: (f64, f64),
    /// What the music should be.
    #[serde(flatten)]
    pub wish: Wish,
}

/// What the music should be: all that can change without looking at the picture again.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Wish {
    /// In words.
    pub brief: String,
    /// How much the words count against the picture, 0 to 1.
    pub words_share: f32,
    /// Track that the choice should sound like.
    pub reference: Option<String>,
    /// Weights of the four terms.
    pub weights: TermWeights,
    /// What a track must be to be offered.
    pub filters: Filters,
    /// How readily a change of the picture is called a cut, 0 to 1.
    pub sensitivity: f32,
}

/// Camelot steps that still fit a key.
const FITTING_STEPS: u8 = 1;
/// Share of voices up to which a track counts as instrumental, and from which as sung.
const INSTRUMENTAL: f32 = 0.35;
const SUNG: f32 = 0.5;

impl Wish {
    /// As the engine takes it.
    pub fn to_engine(&self) -> Result<MatchBrief, Fault> {
        let TermWeights {
            visual,
            tempo,
            tags,
            key,
        } = self.weights;
        let text = self.brief.trim();
        Ok(MatchBrief {
            text: (!text.is_empty()).then(|| text.to_owned()),
            words_share: self.words_share.clamp(0.0, 1.0),
            reference: self.reference.clone(),
            filter: self.filters.to_engine()?,
            sensitivity: self.sensitivity.clamp(0.0, 1.0),
            weights: Weights::new(visual, tempo, tags, key)
                .map_err(|error| Fault::new("invalid_value", error.to_string()))?,
            ..MatchBrief::default()
        })
    }
}

impl Filters {
    /// As the catalog takes them.
    pub fn to_engine(&self) -> Result<Filter, Fault> {
        let key = self.key.as_deref().map(|code| {
            code.parse::<Camelot>().map_err(|_| {
                Fault::new(
                    "invalid_value",
                    format!("expected a Camelot code such as 8A, got {code:?}"),
                )
            })
        });
        let key = key.transpose()?.map(|camelot| KeyFilter {
            key: camelot.key(),
            max_distance: FITTING_STEPS,
        });
        let narrow = |(from, to): (f64, f64)| (from as f32, to as f32);
        Ok(Filter {
            bpm: self.bpm.map(narrow),
            key,
            tags: self.tags.iter().map(|name| tag(name)).collect(),
            duration_s: self.duration_s,
            vocal: match self.voices {
                Voices::Any => None,
                Voices::Instrumental => Some((0.0, INSTRUMENTAL)),
                Voices::Vocal => Some((SUNG, 1.0)),
            },
            licences: self.licences.clone(),
            ..Filter::default()
        })
    }
}

/// The rows of a match.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Rows {
    /// Goes up with every match.
    #[serde(rename = "match")]
    pub number: u32,
    /// They know how the picture moves and sounds.
    pub refined: bool,
    /// The rows, best first.
    pub results: Vec<Row>,
    /// Tracks that were ranked.
    pub candidates: u32,
    /// 0 to 1.
    pub confidence: f64,
    /// Nothing in the catalog fits.
    pub no_good_match: bool,
    /// Name of the pack.
    pub pack: String,
    /// What ran it.
    pub provider: String,
    /// What the music should be.
    pub brief: Brief,
    /// Where the time went.
    pub timings_ms: RowTimings,
    /// What the editor should be told.
    pub warnings: Vec<String>,
}

/// Where the time went, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RowTimings {
    pub first_rows: f64,
    pub watch: f64,
    pub refine: f64,
    pub total: f64,
}

/// What the music should be.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Brief {
    /// Tempo asked for, else the picture's pulse.
    pub tempo_bpm: Option<f64>,
    /// 0 to 1.
    pub tempo_confidence: f64,
    /// `major` or `minor`.
    #[cfg_attr(test, ts(type = "'major' | 'minor' | null"))]
    pub mode: Option<String>,
    /// In two letters.
    pub mood_label: Option<String>,
    /// In a word.
    pub mood_name: Option<String>,
    /// Share of the range in which somebody speaks.
    pub speech: f64,
    /// The words.
    pub text: Option<String>,
    /// What the words were understood as.
    pub chips: Vec<Chip>,
}

/// A phrase of the words.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Chip {
    /// The phrase.
    pub text: String,
    /// Else it is refused.
    pub wanted: bool,
}

/// A track in the list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Row {
    /// Place, from 1.
    pub rank: u32,
    /// Id.
    pub track_id: String,
    /// Title.
    pub title: String,
    /// Artist.
    pub artist: Option<String>,
    /// Beats per minute.
    pub bpm: Option<f64>,
    /// Key, such as `C#m`.
    pub key: Option<String>,
    /// Camelot code.
    pub camelot: Option<String>,
    /// Length.
    pub duration_s: f64,
    /// Second of the track that meets the in-point.
    pub start_s: f64,
    /// Licence.
    pub licence: Option<String>,
    /// Line of credit.
    pub attribution: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// Strongest tags.
    pub tags: Vec<String>,
    /// Share of voices.
    pub vocal: Option<f64>,
    /// Absolute peaks over the whole track, 0 to 255.
    pub peaks: Vec<u8>,
    /// 0 to 1.
    pub score: f64,
    /// The four scores; absent in a search.
    pub scores: Option<TermWeights>,
    /// Why each is what it is.
    pub reasons: Option<Reasons>,
    /// How it meets the picture in time.
    pub alignment: Option<Alignment>,
    /// In a sentence.
    pub why: String,
}

/// Why each score is what it is.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Reasons {
    pub visual: String,
    pub tempo: String,
    pub tags: String,
    pub key: String,
}

/// How a track meets the picture in time.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Alignment {
    /// 0 to 1.
    pub score: f64,
    /// Cuts that land on a beat.
    pub cuts_landed: u32,
    /// Cuts that could.
    pub cuts: u32,
    /// What lands.
    pub landings: Vec<Landing>,
}

/// A moment of the clip that meets the track.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Landing {
    /// Seconds of the clip.
    pub clip_s: f64,
    /// Seconds of the track.
    pub track_s: f64,
    /// `beat`, `bar` or `climax`.
    #[cfg_attr(test, ts(type = "'beat' | 'bar' | 'climax'"))]
    pub on: String,
}

impl From<&LandingDoc> for Landing {
    fn from(landing: &LandingDoc) -> Self {
        Self {
            clip_s: landing.clip_s,
            track_s: landing.track_s,
            on: landing.on.to_owned(),
        }
    }
}

impl Rows {
    /// The rows of a report; `peaks` gives a track's.
    pub fn of(number: u32, report: MatchReport, peaks: impl FnMut(&str) -> Vec<u8>) -> Self {
        let mut peaks = peaks;
        let brief = report.brief;
        let chips =
            |texts: Vec<String>, wanted| texts.into_iter().map(move |text| Chip { text, wanted });
        let timings = report.timings_ms;
        Self {
            number,
            refined: report.refined,
            results: report
                .results
                .into_iter()
                .map(|row| {
                    let peaks = peaks(&row.track.track_id);
                    Row::of_match(row, peaks)
                })
                .collect(),
            candidates: count(report.candidates),
            confidence: report.confidence,
            no_good_match: report.no_good_match,
            pack: report.pack,
            provider: report.provider,
            brief: Brief {
                tempo_bpm: brief.tempo_bpm,
                tempo_confidence: brief.tempo_confidence,
                mode: brief.mode.map(str::to_owned),
                mood_label: brief.mood_label,
                mood_name: brief.mood_name.map(str::to_owned),
                speech: brief.speech,
                text: brief.text,
                chips: chips(brief.wanted, true)
                    .chain(chips(brief.unwanted, false))
                    .collect(),
            },
            timings_ms: RowTimings {
                first_rows: timings.first_rows,
                watch: timings.watch,
                refine: timings.refine,
                total: timings.total,
            },
            warnings: report.warnings,
        }
    }
}

impl Row {
    fn of_match(row: ResultDoc, peaks: Vec<u8>) -> Self {
        let scores = row.scores;
        let alignment = row.alignment.map(|met| Alignment {
            score: met.score,
            cuts_landed: count(met.cuts_landed),
            cuts: count(met.cuts),
            landings: met.landings.iter().map(Landing::from).collect(),
        });
        Self {
            attribution: row.attribution,
            source: row.source,
            tags: row.tags,
            vocal: row.vocal,
            scores: Some(TermWeights {
                visual: scores.visual,
                tempo: scores.tempo,
                tags: scores.tags,
                key: scores.key,
            }),
            reasons: Some(Reasons {
                visual: row.reasons.visual,
                tempo: row.reasons.tempo,
                tags: row.reasons.tags,
                key: row.reasons.key,
            }),
            alignment,
            why: row.why,
            ..Self::of_track(row.rank, row.track, row.score, peaks)
        }
    }

    /// A row of a search by words or by a track.
    pub fn of_track(rank: usize, track: TrackDoc, score: f64, peaks: Vec<u8>) -> Self {
        Self {
            rank: count(rank),
            track_id: track.track_id,
            title: track.title,
            artist: track.artist,
            bpm: track.bpm,
            key: track.key,
            camelot: track.camelot,
            duration_s: track.duration_s,
            start_s: track.start_s,
            licence: track.licence,
            attribution: None,
            source: None,
            tags: Vec::new(),
            vocal: None,
            peaks,
            score,
            scores: None,
            reasons: None,
            alignment: None,
            why: String::new(),
        }
    }
}

/// A count as JavaScript has numbers.
pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
