//! Tempo from onset strength.
//!
//! Windows of some seconds are correlated with themselves; what repeats at a beat's distance and at
//! its multiples, and also stands at the beat's own frequency in the spectrum of the envelope, is a
//! candidate. The autocorrelation errs towards slower pulses and the spectrum towards faster ones;
//! their product keeps the pulse between (G. Peeters, *Template-based estimation of time-varying
//! tempo*, EURASIP 2007). Octaves are weighed by how people tap: a log-normal curve around 120 beats a
//! minute (D. Ellis, *Beat tracking by dynamic programming*, JNMR 2007).

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use super::onset::{FRAME_RATE_HZ, Onsets, RANGE_COUNT};
use needledrop_ranking::Tempo;

/// Slowest and fastest candidate, beats per minute.
const BPM_RANGE: (f64, f64) = (40.0, 240.0);
/// Candidates per octave.
const STEPS_PER_OCTAVE: f64 = 100.0;
/// Middle of the prior, beats per minute, and its width in octaves.
const PRIOR_BPM: f64 = 118.0;
const PRIOR_OCTAVES: f64 = 0.75;
/// Length and distance of the windows, seconds.
const WINDOW_S: f64 = 12.0;
const WINDOW_HOP_S: f64 = 4.0;
/// Beats over which the autocorrelation must hold up.
const BEATS: usize = 4;
const MOST_CANDIDATES: usize = 5;
/// Share of each frequency range.
const RANGE_WEIGHTS: [f64; RANGE_COUNT] = [1.0, 1.0, 1.0];
/// The tempo of a track, or `None` where nothing repeats (silence, a drone). Free and rubato music
/// has one too, its likeliest, with a confidence near 0.
pub fn estimate(onsets: &Onsets) -> Option<Tempo> {
    let periodicity = Periodicity::of(onsets.envelopes())?;
    let octaves = (BPM_RANGE.1 / BPM_RANGE.0).log2();
    let steps = (octaves * STEPS_PER_OCTAVE) as usize;
    let grid: Vec<f64> = (0..=steps)
        .map(|i| BPM_RANGE.0 * 2f64.powf(i as f64 / STEPS_PER_OCTAVE))
        .collect();
    let scores: Vec<f64> = grid
        .iter()
        .map(|&bpm| periodicity.score(bpm) * prior(bpm))
        .collect();
    let mut peaks: Vec<(f64, f64)> = (1..steps)
        .filter(|&i| scores[i] > 0.0 && scores[i] >= scores[i - 1] && scores[i] > scores[i + 1])
        .map(|i| (grid[i], scores[i]))
        .collect();
    peaks.sort_by(|a, b| b.1.total_cmp(&a.1));
    peaks.truncate(MOST_CANDIDATES);
    let (best, _) = *peaks.first()?;
    let clarity = periodicity.comb(best, BEATS).max(0.0);
    let mut refined: Vec<(f64, f64)> = Vec::new();
    for (bpm, score) in peaks {
        let bpm = periodicity.refined(bpm);
        // Two neighbouring peaks may be one pulse.
        if refined
            .iter()
            .all(|&(other, _)| (bpm / other - 1.0).abs() > 0.02)
        {
            refined.push((bpm, score));
        }
    }
    let total: f64 = refined.iter().map(|p| p.1).sum();
    let candidates: Vec<(f32, f32)> = refined
        .iter()
        .map(|&(bpm, score)| (bpm as f32, (score / total) as f32))
        .collect();
    // A clear beat of one drum machine has a clarity near 1, dense orchestral music about 0.1.
    let confidence = (clarity / 0.35).min(1.0).sqrt() * (0.4 + 0.6 * f64::from(candidates[0].1));
    Some(Tempo {
        bpm: candidates[0].0,
        confidence: confidence as f32,
        candidates,
        stretches: Vec::new(),
    })
}

fn prior(bpm: f64) -> f64 {
    (-0.5 * ((bpm / PRIOR_BPM).log2() / PRIOR_OCTAVES).powi(2)).exp()
}

/// How strongly a track repeats at each distance and frequency, averaged over its windows.
struct Periodicity {
    /// Normalised autocorrelation by lag in frames; 1 at lag 0.
    correlation: Vec<f64>,
    /// Magnitude of the envelope's spectrum, `bin_bpm` apart, highest 1.
    spectrum: Vec<f64>,
    bin_bpm: f64,
}

