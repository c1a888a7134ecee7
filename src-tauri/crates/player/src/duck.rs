//! Ducking: the music is quieter during speech. Pure.

/// Length of the ramp down, which ends where speech starts, seconds.
pub const AHEAD_S: f64 = 0.150;
/// Length of the ramp up, which starts where speech ends, seconds.
pub const BEHIND_S: f64 = 0.300;

/// Gain of the music by clip time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ducking {
    /// Spans of speech, clip seconds, ascending and without overlap.
    spans_s: Vec<(f64, f64)>,
    amount_db: f64,
}

impl Ducking {
    /// From spans of speech in clip seconds, in any order, and the gain during speech, dB; its sign is
    /// ignored. Empty, reversed and infinite spans are left out.
    pub fn new(spans_s: &[(f64, f64)], amount_db: f64) -> Ducking {
        let mut sorted: Vec<(f64, f64)> = spans_s
            .iter()
            .copied()
            .filter(|(from, to)| from.is_finite() && to.is_finite() && from < to)
            .collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut merged: Vec<(f64, f64)> = Vec::with_capacity(sorted.len());
        for (from, to) in sorted {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        let amount = if amount_db.is_finite() {
            amount_db
        } else {
            0.0
        };
        Ducking {
            spans_s: merged,
            amount_db: -amount.abs().min(90.0),
        }
    }

    /// Gain at a clip time, dB: the full amount during speech, linear ramps around it. Where two ramps
    /// overlap the lower one counts.
    pub fn gain_db(&self, clip_s: f64) -> f64 {
        let next = self.spans_s.partition_point(|span| span.0 <= clip_s);
        let before = next.checked_sub(1).map_or(0.0, |i| {
            let since = clip_s - self.spans_s[i].1;
            1.0 - (since / BEHIND_S).clamp(0.0, 1.0)
        });
        let ahead = self.spans_s.get(next).map_or(0.0, |span| {
            1.0 - ((span.0 - clip_s) / AHEAD_S).clamp(0.0, 1.0)
        });
        let depth: f64 = if next == 0 { ahead } else { before.max(ahead) };
        self.amount_db * depth
    }

    /// Whether the gain is 0 dB everywhere.
    pub fn is_idle(&self) -> bool {
        self.spans_s.is_empty() || self.amount_db == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_music_is_lowered_during_speech_with_ramps_around_it() {
        let duck = Ducking::new(&[(2.0, 3.0)], -12.0);
        for (clip_s, want_db) in [
            (0.0, 0.0),
            (1.85, 0.0),
            (1.925, -6.0),
            (2.0, -12.0),
            (2.5, -12.0),
            (3.0, -12.0),
            (3.15, -6.0),
            (3.3, 0.0),
            (9.0, 0.0),
        ] {
            let got = duck.gain_db(clip_s);
            assert!((got - want_db).abs() < 1e-6, "{got} dB at {clip_s} s");
        }
    }

    #[test]
    fn a_short_pause_does_not_pump() {
        let duck = Ducking::new(&[(1.0, 2.0), (2.1, 3.0)], 10.0);
        assert!(duck.gain_db(2.05) < -8.0, "{} dB", duck.gain_db(2.05));
    }

    #[test]
    fn invalid_spans_are_left_out() {
        let duck = Ducking::new(&[(f64::NAN, 1.0), (3.0, 2.0)], -12.0);
        assert!(duck.is_idle());
        assert_eq!(duck.gain_db(2.5), 0.0);
    }

    proptest! {
        #[test]
        fn the_gain_is_smooth_and_within_bounds(
            spans in prop::collection::vec((0.0..60.0f64, 0.0..5.0f64), 0..20),
            amount in -24.0..0.0f64,
            at in -1.0..70.0f64,
        ) {
            let spans: Vec<(f64, f64)> = spans.iter().map(|(a, n)| (*a, a + n)).collect();
            let duck = Ducking::new(&spans, amount);
            let (here, next) = (duck.gain_db(at), duck.gain_db(at + 0.001));
            prop_assert!(here <= 0.0 && here >= amount - 1e-9);
            prop_assert!((here - next).abs() <= -amount * 0.001 / AHEAD_S + 1e-9);
            let spoken = spans.iter().any(|(a, b)| a < b && (*a..=*b).contains(&at));
            prop_assert!(!spoken || here <= amount + 1e-9);
        }
    }
}
