//! The tempo of a clip's cuts and hits, if there is one.
//!
//! At the tempo of periodic events their phases agree: `R = |Σ w exp(2πi f t)| / Σ w` is near 1
//! (the Fourier tempogram of Grosche & Müller 2011, for moments instead of a curve). For events
//! without a tempo `n R²` is exponentially distributed (Rayleigh's test; Mardia & Jupp,
//! *Directional Statistics*, 2000). This gives the probability that the best tempo is chance, and
//! from it the confidence. The test runs on the whole clip and on windows, because an editor may
//! leave a tempo after a while, and on cuts, hits and both together, because either may be noise to
//! the other. The probability is corrected for the number of tests.

use needledrop_ranking::{Cut, CutKind, Hit, Pulse};

/// Tempi that are tested, beats per minute.
const SLOWEST: f64 = 40.0;
const FASTEST: f64 = 240.0;
/// Reported tempi lie in this octave and a half, where people tap (Moelants 2002).
const TAPPED: (f64, f64) = (60.0, 180.0);
/// The tempo that people tap most, and the octaves around it that count the same.
const USUAL: f64 = 115.0;
const OCTAVES: f64 = 0.7;
/// Length of a window, seconds; the next begins half a window later.
const WINDOW_S: f64 = 16.0;
/// Fewer events give no result.
const FEWEST: f64 = 6.0;
/// Probability of chance at which the confidence is 0.3: one clip in twenty without a pulse reaches
/// it.
const LUCKY: f64 = 0.05;
/// Tempi in the result.
const READINGS: usize = 5;
/// A cut weighs as much as this many of the strongest hits.
const CUT: f64 = 2.0;
/// Hits weaker than this, relative to the strongest, are left out.
const SOFT: f32 = 0.15;

/// Time and weight of an event.
type Event = (f64, f64);

/// Pulse of a range (start and end in seconds) from its cuts and hits.
pub fn pulse(cuts: &[Cut], hits: &[Hit], range_s: (f64, f64)) -> Pulse {
    let inside = |t: f64| t > range_s.0 + 1e-6 && t < range_s.1;
    let cuts: Vec<Event> = cuts
        .iter()
        .filter(|c| c.kind == CutKind::Cut && inside(c.time_s))
        .map(|c| (c.time_s, CUT))
        .collect();
    let hits: Vec<Event> = hits
        .iter()
        .filter(|h| h.strength >= SOFT && inside(h.time_s))
        .map(|h| (h.time_s, f64::from(h.strength).sqrt()))
        .collect();
    let both: Vec<Event> = cuts.iter().chain(&hits).copied().collect();
    let length_s = (range_s.1 - range_s.0).max(0.0);
    let kinds: Vec<Vec<Event>> = [cuts, hits, both]
        .into_iter()
        .filter(|events| effective(events) >= FEWEST)
        .collect();
    // The whole range and its windows, for each kind of events.
    let asked = (2 * kinds.len()) as f64;
    let best = kinds
        .iter()
        .flat_map(|events| {
            [
                Tempogram::of(events, &[range_s], length_s),
                Tempogram::of(events, &windows(range_s), length_s.min(WINDOW_S)),
            ]
        })
        .min_by(|a, b| a.chance(asked).total_cmp(&b.chance(asked)));
    best.map_or_else(Pulse::default, |best| best.reading(asked))
}

/// Effective number of events: that of equally weighted events with the same variance.
fn effective(events: &[Event]) -> f64 {
    let sum: f64 = events.iter().map(|e| e.1).sum();
    let squares: f64 = events.iter().map(|e| e.1 * e.1).sum();
    if squares > 0.0 {
        sum * sum / squares
    } else {
        0.0
    }
}

fn windows((from_s, to_s): (f64, f64)) -> Vec<(f64, f64)> {
    let count = (((to_s - from_s) / WINDOW_S).floor() as usize).max(1);
    let each = (to_s - from_s) / count as f64;
    (0..count)
        .map(|i| from_s + i as f64 * each)
        .map(|from| (from, from + each))
        .collect()
}

/// Σ w exp(2πi f t).
fn vector(events: &[Event], tempo: f64) -> (f64, f64) {
    events.iter().fold((0.0, 0.0), |(x, y), &(time_s, weight)| {
        let (sin, cos) = (std::f64::consts::TAU * tempo * time_s).sin_cos();
        (x + weight * cos, y + weight * sin)
    })
}

/// The Rayleigh statistic `n R²`.
fn agreement(events: &[Event], tempo: f64) -> f64 {
    let sum: f64 = events.iter().map(|e| e.1).sum();
    let (x, y) = vector(events, tempo);
    effective(events) * (x * x + y * y) / (sum * sum)
}

