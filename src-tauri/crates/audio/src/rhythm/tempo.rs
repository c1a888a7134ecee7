//! Tempi worth following.
//!
//! Windows of some seconds are correlated with themselves; what repeats at a beat's distance and at
//! its multiples, and also stands at the beat's own frequency in the spectrum of the envelope, is a
//! candidate. The autocorrelation errs towards slower pulses and the spectrum towards faster ones;
//! their product keeps the pulse between (G. Peeters, *Template-based estimation of time-varying
//! tempo*, EURASIP 2007). Which of the candidates people would tap is decided in `choose`.

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use super::moments::{Moments, RATE_HZ, deviation};

/// Slowest candidate, beats per minute, candidates per octave, and how many.
const SLOWEST_BPM: f64 = 40.0;
const STEPS_PER_OCTAVE: f64 = 100.0;
const STEPS: usize = 260;
/// Candidates that come from another by a simple ratio lie between these.
const RELATED_BPM: (f64, f64) = (50.0, 215.0);
const RATIOS: [f64; 4] = [2.0, 0.5, 1.5, 2.0 / 3.0];
/// Middle of the prior, beats per minute, and its width in octaves (D. Ellis, *Beat tracking by
/// dynamic programming*, JNMR 2007).
const PRIOR_BPM: f64 = 118.0;
const PRIOR_OCTAVES: f64 = 0.75;
/// Length and distance of the windows, seconds.
const WINDOW_S: f64 = 12.0;
const WINDOW_HOP_S: f64 = 4.0;
/// Beats over which the autocorrelation must hold up.
const BEATS: usize = 4;
const MOST_PEAKS: usize = 6;

/// A tempo and how strongly the music repeats at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Beats per minute.
    pub bpm: f64,
    /// Strength, on a scale of its own.
    pub strength: f64,
    /// Mean autocorrelation at its first beats, 0 to 1.
    pub clarity: f64,
}

/// The tempi worth following, likeliest first; none where nothing repeats (silence, a drone).
pub fn candidates(moments: &Moments) -> Vec<Candidate> {
    let Some(periodicity) = Periodicity::of(moments) else {
        return Vec::new();
    };
    let grid: Vec<f64> = (0..STEPS)
        .map(|i| SLOWEST_BPM * 2f64.powf(i as f64 / STEPS_PER_OCTAVE))
        .collect();
    let scores: Vec<f64> = grid.iter().map(|&bpm| periodicity.score(bpm)).collect();
    let mut peaks: Vec<usize> = (1..STEPS - 1)
        .filter(|&i| scores[i] > 0.0 && scores[i] >= scores[i - 1] && scores[i] > scores[i + 1])
        .collect();
    let likely = |i: usize| scores[i] * prior(grid[i]);
    peaks.sort_by(|&a, &b| likely(b).total_cmp(&likely(a)));
    peaks.truncate(MOST_PEAKS);
    let mut found: Vec<Candidate> = Vec::new();
    let mut add = |bpm: f64, strength: f64| {
        let new = found.iter().all(|c| (bpm / c.bpm - 1.0).abs() > 0.02);
        if new {
            let clarity = periodicity.comb(bpm).max(0.0);
            found.push(Candidate {
                bpm,
                strength,
                clarity,
            });
        }
    };
    let tempi: Vec<f64> = peaks
        .iter()
        .map(|&i| periodicity.refined(grid[i]))
        .collect();
    for (&bpm, &i) in tempi.iter().zip(&peaks) {
        add(bpm, scores[i]);
    }
    for &bpm in tempi.iter().take(3) {
        for related in RATIOS.map(|ratio| bpm * ratio) {
            if (RELATED_BPM.0..=RELATED_BPM.1).contains(&related) {
                add(related, periodicity.score(related));
            }
        }
    }
    found
}

fn prior(bpm: f64) -> f64 {
    (-0.5 * ((bpm / PRIOR_BPM).log2() / PRIOR_OCTAVES).powi(2)).exp()
}

/// How strongly a track repeats at each distance and frequency, averaged over its windows.
struct Periodicity {
    /// Normalised autocorrelation by lag in moments; 1 at lag 0.
    correlation: Vec<f64>,
    /// Magnitude of the spectrum, `bin_bpm` apart, highest 1.
    spectrum: Vec<f64>,
    bin_bpm: f64,
}

impl Periodicity {
    fn of(moments: &Moments) -> Option<Periodicity> {
        let either = moments.either();
        let spread = deviation(&either);
        let network: Vec<f64> = either.iter().map(|x| x / spread).collect();
        let length = (WINDOW_S * RATE_HZ) as usize;
        // Twice the window, so that the correlation does not wrap around.
        let n_fft = (2 * length).next_power_of_two();
        let mut sums = Sums::new(length, n_fft);
        for envelope in moments.onsets.iter().chain([&network]) {
            let mean = envelope.iter().sum::<f64>() / envelope.len().max(1) as f64;
            let centred: Vec<f64> = envelope.iter().map(|x| x - mean).collect();
            let last = centred.len().saturating_sub(length);
            for start in (0..=last).step_by((WINDOW_HOP_S * RATE_HZ) as usize) {
                sums.add(&centred[start..centred.len().min(start + length)]);
            }
        }
        sums.periodicity()
    }

