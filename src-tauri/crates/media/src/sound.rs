//! The sound of a clip as samples.

use crate::{
    MediaError,
    caps::is_audio,
    monitor::{PipelineMonitor, TICK},
    pipeline::{element, stop},
    readable::check_readable,
    rest::Rest,
    source::source,
    startup::init,
    stream_time::{seconds, span},
    streams::{Shared, lock, pass_over, watch_demuxers},
};
use gstreamer::{self as gst, prelude::*};
use gstreamer_app as app;
use std::{ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

/// Samples of each channel a second.
pub const SOUND_RATE_HZ: u32 = 48_000;
/// Number of interleaved channels: left and right, whatever the clip has.
pub const SOUND_CHANNELS: usize = 2;

/// Buffers in the queue of the sink.
const WAITING: u32 = 16;
/// Sound that starts later than expected by more than this follows a gap, seconds.
const GAP_S: f64 = 0.02;
/// Silence is handed on in pieces of one second.
const PIECE: usize = SOUND_RATE_HZ as usize * SOUND_CHANNELS;

/// Result of reading the sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SoundReport {
    /// Length of the sound that was handed on, from the in point, seconds.
    pub duration_s: f64,
    /// The sound ended before the out point; the readable part was handed on.
    pub corrupt: bool,
}

/// Hands on an audio stream of a range as interleaved stereo at [`SOUND_RATE_HZ`]: `track` counts
/// from 0, up to [`crate::ClipInfo::sound_tracks`]. The range is in seconds from the start of the
/// clip, which is at [`crate::ClipInfo::origin_s`] of stream time. The first sample is at the in
/// point; gaps and a late start become silence. `None` for a clip without this track.
///
/// # Errors
/// [`MediaError::MissingPlugin`] and similar errors if no sound was decoded;
/// [`MediaError::Cancelled`].
pub fn sound(
    path: &Path,
    track: usize,
    origin_s: f64,
    range_s: (f64, f64),
    cancel: &CancellationToken,
    on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
) -> Result<Option<SoundReport>, MediaError> {
    init()?;
    check_readable(path)?;
    let (pipeline, sink, streams) = build(path, track)?;
    let pipeline = SoundPipeline {
        pipeline,
        path,
        streams,
        track,
    };
    let range_s = (origin_s + range_s.0, origin_s + range_s.1);
    let outcome = pipeline.run(&sink, range_s, cancel, on_samples);
    match outcome {
        Err(MediaError::Undecodable { .. }) if !pipeline.has_sound() => Ok(None),
        other => other,
    }
}

fn build(path: &Path, track: usize) -> Result<(gst::Pipeline, app::AppSink, Shared), MediaError> {
    let failed = |e: gst::glib::BoolError| MediaError::GStreamer(e.to_string());
    let pipeline = gst::Pipeline::new();
    let (source, parsebin) = (source(path)?.element, element("parsebin")?);
    let decoder = gst::ElementFactory::make("decodebin")
        .name("sound")
        .build()
        .map_err(failed)?;
    let (convert, resample) = (element("audioconvert")?, element("audioresample")?);
    let caps = gst::Caps::builder("audio/x-raw")
        .field("format", "F32LE")
        .field("layout", "interleaved")
        .field("rate", SOUND_RATE_HZ as i32)
        .field("channels", SOUND_CHANNELS as i32)
        .build();
    let sink = app::AppSink::builder()
        .sync(false)
        .max_buffers(WAITING)
        .wait_on_eos(false)
        .caps(&caps)
        .build();
    let last = sink.upcast_ref::<gst::Element>();
    pipeline
        .add_many([&source, &parsebin, &decoder, &convert, &resample, last])
        .map_err(failed)?;
    source.link(&parsebin).map_err(failed)?;
    gst::Element::link_many([&convert, &resample, last]).map_err(failed)?;
    let entry = decoder.static_pad("sink");
    let found = Shared::default();
    watch_demuxers(&pipeline, &found);
    let streams = Shared::clone(&found);
    parsebin.connect_pad_added(move |_, pad| {
        let caps = pad.current_caps().unwrap_or_else(|| pad.query_caps(None));
        let number = is_audio(&caps).then(|| {
            let mut found = lock(&streams);
            found.audio.push(caps);
            found.audio.len() - 1
        });
        if number != Some(track) {
            pass_over(pad, &streams);
        } else if let Some(entry) = &entry
            && let Err(error) = pad.link(entry)
        {
            tracing::debug!(%error, "the sound does not link");
        }
    });
    let raw = convert.static_pad("sink");
    decoder.connect_pad_added(move |_, pad| {
        if let Some(raw) = &raw
            && !raw.is_linked()
            && let Err(error) = pad.link(raw)
        {
            tracing::debug!(%error, "the decoded sound does not link");
        }
    });
    Ok((pipeline, sink, found))
}

/// A pipeline that stops when it is dropped.
struct SoundPipeline<'a> {
    pipeline: gst::Pipeline,
    path: &'a Path,
    streams: Shared,
    track: usize,
}

