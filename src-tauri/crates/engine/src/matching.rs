//! `needledrop match`: a clip in, explained rows out, twice.
//!
//! First by what the picture shows. Three things run side by side: the clip's frames are decoded, they
//! are embedded, and the catalog is opened and its index loaded. Then the clip vector is projected into
//! the audio space, drawn towards a reference and the brief's words, and the nearest tracks are ranked.
//! Then by how it moves: the clip is watched and heard whole (or what was kept of that is read), every
//! candidate is laid under it where it meets cuts, hits and arc best, and all are ranked again.
//!
//! [`match_clip`] does all of it once. A window keeps a [`Matching`] and asks it again with another
//! [`Wish`]: other weights take a millisecond, other words or filters a search.

use std::path::PathBuf;
use std::time::Instant;
use std::{panic, thread};

use needledrop_media::{MAX_FRAMES, Sampling};

use crate::error::EngineError;
use crate::eye::Eye;
use crate::job::{Job, Outcome};
use crate::library::Library;
use crate::places::Places;
use crate::tracks;

mod candidates;
mod found;
mod live;
mod meeting;
mod query;
mod report;
mod wish;
mod words;

pub use live::{Looking, Matching};
pub use report::{
    AlignmentDoc, BriefDoc, ClipDoc, LandingDoc, MatchReport, ReasonsDoc, ResultDoc, ScoresDoc,
    TimingsDoc,
};
pub use wish::Wish;

/// What is asked.
#[derive(Clone, Debug)]
pub struct MatchRequest {
    /// Which picture.
    pub looking: Looking,
    /// Folder of the catalog.
    pub catalog: PathBuf,
    /// Model pack, by name or folder.
    pub pack: String,
    /// Whether the clip is watched and heard whole after the first rows.
    pub watch: bool,
    /// What the music should be.
    pub wish: Wish,
}

impl MatchRequest {
    /// A whole clip against a catalog with the default pack: thirty rows, nothing else asked for.
    pub fn new(clip: PathBuf, catalog: PathBuf) -> Self {
        Self {
            looking: Looking {
                clip,
                range_s: None,
                sampling: Sampling::Fast,
                most: MAX_FRAMES,
            },
            catalog,
            pack: "embedded".to_owned(),
            watch: true,
            wish: Wish::default(),
        }
    }
}

/// Finds the tracks of a catalog that fit a clip. `on_first` gets the rows by what the picture shows,
/// as soon as they are there; the answer has them by how it moves, too.
///
/// # Errors
/// Every [`EngineError`] of a clip, a pack or a catalog that cannot be used, and
/// [`EngineError::TrackNotFound`] for the reference.
pub fn match_clip(
    places: &Places,
    request: &MatchRequest,
    job: &Job<'_>,
    on_first: &mut dyn FnMut(&MatchReport),
) -> Result<Outcome<MatchReport>, EngineError> {
    let mut eye = Eye::of(places, &request.pack, None)?;
    let pack = eye.pack().clone();
    let catalog = tracks::open(&request.catalog, Some(&pack))?;
    // Whatever else is wrong with the catalog stops the decoding too.
    let inner = job.child();
    let (looked, library) = thread::scope(|scope| {
        let library = scope.spawn(|| {
            let open = || -> Result<Library, EngineError> {
                let mut library = Library::ready(places, pack, catalog)?;
                if request.wish.brief.is_some() {
                    library.music_text()?;
                }
                Ok(library)
            };
            open().inspect_err(|_| inner.cancel().cancel())
        });
        let looked = Matching::look(&mut eye, &request.looking, &inner);
        let library = library.join().unwrap_or_else(|p| panic::resume_unwind(p));
        (looked, library)
    });
    let (looked, mut library) = match (looked, library) {
        (Err(error), Ok(_)) => return Err(error),
        (looked, library) => (looked?, library?),
    };
    let Outcome::Completed(mut matching) = looked else {
        return Ok(Outcome::Cancelled(None));
    };
    let first = matching.rows(&mut library, &request.wish)?;
    if !request.watch {
        return Ok(Outcome::Completed(first));
    }
    on_first(&first);
    let watching = Instant::now();
    match matching.watching().run(places, job)? {
        Outcome::Completed(seen) => matching.take(seen),
        Outcome::Cancelled(_) => return Ok(Outcome::Cancelled(Some(first))),
    }
    let watched = Instant::now();
    let mut refined = matching.rows(&mut library, &request.wish)?;
    refined.timings_ms = first.timings_ms;
    refined
        .timings_ms
        .refine(millis(watched - watching), millis(watched.elapsed()));
    Ok(Outcome::Completed(refined))
}

fn millis(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
