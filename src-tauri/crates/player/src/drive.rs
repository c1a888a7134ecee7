//! Who renders: the device that is open, or, where there is none, the computer's clock.
//!
//! Whoever drives holds the turn. A new device takes it with its first callback, so that nothing is
//! rendered twice and the clock never stands still for a device that does not start.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, TryLockError};
use std::time::{Duration, Instant};

use rodio::Source;

use crate::clock::Clock;
use crate::follow::{Followed, Follower};
use crate::frames::RATE_HZ;
use crate::priority;
use crate::render::{BLOCK, Renderer};

/// What the computer's clock keeps rendered ahead: it ticks every 10 ms, sometimes late.
const AHEAD_S: f64 = 0.060;
/// No more than this is rendered in one go where the computer has slept, seconds.
const MOST_CAUGHT_UP_S: f64 = 5.0;

/// The renderer, and whose turn it is.
pub(crate) struct Drive {
    renderer: Mutex<Renderer>,
    pub clock: Arc<Clock>,
    turn: AtomicU64,
    numbers: AtomicU64,
    underruns: AtomicU64,
    latency_s: AtomicU64,
    /// Frames that the device asked for last.
    asked: AtomicU32,
    callbacks: AtomicU64,
}

impl Drive {
    /// Nobody's turn yet.
    pub fn new(renderer: Renderer, clock: Arc<Clock>) -> Drive {
        Drive {
            renderer: Mutex::new(renderer),
            clock,
            turn: AtomicU64::new(0),
            numbers: AtomicU64::new(0),
            underruns: AtomicU64::new(0),
            latency_s: AtomicU64::new(0f64.to_bits()),
            asked: AtomicU32::new(0),
            callbacks: AtomicU64::new(0),
        }
    }

    /// A number for one that wants to drive; later ones are higher.
    pub fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Takes the turn from whoever has it, unless a later one has.
    pub fn take_turn(&self, number: u64) -> bool {
        self.turn.fetch_max(number, Ordering::AcqRel) <= number
    }

    /// Whether it is that one's turn.
    pub fn has_turn(&self, number: u64) -> bool {
        self.turn.load(Ordering::Acquire) == number
    }

    /// Time from rendering to hearing at the last callback, seconds.
    pub fn latency_s(&self) -> f64 {
        f64::from_bits(self.latency_s.load(Ordering::Relaxed))
    }

    /// How often the device ran dry.
    pub fn underruns(&self) -> u64 {
        self.underruns.load(Ordering::Acquire)
    }

    /// Callbacks so far, as a sign of life.
    pub fn callbacks(&self) -> u64 {
        self.callbacks.load(Ordering::Acquire)
    }

