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
pub mod tempo;
mod weights;

use needledrop_ranking::{Beats, Tempo};

use choose::Way;
use moments::{Moments, RATE_HZ};

/// Candidates that are told.
const MOST_CANDIDATES: usize = 5;
/// Below this confidence there are no beats to follow.
const LEAST_CONFIDENCE: f64 = 0.08;

/// Tempo and beats of a track, each where there is one. Free and rubato music has a tempo too, its
/// likeliest, with a confidence near 0.
pub fn hear(moments: &Moments) -> (Option<Tempo>, Option<Beats>) {
    let ways = choose::ways(moments, &tempo::candidates(moments));
    let Some(best) = ways.first() else {
        return (None, None);
    };
    // A clear beat of one drum machine has a clarity near 1, dense orchestral music about 0.1.
    let clarity = (best.candidate.clarity / 0.35).min(1.0).sqrt();
    let candidates = readings(&ways);
    let bpm = steady_bpm(best);
    let tempo = Tempo {
        bpm: bpm as f32,
        confidence: (clarity * (0.3 + 0.7 * f64::from(candidates[0].1))) as f32,
        stretches: Vec::new(),
        candidates,
    };
    let sure = clarity * agreeing(&ways);
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
    // The chosen way's tempo stays first.
    tempi[1..].sort_by(|a, b| b.1.total_cmp(&a.1));
    tempi.truncate(MOST_CANDIDATES);
    let total: f32 = tempi.iter().map(|t| t.1).sum();
    tempi.iter_mut().for_each(|t| t.1 /= total);
    tempi
}

/// Share of likelihood of the ways that beat with the best one.
fn agreeing(ways: &[Way]) -> f64 {
    let best = &ways[0];
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
        times_s: way.beats.iter().map(|&b| b as f64 / RATE_HZ).collect(),
        downbeats: (first..way.beats.len())
            .step_by(per_bar)
            .map(|b| b as u32)
            .collect(),
        per_bar: per_bar as u8,
        confidence: confidence as f32,
    }
}
