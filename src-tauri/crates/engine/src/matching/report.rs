//! The JSON document of `match`.

use needledrop_catalog::Track;
use needledrop_ranking::{Brief, InPoint, Mood, Ranked, Weights};
use needledrop_timebase::FrameRate;
use serde::Serialize;

use crate::clip::analysis::NO_PULSE;
use crate::file_doc::FileDoc;
use crate::library::documents::{CatalogDoc, MoodDoc, RateDoc, TrackDoc, rounded};
use crate::library::tracks;
use crate::music::mood::two_letters;
use crate::words::WordDoc;

/// One answer to a match.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Serialize)]
pub struct MatchReport {
    /// The clip and its range.
    pub clip: ClipDoc,
    /// Name of the pack that embedded the clip.
    pub pack: String,
    /// Provider that ran the frame encoder: `cpu`, `cuda`, …
    pub provider: String,
    /// The catalog that was searched.
    pub catalog: CatalogDoc,
    /// The brief as it was understood.
    pub brief: BriefDoc,
    /// Probability from 0 to 1 that a person prefers the best row to a typical piece of music for the picture; 0.5
    /// if it fits no better than others. It is calibrated on choices of people where the pack has such data; with
    /// words or a reference track it is only the distance of the best row from the rest of the catalog.
    pub confidence: f64,
    /// The confidence is too low: the catalog has no good match.
    pub no_good_match: bool,
    /// Whether this is the second answer, which knows motion and sound of the clip.
    pub refined: bool,
    /// Milliseconds of each step.
    pub timings_ms: TimingsDoc,
    /// Number of tracks that were ranked.
    pub candidates: usize,
    /// Rows, best first.
    pub results: Vec<ResultDoc>,
    /// Messages for the user; not part of the document.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

/// The clip of a match.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClipDoc {
    /// The file, as it was given.
    #[serde(flatten)]
    pub file: FileDoc,
    /// Length of the whole clip in seconds.
    pub duration_s: f64,
    /// In and out in seconds.
    pub range_s: [f64; 2],
    /// Frame rate, as a fraction. Frames count at it, also where the clip's frames come unevenly: then it is the
    /// container's rate or the mean of the first seconds.
    pub rate: RateDoc,
    /// The range in frames, 0 being the clip's first: its first frame and the one after its last.
    #[cfg_attr(feature = "ts", ts(type = "[number, number]"))]
    pub range_frames: [i64; 2],
    /// Timecode of the clip's first frame, such as `01:00:00:00`, with `;` before the frames for drop frame; `null`
    /// where camera or recorder wrote none.
    pub start_timecode: Option<String>,
    /// Number of sampling times, one per second.
    pub frames: usize,
}

/// Milliseconds of each step, measured on the thread that answers. Decoding, embedding and opening the catalog run
/// in parallel; a step counts only for as long as the answer had to wait for it, so `first_rows`, `watch` and
/// `refine` add up to `total`.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TimingsDoc {
    /// Waiting for frames from the decoder.
    pub sample: f64,
    /// Loading the frame encoder and embedding.
    pub embed: f64,
    /// Loading the projector and projecting.
    pub project: f64,
    /// Waiting for catalog and brief text, searching, and reading the candidates.
    pub search: f64,
    /// Ranking, with reasons and the start of each track.
    pub rerank: f64,
    /// Sum of the five steps above.
    pub first_rows: f64,
    /// Analysing motion and sound of the whole range; a few milliseconds for a cached analysis, 0 for the first
    /// answer.
    pub watch: f64,
    /// Aligning every candidate with the picture, and ranking again.
    pub refine: f64,
    /// From request to answer.
    pub total: f64,
}

impl TimingsDoc {
    /// The timings of an embedded clip before its first search.
    pub(super) fn embedded(sample: f64, embed: f64, project: f64) -> Self {
        Self {
            sample: rounded(sample, 1),
            embed: rounded(embed, 1),
            project: rounded(project, 1),
            search: 0.0,
            rerank: 0.0,
            first_rows: 0.0,
            watch: 0.0,
            refine: 0.0,
            total: 0.0,
        }
    }

    pub(super) fn search(&mut self, search: f64, rerank: f64) {
        self.search = rounded(search, 1);
        self.rerank = rounded(rerank, 1);
        let parts = [
            self.sample,
            self.embed,
            self.project,
            self.search,
            self.rerank,
        ];
        self.first_rows = rounded(parts.iter().sum(), 1);
        self.total = self.first_rows;
    }