    fn score(&self, bpm: f64) -> f64 {
        // A beat carries its first two harmonics; a pulse without its own line is an octave error.
        let line = |k: f64| highest_near(&self.spectrum, k * bpm / self.bin_bpm, 1.5);
        let lines = line(1.0) + 0.5 * line(2.0);
        self.comb(bpm).max(0.0) * lines.sqrt()
    }

    /// Mean of the autocorrelation at the first beats.
    fn comb(&self, bpm: f64) -> f64 {
        let values: Vec<f64> = self
            .multiples(bpm, BEATS)
            .map(|at| highest_near(&self.correlation, at, 1.0))
            .collect();
        values.iter().sum::<f64>() / values.len().max(1) as f64
    }

    /// The tempo near `bpm`, within 3 %, whose many multiples fit best: more beats, finer reading.
    fn refined(&self, bpm: f64) -> f64 {
        let fit = |bpm: f64| -> f64 {
            self.multiples(bpm, 16)
                .map(|at| interpolated(&self.correlation, at))
                .sum()
        };
        let near = (-60..=60).map(|i| bpm * (1.0 + f64::from(i) * 0.0005));
        near.max_by(|a, b| fit(*a).total_cmp(&fit(*b)))
            .unwrap_or(bpm)
    }

    /// Lags of the first `count` beats, as far as windows tell of them.
    fn multiples(&self, bpm: f64, count: usize) -> impl Iterator<Item = f64> {
        let most = 0.75 * self.correlation.len() as f64;
        let lag = 60.0 * RATE_HZ / bpm;
        (1..=count)
            .map(move |k| k as f64 * lag)
            .take_while(move |&at| at < most)
    }
}

/// Sums over windows.
struct Sums {
    forward: std::sync::Arc<dyn realfft::RealToComplex<f64>>,
    inverse: std::sync::Arc<dyn realfft::ComplexToReal<f64>>,
    frame: Vec<f64>,
    bins: Vec<Complex<f64>>,
    correlation: Vec<f64>,
    spectrum: Vec<f64>,
    windows: f64,
}

impl Sums {
    fn new(length: usize, n_fft: usize) -> Sums {
        let mut planner = RealFftPlanner::<f64>::new();
        let forward = planner.plan_fft_forward(n_fft);
        Sums {
            frame: forward.make_input_vec(),
            bins: forward.make_output_vec(),
            inverse: planner.plan_fft_inverse(n_fft),
            forward,
            correlation: vec![0.0; length],
            spectrum: vec![0.0; n_fft / 2 + 1],
            windows: 0.0,
        }
    }

    fn add(&mut self, window: &[f64]) {
        self.frame.fill(0.0);
        self.frame[..window.len()].copy_from_slice(window);
        self.forward
            .process(&mut self.frame, &mut self.bins)
            .expect("buffers of the transform's size");
        for (sum, bin) in self.spectrum.iter_mut().zip(&mut self.bins) {
            *sum += bin.norm();
            *bin = Complex::new(bin.norm_sqr(), 0.0);
        }
        self.inverse
            .process(&mut self.bins, &mut self.frame)
            .expect("buffers of the transform's size");
        let power = self.frame[0];
        if power <= 1e-9 {
            return;
        }
        let count = window.len() as f64;
        for (lag, (sum, value)) in self.correlation.iter_mut().zip(&self.frame).enumerate() {
            // Fewer pairs lie at a longer lag; beyond three quarters they are too few.
            let pairs = (count - lag as f64).max(count / 4.0) / count;
            *sum += value / power / pairs;
        }
        self.windows += 1.0;
    }

    fn periodicity(mut self) -> Option<Periodicity> {
        let highest = self.spectrum.iter().fold(0.0, |m: f64, &x| m.max(x));
        if self.windows == 0.0 || highest == 0.0 {
            return None;
        }
        self.correlation.iter_mut().for_each(|c| *c /= self.windows);
        self.spectrum.iter_mut().for_each(|s| *s /= highest);
        Some(Periodicity {
            bin_bpm: 60.0 * RATE_HZ / self.frame.len() as f64,
            correlation: self.correlation,
            spectrum: self.spectrum,
        })
    }
}

fn interpolated(values: &[f64], at: f64) -> f64 {
    let index = at as usize;
    match (values.get(index), values.get(index + 1)) {
        (Some(a), Some(b)) => a + (b - a) * (at - index as f64),
        _ => 0.0,
    }
}

fn highest_near(values: &[f64], at: f64, reach: f64) -> f64 {
    let from = (at - reach).floor().max(0.0) as usize;
    let to = ((at + reach).ceil() as usize + 1).min(values.len());
    values
        .get(from..to)
        .unwrap_or_default()
        .iter()
        .fold(f64::MIN, |m, &x| m.max(x))
        .max(0.0)
}
