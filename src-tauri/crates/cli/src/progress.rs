//! Progress on stderr: a bar on a terminal, a line every three seconds elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use needledrop_engine::job::{Pace, Progress};

use crate::printable::Printable;
use crate::table::length;

/// Time between two lines. Shorter work prints none.
const BETWEEN_LINES: Duration = Duration::from_secs(3);

/// Shows the progress of one job.
pub(crate) struct Shown {
    bar: Option<ProgressBar>,
    last_line: Mutex<Instant>,
}

impl Shown {
    pub(crate) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(ProgressStyle::default_spinner());
            bar
        });
        Self {
            bar,
            last_line: Mutex::new(Instant::now()),
        }
    }

    pub(crate) fn show(&self, progress: &Progress) {
        match &self.bar {
            Some(bar) => draw(bar, progress),
            None => self.line(progress),
        }
    }

    /// Hides the bar while `print` runs.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Removes the bar from the terminal.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, progress: &Progress) {
        let Ok(mut last) = self.last_line.lock() else {
            return;
        };
        if last.elapsed() >= BETWEEN_LINES {
            *last = Instant::now();
            if progress.total > 0 {
                eprintln!(
                    "{}/{} {}",
                    progress.done,
                    progress.total,
                    description(progress)
                );
            } else {
                eprintln!("{}", description(progress));
            }
        }
    }
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    if progress.total > 0 && bar.length() != Some(progress.total) {
        bar.set_length(progress.total);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
    }
    bar.set_position(progress.done);
    let left = length(bar.eta().as_secs_f64());
    bar.set_message(match progress.pace {
        None if progress.total > 0 => format!("{left} left · {}", description(progress)),
        _ => description(progress),
    });
}

/// The pace, if it is known, and the phase.
fn description(progress: &Progress) -> String {
    let phase = Printable(&progress.phase);
    match &progress.pace {
        Some(pace) => format!("{} {phase}", rate(pace)),
        None => phase.to_string(),
    }
}

fn rate(pace: &Pace) -> String {
    let files = file_rate(pace.files_per_s);
    let sound = match pace.times_real {
        none if none < 0.05 => String::new(),
        times => format!(", {times:.0}× real time"),
    };
    format!("{files}{sound}, {} left ·", length(pace.left_s))
}

/// The unit in which the number of files is easy to read.
fn file_rate(per_s: f64) -> String {
    let (rate, unit) = match per_s {
        fast if fast >= 1.0 => (fast, "s"),
        slow if slow * 60.0 >= 1.0 => (slow * 60.0, "min"),
        slower => (slower * 3600.0, "h"),
    };
    match rate {
        many if many >= 9.95 => format!("{many:.0} files/{unit}"),
        few => format!("{few:.1} files/{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_has_rate_speed_and_time_left() {
        let pace = |files_per_s, times_real| Pace {
            files_per_s,
            times_real,
            left_s: 75.0,
        };
        assert_eq!(
            rate(&pace(0.52, 85.4)),
            "31 files/min, 85× real time, 1:15 left ·"
        );
        assert_eq!(rate(&pace(812.0, 0.0)), "812 files/s, 1:15 left ·");
    }

    #[test]
    fn slow_work_is_counted_in_files_per_minute_or_hour() {
        for (per_s, text) in [
            (812.0, "812 files/s"),
            (9.96, "10 files/s"),
            (1.0, "1.0 files/s"),
            (0.99, "59 files/min"),
            (0.04, "2.4 files/min"),
            (0.01, "36 files/h"),
            (0.001, "3.6 files/h"),
        ] {
            assert_eq!(file_rate(per_s), text, "{per_s} a second");
        }
    }
}