impl SoundPipeline<'_> {
    /// Whether all streams are known, and the wanted one is not among those that were listed.
    fn lacks_track(&self, listed: Option<usize>) -> bool {
        let found = lock(&self.streams);
        let is_known = found.audio.len() > self.track;
        !is_known && found.are_complete() && listed.is_some_and(|count| count <= self.track)
    }

    fn has_sound(&self) -> bool {
        let decoder = self.pipeline.by_name("sound");
        decoder.is_some_and(|d| d.static_pad("sink").is_some_and(|pad| pad.is_linked()))
    }

    fn run(
        &self,
        sink: &app::AppSink,
        (from_s, to_s): (f64, f64),
        cancel: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<Option<SoundReport>, MediaError> {
        let bus = self.pipeline.bus().expect("a pipeline always has a bus");
        let mut monitor = PipelineMonitor::new(bus, self.path, cancel).minding_sound();
        let refused = |_| MediaError::GStreamer("the sound did not start".into());
        self.pipeline
            .set_state(gst::State::Paused)
            .map_err(refused)?;
        // Wait until the first sound has arrived or it is clear that none will.
        let (rest, mut listed) = (Rest::default(), None);
        while self.pipeline.state(gst::ClockTime::ZERO).1 != gst::State::Paused {
            if sink.is_eos() || self.lacks_track(listed) {
                return Ok(None);
            }
            match monitor.next()? {
                Some(message) if rest.is_told(&message, &self.pipeline) => return Ok(None),
                Some(message) => listed = sounds_listed(&message).or(listed),
                None if self.has_sound() => {}
                None => rest.ask(&self.pipeline),
            }
        }
        if from_s > 0.0 {
            let flags = gst::SeekFlags::FLUSH | gst::SeekFlags::ACCURATE;
            let start = gst::ClockTime::from_nseconds((from_s * 1e9) as u64);
            if self.pipeline.seek_simple(flags, start).is_err() {
                tracing::debug!("no seeking in this sound; reading it from its start");
            }
        }
        self.pipeline
            .set_state(gst::State::Playing)
            .map_err(refused)?;
        let mut track = Track::new(to_s - from_s);
        let failure = loop {
            let wait = gst::ClockTime::from_mseconds(TICK.as_millis() as u64);
            if let Some(sample) = sink.try_pull_sample(wait) {
                monitor.progress();
                if track.push(&sample, from_s, on_samples).is_break() {
                    break None;
                }
            } else if sink.is_eos() {
                break None;
            }
            match monitor.poll() {
                Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
                Err(error) => break Some(error),
                Ok(_) => {}
            }
        };
        match failure {
            Some(error) if track.given == 0 => Err(error),
            failure => Ok(Some(SoundReport {
                duration_s: track.given as f64 / f64::from(SOUND_RATE_HZ),
                corrupt: failure.is_some(),
            })),
        }
    }
}

impl Drop for SoundPipeline<'_> {
    fn drop(&mut self) {
        stop(&self.pipeline, self.path);
    }
}

/// Places buffers in the range, frame by frame.
struct Track {
    /// Number of frames in the range.
    whole: usize,
    /// Number of frames handed on.
    given: usize,
}

impl Track {
    fn new(length_s: f64) -> Track {
        Track {
            whole: (length_s.max(0.0) * f64::from(SOUND_RATE_HZ)).round() as usize,
            given: 0,
        }
    }

    fn push(
        &mut self,
        sample: &gst::Sample,
        from_s: f64,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(buffer) = sample.buffer() else {
            return ControlFlow::Continue(());
        };
        let Ok(data) = buffer.map_readable() else {
            return ControlFlow::Continue(());
        };
        let samples: Vec<f32> = data
            .as_chunks::<4>()
            .0
            .iter()
            .map(|b| f32::from_le_bytes(*b))
            .map(|x| if x.is_finite() { x } else { 0.0 })
            .collect();
        let mut frames = &samples[..samples.len() / SOUND_CHANNELS * SOUND_CHANNELS];
        let at = start_s(sample).map(|s| ((s - from_s) * f64::from(SOUND_RATE_HZ)).round() as i64);
        if let Some(at) = at {
            let ahead = at - self.given as i64;
            if ahead < 0 {
                // Before the range, or handed on already.
                let skipped = (ahead.unsigned_abs() as usize).min(frames.len() / SOUND_CHANNELS);
                if ahead < -((GAP_S * f64::from(SOUND_RATE_HZ)) as i64) || self.given == 0 {
                    frames = &frames[skipped * SOUND_CHANNELS..];
                }
            } else if ahead as f64 > GAP_S * f64::from(SOUND_RATE_HZ) || self.given == 0 {
                let silence = [0.0; PIECE];
                let mut missing = (ahead as usize).min(self.whole - self.given);
                while missing > 0 {
                    let now = missing.min(PIECE / SOUND_CHANNELS);
                    self.given += now;
                    missing -= now;
                    on_samples(&silence[..now * SOUND_CHANNELS])?;
                }
            }
        }
        let room = (self.whole - self.given) * SOUND_CHANNELS;
        let frames = &frames[..frames.len().min(room)];
        self.given += frames.len() / SOUND_CHANNELS;
        if !frames.is_empty() {
            on_samples(frames)?;
        }
        if self.given >= self.whole {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

/// Number of streams of sound in a list of streams; `None` for another message.
fn sounds_listed(message: &gst::Message) -> Option<usize> {
    let gst::MessageView::StreamCollection(listed) = message.view() else {
        return None;
    };
    let streams = listed.stream_collection();
    let sound = |s: &gst::Stream| s.stream_type().contains(gst::StreamType::AUDIO);
    (!streams.is_empty()).then(|| streams.iter().filter(sound).count())
}

fn start_s(sample: &gst::Sample) -> Option<f64> {
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    let (_, start_ns, _, _) = span(segment, sample.buffer()?.pts()?, None)?;
    Some(seconds(start_ns))
}