impl Periodicity {
    fn of(envelopes: &[Vec<f32>; RANGE_COUNT]) -> Option<Periodicity> {
        let length = (WINDOW_S * FRAME_RATE_HZ) as usize;
        let hop = (WINDOW_HOP_S * FRAME_RATE_HZ) as usize;
        // Twice the window, so that the correlation does not wrap around.
        let n_fft = (2 * length).next_power_of_two();
        let mut planner = RealFftPlanner::<f64>::new();
        let (forward, inverse) = (
            planner.plan_fft_forward(n_fft),
            planner.plan_fft_inverse(n_fft),
        );
        let mut correlation = vec![0.0; length];
        let mut spectrum = vec![0.0; n_fft / 2 + 1];
        let mut weight = 0.0;
        for (envelope, share) in envelopes.iter().zip(RANGE_WEIGHTS) {
            let envelope = flattened(envelope);
            let starts = (0..envelope.len().saturating_sub(length) + 1).step_by(hop.max(1));
            for start in starts {
                let window = &envelope[start..envelope.len().min(start + length)];
                let mut frame = vec![0.0; n_fft];
                frame[..window.len()].copy_from_slice(window);
                let mut bins = forward.make_output_vec();
                forward
                    .process(&mut frame, &mut bins)
                    .expect("buffers of the transform's size");
                spectrum
                    .iter_mut()
                    .zip(&bins)
                    .for_each(|(s, b)| *s += share * b.norm());
                bins.iter_mut()
                    .for_each(|b| *b = Complex::new(b.norm_sqr(), 0.0));
                inverse
                    .process(&mut bins, &mut frame)
                    .expect("buffers of the transform's size");
                if frame[0] <= 1e-9 {
                    continue;
                }
                let count = window.len() as f64;
                for (lag, (sum, value)) in correlation.iter_mut().zip(&frame).enumerate() {
                    // Fewer pairs lie at a longer lag; beyond three quarters they are too few.
                    let pairs = (count - lag as f64).max(count / 4.0) / count;
                    *sum += share * value / frame[0] / pairs;
                }
                weight += share;
            }
        }
        let highest = spectrum.iter().fold(0.0, |m: f64, &x| m.max(x));
        if weight == 0.0 || highest == 0.0 {
            return None;
        }
        correlation.iter_mut().for_each(|c| *c /= weight);
        spectrum.iter_mut().for_each(|s| *s /= highest);
        Some(Periodicity {
            correlation,
            spectrum,
            bin_bpm: 60.0 * FRAME_RATE_HZ / n_fft as f64,
        })
    }

    fn score(&self, bpm: f64) -> f64 {
        let comb = self.comb(bpm, BEATS).max(0.0);
        // A beat carries its first two harmonics; a pulse without its own line is an octave error.
        let line = |k: f64| highest_near(&self.spectrum, k * bpm / self.bin_bpm, 1.5);
        let lines = line(1.0) + 0.5 * line(2.0);
        comb * lines.sqrt()
    }

    /// Mean of the autocorrelation at 1 to `beats` beats.
    fn comb(&self, bpm: f64, beats: usize) -> f64 {
        let lag = 60.0 * FRAME_RATE_HZ / bpm;
        let inside: Vec<f64> = (1..=beats)
            .map(|k| k as f64 * lag)
            .filter(|&at| at < 0.75 * self.correlation.len() as f64)
            .map(|at| highest_near(&self.correlation, at, 1.0))
            .collect();
        inside.iter().sum::<f64>() / inside.len().max(1) as f64
    }

    /// The tempo near `bpm`, within 3 %, whose many multiples fit best: more beats, finer reading.
    fn refined(&self, bpm: f64) -> f64 {
        let fit = |bpm: f64| {
            let lag = 60.0 * FRAME_RATE_HZ / bpm;
            (1..=16)
                .map(|k| k as f64 * lag)
                .take_while(|&at| at < 0.75 * self.correlation.len() as f64)
                .map(|at| interpolated(&self.correlation, at))
                .sum::<f64>()
        };
        let near = (-60..=60).map(|i| bpm * (1.0 + f64::from(i) * 0.0005));
        near.max_by(|a, b| fit(*a).total_cmp(&fit(*b)))
            .unwrap_or(bpm)
    }
}

/// The envelope less its mean over a second around, rectified, and at an even level over 8 seconds.
fn flattened(envelope: &[f32]) -> Vec<f64> {
    let values: Vec<f64> = envelope.iter().map(|&x| f64::from(x)).collect();
    let local = moving_mean(&values, FRAME_RATE_HZ as usize);
    let risen: Vec<f64> = values
        .iter()
        .zip(&local)
        .map(|(x, m)| (x - m).max(0.0))
        .collect();
    let squares: Vec<f64> = risen.iter().map(|x| x * x).collect();
    let level = moving_mean(&squares, 8 * FRAME_RATE_HZ as usize);
    let overall = squares.iter().sum::<f64>() / squares.len().max(1) as f64;
    let even: Vec<f64> = risen
        .iter()
        .zip(&level)
        .map(|(x, l)| x / (l + 0.01 * overall + 1e-6).sqrt())
        .collect();
    let mean = even.iter().sum::<f64>() / even.len().max(1) as f64;
    even.iter().map(|x| x - mean).collect()
}

