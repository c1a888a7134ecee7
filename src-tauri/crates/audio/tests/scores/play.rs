//! Events to sound, through a soundfont.

use std::fs::File;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustysynth::{SoundFont, Synthesizer, SynthesizerSettings};

use super::{Event, Piece};

pub const RATE_HZ: u32 = 44_100;
/// Where Debian's `timgm6mb-soundfont` (GPL-2) and `fluid-soundfont-gm` (MIT) put theirs.
const FONTS: [&str; 2] = [
    "/usr/share/sounds/sf2/TimGM6mb.sf2",
    "/usr/share/sounds/sf2/FluidR3_GM.sf2",
];

fn font() -> Arc<SoundFont> {
    static FONT: OnceLock<Arc<SoundFont>> = OnceLock::new();
    let font = FONT.get_or_init(|| {
        let path = FONTS.iter().find(|path| Path::new(path).exists());
        let path = path.expect("a soundfont: install timgm6mb-soundfont");
        let mut file = File::open(path).expect("the soundfont opens");
        Arc::new(SoundFont::new(&mut file).expect("the soundfont is whole"))
    });
    font.clone()
}

/// Left and right in turn, at [`RATE_HZ`], at a peak of −3 dBFS.
pub fn play(piece: &Piece) -> Vec<f32> {
    render(&piece.events, piece.length_s)
}

pub fn render(events: &[Event], length_s: f64) -> Vec<f32> {
    let settings = SynthesizerSettings::new(RATE_HZ as i32);
    let mut synth = Synthesizer::new(&font(), &settings).expect("these settings are in range");
    let total = (length_s * f64::from(RATE_HZ)) as usize;
    let (mut left, mut right) = (vec![0.0; total], vec![0.0; total]);
    let mut at = 0;
    for event in events {
        let until = ((event.time_s * f64::from(RATE_HZ)) as usize).clamp(at, total);
        synth.render(&mut left[at..until], &mut right[at..until]);
        at = until;
        let [status, first, second] = event.message;
        let (channel, command) = (i32::from(status & 0x0f), i32::from(status & 0xf0));
        synth.process_midi_message(channel, command, i32::from(first), i32::from(second));
    }
    synth.render(&mut left[at..], &mut right[at..]);
    let peak = left
        .iter()
        .chain(&right)
        .fold(1e-6f32, |m, x| m.max(x.abs()));
    let gain = 0.708 / peak;
    left.iter()
        .zip(&right)
        .flat_map(|(l, r)| [l * gain, r * gain])
        .collect()
}

/// A 16-bit WAV of it.
pub fn wav(samples: &[f32]) -> Vec<u8> {
    let bytes = samples.len() as u32 * 2;
    let mut out = Vec::with_capacity(44 + bytes as usize);
    out.extend(b"RIFF");
    out.extend((36 + bytes).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    out.extend([1, 0, 2, 0]);
    out.extend(RATE_HZ.to_le_bytes());
    out.extend((RATE_HZ * 4).to_le_bytes());
    out.extend([4, 0, 16, 0]);
    out.extend(b"data");
    out.extend(bytes.to_le_bytes());
    for sample in samples {
        out.extend(((sample * 32767.0).round() as i16).to_le_bytes());
    }
    out
}
