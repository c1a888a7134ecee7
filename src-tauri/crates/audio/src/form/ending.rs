//! How a track ends: fade, last sound, or cut. Pure.

use needledrop_ranking::Ending;

use crate::levels::{RATE_HZ, quantile};

/// The end of the music is where the level falls this far below the body of the track, dB.
const OVER_DB: f64 = 40.0;
/// A track is cut if its last tenth of a second is at most this far below the body, dB.
const CUT_DB: f64 = 14.0;
/// A shorter decay is not a fade, seconds.
const LEAST_FADE_S: f64 = 2.5;
/// Length of the end that is examined, seconds.
const LOOKED_AT_S: f64 = 40.0;
/// A step this much louder than the one before is an attack, dB.
const ATTACK_DB: f64 = 2.5;
/// In a fade the music goes on: it has at least this share of the body's attacks a second.
const GOING_ON: f64 = 0.4;

/// The ending and its start in seconds: the start of the fade, or the last sound before the decay.
/// `levels_db`: level of each step, [`RATE_HZ`] a second.
pub fn ending(levels_db: &[f64]) -> (Ending, Option<f64>) {
    let smooth = smoothed(levels_db);
    let last = smooth.len();
    let from = last.saturating_sub((LOOKED_AT_S * RATE_HZ) as usize);
    if last < RATE_HZ as usize {
        return (Ending::Cut, None);
    }
    let body = quantile(&smooth, 0.6);
    let end_level = quantile(&levels_db[last - RATE_HZ as usize / 10..], 0.5);
    if end_level > body - CUT_DB {
        return (Ending::Cut, None);
    }
    let audible = |&at: &usize| smooth[at] > body - OVER_DB;
    let silent_from = (from..last).rev().find(audible).map_or(last, |at| at + 1);
    let full = |&at: &usize| smooth[at] > body - 3.0;
    let full_until = (from..silent_from)
        .rev()
        .find(full)
        .map_or(from, |at| at + 1);
    let tail_s = (silent_from - full_until) as f64 / RATE_HZ;
    let per_second = |from: usize, to: usize| {
        attacks(&levels_db[from..to]).count() as f64 * RATE_HZ / (to - from).max(1) as f64
    };
    // The very end of a fade is too quiet for attacks.
    let told_until = full_until + (silent_from - full_until) * 3 / 4;
    let going_on = per_second(full_until, told_until) >= GOING_ON * per_second(from, full_until);
    if tail_s >= LEAST_FADE_S && going_on && full_until > from {
        return (Ending::Fade, Some(full_until as f64 / RATE_HZ));
    }
    let strong = |at: &usize| smooth[*at] > body - 12.0;
    let last_attack = attacks(&levels_db[from..silent_from])
        .map(|at| from + at)
        .filter(strong)
        .last();
    (Ending::Real, last_attack.map(|at| at as f64 / RATE_HZ))
}

/// Mean over a quarter of a second around each step.
fn smoothed(levels_db: &[f64]) -> Vec<f64> {
    let reach = (RATE_HZ / 8.0) as usize;
    (0..levels_db.len())
        .map(|at| {
            let around =
                &levels_db[at.saturating_sub(reach)..(at + reach + 1).min(levels_db.len())];
            around.iter().sum::<f64>() / around.len() as f64
        })
        .collect()
}

/// Indices of the attacks.
fn attacks(levels_db: &[f64]) -> impl Iterator<Item = usize> + '_ {
    let rises = |&at: &usize| {
        let before = levels_db[at - 2].max(levels_db[at - 1]);
        levels_db[at] - before > ATTACK_DB
    };
    (2..levels_db.len()).filter(rises)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A beat twice a second that decays, under a gain curve in dB.
    fn track(seconds: f64, gain_db: impl Fn(f64) -> f64) -> Vec<f64> {
        (0..(seconds * RATE_HZ) as usize)
            .map(|i| {
                let t = i as f64 / RATE_HZ;
                -20.0 - 16.0 * (t * 2.0).fract() + gain_db(t)
            })
            .collect()
    }

    #[test]
    fn a_fade_and_a_last_sound_are_distinguished() {
        let fade = track(60.0, |t| if t < 50.0 { 0.0 } else { -6.0 * (t - 50.0) });
        let (ending_is, at) = ending(&fade);
        assert_eq!(ending_is, Ending::Fade);
        assert!((at.unwrap() - 50.0).abs() < 2.5, "begins at {at:?}");

        let rings = |t: f64| if t < 55.0 { 0.0 } else { -14.0 * (t - 55.0) };
        let mut real = track(60.0, rings);
        // No attacks while the last sound decays.
        for (i, level) in real.iter_mut().enumerate().skip((55.0 * RATE_HZ) as usize) {
            *level = -20.0 + rings(i as f64 / RATE_HZ);
        }
        let (ending_is, at) = ending(&real);
        assert_eq!(ending_is, Ending::Real);
        assert!((at.unwrap() - 55.0).abs() < 0.6, "last sound at {at:?}");
    }

    #[test]
    fn a_loop_is_cut() {
        assert_eq!(ending(&track(30.0, |_| 0.0)).0, Ending::Cut);
        assert_eq!(ending(&[]).0, Ending::Cut);
    }

    #[test]
    fn silence_after_the_end_is_no_fade() {
        let mut levels = track(40.0, |_| 0.0);
        levels.extend(vec![-90.0; (5.0 * RATE_HZ) as usize]);
        assert_eq!(ending(&levels).0, Ending::Real);
    }
}
