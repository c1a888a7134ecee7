//! Rhythm: onsets, tempo, beats and bars.
//!
//! Network activations and onset strength share the time grid of [`moments`]. Their repetition
//! gives the candidates of [`tempo`]; [`follow`] places beats for each; [`hypotheses`] picks the
//! one that people would tap; [`bars`] groups its beats.

pub mod activation;
pub mod attacks;
pub mod bars;
pub mod confidence;
mod follow;
pub mod hypotheses;
pub mod metre;
pub mod moments;
pub mod onset;
mod pace;
pub mod pattern;
mod regroup;
mod stretches;
pub mod tempo;
#[cfg(test)]
mod tests;
mod weights;

use needledrop_ranking::{Beats, Tempo};

use metre::Metre;

use attacks::Attacks;
use bars::BarHypothesis;
use hypotheses::BeatHypothesis;
use moments::{Moments, RATE_HZ};
use pace::Pace;

/// Tempo candidates in the result.
const MOST_CANDIDATES: usize = 5;
/// Below this confidence no beats are reported.
const LEAST_CONFIDENCE: f64 = 0.08;

/// Two tempi within this ratio are the same.
const SAME_TEMPO: f64 = 0.02;
/// Share of the beats that must keep a constant tempo for it to be measured from all of them.
const LEAST_STEADY: f64 = 0.6;

/// What is heard of the rhythm of a track; each `None` where there is no pulse.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimate {
    pub tempo: Option<Tempo>,
    pub beats: Option<Beats>,
    pub metre: Option<Metre>,
}

/// Tempo, beats and metre of a track. Free and rubato music also gets its likeliest tempo, with a
/// confidence near 0. Where the tempo changes, the longest stretch decides.
pub fn estimate(moments: &Moments, attacks: &Attacks) -> Estimate {
    let mut longest: Option<(usize, Tempo, Option<Metre>)> = None;
    let mut beats: Option<Beats> = None;
    let mut stretches: Vec<(f64, f32)> = Vec::new();
    for range in stretches::stretches(moments) {
        let part = moments.part(&range);
        let Some(rhythm) = estimate_stretch(&part, attacks) else {
            continue;
        };
        let bpm = rhythm.tempo.bpm;
        if let Some(here) = rhythm.beats {
            let changed = |last: &(f64, f32)| f64::from(bpm / last.1 - 1.0).abs() > SAME_TEMPO;
            if stretches.last().is_none_or(changed) {
                let from_s = if stretches.is_empty() {
                    0.0
                } else {
                    part.start_s
                };
                stretches.push((from_s, bpm));
            }
            beats = Some(match beats {
                Some(before) => joined(before, here),
                None => here,
            });
        }
        if longest
            .as_ref()
            .is_none_or(|(length, ..)| range.len() > *length)
        {
            longest = Some((range.len(), rhythm.tempo, rhythm.metre));
        }
    }
    let metre = longest.as_ref().and_then(|(.., metre)| *metre);
    Estimate {
        tempo: longest.map(|(_, tempo, _)| Tempo { stretches, ..tempo }),
        metre: metre.filter(|_| beats.is_some()),
        beats,
    }
}

/// Joins the beats of two consecutive stretches; where their metres differ, the longer one decides.
fn joined(mut before: Beats, mut after: Beats) -> Beats {
    let last = before.times_s.last().copied().unwrap_or(f64::MIN);
    let double = after
        .times_s
        .iter()
        .take_while(|t| **t < last + 0.2)
        .count();
    after.times_s.drain(..double);
    let first = before.times_s.len();
    let share = first as f32 / (first + after.times_s.len()).max(1) as f32;
    if share < 0.5 {
        before.per_bar = after.per_bar;
    }
    before.confidence = share * before.confidence + (1.0 - share) * after.confidence;
    let downbeats = after
        .downbeats
        .into_iter()
        .filter(|d| *d as usize >= double);
    before
        .downbeats
        .extend(downbeats.map(|d| d - double as u32 + first as u32));
    before.times_s.extend(after.times_s);
    before
}

/// The rhythm of a stretch, and what its confidences are computed from.
pub struct Rhythm {
    /// Tempo; its stretches are empty.
    pub tempo: Tempo,
    beats: Option<Beats>,
    /// Likeliest metre; `None` for too few beats.
    pub metre: Option<Metre>,
    /// Inputs of the confidence of the tempo.
    pub evidence: [f64; confidence::FEATURES],
    /// Likelihood of the metre among all metres.
    pub likelihood: f64,
}

/// The rhythm of music of one tempo; `None` without a pulse.
pub fn estimate_stretch(moments: &Moments, attacks: &Attacks) -> Option<Rhythm> {
    let hypotheses = hypotheses::hypotheses(moments, &tempo::candidates(moments));
    let mut candidates = readings(&hypotheses);
    let mut best = likeliest(&hypotheses, &candidates)?;
    let agreeing = agreeing(&hypotheses, best);
    let mut bars = bars::hypotheses(moments, &best.beats);
    let odds = bars::compound_odds(moments, &best.beats);
    let second = regroup::instead(moments, &hypotheses, best, odds, bars.first());
    if let Some(second) = second {
        best = second;
        bars = bars::hypotheses(moments, &best.beats);
        swap_first(&mut candidates, best.candidate.bpm as f32);
    }
    let mut beats = in_bars(moments, best, bars.first());
    let pace = pace::pace(&beats.times_s, usize::from(beats.per_bar), attacks);
    let share = f64::from(candidates[0].1);
    let evidence = confidence::features(moments, best, share, agreeing, pace.as_ref());
    let confidence = confidence::of_tempo(&evidence);
    let bpm = steady_bpm(best, &beats, pace, attacks) as f32;
    candidates[0].0 = bpm;
    let likelihood = bars
        .first()
        .map_or(0.0, |bar| likelihood(&bars, bar.per_bar));
    let metre = bars.first().map(|bar| Metre {
        beats: bar.per_bar as u8,
        compound: bar.compound(bars::compound_odds(moments, &best.beats)),
        confidence: confidence::of_metre(likelihood, confidence) as f32,
    });
    // Clarity is near 1 for a single drum machine and about 0.1 for dense orchestral music.
    let clarity = (best.candidate.clarity / 0.35).min(1.0).sqrt();
    let sure = clarity * agreeing;
    beats.confidence = sure.min(confidence) as f32;
    Some(Rhythm {
        tempo: Tempo {
            bpm,
            confidence: confidence as f32,
            stretches: Vec::new(),
            candidates,
        },
        beats: (sure >= LEAST_CONFIDENCE).then_some(beats),
        metre,
        evidence,
        likelihood,
    })
}

