//! What was seen of a clip, kept by its content, so that it is watched once.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use needledrop_audio::ClipSoundAnalysis;
use needledrop_vision::PictureAnalysis;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::clip::content_key;
use crate::files::write_whole;

/// Raised whenever what is seen changes.
const VERSION: u32 = 3;
/// Clips that are kept.
const MOST: usize = 200;
/// A kept clip is a few megabytes at most.
const LARGEST: u64 = 64 << 20;

/// What was seen and heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CachedAnalysis {
    /// In and out in seconds of the clip, as it was watched.
    pub(crate) range_s: (f64, f64),
    pub(crate) moving: PictureAnalysis,
    /// Absent where there is no sound, or none that could be read.
    pub(crate) sound: Option<SoundAnalysis>,
    /// Why the sound could not be read.
    pub(crate) sound_error: Option<String>,
    /// Part of the range was missing or damaged.
    pub(crate) corrupt: bool,
}

/// The clip's own sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SoundAnalysis {
    /// Where somebody speaks, in seconds of the clip.
    pub(crate) speech_s: Vec<(f64, f64)>,
    pub(crate) music: f32,
    pub(crate) music_present: bool,
    pub(crate) loudness_lufs: Option<f64>,
    /// Absolute peaks from the in-point on, [`super::PEAKS_HZ`] a second.
    pub(crate) peaks: Vec<u8>,
}

impl SoundAnalysis {
    pub(crate) fn new(sound: &ClipSoundAnalysis, peaks: Vec<u8>, from_s: f64) -> SoundAnalysis {
        SoundAnalysis {
            speech_s: sound
                .speech_s
                .iter()
                .map(|(a, b)| (a + from_s, b + from_s))
                .collect(),
            music: sound.music,
            music_present: sound.music_present(),
            loudness_lufs: sound.loudness.integrated_lufs,
            peaks,
        }
    }
}

/// Where what is seen of a range of a clip is kept; `None` for a file that cannot be read.
pub(super) fn place(cache: &Path, clip: &Path, range_s: Option<(f64, f64)>) -> Option<PathBuf> {
    let (from_s, to_s) = range_s.unwrap_or((-1.0, -1.0));
    let parts = [from_s.to_le_bytes(), to_s.to_le_bytes()].concat();
    let digest = content_key::name(clip, &[&VERSION.to_le_bytes(), parts.as_slice()]).ok()?;
    Some(cache.join("looks").join(format!("{digest}.look")))
}

/// What was kept, where it is there and whole.
pub(super) fn read(place: &Path) -> Option<CachedAnalysis> {
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

/// The oldest go where there are too many.
pub(super) fn write(place: &Path, kept: &CachedAnalysis) -> io::Result<()> {
    let body = postcard::to_stdvec(kept).map_err(io::Error::other)?;
    let mut bytes = Sha256::digest(&body).to_vec();
    bytes.extend(body);
    write_whole(place, &bytes)?;
    place.parent().map_or(Ok(()), thin_out)
}

fn thin_out(dir: &Path) -> io::Result<()> {
    let mut all: Vec<(SystemTime, PathBuf)> = fs::read_dir(dir)?
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    all.sort();
    for (_, path) in all.iter().take(all.len().saturating_sub(MOST)) {
        fs::remove_file(path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use needledrop_vision::PictureAnalyzer;

    fn nothing() -> CachedAnalysis {
        CachedAnalysis {
            range_s: (0.0, 2.5),
            moving: PictureAnalyzer::new().finish(),
            sound: None,
            sound_error: Some("no decoder".into()),
            corrupt: true,
        }
    }

    #[test]
    fn what_was_kept_is_read_back_and_what_is_damaged_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let clip = dir.path().join("a.mp4");
        fs::write(&clip, vec![7; 300_000]).unwrap();
        let place = place(dir.path(), &clip, None).unwrap();
        assert_eq!(read(&place), None, "nothing yet");
        write(&place, &nothing()).unwrap();
        assert_eq!(read(&place), Some(nothing()));
        let mut bytes = fs::read(&place).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&place, &bytes).unwrap();
        assert_eq!(read(&place), None, "one bit off");
        fs::write(&place, &bytes[..20]).unwrap();
        assert_eq!(read(&place), None, "cut short");
    }

    #[test]
    fn content_and_range_make_the_place_not_the_name() {
        let dir = tempfile::tempdir().unwrap();
        let clip = |name: &str, byte: u8| {
            let path = dir.path().join(name);
            let mut bytes = vec![1; 1 << 20];
            bytes[500_000..600_000].fill(byte);
            fs::write(&path, bytes).unwrap();
            path
        };
        let (a, b, c) = (clip("a", 1), clip("b", 1), clip("c", 2));
        let at = |path: &Path, range| place(dir.path(), path, range).unwrap();
        assert_eq!(at(&a, None), at(&b, None), "a copy is the same clip");
        assert_ne!(at(&a, None), at(&c, None));
        assert_ne!(at(&a, None), at(&a, Some((0.0, 1.0))));
    }
}
