//! Tempo candidates from the repetition of onsets.
//!
//! Windows of the beat evidence are autocorrelated. A tempo is a candidate if the evidence repeats
//! at the distance of its beats and their multiples, and has a spectral line at its frequency.
//! Autocorrelation errs towards slower pulses and the spectrum towards faster ones; their product
//! favours the right one (G. Peeters, *Template-based estimation of time-varying tempo*, EURASIP
//! 2007). [`hypotheses`](super::hypotheses) decides which candidate people would tap.

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use super::moments::{Moments, RATE_HZ, deviation};

/// Slowest candidate in beats per minute, candidates per octave, number of candidates.
const SLOWEST_BPM: f64 = 40.0;
pub const STEPS_PER_OCTAVE: f64 = 100.0;
const STEPS: usize = 260;
/// Candidates derived from another by a simple ratio lie between these.
const RELATED_BPM: (f64, f64) = (50.0, 215.0);
const RATIOS: [f64; 4] = [2.0, 0.5, 1.5, 2.0 / 3.0];
/// Centre of the prior in beats per minute, and its width in octaves (D. Ellis, *Beat tracking by
/// dynamic programming*, JNMR 2007).
const PRIOR_BPM: f64 = 118.0;
const PRIOR_OCTAVES: f64 = 0.75;
/// Length and distance of the windows, seconds.
pub const WINDOW_S: f64 = 12.0;
pub const WINDOW_HOP_S: f64 = 4.0;
/// Beats over which the autocorrelation is averaged.
const BEATS: usize = 4;
const MOST_PEAKS: usize = 6;
/// Normalised onset strength below which there is no onset.
const LEAST_ONSET: f64 = 0.1;

/// A tempo and how strongly the evidence repeats at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Beats per minute.
    pub bpm: f64,
    /// Strength of the repetition; comparable within one track only.
    pub strength: f64,
    /// Mean autocorrelation of the onsets at the first beats, 0 to 1.
    pub clarity: f64,
}