/// Agreement of events with each tempo.
struct Tempogram {
    /// Tested frequencies in beats a second, ascending.
    tempi: Vec<f64>,
    /// For each frequency: ln of the probability that agreement as good is chance.
    chances: Vec<f64>,
    /// The events of each window.
    parts: Vec<Vec<Event>>,
    /// Number of independent tempi.
    apart: f64,
}

impl Tempogram {
    fn of(events: &[Event], windows: &[(f64, f64)], length_s: f64) -> Tempogram {
        // From one tempo to the next phases drift by an eighth of a turn within a window.
        let step = 0.25 / length_s.max(1.0);
        let count = ((FASTEST - SLOWEST) / 60.0 / step).ceil() as usize;
        let tempi: Vec<f64> = (0..=count)
            .map(|i| SLOWEST / 60.0 + i as f64 * step)
            .collect();
        let parts: Vec<Vec<Event>> = windows
            .iter()
            .map(|&(from, to)| {
                let within = |e: &&Event| e.0 >= from && e.0 < to;
                events.iter().filter(within).copied().collect()
            })
            .filter(|part: &Vec<Event>| part.len() > 2)
            .collect();
        let chance = |&tempo: &f64| {
            let sum = parts.iter().map(|part| agreement(part, tempo)).sum();
            ln_chance(sum, parts.len())
        };
        let chances = tempi.iter().map(chance).collect();
        Tempogram {
            tempi,
            chances,
            parts,
            apart: (FASTEST - SLOWEST) / 60.0 * length_s.max(1.0),
        }
    }

    /// ln of the probability that the best tempo is chance, after `asked` tests.
    fn chance(&self, asked: f64) -> f64 {
        let best = self.chances.iter().copied().fold(0.0, f64::min);
        (best + self.apart.ln() + asked.max(1.0).ln()).min(0.0)
    }

    fn reading(&self, asked: f64) -> Pulse {
        let floor = self.apart.ln() + asked.max(1.0).ln();
        // Only improbable tempi count; those that people tap come first.
        let mut peaks: Vec<(f64, f64)> = (1..self.tempi.len().saturating_sub(1))
            .filter(|&i| {
                self.chances[i] < self.chances[i - 1] && self.chances[i] <= self.chances[i + 1]
            })
            .map(|i| (self.tempi[i], -self.chances[i]))
            .collect();
        peaks.sort_by(|a, b| b.1.total_cmp(&a.1));
        peaks.truncate(READINGS);
        let Some(&(clearest, strongest)) = peaks.first() else {
            return Pulse::default();
        };
        let clearest = self.finer(clearest);
        let mut readings: Vec<(f64, f64)> = Vec::new();
        for (at, &(tempo, evidence)) in peaks.iter().enumerate() {
            let bpm = tapped(if at == 0 { clearest } else { tempo } * 60.0);
            let octaves = (bpm / USUAL).log2() / OCTAVES;
            let weight = ((evidence - strongest) / 2.0).exp() * (-0.5 * octaves * octaves).exp();
            let known = readings.iter_mut().find(|r| (r.0 / bpm - 1.0).abs() < 0.03);
            match known {
                Some(known) => known.1 = known.1.max(weight),
                None => readings.push((bpm, weight)),
            }
        }
        // The clearest tempo is the best; the preference for usual tempi only orders tempi of about
        // equal clarity.
        readings[1..].sort_by(|a, b| b.1.total_cmp(&a.1));
        let sum: f64 = readings.iter().map(|r| r.1).sum();
        let luck = (floor - strongest).min(0.0);
        Pulse {
            bpm: readings[0].0 as f32,
            confidence: confidence(luck) as f32,
            candidates: readings
                .iter()
                .map(|r| (r.0 as f32, (r.1 / sum) as f32))
                .collect(),
            phase_s: self.beat_s(clearest),
        }
    }

    /// The tempo near a tested one with the best agreement.
    fn finer(&self, tempo: f64) -> f64 {
        let step = self.tempi[1] - self.tempi[0];
        let near = (-20..=20).map(|i| tempo + step * f64::from(i) / 20.0);
        let sum = |tempo: f64| -> f64 { self.parts.iter().map(|p| agreement(p, tempo)).sum() };
        near.max_by(|a, b| sum(*a).total_cmp(&sum(*b)))
            .unwrap_or(tempo)
    }