    /// Frames that the device asked for last.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Renders without waiting; false where another thread is at it, or it is not that one's turn.
    fn render(&self, number: u64, rate_hz: u32, out: &mut [[f32; 2]]) -> Option<u64> {
        if !self.has_turn(number) {
            return None;
        }
        let mut renderer = match self.renderer.try_lock() {
            Ok(renderer) => renderer,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        renderer.set_rate_hz(rate_hz);
        renderer.render(out);
        Some(renderer.frame())
    }

    /// Renders for nobody up to what the computer's clock says, and a little ahead.
    pub fn tick(&self, number: u64, now: Instant) {
        let rate = f64::from(RATE_HZ);
        let mut block = [[0.0; 2]; BLOCK];
        let wanted = self.clock.due(now) + AHEAD_S * rate;
        let most = (MOST_CAUGHT_UP_S * rate) as usize / BLOCK;
        for _ in 0..most {
            if self.clock.frames() as f64 >= wanted
                || self.render(number, RATE_HZ, &mut block).is_none()
            {
                return;
            }
        }
        self.free_run(now);
    }

    /// A device takes the turn: what it gets first is what belongs where the clock will be when that
    /// is heard. False while another thread is rendering; then it asks again.
    fn hand_over(&self, number: u64, rate_hz: u32, latency: Duration, now: Instant) -> bool {
        let mut renderer = match self.renderer.try_lock() {
            Ok(renderer) => renderer,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return false,
        };
        if self.take_turn(number) {
            let heard = self.clock.heard_at_once(now);
            renderer.set_rate_hz(rate_hz);
            renderer.resume(heard, latency.as_secs_f64());
        }
        true
    }

    /// From here on the computer's clock tells what would be heard.
    pub fn free_run(&self, now: Instant) {
        let heard = self.clock.heard(now);
        let at_s = self.clock.seconds_at(now);
        self.clock.map((heard as u64, at_s, f64::from(RATE_HZ)));
        self.latency_s.store(0f64.to_bits(), Ordering::Relaxed);
    }
}

/// Our sound as rodio's mixer takes it.
pub(crate) struct Sound {
    drive: Arc<Drive>,
    number: u64,
    rate_hz: NonZero<u32>,
    /// Frame that comes out of the mixer next.
    next: Arc<AtomicU64>,
    block: [[f32; 2]; BLOCK],
    /// Samples of the block given out.
    given: usize,
}

impl Sound {
    fn refill(&mut self) {
        self.given = 0;
        let rendered = self
            .drive
            .render(self.number, self.rate_hz.get(), &mut self.block);
        match rendered {
            Some(frame) => self.next.store(frame - BLOCK as u64, Ordering::Relaxed),
            None => self.block = [[0.0; 2]; BLOCK],
        }
    }
}

impl Iterator for Sound {
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

impl Source for Sound {
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

const STEREO: NonZero<u16> = NonZero::new(2).expect("two is not zero");

/// What a device's callback calls: pulls the mixer and follows when it is heard.
pub(crate) struct Feed {
    drive: Arc<Drive>,
    number: u64,
    mixer: rodio::mixer::MixerSource,
    next: Arc<AtomicU64>,
    follower: Follower,
    took_over: bool,
    /// The device's first callback has been.
    pub started: Arc<AtomicBool>,
}

impl Feed {
    /// For a device of that many frames a second.
    pub fn new(drive: Arc<Drive>, number: u64, rate_hz: NonZero<u32>) -> Feed {
        let (mixer, source) = rodio::mixer::mixer(STEREO, rate_hz);
        let next = Arc::<AtomicU64>::default();
        mixer.add(Sound {
            drive: Arc::clone(&drive),
            number,
            rate_hz,
            next: Arc::clone(&next),
            block: [[0.0; 2]; BLOCK],
            given: 2 * BLOCK,
        });
        Feed {
            drive,
            number,
            mixer: source,
            next,
            follower: Follower::new(rate_hz.get()),
            took_over: false,
            started: Arc::default(),
        }
    }

    /// Fills a device's buffer of so many interleaved channels, of which the first frame will be
    /// heard `latency` from now.
    pub fn fill<T>(&mut self, out: &mut [T], channels: usize, latency: Duration, now: Instant)
    where
        T: cpal::FromSample<f32> + cpal::Sample,
    {
        let (channels, rate_hz) = (channels.max(1), self.mixer.sample_rate().get());
        let frames = out.len() / channels;
        if !self.started.swap(true, Ordering::AcqRel) {
            priority::raise();
        }
        if !self.took_over {
            self.took_over = self.drive.hand_over(self.number, rate_hz, latency, now);
        }
        if !self.took_over {
            out.fill(T::EQUILIBRIUM);
            return;
        }
        let before = self.next.load(Ordering::Relaxed);
        for (i, frame) in out.chunks_mut(channels).enumerate() {
            let (left, right) = (self.sample(), self.sample());
            if i == 0 {
                self.follow(before, frames, latency, now);
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

    /// Notes when the first frame of this buffer is heard; it has just been taken out of the mixer.
    fn follow(&mut self, before: u64, frames: usize, latency: Duration, now: Instant) {
        let drive = &self.drive;
        drive.callbacks.fetch_add(1, Ordering::AcqRel);
        drive.asked.store(frames as u32, Ordering::Relaxed);
        if !drive.has_turn(self.number) {
            return;
        }
        let first = self
            .next
            .load(Ordering::Relaxed)
            .saturating_sub(1)
            .max(before);
        let latency_s = latency.as_secs_f64();
        let followed = self
            .follower
            .hear(first, drive.clock.seconds_at(now) + latency_s);
        if matches!(followed, Followed::Slipped { late_s } if late_s > 0.0) {
            drive.underruns.fetch_add(1, Ordering::AcqRel);
        }
        let smoothed_s = drive.latency_s();
        let share = if smoothed_s == 0.0 { 1.0 } else { 0.05 };
        let smoothed_s = smoothed_s + (latency_s - smoothed_s) * share;
        drive
            .latency_s
            .store(smoothed_s.to_bits(), Ordering::Relaxed);
        if let Some(mapping) = self.follower.mapping() {
            drive.clock.map(mapping);
        }
    }
}

#[cfg(test)]
mod tests;
