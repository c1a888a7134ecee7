//! Progress on stderr: a bar on a terminal, now and then a line elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use needledrop_engine::job::Progress;

/// Shortest time between two plain lines. Short work is told nothing about.
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

    /// Takes the bar off the terminal.
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
                eprintln!("{}/{} {}", progress.done, progress.total, progress.phase);
            } else {
                eprintln!("{}", progress.phase);
            }
        }
    }
}

fn draw(bar: &ProgressBar, progress: &Progress) {
    if progress.total > 0 && bar.length() != Some(progress.total) {
        bar.set_length(progress.total);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta:>4} {wide_msg}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
    }
    bar.set_position(progress.done);
    bar.set_message(progress.phase.clone());
}
