//! From a brief and candidates to thirty explained rows, and the plain musical types that the
//! rest of Needledrop shares.
//!
//! The one call is [`rank()`]:
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
//! Before it, [`in_point()`] finds where each track should begin so that its beats meet the cuts of
//! an [`Edit`] ([`Timing`] for many tracks at once), and [`kin()`] which of them are near-duplicates;
//! both go into the candidates. After it, [`confidence()`] says whether the best is any good.
//!
//! The order is total and depends on the *set* of candidates alone: shuffling them changes
//! nothing, equal scores are ordered by id.
//!
//! Nothing here does IO: time, files, models and catalogs live in other crates. Nothing here
//! looks for candidates either; a track that was not offered cannot be ranked.

mod brief;
mod calibration;
mod candidate;
mod diverse;
mod heard;
mod in_point;
mod music;
mod rank;
mod seen;
mod terms;
mod weights;

pub use brief::{Brief, Mood, PulseTempo, TagWish};
pub use calibration::{Calibration, NO_GOOD_MATCH, confidence};
pub use candidate::Candidate;
pub use diverse::{Kinship, MOST_KIN, kin};
pub use heard::{
    Beats, Character, Curve, Curves, Ending, Form, KeyEstimate, Loudness, Section, SectionKind,
    Tempo,
};
pub use in_point::{InPoint, Landing, On, Timing, Track, in_point};
pub use music::{Camelot, Key, Mode, ParseKeyError};
pub use rank::{Ranked, Reasons, Scores, rank};
pub use seen::{Cut, CutKind, Edit, Hit, Pulse};
pub use weights::{Weights, WeightsError};