/// Mean over `width` values around each.
fn moving_mean(values: &[f64], width: usize) -> Vec<f64> {
    let mut sums = vec![0.0];
    values
        .iter()
        .for_each(|v| sums.push(sums[sums.len() - 1] + v));
    (0..values.len())
        .map(|i| {
            let (from, to) = (
                i.saturating_sub(width / 2),
                (i + width / 2 + 1).min(values.len()),
            );
            (sums[to] - sums[from]) / (to - from) as f64
        })
        .collect()
}

fn interpolated(values: &[f64], at: f64) -> f64 {
    let index = at as usize;
    match (values.get(index), values.get(index + 1)) {
        (Some(a), Some(b)) => a + (b - a) * (at - index as f64),
        _ => 0.0,
    }
}

fn highest_near(values: &[f64], at: f64, reach: f64) -> f64 {
    let from = (at - reach).ceil().max(0.0) as usize;
    let to = ((at + reach).floor() as usize).min(values.len().saturating_sub(1));
    if from > to {
        return 0.0;
    }
    values[from..=to]
        .iter()
        .copied()
        .fold(interpolated(values, at), f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::synth::{Noise, drums, plucks};

    fn listen(samples: &[f32]) -> Option<Tempo> {
        let mut onsets = Onsets::new();
        onsets.push(samples);
        onsets.finish();
        estimate(&onsets)
    }

    fn within(got: f32, want: f64, tolerance: f64) -> bool {
        (f64::from(got) / want - 1.0).abs() < tolerance
    }

    #[test]
    fn drums_are_read_to_a_half_percent() {
        for bpm in [
            72.0, 80.0, 90.0, 97.3, 110.0, 120.0, 128.0, 133.7, 140.0, 150.0,
        ] {
            let got = listen(&drums(bpm, 40.0)).unwrap();
            assert!(
                within(got.bpm, bpm, 0.005),
                "{bpm} read as {:?}",
                got.candidates
            );
            assert!(
                got.confidence > 0.4,
                "{bpm}: a clear beat, confidence {}",
                got.confidence
            );
        }
    }

    #[test]
    fn where_people_tap_either_octave_both_are_candidates() {
        for bpm in [60.0, 65.0, 160.0, 170.0, 175.0, 180.0] {
            let got = listen(&drums(bpm, 40.0)).unwrap();
            let fits = [0.5, 1.0, 2.0]
                .iter()
                .any(|f| within(got.bpm, bpm * f, 0.01));
            assert!(fits, "{bpm} read as {:?}", got.candidates);
            let known = got.candidates.iter().any(|c| within(c.0, bpm, 0.01));
            assert!(known, "{bpm} is among the candidates {:?}", got.candidates);
        }
    }

    #[test]
    fn a_pulse_without_drums_is_found_in_three_and_four() {
        for (bpm, bar) in [(84.0, 3), (100.0, 4), (120.0, 3), (144.0, 4)] {
            let got = listen(&plucks(bpm, bar, 40.0)).unwrap();
            assert!(
                within(got.bpm, bpm, 0.01),
                "{bpm} in {bar} read as {:?}",
                got.candidates
            );
        }
    }

    #[test]
    fn silence_has_no_tempo_and_noise_no_confidence() {
        assert_eq!(listen(&vec![0.0; 22_050 * 20]), None);
        let mut noise = Noise::new(3);
        let hiss: Vec<f32> = (0..22_050 * 30)
            .map(|_| 0.1 * noise.next() as f32)
            .collect();
        let confidence = listen(&hiss).map_or(0.0, |t| t.confidence);
        assert!(confidence < 0.25, "steady noise: confidence {confidence}");
    }

    #[test]
    fn weights_sum_to_one_best_first() {
        let got = listen(&drums(100.0, 30.0)).unwrap();
        let sum: f32 = got.candidates.iter().map(|c| c.1).sum();
        assert!((sum - 1.0).abs() < 1e-5, "sum {sum}");
        assert!(
            got.candidates.windows(2).all(|w| w[0].1 >= w[1].1),
            "{:?}",
            got.candidates
        );
    }
}