    pub(super) fn refine(&mut self, watch: f64, refine: f64) {
        self.watch = rounded(watch, 1);
        self.refine = rounded(refine, 1);
        self.total = rounded(self.first_rows + self.watch + self.refine, 1);
    }
}

/// A brief as it was understood.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BriefDoc {
    /// Middle of the requested range, else the pulse of the picture; `null` for a pulse of confidence below 0.3.
    pub tempo_bpm: Option<f64>,
    /// From 0 to 1; 1 for a requested tempo.
    pub tempo_confidence: f64,
    /// `major` or `minor`; `null` for a picture that suggests neither.
    pub mode: Option<&'static str>,
    /// Shares of the four moods.
    pub mood: Option<MoodDoc>,
    /// The strongest mood and its tendency in two letters, such as `HC` for happy and calm.
    pub mood_label: Option<String>,
    /// Name of the strongest mood.
    #[serde(skip)]
    pub mood_name: Option<&'static str>,
    /// Share of the range with speech, 0 to 1.
    pub speech: f64,
    /// The description in words, as it was given.
    pub text: Option<String>,
    /// What each word became, in the order of the words.
    pub words: Vec<WordDoc>,
    /// Wanted phrases of the words, without tempo and mode: what sentence space is asked for.
    pub wanted: Vec<String>,
    /// Unwanted phrases of the words.
    pub unwanted: Vec<String>,
}

impl From<&Brief> for BriefDoc {
    fn from(brief: &Brief) -> Self {
        let tempo = brief.tempo;
        let certain = tempo.filter(|t| t.confidence >= NO_PULSE);
        Self {
            tempo_bpm: certain.map(|t| rounded(f64::from(t.bpm), 1)),
            tempo_confidence: tempo.map_or(0.0, |t| rounded(f64::from(t.confidence), 3)),
            mode: brief.mode.map(needledrop_ranking::Mode::as_str),
            mood: brief.mood.as_ref().map(MoodDoc::from),
            mood_label: brief.mood.as_ref().map(two_letters),
            mood_name: brief.mood.as_ref().map(Mood::label),
            speech: rounded(f64::from(brief.speech), 3),
            text: brief.text.clone(),
            words: Vec::new(),
            wanted: Vec::new(),
            unwanted: Vec::new(),
        }
    }
}

/// One row of an answer.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultDoc {
    /// Position in the list, from 1.
    pub rank: usize,
    /// Its `start_s` is the in-point for the range.
    #[serde(flatten)]
    pub track: TrackDoc,
    /// Weighted mean of the four scores, blended with the obedience to the measurable words, 0 to 1.
    pub score: f64,
    /// Scores of the four terms, and of the measurable words.
    pub scores: ScoresDoc,
    /// Played from `start_s`, the track ends before the range does. Such rows are listed behind all others.
    pub too_short: bool,
    /// Alignment with cuts and hits from `start_s` on; absent from the first answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alignment: Option<AlignmentDoc>,
    /// The strongest reasons for its position.
    pub why: String,
    /// A reason for each score.
    pub reasons: ReasonsDoc,
    /// Strongest tags, at most five.
    pub tags: Vec<String>,
    /// Share of the track with singing or speech, 0 to 1.
    pub vocal: Option<f64>,
    /// Credit line that the licence requires.
    pub attribution: Option<String>,
    /// Origin of the file, such as a package and its version.
    pub source: Option<String>,
}

/// Reasons for the scores of a row, in words.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the four terms are their own names")]
pub struct ReasonsDoc {
    pub visual: String,
    pub tempo: String,
    pub tags: String,
    pub key: String,
    /// What became of each measurable word; `null` without such words.
    pub words: Option<String>,
}

/// The alignment of a track with the picture.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlignmentDoc {
    /// Probability from 0 to 1 that the clip was cut to this track; 0.5 without evidence.
    pub score: f64,
    /// Number of cuts on a beat of the track.
    pub cuts_landed: usize,
    /// Number of cuts while the track plays.
    pub cuts: usize,
    /// Cuts and hits on a beat, in time order.
    pub landings: Vec<LandingDoc>,
}

/// A cut or hit of the clip on a beat of the track.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LandingDoc {
    /// Seconds of the clip.
    pub clip_s: f64,
    /// The frame nearest to `clip_s`, counted at the clip's rate from its first frame, 0.
    #[cfg_attr(feature = "ts", ts(type = "number"))]
    pub frame: i64,
    /// Seconds of the track.
    pub track_s: f64,
    /// `beat`, `bar`, `climax`, or `onset` for a track without beats.
    pub on: &'static str,
}

