//! Analyses files as if they were the sound of a clip.
//!
//! `clip_sound FILE…`: share of speech, share of music, LUFS.

use std::path::Path;

use needledrop_audio::ClipSoundAnalyzer;
use needledrop_audio::decode::Decoder;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for file in std::env::args().skip(1) {
        let mut decoder = Decoder::open(Path::new(&file))?;
        let mut block = Vec::new();
        let (mut ears, mut seconds) = (None, 0.0);
        while let Some((rate, channels)) = decoder.next_block(&mut block)? {
            if ears.is_none() {
                ears = Some(ClipSoundAnalyzer::new(rate, channels)?);
            }
            seconds += (block.len() / channels) as f64 / f64::from(rate);
            if let Some(ears) = &mut ears {
                ears.push(&block)?;
            }
        }
        let Some(ears) = ears else { continue };
        let sound = ears.finish()?;
        let spoken: f64 = sound.speech_s.iter().map(|(a, b)| b - a).sum();
        println!(
            "speech {:.2} music {:.2} lufs {:.1} {seconds:.1} s {file}",
            spoken / seconds,
            sound.music,
            sound.loudness.integrated_lufs.unwrap_or(f64::NEG_INFINITY)
        );
    }
    Ok(())
}
