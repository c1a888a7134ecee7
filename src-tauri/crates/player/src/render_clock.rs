//! Who renders and when: the open device or, without one, the computer's clock.
//!
//! The one that renders is the *driver*. A new device becomes the driver at its first callback. So
//! nothing is rendered twice, and the clock does not stop for a device that does not start.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::frames::RATE_HZ;
use crate::render::{BLOCK, Renderer};

/// Time that the computer's clock renders ahead, seconds. It ticks every 10 ms and can be late.
const AHEAD_S: f64 = 0.060;
/// Most time rendered in one tick after the computer has slept, seconds.
const MOST_CAUGHT_UP_S: f64 = 5.0;

/// The renderer, its driver, and what the driver measures.
pub(crate) struct RenderClock {
    renderer: Mutex<Renderer>,
    pub clock: Arc<Clock>,
    /// Id of the driver.
    driver: AtomicU64,
    /// Last id that was given out.
    last_id: AtomicU64,
    underruns: AtomicU64,
    latency_s: AtomicU64,
    /// Frames that the device asked for last.
    asked: AtomicU32,
    callbacks: AtomicU64,
}

impl RenderClock {
    /// A clock without a driver: nothing is rendered yet.
    pub fn new(renderer: Renderer, clock: Arc<Clock>) -> RenderClock {
        RenderClock {
            renderer: Mutex::new(renderer),
            clock,
            driver: AtomicU64::new(0),
            last_id: AtomicU64::new(0),
            underruns: AtomicU64::new(0),
            latency_s: AtomicU64::new(0f64.to_bits()),
            asked: AtomicU32::new(0),
            callbacks: AtomicU64::new(0),
        }
    }

    /// A new driver id, higher than all before.
    pub fn new_driver(&self) -> u64 {
        self.last_id.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Makes that id the driver, unless a newer one drives.
    pub fn set_driver(&self, driver: u64) -> bool {
        self.driver.fetch_max(driver, Ordering::AcqRel) <= driver
    }

    pub fn is_driver(&self, driver: u64) -> bool {
        self.driver.load(Ordering::Acquire) == driver
    }

    /// Smoothed time from rendering a frame to hearing it, seconds; 0 without a device.
    pub fn latency_s(&self) -> f64 {
        f64::from_bits(self.latency_s.load(Ordering::Relaxed))
    }

    /// Underruns of all devices so far.
    pub fn underruns(&self) -> u64 {
        self.underruns.load(Ordering::Acquire)
    }

    /// Device callbacks so far; a device whose number stays the same has stalled.
    pub fn callbacks(&self) -> u64 {
        self.callbacks.load(Ordering::Acquire)
    }

    /// Frames that the device asked for last.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    /// The renderer; `None` while another thread renders. Never waits: the audio thread calls this.
    fn try_renderer(&self) -> Option<MutexGuard<'_, Renderer>> {
        match self.renderer.try_lock() {
            Ok(renderer) => Some(renderer),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Renders for a driver; the frames rendered so far. `None` while another thread renders, or where
    /// that id does not drive.
    pub fn render(&self, driver: u64, rate_hz: u32, out: &mut [[f32; 2]]) -> Option<u64> {
        if !self.is_driver(driver) {
            return None;
        }
        let mut renderer = self.try_renderer()?;
        renderer.set_rate_hz(rate_hz);
        renderer.render(out);
        Some(renderer.frame())
    }

    /// Renders up to the computer's clock and [`AHEAD_S`] further, and discards the sound.
    pub fn tick(&self, driver: u64, now: Instant) {
        let rate = f64::from(RATE_HZ);
        let mut block = [[0.0; 2]; BLOCK];
        let wanted = self.clock.due(now) + AHEAD_S * rate;
        let most = (MOST_CAUGHT_UP_S * rate) as usize / BLOCK;
        for _ in 0..most {
            if self.clock.frames() as f64 >= wanted
                || self.render(driver, RATE_HZ, &mut block).is_none()
            {
                return;
            }
        }
        self.free_run(now);
    }

    /// Makes a device the driver. Its first frame is the one that belongs to the moment at which the
    /// device plays it. False while another thread renders; then the device asks again.
    pub fn hand_over(&self, driver: u64, rate_hz: u32, latency: Duration, now: Instant) -> bool {
        let Some(mut renderer) = self.try_renderer() else {
            return false;
        };
        if self.set_driver(driver) {
            let heard = self.clock.heard_without_wait(now);
            renderer.set_rate_hz(rate_hz);
            renderer.resume(heard, latency.as_secs_f64());
        }
        true
    }

    /// From now on frames count as heard by the computer's clock.
    pub fn free_run(&self, now: Instant) {
        let heard = self.clock.heard(now);
        let at_s = self.clock.seconds_at(now);
        self.clock.map((heard as u64, at_s, f64::from(RATE_HZ)));
        self.latency_s.store(0f64.to_bits(), Ordering::Relaxed);
    }

    /// Counts a callback that asks for that many frames.
    pub fn note_callback(&self, frames: usize) {
        self.callbacks.fetch_add(1, Ordering::AcqRel);
        self.asked.store(frames as u32, Ordering::Relaxed);
    }

    /// Counts an underrun of the open device.
    pub fn note_underrun(&self) {
        self.underruns.fetch_add(1, Ordering::AcqRel);
    }

    /// Takes a callback's latency into the smoothed one.
    pub fn note_latency(&self, latency_s: f64) {
        let smoothed_s = self.latency_s();
        let share = if smoothed_s == 0.0 { 1.0 } else { 0.05 };
        let smoothed_s = smoothed_s + (latency_s - smoothed_s) * share;
        self.latency_s
            .store(smoothed_s.to_bits(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
