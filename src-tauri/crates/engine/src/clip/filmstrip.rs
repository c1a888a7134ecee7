//! The filmstrip of a timeline: small, evenly spaced pictures of a clip. Strips are cached.

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
const PHASE: &str = "making the filmstrip";

/// The range that a finished filmstrip shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FilmstripReport {
    /// In and out in seconds.
    pub range_s: (f64, f64),
    /// Number of parts of the range that have a picture.
    pub found: usize,
    /// Part of the range was missing or damaged.
    pub corrupt: bool,
    /// Whether the strip came from the cache.
    pub kept: bool,
}

/// A filmstrip as the cache stores it.
#[derive(Serialize, Deserialize)]
struct Strip {
    range_s: (f64, f64),
    corrupt: bool,
    /// For each picture its part of the range, its time in seconds of the clip, and its JPEG bytes.
    pictures: Vec<(u32, f64, Vec<u8>)>,
}

/// Makes one JPEG picture, `height_px` high, for each of `count` equal parts of a range (of the whole clip where
/// `range_s` is absent). `on_picture` gets the index of the part, the picture's time in seconds of the clip, and the
/// bytes. It gets a second, better picture for an index where the first one was far from the middle of its part. The
/// pictures of a cached strip come at once.
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
