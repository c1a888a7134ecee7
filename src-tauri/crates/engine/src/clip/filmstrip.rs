//! The filmstrip of a timeline: evenly spaced small pictures of a clip, kept by content.

use std::ops::ControlFlow;
use std::path::Path;

use needledrop_media::{StillsRequest, jpeg, stills};
use serde::{Deserialize, Serialize};

use crate::clip::cache::{ContentCache, Limit};
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::places::Places;

/// Goes up whenever the strip of the same clip changes.
const VERSION: u32 = 1;
/// JPEG quality of the pictures.
const QUALITY: u8 = 75;
/// Bytes that all strips may take.
const LIMIT: Limit = Limit::Bytes(256 << 20);
/// Shown as the job's phase.
const PHASE: &str = "drawing the filmstrip";

/// What came of a filmstrip.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FilmstripReport {
    /// In and out in seconds.
    pub range_s: (f64, f64),
    /// Parts of the range that have a picture.
    pub found: usize,
    /// Part of the range was missing or damaged.
    pub corrupt: bool,
    /// Whether it was there from the last time.
    pub kept: bool,
}

/// A strip as it is kept.
#[derive(Serialize, Deserialize)]
struct Strip {
    range_s: (f64, f64),
    corrupt: bool,
    /// Pictures with the part they are for and when they show.
    pictures: Vec<(u32, f64, Vec<u8>)>,
}

/// Hands on a picture for each of `count` equal parts of a range of `clip`, or of the whole, as JPEG
/// of `height_px` lines: index of the part, when the picture shows in seconds of the clip, bytes.
/// The strip is complete soon, of pictures near the middles of their parts; where such a one lies too
/// far off, a better one follows under the same index. Of a strip that was made before all come at
/// once.
///
/// # Errors
/// [`EngineError::Media`] for a clip or a range that cannot be read.
pub fn filmstrip(
    places: &Places,
    clip: &Path,
    range_s: Option<(f64, f64)>,
    count: usize,
    height_px: u32,
    job: &Job<'_>,
    on_picture: &mut dyn FnMut(usize, f64, &[u8]),
) -> Result<Outcome<FilmstripReport>, EngineError> {
    let request = StillsRequest {
        range_s,
        count,
        height_px,
    };
    let cache: ContentCache<Strip> =
        ContentCache::new(places.cache.join("film"), "film", VERSION, LIMIT);
    let file = cache.path(clip, &parameters(&request));
    if let Some(strip) = file.as_deref().and_then(|file| cache.read(file)) {
        for (index, time_s, bytes) in &strip.pictures {
            on_picture(*index as usize, *time_s, bytes);
        }
        return Ok(Outcome::Completed(FilmstripReport {
            range_s: strip.range_s,
            found: strip.pictures.len(),
            corrupt: strip.corrupt,
            kept: true,
        }));
    }
    let mut pictures: Vec<Option<(u32, f64, Vec<u8>)>> = Vec::new();
    let mut failure = None;
    let mut there = 0;
    let made = stills(
        clip,
        &request,
        job.cancel(),
        &mut |index, frame| match jpeg(&frame, QUALITY) {
            Ok(bytes) => {
                on_picture(index, frame.time_s, &bytes);
                if pictures.len() <= index {
                    pictures.resize(index + 1, None);
                }
                there += u64::from(pictures[index].is_none());
                pictures[index] = Some((index as u32, frame.time_s, bytes));
                job.report(there, count.max(1) as u64, PHASE);
                ControlFlow::Continue(())
            }
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        },
    );
    if let Some(error) = failure {
        return Err(error.into());
    }
    let Outcome::Completed(made) = Outcome::from_result(made)? else {
        return Ok(Outcome::Cancelled(None));
    };
    let strip = Strip {
        range_s: made.range_s,
        corrupt: made.corrupt,
        pictures: pictures.into_iter().flatten().collect(),
    };
    if let Some(file) = &file {
        cache.write(file, &strip);
    }
    Ok(Outcome::Completed(FilmstripReport {
        range_s: made.range_s,
        found: made.found,
        corrupt: made.corrupt,
        kept: false,
    }))
}

/// The parameters of a strip, as part of its key.
fn parameters(request: &StillsRequest) -> Vec<u8> {
    let (from_s, to_s) = request.range_s.unwrap_or((-1.0, -1.0));
    [
        from_s.to_le_bytes(),
        to_s.to_le_bytes(),
        (request.count as u64).to_le_bytes(),
        u64::from(request.height_px).to_le_bytes(),
    ]
    .concat()
}
