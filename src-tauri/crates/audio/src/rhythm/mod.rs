//! Rhythm: onsets, tempo, beats and bars.
//!
//! Network activations and onset strength share the time grid of [`moments`]. Their repetition
//! gives the candidates of [`tempo`]; [`follow`] places beats for each; [`hypotheses`] picks the
//! one that people would tap; [`bars`] groups its beats.

pub mod activation;
pub mod bars;
mod follow;
pub mod hypotheses;
pub mod moments;
pub mod onset;
mod stretches;
pub mod tempo;
#[cfg(test)]
mod tests;
mod weights;

use needledrop_ranking::{Beats, Tempo};

use hypotheses::BeatHypothesis;
use moments::{Moments, RATE_HZ};

/// Tempo candidates in the result.
const MOST_CANDIDATES: usize = 5;
/// Below this confidence no beats are reported.
const LEAST_CONFIDENCE: f64 = 0.08;

/// Two tempi within this ratio are the same.
const SAME_TEMPO: f32 = 0.02;

/// Tempo and beats of a track. Free and rubato music also gets its likeliest tempo, with a
/// confidence near 0. Where the tempo changes, the longest stretch decides.
pub fn estimate(moments: &Moments) -> (Option<Tempo>, Option<Beats>) {
    let mut longest: Option<(usize, Tempo)> = None;
    let mut beats: Option<Beats> = None;
    let mut stretches: Vec<(f64, f32)> = Vec::new();
    for range in stretches::stretches(moments) {
        let part = moments.part(&range);
        let (Some(tempo), here) = estimate_stretch(&part) else {
            continue;
        };
        if let Some(here) = here {
            let changed = |last: &(f64, f32)| (tempo.bpm / last.1 - 1.0).abs() > SAME_TEMPO;
            if stretches.last().is_none_or(changed) {
                let from_s = if stretches.is_empty() {
                    0.0
                } else {
                    part.start_s
                };
                stretches.push((from_s, tempo.bpm));
            }
            beats = Some(match beats {
                Some(before) => joined(before, here),
                None => here,
            });
        }
        if longest
            .as_ref()
            .is_none_or(|(length, _)| range.len() > *length)
        {
            longest = Some((range.len(), tempo));
        }
    }
    let tempo = longest.map(|(_, tempo)| Tempo { stretches, ..tempo });
    (tempo, beats)
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

fn estimate_stretch(moments: &Moments) -> (Option<Tempo>, Option<Beats>) {
    let hypotheses = hypotheses::hypotheses(moments, &tempo::candidates(moments));
    let candidates = readings(&hypotheses);
    let Some(best) = likeliest(&hypotheses, &candidates) else {
        return (None, None);
    };
    // Clarity is near 1 for a single drum machine and about 0.1 for dense orchestral music.
    let clarity = (best.candidate.clarity / 0.35).min(1.0).sqrt();
    let tempo = Tempo {
        bpm: steady_bpm(best) as f32,
        confidence: (clarity * (0.3 + 0.7 * f64::from(candidates[0].1))) as f32,
        stretches: Vec::new(),
        candidates,
    };
    let sure = clarity * agreeing(&hypotheses, best);
    let beats = (sure >= LEAST_CONFIDENCE).then(|| in_bars(moments, best, sure));
    (Some(tempo), beats)
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

/// Mean tempo of the beats; the candidate's where the beats drift away from it.
fn steady_bpm(hypothesis: &BeatHypothesis) -> f64 {
    let (Some(first), Some(last)) = (hypothesis.beats.first(), hypothesis.beats.last()) else {
        return hypothesis.candidate.bpm;
    };
    let kept = (hypothesis.beats.len() - 1) as f64 * 60.0 * RATE_HZ / (last - first).max(1) as f64;
    if (kept / hypothesis.candidate.bpm - 1.0).abs() < 0.02 {
        kept
    } else {
        hypothesis.candidate.bpm
    }
}

fn in_bars(moments: &Moments, hypothesis: &BeatHypothesis, confidence: f64) -> Beats {
    let readings = bars::hypotheses(moments, &hypothesis.beats);
    let (per_bar, first) = readings.first().map_or((4, 0), |r| (r.per_bar, r.first));
    Beats {
        times_s: hypothesis
            .beats
            .iter()
            .map(|&b| moments.start_s + b as f64 / RATE_HZ)
            .collect(),
        downbeats: (first..hypothesis.beats.len())
            .step_by(per_bar)
            .map(|b| b as u32)
            .collect(),
        per_bar: per_bar as u8,
        confidence: confidence as f32,
    }
}
