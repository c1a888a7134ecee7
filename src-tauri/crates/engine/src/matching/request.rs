//! One match of a clip, from request to second answer.

use std::path::PathBuf;
use std::time::Instant;
use std::{panic, thread};

use needledrop_media::{MAX_FRAMES, Sampling};

use crate::clip::encoder::ClipEncoder;
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::library::open::Library;
use crate::library::tracks;
use crate::places::Places;

use super::brief::MatchBrief;
use super::clip_match::{ClipMatch, ClipSelection, millis};
use super::report::MatchReport;

/// A match to make.
#[derive(Clone, Debug)]
pub struct MatchRequest {
    /// The clip and its range.
    pub selection: ClipSelection,
    /// Folder of the catalog.
    pub catalog: PathBuf,
    /// Model pack, by name or folder.
    pub pack: String,
    /// Whether to make the second answer, which analyses motion and sound of the whole range.
    pub refine: bool,
    /// The wanted properties of the music.
    pub brief: MatchBrief,
}

impl MatchRequest {
    /// Both answers for a whole clip with the default pack and an empty brief.
    pub fn new(clip: PathBuf, catalog: PathBuf) -> Self {
        Self {
            selection: ClipSelection {
                clip,
                range_s: None,
                sampling: Sampling::Fast,
                max_frames: MAX_FRAMES,
            },
            catalog,
            pack: "embedded".to_owned(),
            refine: true,
            brief: MatchBrief::default(),
        }
    }
}

/// Finds the tracks of a catalog that fit a clip. `on_first` gets the first answer; the second one is returned.
///
/// # Errors
/// [`EngineError`] for a clip, a pack or a catalog that cannot be used; [`EngineError::TrackNotFound`] for the
/// reference.
pub fn match_clip(
    places: &Places,
    request: &MatchRequest,
    job: &Job<'_>,
    on_first: &mut dyn FnMut(&MatchReport),
) -> Result<Outcome<MatchReport>, EngineError> {
    let mut encoder = ClipEncoder::new(places, &request.pack, None)?;
    let pack = encoder.pack().clone();
    let catalog = tracks::open(&request.catalog, Some(&pack))?;
    // An error of the catalog stops the decoding, too.
    let inner = job.child();
    let (embedded, library) = thread::scope(|scope| {
        let library = scope.spawn(|| {
            let open = || -> Result<Library, EngineError> {
                let mut library = Library::ready(places, pack, catalog)?;
                if request.brief.text.is_some() {
                    library.open_text_towers()?;
                }
                Ok(library)
            };
            open().inspect_err(|_| inner.cancel().cancel())
        });
        let embedded = ClipMatch::embed(&mut encoder, &request.selection, &inner);
        let library = library.join().unwrap_or_else(|p| panic::resume_unwind(p));
        (embedded, library)
    });
    let (embedded, mut library) = match (embedded, library) {
        (Err(error), Ok(_)) => return Err(error),
        (embedded, library) => (embedded?, library?),
    };
    let Outcome::Completed(mut clip_match) = embedded else {
        return Ok(Outcome::Cancelled(None));
    };
    let first = clip_match.rows(&mut library, &request.brief)?;
    if !request.refine {
        return Ok(Outcome::Completed(first));
    }
    on_first(&first);
    let started = Instant::now();
    match clip_match.analysis_task().run(places, job)? {
        Outcome::Completed(analysed) => clip_match.add_analysis(analysed),
        Outcome::Cancelled(_) => return Ok(Outcome::Cancelled(Some(first))),
    }
    let analysed = Instant::now();
    let mut refined = clip_match.rows(&mut library, &request.brief)?;
    refined.timings_ms = first.timings_ms;
    refined
        .timings_ms
        .refine(millis(analysed - started), millis(analysed.elapsed()));
    Ok(Outcome::Completed(refined))
}
