//! Loudness range after EBU Tech 3342: the spread between the quiet and the loud parts of a
//! programme, without its silence and its single peaks.
//!
//! The ebur128 crate takes a window of three seconds every second; in a short track they are too
//! few for a stable result. Here a window begins every tenth of a second, as in other meters.

use std::collections::VecDeque;

/// Tenths of a second in a window of three seconds.
const WINDOW: usize = 30;
/// Gates: windows below −70 LUFS do not count, nor do those more than 20 LU below the mean energy.
const ABSOLUTE_GATE_LUFS: f64 = -70.0;
const RELATIVE_GATE: f64 = 0.01;
/// The range is the difference between these quantiles of the windows.
const LOW: f64 = 0.10;
const HIGH: f64 = 0.95;

/// Collects the loudness of a programme a tenth of a second at a time.
#[derive(Default)]
pub(super) struct Range {
    tenths: VecDeque<f64>,
    /// Mean energy of every window.
    windows: Vec<f64>,
}

impl Range {
    /// Adds the loudness of the next tenth of a second, LUFS.
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
    pub fn range_lu(&self) -> Option<f64> {
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

/// Weighted mean square of BS.1770, whose level is 0.691 LU higher.
fn energy(lufs: f64) -> f64 {
    10f64.powf((lufs + 0.691) / 10.0)
}
