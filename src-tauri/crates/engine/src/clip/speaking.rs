//! Which of a clip's sound tracks is heard.
//!
//! A camera writes a track for each microphone and leaves some empty; a recording of a screen has one for the voice and
//! one for the rest. The track with the most speech is heard, and without speech the first that is not silent.

use std::ops::ControlFlow;
use std::path::Path;

use needledrop_audio::ClipSoundAnalyzer;
use needledrop_media::{ClipInfo, SOUND_CHANNELS, SOUND_RATE_HZ, sound};
use tokio_util::sync::CancellationToken;

/// Tracks that are listened to.
const MOST_TRACKS: usize = 16;
/// Parts of a clip that are listened to, as shares of its length at which they begin.
const PARTS: [f64; 3] = [0.1, 0.4, 0.7];
/// Length of each, seconds.
const PART_S: f64 = 12.0;
/// Quieter tracks are silent, LUFS.
const SILENT_LUFS: f64 = -60.0;
/// Another track must speak for this much longer than the first, seconds: leakage between microphones.
const LONGER_S: f64 = 1.0;

/// What was heard of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Heard {
    speech_s: f64,
    loudness_lufs: Option<f64>,
}

/// The number of the track that is heard, from 0.
pub(crate) fn speaking_track(path: &Path, clip: &ClipInfo, cancel: &CancellationToken) -> usize {
    if clip.sound_tracks < 2 {
        return 0;
    }
    let tracks = 0..clip.sound_tracks.min(MOST_TRACKS);
    let heard: Vec<Option<Heard>> = tracks
        .map(|track| listen(path, clip, track, cancel))
        .collect();
    choose(&heard)
}

/// The parts that are listened to, seconds: all of a short clip.
fn parts(duration_s: f64) -> Vec<(f64, f64)> {
    if duration_s <= PART_S * PARTS.len() as f64 {
        return vec![(0.0, duration_s)];
    }
    let from = PARTS.iter().map(|share| share * duration_s);
    from.map(|from_s| (from_s, (from_s + PART_S).min(duration_s)))
        .collect()
}

/// `None` for a track that cannot be read.
fn listen(path: &Path, clip: &ClipInfo, track: usize, cancel: &CancellationToken) -> Option<Heard> {
    let mut analyzer = ClipSoundAnalyzer::new(SOUND_RATE_HZ, SOUND_CHANNELS).ok()?;
    let mut hear = |samples: &[f32]| match analyzer.push(samples) {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => ControlFlow::Break(()),
    };
    let mut found = false;
    for range_s in parts(clip.duration_s) {
        let read = sound(path, track, clip.origin_s, range_s, cancel, &mut hear);
        found |= matches!(read, Ok(Some(_)));
    }
    if !found {
        return None;
    }
    let found = analyzer.finish().ok()?;
    Some(Heard {
        speech_s: found.speech_s.iter().map(|(from, to)| to - from).sum(),
        loudness_lufs: found.loudness.integrated_lufs,
    })
}

/// The track that is heard. Pure.
fn choose(heard: &[Option<Heard>]) -> usize {
    let loud = |track: &&(usize, Heard)| track.1.loudness_lufs.is_some_and(|l| l > SILENT_LUFS);
    let read: Vec<(usize, Heard)> = heard
        .iter()
        .enumerate()
        .filter_map(|(track, heard)| heard.map(|heard| (track, heard)))
        .collect();
    let Some(&(first, what)) = read.iter().find(loud) else {
        return read.first().map_or(0, |(track, _)| *track);
    };
    let most = read
        .iter()
        .filter(loud)
        .max_by(|a, b| a.1.speech_s.total_cmp(&b.1.speech_s).then(b.0.cmp(&a.0)));
    match most {
        Some((track, other)) if other.speech_s > what.speech_s + LONGER_S => *track,
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(speech_s: f64, loudness_lufs: f64) -> Option<Heard> {
        Some(Heard {
            speech_s,
            loudness_lufs: Some(loudness_lufs),
        })
    }

    #[test]
    fn the_track_that_speaks_is_heard() {
        let silent = Some(Heard {
            speech_s: 0.0,
            loudness_lufs: None,
        });
        assert_eq!(choose(&[heard(0.0, -14.0), heard(12.0, -23.0)]), 1);
        assert_eq!(
            choose(&[heard(12.0, -23.0), heard(12.5, -30.0)]),
            0,
            "leakage"
        );
        assert_eq!(
            choose(&[silent, silent, heard(0.0, -20.0)]),
            2,
            "empty tracks"
        );
        assert_eq!(
            choose(&[None, heard(0.0, -20.0)]),
            1,
            "a track without a decoder"
        );
        assert_eq!(
            choose(&[heard(0.0, -20.0), heard(0.0, -10.0)]),
            0,
            "no speech"
        );
        assert_eq!(choose(&[silent, silent]), 0);
        assert_eq!(choose(&[None, None]), 0);
    }

    #[test]
    fn a_short_clip_is_heard_whole_and_a_long_one_in_parts() {
        assert_eq!(parts(20.0), [(0.0, 20.0)]);
        assert_eq!(
            parts(1000.0),
            [(100.0, 112.0), (400.0, 412.0), (700.0, 712.0)]
        );
    }
}
