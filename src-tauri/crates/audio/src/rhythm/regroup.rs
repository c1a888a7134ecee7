//! Second thoughts about the likeliest beats, where the accents contradict them. Pure.
//!
//! A linear score weighs each way to beat time by itself. Three mistakes show only beside the other
//! way: beats two of three of which are empty, a waltz counted one to the bar, and 6/8 counted as
//! 3/4.

use super::bars::BarHypothesis;
use super::hypotheses::BeatHypothesis;
use super::moments::{Moments, near};
use super::pattern::{alternation, sameness};

/// Every third beat is this much stronger than the rest of them, in nepers: a factor of 6.
const EMPTY: f64 = 1.8;
/// Slowest tempo that replaces another, beats per minute.
const SLOWEST_BPM: f64 = 50.0;
/// Beats that are this much alike are bars of their own.
const ALIKE: f64 = 0.87;
/// A kick and a snare by turns differ by more than this in the mean over the ranges, in nepers.
const UNLIKE: f64 = 0.26;
/// Logarithm of the odds of three parts that a waltz counted one to the bar has.
const WALTZ_ODDS: f64 = 1.5;
/// Tempi of bars counted as beats.
const BARS_BPM: (f64, f64) = (50.0, 64.0);
/// Likelihood from which bars of three are tried as 6/8.
const SURE: f64 = 0.5;
/// The middle of a bar of 6/8 is this much stronger than the second and third beat of 3/4.
const ACCENT: f64 = 1.3;
/// Two tempi within this ratio are the same.
const SAME_TEMPO: f64 = 0.02;
/// Moments between two beats that count as one.
const REACH: usize = 6;

/// The hypothesis that the accents speak for instead of `best`; `None` where they agree with it.
///
/// `odds`: logarithm of the odds of beats with three parts. `bar`: the likeliest bars of `best`.
pub fn instead<'a>(
    moments: &Moments,
    hypotheses: &'a [BeatHypothesis],
    best: &BeatHypothesis,
    odds: f64,
    bar: Option<&BarHypothesis>,
) -> Option<&'a BeatHypothesis> {
    let (bpm, beats) = (best.candidate.bpm, &best.beats);
    let onsets = moments.all_onsets();
    if bpm >= 3.0 * SLOWEST_BPM && alternation(&onsets, beats, 3) > EMPTY {
        return matching(hypotheses, bpm / 3.0, &strongest(&onsets, beats));
    }
    let one_to_the_bar = (BARS_BPM.0..=BARS_BPM.1).contains(&bpm) && odds > WALTZ_ODDS;
    let turns = moments
        .onsets
        .iter()
        .map(|range| alternation(range, beats, 2));
    let by_turns = turns.sum::<f64>() / moments.onsets.len() as f64 > UNLIKE;
    if one_to_the_bar && !by_turns && sameness(moments, beats) > ALIKE {
        return matching(hypotheses, 3.0 * bpm, beats);
    }
    let bar = bar.filter(|bar| bar.per_bar == 3 && bar.likelihood > SURE)?;
    let bars: Vec<usize> = beats.iter().skip(bar.first).step_by(3).copied().collect();
    if accented_in_two(&onsets, &bars) {
        return matching(hypotheses, bpm * 2.0 / 3.0, &bars);
    }
    None
}

/// The strongest of three interleaved series of beats.
fn strongest(onsets: &[f64], beats: &[usize]) -> Vec<usize> {
    let series = |first: usize| beats.iter().skip(first).step_by(3).copied();
    let level = |first: usize| series(first).map(|at| near(onsets, at)).sum::<f64>();
    let first = (0..3).max_by(|&a, &b| level(a).total_cmp(&level(b)));
    series(first.unwrap_or(0)).collect()
}

/// Whether the middle of the bars is stronger than their thirds, and than what is around it.
fn accented_in_two(onsets: &[f64], bars: &[usize]) -> bool {
    let level = |sixth: usize| {
        let at = |pair: &[usize]| near(onsets, pair[0] + (pair[1] - pair[0]) * sixth / 6);
        bars.windows(2).map(at).sum::<f64>()
    };
    let rest = [1, 2, 4, 5].map(level).into_iter().fold(0.0, f64::max);
    level(3) > ACCENT * rest
}

/// The likeliest hypothesis at a tempo whose beats meet those.
fn matching<'a>(
    hypotheses: &'a [BeatHypothesis],
    bpm: f64,
    beats: &[usize],
) -> Option<&'a BeatHypothesis> {
    let meets = |hypothesis: &&BeatHypothesis| {
        let met = |beat: &&usize| {
            let at = hypothesis.beats.partition_point(|b| b + REACH < **beat);
            let next = hypothesis.beats.get(at);
            next.is_some_and(|b| b.abs_diff(**beat) <= REACH)
        };
        beats.iter().filter(met).count() * 10 >= beats.len() * 7
    };
    let there =
        |hypothesis: &&BeatHypothesis| (hypothesis.candidate.bpm / bpm - 1.0).abs() < SAME_TEMPO;
    hypotheses.iter().filter(there).find(meets)
}
