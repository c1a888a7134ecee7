//! The vector of a clip. One thread decodes frames and another embeds them; the queue between them is short, so
//! memory stays small.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};
use std::{panic, thread};

use needledrop_media::{
    ClipInfo, Frame, FrameSize, MediaError, Sampling, StripReport, StripRequest, frame_strip, probe,
};
use needledrop_models::runtime::ProviderChoice;
use needledrop_vision::{ClipMean, FrameEncoder, Picture, informative};

use crate::clip::encoder::ClipEncoder;
use crate::error::EngineError;
use crate::job::Job;

/// Longest queue between decoder and encoder, in frames.
const QUEUE: usize = 4;

/// A clip embedded with a pack.
pub(crate) struct ClipEmbedding {
    pub(crate) clip: ClipInfo,
    pub(crate) strip: StripReport,
    /// Sampling times in seconds, ascending.
    pub(crate) times_s: Vec<f64>,
    /// In the visual space, of length 1.
    pub(crate) vector: Vec<f32>,
    pub(crate) provider: ProviderChoice,
    /// Time that the encoder waited for the decoder.
    pub(crate) waited: Duration,
}

/// Embeds at most `max_frames` evenly spaced frames of a range. `None` when cancelled.
pub(crate) fn embed_clip(
    encoder: &mut ClipEncoder,
    clip: &Path,
    range_s: Option<(f64, f64)>,
    sampling: Sampling,
    max_frames: usize,
    job: &Job<'_>,
) -> Result<Option<ClipEmbedding>, EngineError> {
    // Exact: the pack's own resampling sees every pixel. Fast: the decoder's scaler first reduces the frame to the
    // size that the pack needs.
    let size = match sampling {
        Sampling::Exact => FrameSize::Native,
        Sampling::Fast => FrameSize::ShortSide(encoder.pack().manifest.visual.resize_short),
    };
    let request = StripRequest {
        range_s,
        sampling,
        size,
        most: max_frames,
    };
    let (sender, frames) = sync_channel(QUEUE);
    thread::scope(|scope| {
        let info = scope.spawn(|| probe(clip));
        let sampler = scope.spawn(move || {
            frame_strip(
                clip,
                &request,
                job.cancel(),
                &mut |frame| match sender.send(frame) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                },
            )
        });
        let embedded = embed_frames(encoder, &frames, job);
        drop(frames);
        let strip = sampler.join().unwrap_or_else(|p| panic::resume_unwind(p));
        let info = info.join().unwrap_or_else(|p| panic::resume_unwind(p));
        if job.is_cancelled() || matches!(strip, Err(MediaError::Cancelled)) {
            return Ok(None);
        }
        // The decoder's error comes first: it is the cause where the encoder got no frames.
        let strip = strip?;
        let Embedded {
            mean,
            times_s,
            provider,
            waited,
        } = embedded?;
        let vector = mean.finish()?;
        Ok(Some(ClipEmbedding {
            clip: info?,
            strip,
            times_s,
            vector,
            provider,
            waited,
        }))
    })
}

struct Embedded {
    mean: ClipMean,
    times_s: Vec<f64>,
    provider: ProviderChoice,
    waited: Duration,
}

fn embed_frames(
    encoder: &mut ClipEncoder,
    frames: &Receiver<Frame>,
    job: &Job<'_>,
) -> Result<Embedded, EngineError> {
    let encoder = encoder.frame_encoder()?;
    let mut embedded = Embedded {
        mean: ClipMean::new(encoder.dim()),
        times_s: Vec::new(),
        provider: encoder.provider().clone(),
        waited: Duration::ZERO,
    };
    let full = encoder.batch().max(1);
    let mut batch = Vec::with_capacity(full);
    loop {
        let since = Instant::now();
        let next = frames.recv();
        embedded.waited += since.elapsed();
        let ended = next.is_err();
        batch.extend(next);
        if batch.len() == full || (ended && !batch.is_empty()) {
            encode(encoder, &batch, &mut embedded)?;
            batch.clear();
            job.report(embedded.times_s.len() as u64, 0, "embedding frames");
        }
        if ended || job.is_cancelled() {
            return Ok(embedded);
        }
    }
}

fn encode(
    encoder: &mut dyn FrameEncoder,
    batch: &[Frame],
    embedded: &mut Embedded,
) -> Result<(), EngineError> {
    let pictures: Vec<Picture<'_>> = batch
        .iter()
        .map(|frame| Picture {
            width: frame.width,
            height: frame.height,
            rgb: &frame.rgb,
        })
        .collect();
    let vectors = encoder.encode(&pictures)?;
    for ((frame, picture), vector) in batch.iter().zip(&pictures).zip(vectors) {
        let served = frame.times_s.len() as f32;
        embedded.mean.push(&vector, served, informative(picture))?;
        embedded.times_s.extend(&frame.times_s);
    }
    Ok(())
}
