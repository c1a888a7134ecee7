//! Sound files made for tests.
#![allow(dead_code, clippy::unwrap_used)] // Each test binary uses its own part.

use std::path::{Path, PathBuf};

use needledrop_models::Pack;

/// The pack that ships with the program.
pub fn embedded() -> Pack {
    Pack::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/embedded")).unwrap()
}

/// A chord that pulses twice a second, a little different in each channel; full scale ±1.
pub fn pulsing_chord(rate_hz: u32, channels: usize, seconds: f64) -> Vec<f32> {
    let tau = std::f64::consts::TAU;
    (0..(seconds * f64::from(rate_hz)) as usize)
        .flat_map(|i| {
            let t = i as f64 / f64::from(rate_hz);
            let pulse = (-6.0 * (t * 2.0).fract()).exp();
            (0..channels).map(move |c| {
                let chord: f64 = [261.63, 329.63, 392.0]
                    .iter()
                    .map(|f| (tau * f * t).sin())
                    .sum();
                (0.2 * pulse * chord * (1.0 - 0.1 * c as f64)) as f32
            })
        })
        .collect()
}

/// Writes a 16-bit WAV file.
pub fn write_wav(path: &Path, rate_hz: u32, channels: u16, samples: &[f32]) -> PathBuf {
    let data: Vec<u8> = samples
        .iter()
        .flat_map(|x| ((x * 32767.0) as i16).to_le_bytes())
        .collect();
    let mut file = Vec::new();
    let block = channels.wrapping_mul(2);
    file.extend(b"RIFF");
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16u32.to_le_bytes());
    file.extend(1u16.to_le_bytes());
    file.extend(channels.to_le_bytes());
    file.extend(rate_hz.to_le_bytes());
    file.extend((rate_hz.wrapping_mul(u32::from(block))).to_le_bytes());
    file.extend(block.to_le_bytes());
    file.extend(16u16.to_le_bytes());
    file.extend(b"data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    std::fs::write(path, file).unwrap();
    path.to_owned()
}