/// Tempo candidates, strongest first; empty where there are no onsets (silence, a drone), because
/// there the network reports beats that it was trained to expect.
pub fn candidates(moments: &Moments) -> Vec<Candidate> {
    if moments.all_onsets().iter().all(|&x| x < LEAST_ONSET) {
        return Vec::new();
    }
    let Some(periodicity) = Periodicity::of(moments) else {
        return Vec::new();
    };
    let grid: Vec<f64> = grid().collect();
    let scores = periodicity.scores();
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
            let clarity = periodicity.clarity(bpm);
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

/// The tempi of the grid, slowest first.
fn grid() -> impl Iterator<Item = f64> {
    (0..STEPS).map(|i| SLOWEST_BPM * 2f64.powf(i as f64 / STEPS_PER_OCTAVE))
}

fn prior(bpm: f64) -> f64 {
    (-0.5 * ((bpm / PRIOR_BPM).log2() / PRIOR_OCTAVES).powi(2)).exp()
}

/// Repetition of a track at each distance and frequency, averaged over windows.
pub struct Periodicity {
    /// Normalised autocorrelation by lag in moments; 1 at lag 0.
    correlation: Vec<f64>,
    /// The same of the onsets alone: the network may report a pulse where there is none.
    onset_correlation: Vec<f64>,
    /// Magnitude of the spectrum, `bin_bpm` apart; the highest is 1.
    spectrum: Vec<f64>,
    bin_bpm: f64,
}

impl Periodicity {
    /// Averaged over all windows.
    fn of(moments: &Moments) -> Option<Periodicity> {
        let (onsets, network) = envelopes(moments);
        let mut sums = Sums::new();
        for start in starts(moments.len()) {
            sums.add_all(&onsets, &network, start);
        }
        sums.periodicity()
    }

    /// One for each window, every [`WINDOW_HOP_S`].
    pub fn windows(moments: &Moments) -> impl Iterator<Item = Option<Periodicity>> {
        let (onsets, network) = envelopes(moments);
        let mut sums = Sums::new();
        starts(moments.len()).map(move |start| {
            sums.clear();
            sums.add_all(&onsets, &network, start);
            sums.periodicity()
        })
    }

    /// Strength of the pulse at each tempo of the grid, from 40 BPM in hundredths of an octave.
    pub fn scores(&self) -> Vec<f64> {
        grid().map(|bpm| self.score(bpm)).collect()
    }

    fn score(&self, bpm: f64) -> f64 {
        // A beat has energy at its first two harmonics; a pulse without its own line is an octave
        // error.
        let line = |k: f64| highest_near(&self.spectrum, k * bpm / self.bin_bpm, 1.5);
        let lines = line(1.0) + 0.5 * line(2.0);
        self.comb(bpm).max(0.0) * lines.sqrt()
    }

    /// Mean of the autocorrelation at the first beats.
    fn comb(&self, bpm: f64) -> f64 {
        self.comb_of(&self.correlation, bpm)
    }

    /// Mean of the onsets' autocorrelation at the first beats, 0 to 1.
    fn clarity(&self, bpm: f64) -> f64 {
        self.comb_of(&self.onset_correlation, bpm).clamp(0.0, 1.0)
    }

    fn comb_of(&self, correlation: &[f64], bpm: f64) -> f64 {
        let values: Vec<f64> = self
            .multiples(bpm, BEATS)
            .map(|at| highest_near(correlation, at, 1.0))
            .collect();
        values.iter().sum::<f64>() / values.len().max(1) as f64
    }

    /// The tempo within 3 % of `bpm` with the largest sum of the autocorrelation over 16 beats;
    /// more beats give a finer result.
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

    /// Lags of the first `count` beats, up to three quarters of the window.
    fn multiples(&self, bpm: f64, count: usize) -> impl Iterator<Item = f64> {
        let most = 0.75 * self.correlation.len() as f64;
        let lag = 60.0 * RATE_HZ / bpm;
        (1..=count)
            .map(move |k| k as f64 * lag)
            .take_while(move |&at| at < most)
    }
}

/// Onset strength in three ranges, and the network's activation on the same scale; each with mean
/// 0.
fn envelopes(moments: &Moments) -> ([Vec<f64>; 3], Vec<f64>) {
    let either = moments.either();
    let spread = deviation(&either);
    let mut network: Vec<f64> = either.into_iter().map(|x| x / spread).collect();
    let mut onsets = moments.onsets.clone();
    for envelope in onsets.iter_mut().chain([&mut network]) {
        let mean = envelope.iter().sum::<f64>() / envelope.len().max(1) as f64;
        envelope.iter_mut().for_each(|x| *x -= mean);
    }
    (onsets, network)
}

const LENGTH: usize = (WINDOW_S * RATE_HZ) as usize;

fn starts(moments: usize) -> impl Iterator<Item = usize> {
    (0..=moments.saturating_sub(LENGTH)).step_by((WINDOW_HOP_S * RATE_HZ) as usize)
}

fn window(envelope: &[f64], start: usize) -> &[f64] {
    &envelope[start..envelope.len().min(start + LENGTH)]
}

/// Sums of the autocorrelation over the windows of a track.
struct Sums {
    forward: std::sync::Arc<dyn realfft::RealToComplex<f64>>,
    inverse: std::sync::Arc<dyn realfft::ComplexToReal<f64>>,
    frame: Vec<f64>,
    bins: Vec<Complex<f64>>,
    onsets: Correlation,
    network: Correlation,
    spectrum: Vec<f64>,
}

/// A sum of normalised autocorrelations.
struct Correlation {
    sum: Vec<f64>,
    windows: f64,
}

impl Sums {
    fn new() -> Sums {
        // Twice the window, so that the correlation does not wrap around.
        let n_fft = (2 * LENGTH).next_power_of_two();
        let mut planner = RealFftPlanner::<f64>::new();
        let forward = planner.plan_fft_forward(n_fft);
        Sums {
            frame: forward.make_input_vec(),
            bins: forward.make_output_vec(),
            inverse: planner.plan_fft_inverse(n_fft),
            forward,
            onsets: Correlation::new(),
            network: Correlation::new(),
            spectrum: vec![0.0; n_fft / 2 + 1],
        }
    }

    fn add_all(&mut self, onsets: &[Vec<f64>; 3], network: &[f64], start: usize) {
        for envelope in onsets {
            self.transform(window(envelope, start));
            self.onsets.add(&self.frame, window(envelope, start).len());
        }
        self.transform(window(network, start));
        self.network.add(&self.frame, window(network, start).len());
    }

    /// Adds to the spectrum; leaves the autocorrelation in the frame.
    fn transform(&mut self, window: &[f64]) {
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
    }

    fn clear(&mut self) {
        self.onsets = Correlation::new();
        self.network = Correlation::new();
        self.spectrum.fill(0.0);
    }

    fn periodicity(&self) -> Option<Periodicity> {
        let highest = self.spectrum.iter().fold(0.0, |m: f64, &x| m.max(x));
        let windows = self.onsets.windows + self.network.windows;
        if self.onsets.windows == 0.0 || highest == 0.0 {
            return None;
        }
        let both = self.onsets.sum.iter().zip(&self.network.sum);
        Some(Periodicity {
            bin_bpm: 60.0 * RATE_HZ / self.frame.len() as f64,
            correlation: both.map(|(o, n)| (o + n) / windows).collect(),
            onset_correlation: self
                .onsets
                .sum
                .iter()
                .map(|o| o / self.onsets.windows)
                .collect(),
            spectrum: self.spectrum.iter().map(|s| s / highest).collect(),
        })
    }
}

impl Correlation {
    fn new() -> Correlation {
        Correlation {
            sum: vec![0.0; LENGTH],
            windows: 0.0,
        }
    }

    /// Adds the autocorrelation of a window of `length` moments.
    fn add(&mut self, correlation: &[f64], length: usize) {
        let power = correlation[0];
        if power <= 1e-9 {
            return;
        }
        let count = length as f64;
        for (lag, (sum, value)) in self.sum.iter_mut().zip(correlation).enumerate() {
            // A longer lag has fewer pairs; beyond three quarters there are too few to scale by.
            let pairs = (count - lag as f64).max(count / 4.0) / count;
            *sum += value / power / pairs;
        }
        self.windows += 1.0;
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
