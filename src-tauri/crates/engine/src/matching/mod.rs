//! `needledrop match`: a clip and a brief in, explained rows out, in two answers.
//!
//! The first answer depends on the content of the picture alone. Three steps run in parallel: decoding frames,
//! embedding them, and opening the catalog with its index. Then the clip vector is projected into the audio space
//! and blended with the vectors of the reference track and of the brief's words, and the nearest tracks are ranked.
//! For the second answer, picture and sound of the whole range are analysed (or the cached analysis is read), every
//! candidate is aligned with cuts, hits and arc, and all are ranked again.
//!
//! [`match_clip`] gives both answers once. A window keeps a [`ClipMatch`] and ranks it for one [`MatchBrief`] after
//! another: a brief with other weights takes a millisecond, one with other words or filters a search.

mod alignment;
mod brief;
mod candidates;
mod clip_match;
mod query;
mod report;
mod request;
mod shortlist;

pub use brief::MatchBrief;
pub use clip_match::{Analysed, AnalysisTask, ClipMatch, ClipSelection};
pub use report::{
    AlignmentDoc, BriefDoc, ClipDoc, LandingDoc, MatchReport, ReasonsDoc, ResultDoc, ScoresDoc,
    TimingsDoc,
};
pub use request::{MatchRequest, match_clip};
