//! What a track is like as a whole. Pure.

use needledrop_ranking::{Character, KeyEstimate, Mode, Mood, Tempo};

use crate::rhythm::onset::{self, Onsets};

/// Arousal follows loudness, tempo and density, valence follows mode (T. Eerola & J. Vuoskoski, *A
/// comparison of the discrete and dimensional models of emotion in music*, 2011). The constants are
/// means and spreads over the starter catalog.
const ONSETS: (f64, f64) = (3.0, 0.56);
const BRIGHTNESS: (f64, f64) = (-1.9, 1.0);
const LOUDNESS: (f64, f64) = (-15.5, 5.0);

/// From the sound alone; the mood is read off the vector elsewhere.
pub fn character(
    loudness_lufs: Option<f64>,
    onsets: &Onsets,
    tempo: Option<&Tempo>,
    key: Option<KeyEstimate>,
    mood: Option<Mood>,
    vocal: Option<f32>,
) -> Character {
    let [low, middle, high] = onsets.envelopes();
    let total = |e: &Vec<f32>| e.iter().map(|&x| f64::from(x)).sum::<f64>();
    let seconds = low.len().max(1) as f64 / onset::FRAME_RATE_HZ;
    let all = total(low) + total(middle) + total(high);
    let z = |value: f64, (mean, spread): (f64, f64)| ((value - mean) / spread).clamp(-2.5, 2.5);
    let density = z((all / seconds / 10.0 + 1e-3).ln(), ONSETS);
    let brightness = z((total(high) / (all + 1e-6) + 1e-3).ln(), BRIGHTNESS);
    let loud = z(loudness_lufs.unwrap_or(-40.0), LOUDNESS);
    let quick = tempo.map_or(0.0, |t| {
        f64::from(t.confidence) * z(f64::from(t.bpm), (115.0, 30.0))
    });
    let energy = logistic(0.9 * density + 0.4 * brightness + 0.5 * loud + 0.3 * quick);
    let mode = key.map(|k| {
        let sign = if k.key.mode() == Mode::Major {
            1.0
        } else {
            -1.0
        };
        sign * k.confidence
    });
    let valence = match (mood, mode) {
        (None, None) => None,
        (mood, mode) => {
            let felt = mood.map_or(0.0, |m| m.valence());
            Some((0.5 + 0.35 * felt + 0.15 * mode.unwrap_or(0.0)).clamp(0.0, 1.0))
        }
    };
    Character {
        mood,
        energy: energy as f32,
        valence,
        vocal,
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Mean of some values; `None` for none.
pub fn share(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, n), value| (sum + value, n + 1));
    (count > 0).then(|| sum / count as f32)
}
