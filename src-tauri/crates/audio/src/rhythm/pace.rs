//! Tempo from all beats: a robust regression of their times against their numbers. Pure.
//!
//! A kick and a snare are heard with different delays, so every place of the bar has an offset of
//! its own. Where the beats slip by a part of a beat, new offsets begin.

use super::attacks::Attacks;

/// A step between neighbouring beats that is off by more than this share of a beat is a slip.
const SLIP: f64 = 0.15;
/// Tukey's biweight, in standard deviations, and the rounds of reweighting.
const REJECT: f64 = 4.685;
const ROUNDS: usize = 12;
/// Least standard deviation of the residuals, seconds.
const LEAST_SPREAD_S: f64 = 3e-4;
/// A residual below this belongs to a steady beat, seconds.
const STEADY_S: f64 = 0.03;
/// A file that is a loop has at most this many beats.
const MOST_LOOP_BEATS: f64 = 64.0;
/// A length agrees with a whole number of beats within so many standard errors, and at least so
/// many seconds.
const LOOP_ERRORS: f64 = 3.0;
const LOOP_S: f64 = 0.008;
/// A length never agrees where it is off by more than this share of a beat.
const LOOP_BEATS: f64 = 0.12;
/// A loop starts on a beat or between two beats, within this, seconds.
const LOOP_START_S: f64 = 0.05;
/// Fewer beats are no loop.
const LEAST_LOOP_BEATS: f64 = 4.0;

/// A constant tempo through beats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Distance of two beats, seconds.
    pub beat_s: f64,
    /// Standard error of that distance, seconds.
    pub error_s: f64,
    /// The largest standard error with other offsets, seconds: the least one may be so by chance.
    doubt_s: f64,
    /// Share of the beats that lie within 30 ms of the constant tempo.
    pub steady: f64,
}

/// The pace of consecutive beats, `per_bar` to a bar. `None` for fewer than four beats.
pub fn pace(beats_s: &[f64], per_bar: usize, attacks: &Attacks) -> Option<Pace> {
    let heard: Vec<Heard> = beats_s
        .iter()
        .enumerate()
        .filter_map(|(number, &beat_s)| {
            let attack = attacks.near(beat_s)?;
            Some(Heard {
                number: number as f64,
                time_s: attack.time_s,
                weight: attack.strength,
            })
        })
        .collect();
    let rough = step_s(beats_s)?;
    // The offsets that explain the beats best: of every beat, of every second, of the bar's.
    let mut periods = vec![1, 2, 3, 4, per_bar, 2 * per_bar];
    periods.retain(|&period| period > 0 && heard.len() > 2 * period);
    let fits = periods.into_iter().filter_map(|p| fit(&heard, p, rough));
    let fits: Vec<Pace> = fits.collect();
    let doubt_s = fits.iter().map(|pace| pace.error_s).fold(0.0, f64::max);
    let best = fits
        .into_iter()
        .min_by(|a, b| a.error_s.total_cmp(&b.error_s));
    best.map(|pace| Pace { doubt_s, ..pace })
}

/// A beat with the time of its attack.
#[derive(Clone, Copy)]
struct Heard {
    number: f64,
    time_s: f64,
    weight: f64,
}

/// Median distance of a beat to the one half of all beats later, per beat.
fn step_s(beats_s: &[f64]) -> Option<f64> {
    if beats_s.len() < 4 {
        return None;
    }
    let apart = (beats_s.len() / 2).min(64);
    let steps = beats_s.iter().zip(&beats_s[apart..]);
    median(steps.map(|(a, b)| (b - a) / apart as f64).collect())
}

fn fit(heard: &[Heard], period: usize, rough_s: f64) -> Option<Pace> {
    let groups = groups(heard, period, rough_s);
    let count = groups.iter().map(|g| g + 1).max()?;
    let strong = median(heard.iter().map(|h| h.weight).collect())?;
    let base: Vec<f64> = heard.iter().map(|h| (h.weight / strong).min(1.0)).collect();
    let mut weights = base.clone();
    let mut beat_s = rough_s;
    let mut residuals = vec![0.0; heard.len()];
    let mut lever = 0.0;
    for _ in 0..ROUNDS {
        let mut sums = vec![[0.0; 3]; count];
        for ((h, &group), w) in heard.iter().zip(&groups).zip(&weights) {
            let [total, numbers, times] = &mut sums[group];
            *total += w;
            *numbers += w * h.number;
            *times += w * h.time_s;
        }
        let centred = |h: &Heard, group: usize| {
            let [total, numbers, times] = sums[group];
            let total = total.max(1e-12);
            (h.number - numbers / total, h.time_s - times / total)
        };
        let mut product = 0.0;
        lever = 0.0;
        for ((h, &group), w) in heard.iter().zip(&groups).zip(&weights) {
            let (number, time) = centred(h, group);
            product += w * number * time;
            lever += w * number * number;
        }
        if lever < 1e-9 {
            return None;
        }
        beat_s = product / lever;
        for ((residual, h), &group) in residuals.iter_mut().zip(heard).zip(&groups) {
            let (number, time) = centred(h, group);
            *residual = time - beat_s * number;
        }
        let sizes = residuals.iter().map(|r| r.abs()).collect();
        let spread = (1.4826 * median(sizes)?).max(LEAST_SPREAD_S);
        for ((w, b), r) in weights.iter_mut().zip(&base).zip(&residuals) {
            let off = r / (REJECT * spread);
            *w = b * (1.0 - off * off).max(0.0).powi(2);
        }
    }
    let within = residuals.iter().filter(|r| r.abs() < STEADY_S).count();
    // Every offset takes a degree of freedom, and so does the pace.
    let weight: f64 = weights.iter().sum();
    let square: f64 = residuals.iter().zip(&weights).map(|(r, w)| w * r * r).sum();
    let free = (weight - count as f64 - 1.0).max(0.5);
    let error = (square / free).sqrt().max(LEAST_SPREAD_S) / lever.sqrt();
    Some(Pace {
        beat_s,
        error_s: error,
        doubt_s: error,
        steady: within as f64 / heard.len().max(1) as f64,
    })
}

