//! The JSON document of `match`.

use std::path::PathBuf;

use needledrop_catalog::Track;
use needledrop_ranking::{Brief, InPoint, Mood, Ranked, Weights};
use needledrop_timebase::FrameRate;
use serde::Serialize;

use crate::clip::analysis::NO_PULSE;
use crate::library::documents::{CatalogDoc, MoodDoc, RateDoc, TrackDoc, rounded};
use crate::library::tracks;
use crate::music::mood::two_letters;

/// The answer to a match.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, Serialize)]
pub struct MatchReport {
    /// The clip.
    pub clip: ClipDoc,
    /// Name of the pack.
    pub pack: String,
    /// What ran the frame encoder: `cpu`, `cuda`, …
    pub provider: String,
    /// The catalog.
    pub catalog: CatalogDoc,
    /// What the music should be.
    pub brief: BriefDoc,
    /// Probability that a person prefers the best row over a typical piece of music for the picture, 0
    /// to 1; 0.5 where it fits no better than any. Calibrated on choices that people made where the
    /// pack has some; with words or a reference it tells only how far the best stands out of the
    /// catalog.
    pub confidence: f64,
    /// There is no good match in this catalog: the confidence is too low to call one good.
    pub no_good_match: bool,
    /// The rows know how the picture moves and sounds; else only what it shows.
    pub refined: bool,
    /// Where the time went.
    pub timings_ms: TimingsDoc,
    /// Tracks that were ranked.
    pub candidates: usize,
    /// The tracks, best first.
    pub results: Vec<ResultDoc>,
    /// What the user should be told beside the answer; not part of the document.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

/// The clip of a match.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClipDoc {
    /// The file, as it was given.
    pub path: PathBuf,
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
    /// Sampling times, one a second.
    pub frames: usize,
}

/// Where the time went, as the thread that answers saw it, in milliseconds. Decoding, embedding
/// and opening the catalog run side by side; what counts here is what held the answer up, so
/// `first_rows`, `watch` and `refine` add up to `total`.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TimingsDoc {
    /// Waiting for frames that were not decoded yet.
    pub sample: f64,
    /// Loading the frame encoder and embedding.
    pub embed: f64,
    /// Loading the projector and projecting.
    pub project: f64,
    /// Waiting for catalog and brief text, searching, and reading the candidates.
    pub search: f64,
    /// Ranking, reasons, and choosing where each track starts.
    pub rerank: f64,
    /// Until the first rows: the five above together.
    pub first_rows: f64,
    /// Watching and hearing the whole range, after the first rows; a few milliseconds where that was
    /// kept from the last time, 0 where it was not asked for.
    pub watch: f64,
    /// Laying every candidate under the picture, and ranking again.
    pub refine: f64,
    /// All of it.
    pub total: f64,
}

impl TimingsDoc {
    /// Where the time went before anything was searched.
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

/// What the music should be.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BriefDoc {
    /// Tempo asked for (the middle of the range), else the picture's own pulse; `null` where that has a confidence
    /// below 0.3.
    pub tempo_bpm: Option<f64>,
    /// Confidence of the tempo asked for or of the pulse, 0 to 1.
    pub tempo_confidence: f64,
    /// `major`, `minor` or `null`.
    pub mode: Option<&'static str>,
    /// Shares of the four moods.
    pub mood: Option<MoodDoc>,
    /// The largest of them and what it leans to, in two letters such as `HC`.
    pub mood_label: Option<String>,
    /// Name of the largest.
    #[serde(skip)]
    pub mood_name: Option<&'static str>,
    /// Share of the range in which somebody speaks, 0 to 1.
    pub speech: f64,
    /// The brief in words.
    pub text: Option<String>,
    /// What the words were understood to want.
    pub wanted: Vec<String>,
    /// And to refuse.
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
            wanted: Vec::new(),
            unwanted: Vec::new(),
        }
    }
}

/// One row.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultDoc {
    /// Place, from 1.
    pub rank: usize,
    /// The track.
    #[serde(flatten)]
    pub track: TrackDoc,
    /// Weighted mean of the scores, 0 to 1.
    pub score: f64,
    /// The four scores.
    pub scores: ScoresDoc,
    /// Played from `start_s`, the track ends before the range does; such rows stand behind the others.
    pub too_short: bool,
    /// How it meets the picture in time from `start_s` on; absent from the first rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alignment: Option<AlignmentDoc>,
    /// The reasons that moved it most.
    pub why: String,
    /// Why each score is what it is.
    pub reasons: ReasonsDoc,
    /// Its strongest tags.
    pub tags: Vec<String>,
    /// Share of it in which somebody sings or speaks, where that is known.
    pub vocal: Option<f64>,
    /// The line of credit that its licence asks for.
    pub attribution: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

/// The four scores of a row in plain words.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the four terms are their own names")]
pub struct ReasonsDoc {
    pub visual: String,
    pub tempo: String,
    pub tags: String,
    pub key: String,
}

/// How a track meets the picture in time.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlignmentDoc {
    /// Probability that the edit goes with this track, 0 to 1; 0.5 where nothing tells.
    pub score: f64,
    /// Cuts that land on a beat.
    pub cuts_landed: usize,
    /// Cuts that could.
    pub cuts: usize,
    /// What lands, in time order.
    pub landings: Vec<LandingDoc>,
}

/// A cut or hit of the clip that meets the track.
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
            },
            too_short: false,
            alignment,
            why: row.why(weights),
            reasons: ReasonsDoc {
                visual: row.reasons.visual.clone(),
                tempo: row.reasons.tempo.clone(),
                tags: row.reasons.tags.clone(),
                key: row.reasons.key.clone(),
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

/// The four scores of a row, 0 to 1.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the four terms are their own names")]
pub struct ScoresDoc {
    pub visual: f64,
    pub tempo: f64,
    pub tags: f64,
    pub key: f64,
}

#[cfg(test)]
mod tests {
    use needledrop_ranking::{Landing, On, PulseTempo};
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
                on: On::Bar,
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
