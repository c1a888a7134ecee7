//! Analyses picture and sound of a range side by side, once: the result is cached.

use std::ops::ControlFlow;
use std::path::Path;
use std::thread;

use needledrop_audio::ClipSoundAnalyzer;
use needledrop_media::{
    ClipInfo, DensePass, MediaError, SOUND_CHANNELS, SOUND_RATE_HZ, probe, sound,
};
use needledrop_vision::PictureAnalyzer;

use super::cached::{CachedAnalysis, SoundAnalysis, analysis_cache, parameters};
use super::peaks::Peaks;
use super::placing::{picture, place_cuts};
use crate::clip::speaking::speaking_track;
use crate::error::EngineError;
use crate::job::Job;
use crate::places::Places;

/// The analysis of a range of a clip.
pub(crate) struct ClipAnalysis {
    pub(crate) clip: ClipInfo,
    pub(crate) cached: CachedAnalysis,
}

impl ClipAnalysis {
    /// The analysis of a range in which nothing happens.
    pub(crate) fn still(clip: ClipInfo, range_s: (f64, f64)) -> ClipAnalysis {
        let cached = CachedAnalysis {
            range_s,
            moving: PictureAnalyzer::new().finish(),
            sound: None,
            sound_error: None,
            damaged_from_s: None,
        };
        ClipAnalysis { clip, cached }
    }
}

/// Analyses a range of a clip, or reads its cached analysis. `None` when cancelled.
pub(crate) fn analyse_clip(
    places: &Places,
    path: &Path,
    range_s: Option<(f64, f64)>,
    job: &Job<'_>,
) -> Result<Option<ClipAnalysis>, EngineError> {
    let clip = probe(path)?;
    let cache = analysis_cache(&places.cache);
    let file = cache.path(path, &parameters(range_s));
    if let Some(cached) = file.as_deref().and_then(|file| cache.read(file)) {
        return Ok(Some(ClipAnalysis { clip, cached }));
    }
    let (watched, heard) = thread::scope(|scope| {
        let heard = scope.spawn(|| analyse_sound(path, &clip, range_s, job));
        let watched = analyse_motion(path, range_s, clip.duration_s, job);
        let heard = heard
            .join()
            .unwrap_or_else(|p| std::panic::resume_unwind(p));
        (watched, heard)
    });
    if job.is_cancelled() {
        return Ok(None);
    }
    let (moving, seen_s, damaged) = watched?;
    // The analysis of the picture is useful without the sound.
    let (sound, torn, sound_error) = match heard {
        Ok(Some((heard, torn))) => (Some(heard), torn, None),
        Ok(None) => (None, None, None),
        Err(error) => (None, None, Some(error.to_string())),
    };
    let cached = CachedAnalysis {
        range_s: seen_s,
        moving,
        sound,
        sound_error,
        damaged_from_s: damaged.into_iter().chain(torn).reduce(f64::min),
    };
    if let Some(file) = &file {
        cache.write(file, &cached);
    }
    Ok(Some(ClipAnalysis { clip, cached }))
}

type MovingAnalysis = (needledrop_vision::PictureAnalysis, (f64, f64), Option<f64>);

fn analyse_motion(
    path: &Path,
    range_s: Option<(f64, f64)>,
    duration_s: f64,
    job: &Job<'_>,
) -> Result<MovingAnalysis, EngineError> {
    let mut watch = PictureAnalyzer::new();
    let mut failed = None;
    let mut seen_s = Vec::new();
    let (from_s, to_s) = range_s.unwrap_or((0.0, duration_s));
    let total = ((to_s - from_s).max(0.1) * 10.0) as u64;
    let mut see = |frame: needledrop_media::Frame| {
        if let Err(error) = watch.push(frame.time_s, &picture(&frame)) {
            failed = Some(error);
            return ControlFlow::Break(());
        }
        seen_s.push(frame.time_s);
        let done = ((frame.time_s - from_s).max(0.0) * 10.0) as u64;
        job.report(done.min(total), total, "analysing motion and sound");
        ControlFlow::Continue(())
    };
    let pass = DensePass::new(path, range_s, job.cancel())?;
    let report = pass.watch(job.cancel(), &mut see);
    if let Some(error) = failed {
        return Err(error.into());
    }
    let report = report?;
    let mut moving = watch.finish();
    place_cuts(&pass, &mut moving.shots, &seen_s, job);
    Ok((moving, report.range_s, report.damaged_from_s))
}

