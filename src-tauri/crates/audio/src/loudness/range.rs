//! Loudness range, EBU Tech 3342: the spread between the quiet and the loud parts of a programme,
//! its silence and its single peaks left out.
//!
//! The ebur128 crate takes a window of three seconds every second; a short track then has too few of
//! them for a steady reading. Here one begins every tenth of a second, as in other meters.

use std::collections::VecDeque;

/// Tenths of a second in a window of three seconds.
const WINDOW: usize = 30;
/// Least energy that counts, −70 LUFS, and how far below the mean energy windows still count, −20 LU.
const ABSOLUTE_GATE_LUFS: f64 = -70.0;
const RELATIVE_GATE: f64 = 0.01;
/// The spread is that between these shares of the windows.
const LOW: f64 = 0.10;
const HIGH: f64 = 0.95;

/// Collects the energy of a programme, a tenth of a second at a time.
#[derive(Default)]
pub(super) struct Range {
    tenths: VecDeque<f64>,
    /// Mean energy of every window.
    windows: Vec<f64>,
}

impl Range {
    /// The loudness of the next tenth of a second, LUFS.
    pub fn push(&mut self, lufs: f64) {
        self.tenths.push_back(energy(lufs));
        if self.tenths.len() > WINDOW {
            self.tenths.pop_front();
        }
        if self.tenths.len() == WINDOW {
            self.windows
                .push(self.tenths.iter().sum::<f64>() / WINDOW as f64);
        }
    }

    /// The range in LU; `None` below three seconds and for silence.
    pub fn reading(&self) -> Option<f64> {
        let loud = |least: f64| self.windows.iter().copied().filter(move |&e| e >= least);
        let absolute = energy(ABSOLUTE_GATE_LUFS);
        let (sum, count) = loud(absolute).fold((0.0, 0.0), |(s, n), e| (s + e, n + 1.0));
        let relative = RELATIVE_GATE * sum / count;
        let mut counted: Vec<f64> = loud(relative.max(absolute)).collect();
        counted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let last = counted.len().checked_sub(1)?;
            counted.get((share * last as f64).round() as usize)
        };
        Some(10.0 * (at(HIGH)? / at(LOW)?).log10())
    }
}

/// What BS.1770 calls the mean square, weighted: 0.691 LU are added to its level.
fn energy(lufs: f64) -> f64 {
    10f64.powf((lufs + 0.691) / 10.0)
}
