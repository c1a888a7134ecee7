//! Fills a device's buffers from the renderer and follows when they are heard.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rodio::Source;

use crate::delay_locked_loop::{DelayLockedLoop, Observation};
use crate::priority;
use crate::render::BLOCK;
use crate::render_clock::RenderClock;

const STEREO: NonZero<u16> = NonZero::new(2).expect("two is not zero");

/// The renderer as a source of rodio's mixer.
struct RenderSource {
    render_clock: Arc<RenderClock>,
    driver: u64,
    rate_hz: NonZero<u32>,
    /// Number of the next frame that the mixer gives.
    next: Arc<AtomicU64>,
    block: [[f32; 2]; BLOCK],
    /// Samples of the block that were given to the mixer.
    given: usize,
}

impl RenderSource {
    fn refill(&mut self) {
        self.given = 0;
        let rate_hz = self.rate_hz.get();
        let rendered = self
            .render_clock
            .render(self.driver, rate_hz, &mut self.block);
        match rendered {
            Some(frame) => self.next.store(frame - BLOCK as u64, Ordering::Relaxed),
            None => self.block = [[0.0; 2]; BLOCK],
        }
    }
}

impl Iterator for RenderSource {
    type Item = rodio::Sample;

    fn next(&mut self) -> Option<rodio::Sample> {
        if self.given == 2 * BLOCK {
            self.refill();
        }
        let frame = &self.block[self.given / 2];
        let sample = frame[self.given % 2];
        self.given += 1;
        if self.given.is_multiple_of(2) {
            self.next.fetch_add(1, Ordering::Relaxed);
        }
        Some(sample)
    }
}

impl Source for RenderSource {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> rodio::ChannelCount {
        STEREO
    }

    fn sample_rate(&self) -> rodio::SampleRate {
        self.rate_hz
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

/// The callback of one device.
pub(crate) struct DeviceFeed {
    render_clock: Arc<RenderClock>,
    /// The id under which this device drives.
    pub driver: u64,
    mixer: rodio::mixer::MixerSource,
    next: Arc<AtomicU64>,
    device_time: DelayLockedLoop,
    took_over: bool,
    /// Whether the device has called back.
    pub started: Arc<AtomicBool>,
}

impl DeviceFeed {
    /// For a device of that many frames a second.
    pub fn new(render_clock: Arc<RenderClock>, driver: u64, rate_hz: NonZero<u32>) -> DeviceFeed {
        let (mixer, source) = rodio::mixer::mixer(STEREO, rate_hz);
        let next = Arc::<AtomicU64>::default();
        mixer.add(RenderSource {
            render_clock: Arc::clone(&render_clock),
            driver,
            rate_hz,
            next: Arc::clone(&next),
            block: [[0.0; 2]; BLOCK],
            given: 2 * BLOCK,
        });
        DeviceFeed {
            render_clock,
            driver,
            mixer: source,
            next,
            device_time: DelayLockedLoop::new(rate_hz.get()),
            took_over: false,
            started: Arc::default(),
        }
    }

    /// The device's frames a second.
    pub fn rate_hz(&self) -> u32 {
        self.mixer.sample_rate().get()
    }

    /// Fills a device's buffer of that many interleaved channels. Its first frame is heard `latency`
    /// from now.
    pub fn fill<T>(&mut self, out: &mut [T], channels: usize, latency: Duration, now: Instant)
    where
        T: cpal::FromSample<f32> + cpal::Sample,
    {
        let channels = channels.max(1);
        let frames = out.len() / channels;
        if !self.started.swap(true, Ordering::AcqRel) {
            priority::raise();
        }
        if !self.took_over {
            self.took_over = self
                .render_clock
                .hand_over(self.driver, self.rate_hz(), latency, now);
        }
        if !self.took_over {
            out.fill(T::EQUILIBRIUM);
            return;
        }
        let before = self.next.load(Ordering::Relaxed);
        for (i, frame) in out.chunks_mut(channels).enumerate() {
            let (left, right) = (self.sample(), self.sample());
            if i == 0 {
                self.observe(before, frames, latency, now);
            }
            match frame {
                [one] => *one = T::from_sample((left + right) / 2.0),
                [first, second, rest @ ..] => {
                    *first = T::from_sample(left);
                    *second = T::from_sample(right);
                    rest.fill(T::EQUILIBRIUM);
                }
                [] => {}
            }
        }
    }

    fn sample(&mut self) -> f32 {
        self.mixer.next().unwrap_or_default()
    }

    /// Notes when the first frame of this buffer is heard. The mixer has just given it.
    fn observe(&mut self, before: u64, frames: usize, latency: Duration, now: Instant) {
        let render_clock = &self.render_clock;
        render_clock.note_callback(frames);
        if !render_clock.is_driver(self.driver) {
            return;
        }
        let first = self
            .next
            .load(Ordering::Relaxed)
            .saturating_sub(1)
            .max(before);
        let latency_s = latency.as_secs_f64();
        let observed = self
            .device_time
            .observe(first, render_clock.clock.seconds_at(now) + latency_s);
        if matches!(observed, Observation::Slipped { late_s } if late_s > 0.0) {
            render_clock.note_underrun();
        }
        render_clock.note_latency(latency_s);
        if let Some(mapping) = self.device_time.mapping() {
            render_clock.clock.map(mapping);
        }
    }
}
