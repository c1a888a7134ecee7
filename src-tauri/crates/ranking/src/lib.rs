//! Ranks candidate tracks for a brief, with a reason for every score. Defines the plain types for music and edits that
//! the other crates share.
//!
//! The main call is [`rank()`]:
//!
//! ```
//! use needledrop_ranking::{Brief, Candidate, Weights, rank};
//!
//! let candidates = [
//!     Candidate { cosine: Some(0.41), bpm: Some(92.0), ..Candidate::new("tender") },
//!     Candidate { cosine: Some(0.12), bpm: Some(170.0), ..Candidate::new("frantic") },
//! ];
//! let brief = Brief { bpm_range: Some((80.0, 100.0)), ..Brief::default() };
//! let rows = rank(&brief, &candidates, &Weights::default(), 30);
//! assert_eq!(rows[0].candidate.id, "tender");
//! assert!(rows[0].reasons.tempo.contains("92 BPM"));
//! ```
//!
//! Two calls come before it and fill fields of the candidates: [`in_point()`] chooses the second at which a track starts
//! so that its beats fall on the cuts of an [`Edit`] ([`Timing`] does it for many tracks), and [`kin()`] groups
//! near-duplicates. [`Obeying`] measures how far each track of a catalog obeys the wishes in words. [`confidence()`] comes after it: the probability that the best row is a good match.
//!
//! The order is total and depends only on the *set* of candidates: shuffling the input changes nothing, and equal
//! scores are ordered by id.
//!
//! Not in this crate: input and output, clocks, models, and the search for candidates.

mod brief;
mod calibration;
mod candidate;
mod diverse;
mod edit;
mod in_point;
mod music;
mod rank;
mod terms;
mod track_analysis;
mod track_feeling;
mod weights;
mod wishes;

pub use brief::{Brief, Mood, PulseTempo, TagWish};
pub use calibration::{Calibration, NO_GOOD_MATCH, confidence};
pub use candidate::Candidate;
pub use diverse::{Kinship, MOST_KIN, kin};
pub use edit::{Cut, CutKind, Edit, Hit, Pulse};
pub use in_point::{InPoint, Landing, LandsOn, Timing, Track, in_point};
pub use music::{Camelot, Key, Mode, ParseKeyError};
pub use rank::{Ranked, Reasons, Scores, rank};
pub use track_analysis::{
    Beats, Character, Curve, Curves, Ending, Form, KeyEstimate, Loudness, Section, SectionKind,
    Tempo,
};
pub use track_feeling::{TAGS_THAT_COUNT, TrackSound};
pub use weights::{Weights, WeightsError};
pub use wishes::{
    Edges, Measure, Measured, Obedience, Obeying, Population, Stance, Wish, obedience_share,
    words_score,
};
