//! Mel bands on Slaney's scale, triangles of equal area.
//!
//! The scale is linear below 1 kHz and logarithmic above (M. Slaney, *Auditory Toolbox*, 1998); each
//! triangle is scaled by `2 / (upper - lower)`, as librosa and the CLAP feature extractor do.

/// A bank of triangular filters over a power spectrum.
pub struct MelBank {
    bands: Vec<(usize, Vec<f32>)>,
}

impl MelBank {
    /// A bank of `bands` filters between `low_hz` and `high_hz` for the `n_fft / 2 + 1` bins of a
    /// transform at `rate_hz`.
    pub fn new(rate_hz: f64, n_fft: usize, bands: usize, low_hz: f64, high_hz: f64) -> MelBank {
        let (low, high) = (mel(low_hz), mel(high_hz));
        let step = (high - low) / (bands + 1) as f64;
        let edges: Vec<f64> = (0..bands + 2).map(|i| hz(low + step * i as f64)).collect();
        let bin_hz = rate_hz / n_fft as f64;
        let of_band = |edge: &[f64]| {
            let area = 2.0 / (edge[2] - edge[0]);
            let weight = |bin: usize| {
                let f = bin as f64 * bin_hz;
                let rise = (f - edge[0]) / (edge[1] - edge[0]);
                let fall = (edge[2] - f) / (edge[2] - edge[1]);
                (rise.min(fall).max(0.0) * area) as f32
            };
            let first = (0..=n_fft / 2).find(|&b| weight(b) > 0.0).unwrap_or(0);
            let weights = (first..=n_fft / 2)
                .map(weight)
                .take_while(|&w| w > 0.0)
                .collect();
            (first, weights)
        };
        MelBank {
            bands: edges.windows(3).map(of_band).collect(),
        }
    }

    /// Appends the power in every band to `out`.
    pub fn apply(&self, power: &[f32], out: &mut Vec<f32>) {
        out.extend(self.bands.iter().map(|(first, weights)| {
            weights
                .iter()
                .zip(&power[*first..])
                .map(|(w, p)| w * p)
                .sum::<f32>()
        }));
    }
}

const LINEAR_STEP_HZ: f64 = 200.0 / 3.0;
const KNEE_HZ: f64 = 1000.0;
const KNEE_MEL: f64 = KNEE_HZ / LINEAR_STEP_HZ;

fn log_step() -> f64 {
    6.4f64.ln() / 27.0
}

fn mel(hz: f64) -> f64 {
    if hz < KNEE_HZ {
        hz / LINEAR_STEP_HZ
    } else {
        KNEE_MEL + (hz / KNEE_HZ).ln() / log_step()
    }
}

fn hz(mel: f64) -> f64 {
    if mel < KNEE_MEL {
        mel * LINEAR_STEP_HZ
    } else {
        KNEE_HZ * ((mel - KNEE_MEL) * log_step()).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_and_its_inverse_cancel() {
        for f in [0.0, 440.0, 999.9, 1000.0, 6400.0, 14_000.0] {
            assert!((hz(mel(f)) - f).abs() < 1e-9, "{f} Hz");
        }
        assert!(
            (mel(6400.0) - (KNEE_MEL + 27.0)).abs() < 1e-9,
            "27 steps from 1 to 6.4 kHz"
        );
    }

    #[test]
    fn every_band_of_the_tagger_has_weights() {
        let bank = MelBank::new(16_000.0, 512, 96, 0.0, 8000.0);
        let mut out = Vec::new();
        bank.apply(&[1.0; 257], &mut out);
        assert_eq!(out.len(), 96);
        assert!(
            out.iter().all(|&x| x > 0.0),
            "a white spectrum fills all bands: {out:?}"
        );
    }
}
