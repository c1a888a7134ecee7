//! The filmstrip of a timeline: evenly spaced small pictures of a clip, kept by content.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use needledrop_media::{MediaError, StillsRequest, jpeg, stills};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clip::content_key;
use crate::error::EngineError;
use crate::files::write_whole;
use crate::job::{Job, Outcome};
use crate::places::Places;

/// Raised whenever strips of the same clip come out different.
const VERSION: u32 = 1;
/// Quality of the pictures.
const QUALITY: u8 = 75;
/// Bytes that all strips may take; the oldest go.
const LIMIT_BYTES: u64 = 256 << 20;
/// A kept strip is not larger.
const LARGEST: u64 = 64 << 20;
/// What a user is told while it lasts.
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
    let place = place(&places.cache, clip, &request);
    if let Some(strip) = place.as_deref().and_then(read) {
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
    let made = match made {
        Ok(made) => made,
        Err(MediaError::Cancelled) => return Ok(Outcome::Cancelled(None)),
        Err(error) => return Err(error.into()),
    };
    let strip = Strip {
        range_s: made.range_s,
        corrupt: made.corrupt,
        pictures: pictures.into_iter().flatten().collect(),
    };
    if let Some(place) = &place
        && let Err(error) = write(place, &strip)
    {
        tracing::info!("the filmstrip is not kept: {error}: {}", place.display());
    }
    Ok(Outcome::Completed(FilmstripReport {
        range_s: made.range_s,
        found: made.found,
        corrupt: made.corrupt,
        kept: false,
    }))
}

fn place(cache: &Path, clip: &Path, request: &StillsRequest) -> Option<PathBuf> {
    let (from_s, to_s) = request.range_s.unwrap_or((-1.0, -1.0));
    let parts = [
        u64::from(VERSION).to_le_bytes(),
        from_s.to_le_bytes(),
        to_s.to_le_bytes(),
        (request.count as u64).to_le_bytes(),
        u64::from(request.height_px).to_le_bytes(),
    ];
    let name = content_key::name(clip, &[parts.concat().as_slice()]).ok()?;
    Some(cache.join("film").join(format!("{name}.film")))
}

fn read(place: &Path) -> Option<Strip> {
    if fs::metadata(place).ok()?.len() > LARGEST {
        return None;
    }
    let bytes = fs::read(place).ok()?;
    let (sum, body) = bytes.split_at_checked(32)?;
    if Sha256::digest(body).as_slice() != sum {
        return None;
    }
    postcard::from_bytes(body).ok()
}

fn write(place: &Path, strip: &Strip) -> io::Result<()> {
    let body = postcard::to_stdvec(strip).map_err(io::Error::other)?;
    let mut bytes = Sha256::digest(&body).to_vec();
    bytes.extend(body);
    write_whole(place, &bytes)?;
    place
        .parent()
        .map_or(Ok(()), |dir| thin_out(dir, LIMIT_BYTES))
}

/// The oldest go where all are more than `limit_bytes`.
fn thin_out(dir: &Path, limit_bytes: u64) -> io::Result<()> {
    let mut all: Vec<(SystemTime, u64, PathBuf)> = fs::read_dir(dir)?
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let meta = entry.metadata().ok()?;
            Some((meta.modified().ok()?, meta.len(), entry.path()))
        })
        .collect();
    all.sort();
    let mut total: u64 = all.iter().map(|(_, bytes, _)| bytes).sum();
    for (_, bytes, path) in &all {
        if total <= limit_bytes {
            break;
        }
        fs::remove_file(path)?;
        total -= bytes;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_is_read_back_and_one_that_is_damaged_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("a.film");
        let strip = Strip {
            range_s: (0.0, 9.5),
            corrupt: false,
            pictures: vec![(0, 1.25, vec![1, 2, 3]), (1, 6.0, vec![4])],
        };
        write(&place, &strip).unwrap();
        assert_eq!(read(&place).unwrap().pictures, strip.pictures);
        let mut bytes = fs::read(&place).unwrap();
        bytes[40] ^= 1;
        fs::write(&place, &bytes).unwrap();
        assert!(read(&place).is_none(), "one bit off");
    }

    #[test]
    fn the_oldest_strips_go_first() {
        let dir = tempfile::tempdir().unwrap();
        let moment = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        for (age, name) in ["new", "middle", "old"].into_iter().enumerate() {
            let path = dir.path().join(name);
            fs::write(&path, [0; 100]).unwrap();
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_modified(moment - std::time::Duration::from_secs(age as u64))
                .unwrap();
        }
        thin_out(dir.path(), 250).unwrap();
        let mut left: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        left.sort();
        assert_eq!(left, ["middle", "new"]);
    }
}
