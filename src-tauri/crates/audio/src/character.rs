//! Summary numbers of a whole track. Pure.

use needledrop_ranking::{Character, Tempo, TrackSound};

use crate::rhythm::onset::{self, Onsets};

/// Mean and standard deviation over the starter catalog of: log onset strength a second, log share
/// of it above 2 kHz, LUFS, BPM.
const ONSETS: (f64, f64) = (3.0, 0.56);
const BRIGHTNESS: (f64, f64) = (-1.9, 1.0);
const LOUDNESS: (f64, f64) = (-15.5, 5.0);
const TEMPO: (f64, f64) = (120.0, 27.0);

/// Properties of the whole track. Its intensity comes from its sound alone: arousal follows loudness,
/// tempo, density and brightness (P. Juslin & P. Laukka, *Expression, perception, and induction of
/// musical emotions*, JNMR 2004). Onsets are counted over the preview, so that a quiet opening does
/// not make a battle calm. Energy and valence are [`TrackSound`]'s. The mood comes from the vector
/// elsewhere.
pub fn character(
    loudness_lufs: Option<f64>,
    onsets: &Onsets,
    preview_s: (f64, f64),
    sound: &TrackSound<'_>,
    vocal: Option<f32>,
    presence: Option<f32>,
) -> Character {
    let intensity = intensity(loudness_lufs, onsets, preview_s, sound.tempo);
    let sound = TrackSound {
        intensity: Some(intensity),
        ..*sound
    };
    Character {
        mood: None,
        intensity: sound.intensity,
        energy: sound.energy(),
        valence: sound.valence(),
        vocal,
        presence,
    }
}

fn intensity(
    loudness_lufs: Option<f64>,
    onsets: &Onsets,
    preview_s: (f64, f64),
    tempo: Option<&Tempo>,
) -> f32 {
    let [low, middle, high] = onsets.envelopes();
    let frame = |s: f64| ((s * onset::FRAME_RATE_HZ) as usize).min(low.len());
    let (from, to) = (frame(preview_s.0), frame(preview_s.1));
    let total = |e: &Vec<f32>| e[from..to].iter().map(|&x| f64::from(x)).sum::<f64>();
    let seconds = (to - from).max(1) as f64 / onset::FRAME_RATE_HZ;
    let all = total(low) + total(middle) + total(high);
    let z = |value: f64, (mean, spread): (f64, f64)| ((value - mean) / spread).clamp(-2.5, 2.5);
    let density = z((all / seconds / 10.0 + 1e-3).ln(), ONSETS);
    let brightness = z((total(high) / (all + 1e-6) + 1e-3).ln(), BRIGHTNESS);
    let loud = z(loudness_lufs.unwrap_or(-40.0), LOUDNESS);
    let quick = tempo.map_or(0.0, |t| {
        f64::from(t.confidence) * z(f64::from(t.bpm), TEMPO)
    });
    logistic(0.9 * density + 0.4 * brightness + 0.5 * loud + 0.3 * quick) as f32
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Mean of some values; `None` where there are none.
pub fn mean(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, n), value| (sum + value, n + 1));
    (count > 0).then(|| sum / count as f32)
}