/// The analysis of the sound, and the second from which on it is damaged; `None` without sound.
fn analyse_sound(
    path: &Path,
    clip: &ClipInfo,
    range_s: Option<(f64, f64)>,
    job: &Job<'_>,
) -> Result<Option<(SoundAnalysis, Option<f64>)>, EngineError> {
    if !clip.has_audio {
        return Ok(None);
    }
    let (from_s, to_s) = range_s.unwrap_or((0.0, clip.duration_s));
    let mut analyzer = ClipSoundAnalyzer::new(SOUND_RATE_HZ, SOUND_CHANNELS)?;
    let mut failed = None;
    let mut peaks = Peaks::default();
    let mut hear = |samples: &[f32]| {
        peaks.push(samples);
        match analyzer.push(samples) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    let (track, range_s) = (speaking_track(path, clip, job.cancel()), (from_s, to_s));
    let heard = sound(path, track, clip.origin_s, range_s, job.cancel(), &mut hear);
    if let Some(error) = failed {
        return Err(error.into());
    }
    match heard {
        Ok(Some(report)) => {
            let heard = SoundAnalysis::new(&analyzer.finish()?, peaks.finish(), from_s);
            let torn = report.corrupt.then_some(from_s + report.duration_s);
            Ok(Some((heard, torn)))
        }
        Ok(None) | Err(MediaError::Cancelled) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gstreamer::{self as gst, prelude::*};
    use std::path::PathBuf;
    use tokio_util::sync::CancellationToken;

    /// A clip of three seconds; with `sound`, a tone of half scale starts at one second.
    fn clip(dir: &Path, sound: bool) -> PathBuf {
        gst::init().unwrap();
        let path = dir.join(format!("{sound}.mkv"));
        let tone = "audiotestsrc samplesperbuffer=480 num-buffers=200 volume=0.5 timestamp-offset=1000000000 ! \
                    audio/x-raw,rate=48000 ! m.";
        let text = format!(
            "videotestsrc num-buffers=75 ! video/x-raw,width=160,height=120,framerate=25/1 ! \
             x264enc speed-preset=ultrafast ! m. {} matroskamux name=m ! filesink location=\"{}\"",
            if sound { tone } else { "" },
            path.display()
        );
        let pipeline = gst::parse::launch(&text).unwrap();
        pipeline.set_state(gst::State::Playing).unwrap();
        let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
        let wait = gst::ClockTime::from_seconds(60);
        let end = pipeline.bus().unwrap().timed_pop_filtered(wait, &kinds);
        assert_eq!(end.unwrap().type_(), gst::MessageType::Eos, "{text}");
        pipeline.set_state(gst::State::Null).unwrap();
        path
    }

    #[test]
    fn sound_peaks_have_the_times_of_the_sound_and_are_cached() {
        let dir = tempfile::tempdir().unwrap();
        let places = Places {
            config: dir.path().join("config"),
            data: dir.path().join("data"),
            cache: dir.path().join("cache"),
            packs: Vec::new(),
            checkout: None,
            default_catalog: dir.path().join("catalog"),
        };
        let job = Job::new(CancellationToken::new(), &|_| ());
        let see = |path: &Path| {
            analyse_clip(&places, path, Some((0.5, 2.5)), &job)
                .unwrap()
                .unwrap()
        };
        let loud = clip(dir.path(), true);
        for time in ["heard", "read"] {
            let peaks = see(&loud).cached.sound.unwrap().peaks;
            assert_eq!(peaks.len(), 200, "two seconds, {time}");
            assert!(
                peaks[..48].iter().all(|p| *p < 3),
                "silence at first: {peaks:?}"
            );
            assert!(
                peaks[52..].iter().all(|p| (120..=132).contains(p)),
                "then the tone: {peaks:?}"
            );
        }
        assert_eq!(see(&clip(dir.path(), false)).cached.sound, None);
    }
}
