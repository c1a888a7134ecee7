//! Which part of a track stands for it, and how it divides into sections. Pure.

/// Level of each second of a track, for the choice of the preview window.
#[derive(Default)]
pub struct Levels {
    rate_hz: f64,
    sum: f64,
    count: usize,
    seconds_db: Vec<f64>,
}

/// Levels are held above this, dB, so that digital silence does not outweigh everything.
const FLOOR_DB: f64 = -60.0;
/// Seconds louder than this quantile of the track count as no louder: one burst is not the track.
const LOUD_ENOUGH: f64 = 0.8;

impl Levels {
    /// For mono samples at this rate.
    pub fn new(rate_hz: u32) -> Levels {
        Levels {
            rate_hz: f64::from(rate_hz),
            ..Levels::default()
        }
    }

    /// Takes mono samples in.
    pub fn push(&mut self, samples: &[f32]) {
        for &x in samples {
            self.sum += f64::from(x) * f64::from(x);
            self.count += 1;
            if self.count as f64 >= self.rate_hz {
                self.seconds_db
                    .push((10.0 * (self.sum / self.rate_hz + 1e-12).log10()).max(FLOOR_DB));
                self.sum = 0.0;
                self.count = 0;
            }
        }
    }

    /// The preview window, seconds. `within_s`: length of the track, or of its first part where only
    /// that is considered. Of all windows of `window_s` that start on a multiple of `step_s` (whole
    /// seconds), the one with the highest mean level, each second's level held at the 80th
    /// percentile; the earliest of equals. Everything where there is no more than one window.
    pub fn preview_s(&self, within_s: f64, window_s: f64, step_s: f64) -> (f64, f64) {
        let length = window_s.ceil() as usize;
        let whole = (within_s as usize).min(self.seconds_db.len());
        if within_s <= window_s || whole <= length || length == 0 {
            return (0.0, within_s.min(window_s));
        }
        let seconds_db = &self.seconds_db[..whole];
        let mut sorted = seconds_db.to_vec();
        sorted.sort_by(f64::total_cmp);
        let cap = sorted[((sorted.len() - 1) as f64 * LOUD_ENOUGH) as usize];
        let mean = |at: usize| {
            seconds_db[at..at + length]
                .iter()
                .map(|l| l.min(cap))
                .sum::<f64>()
                / length as f64
        };
        let mut best = (0, mean(0));
        let step = (step_s.round() as usize).max(1);
        for at in (step..=whole - length).step_by(step) {
            let level = mean(at);
            if level > best.1 + 0.05 {
                best = (at, level);
            }
        }
        (best.0 as f64, best.0 as f64 + window_s)
    }
}

/// Sections of `every_s` seconds from the start, the last one cut at the end or, where less than half
/// of one is left, joined to the one before.
pub fn sections_s(duration_s: f64, every_s: f64) -> Vec<(f64, f64)> {
    let count = ((duration_s / every_s).round() as usize).max(1);
    (0..count)
        .map(|i| {
            let end = if i + 1 == count {
                duration_s
            } else {
                (i + 1) as f64 * every_s
            };
            (i as f64 * every_s, end)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview(levels: &[f32]) -> (f64, f64) {
        let mut meter = Levels::new(100);
        levels.iter().for_each(|&l| meter.push(&[l; 100]));
        meter.preview_s(levels.len() as f64, 30.0, 1.0)
    }

    #[test]
    fn a_quiet_intro_is_passed_over() {
        let mut levels = vec![0.01; 25];
        levels.extend([0.3; 60]);
        levels.extend([0.02; 20]);
        assert_eq!(preview(&levels), (25.0, 55.0));
    }

    #[test]
    fn one_burst_does_not_draw_the_window() {
        let mut levels = vec![0.1; 40];
        levels.extend([0.001; 60]);
        levels[70] = 1.0;
        assert_eq!(
            preview(&levels),
            (0.0, 30.0),
            "the burst stands in near silence"
        );
    }

    #[test]
    fn a_short_track_is_its_own_preview() {
        assert_eq!(preview(&[0.1; 12]), (0.0, 12.0));
        assert_eq!(preview(&[0.1; 30]), (0.0, 30.0));
    }

    #[test]
    fn sections_cover_the_track_without_gaps() {
        for duration in [3.0, 9.9, 10.0, 14.9, 15.0, 24.0, 26.0, 180.0] {
            let sections = sections_s(duration, 10.0);
            assert_eq!(sections[0].0, 0.0);
            assert_eq!(
                sections[sections.len() - 1].1,
                duration,
                "ends with the track"
            );
            assert!(
                sections.windows(2).all(|p| p[0].1 == p[1].0),
                "no gap in {sections:?}"
            );
            assert!(
                sections.iter().all(|s| s.1 - s.0 <= 15.0),
                "none too long: {sections:?}"
            );
        }
    }
}