/// For each beat the number of the group that shares its offset: its place in the period, since
/// the last slip.
fn groups(heard: &[Heard], period: usize, rough_s: f64) -> Vec<usize> {
    let (mut run, mut before) = (0, None::<&Heard>);
    let mut groups = Vec::with_capacity(heard.len());
    for h in heard {
        if let Some(b) = before {
            let step = (h.time_s - b.time_s) / rough_s - (h.number - b.number);
            run += usize::from(step.abs() > SLIP);
        }
        before = Some(h);
        groups.push(run * period + h.number as usize % period);
    }
    groups
}

/// The pace of a loop: the distance of beats that divides its length into whole beats, where one
/// agrees with the measured pace within its error.
///
/// The length runs from the start of the file or of the sound to its end.
pub fn looped(pace: &Pace, first_beat_s: f64, attacks: &Attacks) -> Option<f64> {
    let (from_s, to_s) = attacks.audible_s()?;
    let mut best: Option<(f64, f64)> = None;
    for start_s in [0.0, from_s] {
        let ahead = 2.0 * (first_beat_s - start_s) / pace.beat_s;
        if (ahead - ahead.round()).abs() * pace.beat_s / 2.0 > LOOP_START_S {
            continue;
        }
        for length_s in [attacks.length_s() - start_s, to_s - start_s] {
            let beats = (length_s / pace.beat_s).round();
            if !(LEAST_LOOP_BEATS..=MOST_LOOP_BEATS).contains(&beats) {
                continue;
            }
            let off = (length_s - beats * pace.beat_s).abs();
            let allowed = (LOOP_ERRORS * beats * pace.doubt_s).max(LOOP_S);
            let allowed = allowed.min(LOOP_BEATS * pace.beat_s);
            if off <= allowed && best.is_none_or(|(least, _)| off < least) {
                best = Some((off, length_s / beats));
            }
        }
    }
    best.map(|(_, beat_s)| beat_s)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Attacks at these times, to the nearest of 344 frames a second.
    fn attacks(times_s: &[f64]) -> Attacks {
        let frames = (times_s[times_s.len() - 1] * 345.0) as usize + 400;
        let mut strength = vec![0.0; frames];
        for time_s in times_s {
            strength[(time_s * 22_050.0 / 64.0).round() as usize] = 5.0;
        }
        Attacks {
            strength,
            samples: 22_050 * frames as u64 / 344,
            audible: None,
        }
    }

    #[test]
    fn late_snares_and_a_slip_do_not_bend_the_pace() {
        let late = |beat: usize| if beat % 2 == 1 { 0.012 } else { 0.0 };
        let slip = |beat: usize| if beat >= 41 { 0.21 } else { 0.0 };
        let times: Vec<f64> = (0..90)
            .map(|beat| 0.5 + 0.61 * beat as f64 + late(beat) + slip(beat))
            .collect();
        let pace = pace(&times, 4, &attacks(&times)).unwrap();
        assert!((pace.beat_s - 0.61).abs() < 5e-5, "{pace:?}");
        assert_eq!(pace.steady, 1.0);
    }

    #[test]
    fn few_beats_far_off_do_not_count() {
        let off = |beat: usize| if beat % 9 == 4 { 0.035 } else { 0.0 };
        let times: Vec<f64> = (0..60)
            .map(|beat| 0.3 + 0.5 * beat as f64 + off(beat))
            .collect();
        let pace = pace(&times, 4, &attacks(&times)).unwrap();
        assert!((pace.beat_s - 0.5).abs() < 1e-4, "{pace:?}");
    }

    #[test]
    fn three_beats_have_no_pace() {
        let times = [0.5, 1.0, 1.5];
        assert_eq!(pace(&times, 4, &attacks(&times)), None);
    }
}
