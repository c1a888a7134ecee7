//! `needledrop match`: a clip in, explained rows out, twice.
//!
//! The first answer ranks by what the picture shows. Three things run side by side: the clip's frames are
//! decoded, they are embedded, and the catalog is opened and its index loaded. Then the clip vector is
//! projected into the audio space, drawn towards a reference and the brief's words, and the nearest tracks
//! are ranked. The second answer ranks by how the picture moves, too: picture and sound of the whole range
//! are analysed (or the cached analysis is read), every candidate is aligned with cuts, hits and arc, and all
//! are ranked again.
//!
//! [`match_clip`] does all of it once. A window keeps a [`ClipMatch`] and asks it again with another
//! [`MatchBrief`]: other weights take a millisecond, other words or filters a search.

mod alignment;
mod brief;
mod candidates;
mod clip_match;
mod query;
mod report;
mod request;
mod shortlist;
mod words;

pub use brief::MatchBrief;
pub use clip_match::{Analysed, AnalysisTask, ClipMatch, ClipSelection};
pub use report::{
    AlignmentDoc, BriefDoc, ClipDoc, LandingDoc, MatchReport, ReasonsDoc, ResultDoc, ScoresDoc,
    TimingsDoc,
};
pub use request::{MatchRequest, match_clip};
