//! The cached part of a clip's analysis.

use std::path::Path;

use needledrop_audio::ClipSoundAnalysis;
use needledrop_vision::PictureAnalysis;
use serde::{Deserialize, Serialize};

use crate::clip::cache::{ContentCache, Limit};

/// Goes up whenever the analysis of the same clip changes.
const VERSION: u32 = 4;
/// Clips whose analysis is cached.
const LIMIT: Limit = Limit::Files(200);

/// Motion, light and sound of a range of a clip.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CachedAnalysis {
    /// In and out that were analysed, seconds.
    pub(crate) range_s: (f64, f64),
    pub(crate) moving: PictureAnalysis,
    /// Absent for a clip without sound and for one whose sound cannot be read.
    pub(crate) sound: Option<SoundAnalysis>,
    /// Why the sound could not be read.
    pub(crate) sound_error: Option<String>,
    /// Second of the clip from which on the range is missing or damaged.
    pub(crate) damaged_from_s: Option<f64>,
}

/// The clip's own sound.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SoundAnalysis {
    /// Stretches of speech, seconds of the clip.
    pub(crate) speech_s: Vec<(f64, f64)>,
    pub(crate) music: f32,
    pub(crate) music_present: bool,
    pub(crate) loudness_lufs: Option<f64>,
    /// Absolute peaks from the in-point on, 255 for full scale, [`super::PEAKS_HZ`] per second.
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

/// The cache of analyses below the cache folder `cache`.
pub(super) fn analysis_cache(cache: &Path) -> ContentCache<CachedAnalysis> {
    ContentCache::new(cache.join("looks"), "look", VERSION, LIMIT)
}

/// The parameters of an analysis, as part of its key.
pub(super) fn parameters(range_s: Option<(f64, f64)>) -> Vec<u8> {
    let (from_s, to_s) = range_s.unwrap_or((-1.0, -1.0));
    [from_s.to_le_bytes(), to_s.to_le_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use needledrop_vision::PictureAnalyzer;

    #[test]
    fn an_analysis_is_cached_for_its_range() {
        let dir = tempfile::tempdir().unwrap();
        let clip = dir.path().join("a.mp4");
        fs::write(&clip, vec![7; 300_000]).unwrap();
        let cache = analysis_cache(dir.path());
        let at = |range_s| cache.path(&clip, &parameters(range_s)).unwrap();
        assert_ne!(at(None), at(Some((0.0, 1.0))));
        let analysis = CachedAnalysis {
            range_s: (0.0, 2.5),
            moving: PictureAnalyzer::new().finish(),
            sound: None,
            sound_error: Some("no decoder".into()),
            damaged_from_s: Some(1.5),
        };
        cache.write(&at(None), &analysis);
        assert_eq!(cache.read(&at(None)), Some(analysis));
        assert_eq!(cache.read(&at(Some((0.0, 1.0)))), None);
    }
}
