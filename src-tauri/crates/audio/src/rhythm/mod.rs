//! Pulse: what begins when, how fast it goes, where the beats and bars lie.
//!
//! Activations of a learned network and onset strength are laid on one grid of [`moments`]; from what
//! repeats come the [`tempo`] candidates; each is [`follow`]ed through the track; [`choose`] takes the
//! way that people would tap; [`bars`] reads its bars.

pub mod activation;
pub mod bars;
pub mod choose;
mod follow;
pub mod moments;
pub mod onset;
mod stretches;
pub mod tempo;
#[cfg(test)]
mod tests;
mod weights;

use needledrop_ranking::{Beats, Tempo};

use choose::Way;
use moments::{Moments, RATE_HZ};

/// Candidates that are told.
const MOST_CANDIDATES: usize = 5;
/// Below this confidence there are no beats to follow.
const LEAST_CONFIDENCE: f64 = 0.08;

/// Two tempi this close are one.
const SAME_TEMPO: f32 = 0.02;

/// Tempo and beats of a track, each where there is one. Free and rubato music has a tempo too, its
/// likeliest, with a confidence near 0. Where the tempo changes, that of the longest stretch counts.
pub fn hear(moments: &Moments) -> (Option<Tempo>, Option<Beats>) {
    let mut longest: Option<(usize, Tempo)> = None;
    let mut beats: Option<Beats> = None;
    let mut stretches: Vec<(f64, f32)> = Vec::new();
    for range in stretches::stretches(moments) {
        let part = moments.part(&range);
        let (Some(tempo), here) = hear_stretch(&part) else {
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

/// One stretch of beats after another; a metre that differs yields to the longer one's.
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

fn hear_stretch(moments: &Moments) -> (Option<Tempo>, Option<Beats>) {
    let ways = choose::ways(moments, &tempo::candidates(moments));
    let candidates = readings(&ways);
    let Some(best) = likeliest(&ways, &candidates) else {
        return (None, None);
    };
    // A clear beat of one drum machine has a clarity near 1, dense orchestral music about 0.1.
    let clarity = (best.candidate.clarity / 0.35).min(1.0).sqrt();
    let tempo = Tempo {
        bpm: steady_bpm(best) as f32,
        confidence: (clarity * (0.3 + 0.7 * f64::from(candidates[0].1))) as f32,
        stretches: Vec::new(),
        candidates,
    };
    let sure = clarity * agreeing(&ways, best);
    let beats = (sure >= LEAST_CONFIDENCE).then(|| in_bars(moments, best, sure));
    (Some(tempo), beats)
}

/// Tempi with the share of likelihood of all their ways, likeliest first.
fn readings(ways: &[Way]) -> Vec<(f32, f32)> {
    let mut tempi: Vec<(f32, f32)> = Vec::new();
    for way in ways {
        let bpm = way.candidate.bpm as f32;
        match tempi.iter_mut().find(|t| t.0 == bpm) {
            Some(known) => known.1 += way.likelihood as f32,
            None => tempi.push((bpm, way.likelihood as f32)),
        }
    }
    tempi.sort_by(|a, b| b.1.total_cmp(&a.1));
    tempi.truncate(MOST_CANDIDATES);
    let total: f32 = tempi.iter().map(|t| t.1).sum();
    tempi.iter_mut().for_each(|t| t.1 /= total);
    tempi
}

/// The best way to beat the likeliest tempo.
fn likeliest<'a>(ways: &'a [Way], tempi: &[(f32, f32)]) -> Option<&'a Way> {
    let bpm = tempi.first()?.0;
    ways.iter().find(|way| way.candidate.bpm as f32 == bpm)
}

/// Share of likelihood of the ways that beat with this one.
fn agreeing(ways: &[Way], best: &Way) -> f64 {
    let together = |way: &&Way| {
        let near = |beat: &usize| {
            let at = way.beats.partition_point(|b| b + 5 < *beat);
            way.beats.get(at).is_some_and(|b| b.abs_diff(*beat) <= 5)
        };
        let shared = best.beats.iter().filter(|beat| near(beat)).count();
        shared * 10 >= best.beats.len() * 8 && way.beats.len() * 8 <= best.beats.len() * 10
    };
    ways.iter().filter(together).map(|w| w.likelihood).sum()
}

/// The tempo that the beats keep on the whole; the candidate's where they wander off.
fn steady_bpm(way: &Way) -> f64 {
    let (Some(first), Some(last)) = (way.beats.first(), way.beats.last()) else {
        return way.candidate.bpm;
    };
    let kept = (way.beats.len() - 1) as f64 * 60.0 * RATE_HZ / (last - first).max(1) as f64;
    if (kept / way.candidate.bpm - 1.0).abs() < 0.02 {
        kept
    } else {
        way.candidate.bpm
    }
}

fn in_bars(moments: &Moments, way: &Way, confidence: f64) -> Beats {
    let readings = bars::readings(moments, &way.beats);
    let (per_bar, first) = readings.first().map_or((4, 0), |r| (r.per_bar, r.first));
    Beats {
        times_s: way
            .beats
            .iter()
            .map(|&b| moments.start_s + b as f64 / RATE_HZ)
            .collect(),
        downbeats: (first..way.beats.len())
            .step_by(per_bar)
            .map(|b| b as u32)
            .collect(),
        per_bar: per_bar as u8,
        confidence: confidence as f32,
    }
}