    /// Time of a beat of the tempo, in the middle of the window where the tempo is clearest.
    fn beat_s(&self, tempo: f64) -> f64 {
        let best = self
            .parts
            .iter()
            .max_by(|a, b| agreement(a, tempo).total_cmp(&agreement(b, tempo)));
        let Some(part) = best else { return 0.0 };
        let middle_s = part.iter().map(|e| e.0).sum::<f64>() / part.len() as f64;
        let turned: Vec<Event> = part.iter().map(|e| (e.0 - middle_s, e.1)).collect();
        let (x, y) = vector(&turned, tempo);
        middle_s + y.atan2(x) / std::f64::consts::TAU / tempo
    }
}

/// Confidence: 0 for certain chance, 0.3 at a probability of 1 in 20, towards 1 beyond.
fn confidence(ln_luck: f64) -> f64 {
    let against = -ln_luck / -LUCKY.ln();
    1.0 - 0.7_f64.powf(against)
}

/// The same tempo in the octave that people tap.
fn tapped(bpm: f64) -> f64 {
    let mut bpm = bpm;
    while bpm < TAPPED.0 {
        bpm *= 2.0;
    }
    while bpm > TAPPED.1 {
        bpm /= 2.0;
    }
    bpm
}

/// ln of the probability that the sum of `n` exponentially distributed numbers exceeds `sum`:
/// `exp(-s) Σ s^k / k!` for k below n.
fn ln_chance(sum: f64, n: usize) -> f64 {
    let (mut term, mut total) = (1.0, 1.0);
    for k in 1..n.max(1) {
        term *= sum / k as f64;
        total += term;
    }
    (total.ln() - sum).min(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A repeatable sequence of numbers from 0 to 1.
    struct Dice(u64);
    impl Dice {
        fn roll(&mut self) -> f64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    fn cut(time_s: f64) -> Cut {
        Cut {
            time_s,
            ..Cut::default()
        }
    }

    fn same_class(a: f64, b: f64) -> bool {
        let octaves = (a / b).log2();
        (octaves - octaves.round()).abs() < 1.04_f64.log2()
    }

    #[test]
    fn cuts_at_a_tempo_give_that_tempo() {
        let mut dice = Dice(1);
        let mut right = 0;
        let all = 120;
        for clip in 0..all {
            let bpm = 60.0 + 120.0 * f64::from(clip) / f64::from(all);
            let start = dice.roll();
            let mut cuts = Vec::new();
            let mut time_s = start;
            while time_s < 40.0 {
                if dice.roll() > 0.25 {
                    cuts.push(cut(time_s + 0.06 * dice.roll() - 0.03));
                }
                time_s += 60.0 / bpm;
            }
            let pulse = pulse(&cuts, &[], (0.0, 40.0));
            right += i32::from(pulse.confidence > 0.3 && same_class(f64::from(pulse.bpm), bpm));
        }
        assert!(right >= all * 95 / 100, "{right} of {all}");
    }

    #[test]
    fn random_cuts_have_no_confident_tempo() {
        let mut dice = Dice(2);
        let mut sure = 0;
        for _ in 0..200 {
            let (mut cuts, mut hits, mut time_s) = (Vec::new(), Vec::new(), 0.0);
            while time_s < 60.0 {
                time_s += 0.4 + 3.0 * dice.roll();
                cuts.push(cut(time_s));
            }
            time_s = 0.0;
            while time_s < 60.0 {
                time_s += 0.15 - 0.5 * dice.roll().ln();
                hits.push(Hit {
                    time_s,
                    strength: dice.roll() as f32,
                });
            }
            sure += i32::from(pulse(&cuts, &hits, (0.0, 60.0)).confidence >= 0.3);
        }
        assert!(sure <= 20, "{sure} of 200");
    }

    #[test]
    fn a_range_without_events_has_no_pulse() {
        assert_eq!(pulse(&[], &[], (0.0, 60.0)), Pulse::default());
        let few: Vec<Cut> = (1..5).map(|i| cut(f64::from(i))).collect();
        assert_eq!(pulse(&few, &[], (0.0, 60.0)).confidence, 0.0);
        assert_eq!(pulse(&few, &[], (3.0, 3.0)).confidence, 0.0);
    }

    #[test]
    fn the_beats_of_the_result_lie_on_the_cuts() {
        let cuts: Vec<Cut> = (1..40).map(|i| cut(0.2 + f64::from(i) * 0.5)).collect();
        let pulse = pulse(&cuts, &[], (0.0, 20.5));
        assert!(same_class(f64::from(pulse.bpm), 120.0), "{pulse:?}");
        let off = ((pulse.phase_s - 0.2) / 0.5 + 0.5).rem_euclid(1.0) - 0.5;
        assert!(off.abs() < 0.04, "{pulse:?}");
    }
}
