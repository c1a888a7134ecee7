//! Generated tracks whose place is known from the recorded sound.

use std::ops::ControlFlow;

use needledrop_player::Recording;
use tokio_util::sync::CancellationToken;

/// Length of every track, seconds.
pub const LENGTH_S: f64 = 900.0;
/// A click begins at each multiple of so many frames.
pub const CLICK_EVERY: i64 = 24_000;
/// And lasts so many.
const CLICK: i64 = 48;

/// A level that does not change, with or without clicks.
pub struct Level {
    pub level: f32,
    pub clicks: bool,
}

impl Recording for Level {
    fn read(
        &self,
        (from_s, to_s): (f64, f64),
        stop: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), String> {
        let frame = |s: f64| (s * 48_000.0).round() as i64;
        let (mut at, to) = (frame(from_s), frame(to_s.min(LENGTH_S)));
        while at < to && !stop.is_cancelled() {
            let end = to.min(at + 4_800);
            let sample = |n: i64| {
                let clicks = self.clicks && n % CLICK_EVERY < CLICK;
                if clicks { 0.5 } else { self.level }
            };
            let block: Vec<f32> = (at..end).flat_map(|n| [sample(n); 2]).collect();
            if on_samples(&block).is_break() {
                break;
            }
            at = end;
        }
        Ok(())
    }
}