impl AlignmentDoc {
    /// The document of an in-point under a clip of that frame rate.
    pub(super) fn new(point: &InPoint, rate: FrameRate) -> Self {
        Self {
            score: rounded(f64::from(point.score), 4),
            cuts_landed: point.cuts_landed,
            cuts: point.cuts,
            landings: point
                .landings
                .iter()
                .map(|landing| LandingDoc {
                    clip_s: rounded(landing.clip_s, 3),
                    frame: rate.nearest_frame_s(landing.clip_s).0,
                    track_s: rounded(landing.track_s, 3),
                    on: landing.on.as_str(),
                })
                .collect(),
        }
    }
}

impl ResultDoc {
    pub(super) fn new(
        row: &Ranked<'_>,
        track: &Track,
        start_s: f64,
        alignment: Option<AlignmentDoc>,
        weights: &Weights,
    ) -> Self {
        Self {
            rank: row.rank,
            track: TrackDoc::new(track, start_s),
            score: rounded(row.score, 4),
            scores: ScoresDoc {
                visual: rounded(row.scores.visual, 4),
                tempo: rounded(row.scores.tempo, 4),
                tags: rounded(row.scores.tags, 4),
                key: rounded(row.scores.key, 4),
                words: row.scores.words.map(|score| rounded(score, 4)),
            },
            too_short: false,
            alignment,
            why: row.why(weights),
            reasons: ReasonsDoc {
                visual: row.reasons.visual.clone(),
                tempo: row.reasons.tempo.clone(),
                tags: row.reasons.tags.clone(),
                key: row.reasons.key.clone(),
                words: row.reasons.words.clone(),
            },
            tags: tracks::strongest_tags(track),
            vocal: track
                .facts
                .character
                .vocal
                .map(|v| rounded(f64::from(v), 3)),
            attribution: track.facts.attribution.clone(),
            source: track.facts.source.clone(),
        }
    }
}

/// The scores of a row, 0 to 1.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the four terms are their own names")]
pub struct ScoresDoc {
    pub visual: f64,
    pub tempo: f64,
    pub tags: f64,
    pub key: f64,
    /// How far the track obeys the measurable words; `null` without such words.
    pub words: Option<f64>,
}

#[cfg(test)]
mod tests {
    use needledrop_ranking::{Landing, LandsOn, PulseTempo};
    use needledrop_timebase::Frames;

    use super::*;

    #[test]
    fn a_landing_names_its_frame_at_a_fractional_rate() {
        for (rate, frame, clip_s) in [
            (FrameRate::FPS_23_976, 0, 0.0),
            (FrameRate::FPS_23_976, 1678, 69.987),
            (FrameRate::FPS_23_976, 172_627, 7199.984),
            (FrameRate::FPS_29_97, 1798, 59.993),
            (FrameRate::FPS_29_97, 215_784, 7199.993),
        ] {
            let landing = Landing {
                clip_s: rate.start_s(Frames(frame)),
                track_s: 1.0,
                on: LandsOn::Bar,
            };
            let point = InPoint {
                start_s: 0.0,
                score: 0.5,
                cuts_landed: 1,
                cuts: 1,
                cuts_by_chance: 0.0,
                landings: vec![landing],
            };
            let document = AlignmentDoc::new(&point, rate);
            let [landing] = &document.landings[..] else {
                panic!("one landing was expected, got {document:?}")
            };
            assert_eq!((landing.clip_s, landing.frame), (clip_s, frame), "{rate}");
        }
    }

    #[test]
    fn a_pulse_of_low_confidence_is_not_reported_as_a_tempo() {
        let document = |confidence| {
            let tempo = Some(PulseTempo {
                bpm: 110.6,
                confidence,
            });
            BriefDoc::from(&Brief {
                tempo,
                ..Brief::default()
            })
        };
        for (confidence, tempo_bpm) in [
            (0.0, None),
            (0.29, None),
            (0.3, Some(110.6)),
            (1.0, Some(110.6)),
        ] {
            let document = document(confidence);
            assert_eq!(document.tempo_bpm, tempo_bpm, "confidence {confidence}");
            assert!((document.tempo_confidence - f64::from(confidence)).abs() < 1e-3);
        }
    }
}