/// Puts a tempo first and gives it the first one's likelihood, and the reverse.
fn swap_first(candidates: &mut Vec<(f32, f32)>, bpm: f32) {
    let known = candidates.iter().position(|c| c.0 == bpm);
    let at = known.unwrap_or_else(|| {
        candidates.push((bpm, 0.0));
        candidates.len() - 1
    });
    let first = candidates[0].0;
    candidates[0].0 = bpm;
    candidates[at].0 = first;
}

/// Likelihood of a metre: of all bars with so many beats.
fn likelihood(bars: &[BarHypothesis], per_bar: usize) -> f64 {
    let same = bars.iter().filter(|bar| bar.per_bar == per_bar);
    same.map(|bar| bar.likelihood).sum()
}

/// Tempi with the summed likelihood of their hypotheses, likeliest first.
fn readings(hypotheses: &[BeatHypothesis]) -> Vec<(f32, f32)> {
    let mut tempi: Vec<(f32, f32)> = Vec::new();
    for hypothesis in hypotheses {
        let bpm = hypothesis.candidate.bpm as f32;
        match tempi.iter_mut().find(|t| t.0 == bpm) {
            Some(known) => known.1 += hypothesis.likelihood as f32,
            None => tempi.push((bpm, hypothesis.likelihood as f32)),
        }
    }
    tempi.sort_by(|a, b| b.1.total_cmp(&a.1));
    tempi.truncate(MOST_CANDIDATES);
    let total: f32 = tempi.iter().map(|t| t.1).sum();
    tempi.iter_mut().for_each(|t| t.1 /= total);
    tempi
}

/// The likeliest hypothesis at the likeliest tempo.
fn likeliest<'a>(
    hypotheses: &'a [BeatHypothesis],
    tempi: &[(f32, f32)],
) -> Option<&'a BeatHypothesis> {
    let bpm = tempi.first()?.0;
    hypotheses
        .iter()
        .find(|hypothesis| hypothesis.candidate.bpm as f32 == bpm)
}

/// Summed likelihood of the hypotheses whose beats agree with this one's.
fn agreeing(hypotheses: &[BeatHypothesis], best: &BeatHypothesis) -> f64 {
    let together = |hypothesis: &&BeatHypothesis| {
        let near = |beat: &usize| {
            let at = hypothesis.beats.partition_point(|b| b + 5 < *beat);
            hypothesis
                .beats
                .get(at)
                .is_some_and(|b| b.abs_diff(*beat) <= 5)
        };
        let shared = best.beats.iter().filter(|beat| near(beat)).count();
        shared * 10 >= best.beats.len() * 8 && hypothesis.beats.len() * 8 <= best.beats.len() * 10
    };
    hypotheses
        .iter()
        .filter(together)
        .map(|w| w.likelihood)
        .sum()
}

/// Tempo of the beats. Where they keep no constant tempo, their mean; where that drifts away from
/// the candidate's, the candidate's.
fn steady_bpm(
    hypothesis: &BeatHypothesis,
    beats: &Beats,
    pace: Option<Pace>,
    attacks: &Attacks,
) -> f64 {
    let (candidate, times) = (hypothesis.candidate.bpm, &beats.times_s);
    let near = |bpm: &f64| (bpm / candidate - 1.0).abs() < SAME_TEMPO;
    let steady = pace.filter(|pace| pace.steady >= LEAST_STEADY);
    let fitted = steady.map(|pace| {
        let looped = pace::looped(&pace, times[0], attacks);
        60.0 / looped.unwrap_or(pace.beat_s)
    });
    let mean = match times[..] {
        [first, .., last] => Some((times.len() - 1) as f64 * 60.0 / (last - first)),
        _ => None,
    };
    fitted
        .filter(near)
        .or(mean.filter(near))
        .unwrap_or(candidate)
}

/// The beats of a hypothesis, in bars of four where no bars are known. Their confidence is 0.
fn in_bars(moments: &Moments, hypothesis: &BeatHypothesis, bar: Option<&BarHypothesis>) -> Beats {
    let (per_bar, first) = bar.map_or((4, 0), |bar| (bar.per_bar, bar.first));
    let second = |&beat: &usize| moments.start_s + beat as f64 / RATE_HZ;
    Beats {
        times_s: hypothesis.beats.iter().map(second).collect(),
        downbeats: (first..hypothesis.beats.len())
            .step_by(per_bar)
            .map(|b| b as u32)
            .collect(),
        per_bar: per_bar as u8,
        confidence: 0.0,
    }
}
