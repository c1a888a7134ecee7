//! Where somebody speaks, by a learned network.
//!
//! The network is Silero VAD 6 (MIT, `models/speech`): 32 ms of 16 kHz with the 4 ms before them in,
//! the probability of speech out, its state going on from one frame to the next. How probabilities
//! become stretches follows its authors: speech begins above one threshold and ends below a lower
//! one; what is too short is left out, short pauses are part of speech.

use needledrop_models::runtime;
use ort::session::Session;
use ort::value::TensorRef;

use crate::error::AudioError;
use crate::signal::CLIP_RATE_HZ;

const MODEL: &[u8] = include_bytes!("../../../../../models/speech/silero_vad_16k_sequence.onnx");

/// Samples in a frame.
const FRAME: usize = 512;
/// Samples before it that the network hears with it.
const CONTEXT: usize = 64;
/// Frames that go through the network at once.
const BLOCK: usize = 128;
/// Numbers in each of its two states.
const STATE: usize = 128;
const FRAME_S: f64 = FRAME as f64 / CLIP_RATE_HZ as f64;

/// Probability at which speech begins, and below which it ends.
const BEGINS: f32 = 0.5;
const ENDS: f32 = 0.35;
/// Shorter is no speech, seconds.
const LEAST_S: f64 = 0.25;
/// A pause within speech, seconds: nobody brings music up for less.
const PAUSE_S: f64 = 0.6;
/// What is added to each end, so that no consonant is cut, seconds.
const PAD_S: f64 = 0.03;

/// Listens for speech.
pub(super) struct Speech {
    session: Session,
    hidden: Vec<f32>,
    cell: Vec<f32>,
    /// The context, then what is not heard yet.
    pending: Vec<f32>,
    samples: u64,
    probabilities: Vec<f32>,
}

impl Speech {
    pub(super) fn open() -> Result<Speech, AudioError> {
        Ok(Speech {
            session: runtime::embedded_session(
                "models/speech/silero_vad_16k_sequence.onnx",
                MODEL,
            )?,
            hidden: vec![0.0; STATE],
            cell: vec![0.0; STATE],
            pending: vec![0.0; CONTEXT],
            samples: 0,
            probabilities: Vec::new(),
        })
    }

    pub(super) fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.samples += samples.len() as u64;
        self.pending.extend_from_slice(samples);
        while self.pending.len() >= CONTEXT + BLOCK * FRAME {
            self.run(BLOCK)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Vec<(f64, f64)>, AudioError> {
        let left = (self.pending.len() - CONTEXT).div_ceil(FRAME);
        if left > 0 {
            self.pending.resize(CONTEXT + left * FRAME, 0.0);
            self.run(left)?;
        }
        let end_s = self.samples as f64 / f64::from(CLIP_RATE_HZ);
        Ok(stretches(&self.probabilities, end_s))
    }

    /// Hears the next `frames` of what is pending.
    fn run(&mut self, frames: usize) -> Result<(), AudioError> {
        let failed = runtime::run_failed;
        let width = CONTEXT + FRAME;
        let mut input = Vec::with_capacity(frames * width);
        for frame in 0..frames {
            input.extend_from_slice(&self.pending[frame * FRAME..frame * FRAME + width]);
        }
        let array = |values, shape: [usize; 3]| TensorRef::from_array_view((shape, values));
        let inputs = ort::inputs![
            "input" => TensorRef::from_array_view(([frames, width], input.as_slice())).map_err(failed)?,
            "h" => array(self.hidden.as_slice(), [1, 1, STATE]).map_err(failed)?,
            "c" => array(self.cell.as_slice(), [1, 1, STATE]).map_err(failed)?,
        ];
        let outputs = self.session.run(inputs).map_err(failed)?;
        let read = |name: &str| outputs[name].try_extract_tensor::<f32>().map_err(failed);
        self.probabilities
            .extend_from_slice(read("speech_probs")?.1);
        let (hidden, cell) = (read("hn")?.1.to_vec(), read("cn")?.1.to_vec());
        drop(outputs);
        (self.hidden, self.cell) = (hidden, cell);
        self.pending.drain(..frames * FRAME);
        Ok(())
    }
}

/// Stretches of speech, in seconds, from the probability of each frame.
fn stretches(probabilities: &[f32], end_s: f64) -> Vec<(f64, f64)> {
    let mut found: Vec<(f64, f64)> = Vec::new();
    let mut since = None;
    let silent = std::iter::once(&0.0);
    for (at, &p) in probabilities.iter().chain(silent).enumerate() {
        match since {
            None if p >= BEGINS => since = Some(at),
            Some(from) if p < ENDS => {
                since = None;
                let (from_s, to_s) = (from as f64 * FRAME_S, at as f64 * FRAME_S);
                if to_s - from_s >= LEAST_S {
                    found.push((from_s, to_s));
                }
            }
            _ => {}
        }
    }
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for (from_s, to_s) in found {
        let (from_s, to_s) = ((from_s - PAD_S).max(0.0), (to_s + PAD_S).min(end_s));
        match joined.last_mut() {
            Some(last) if from_s - last.1 < PAUSE_S => last.1 = to_s,
            _ => joined.push((from_s, to_s)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_pauses_belong_to_speech_and_clicks_do_not() {
        let mut p = vec![0.0; 100];
        p[10..40].fill(0.9);
        p[25] = 0.2;
        p[60..63].fill(0.9);
        let found = stretches(&p, 3.2);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!((found[0].0 - (0.32 - PAD_S)).abs() < 1e-9, "{found:?}");
        assert!((found[0].1 - (1.28 + PAD_S)).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn speech_up_to_the_end_ends_there() {
        let found = stretches(&[0.9; 20], 0.63);
        assert_eq!(found, [(0.0, 0.63)]);
        assert!(stretches(&[], 0.0).is_empty());
    }

    #[test]
    fn silence_and_noise_are_not_speech() {
        for level in [0.0, 0.3] {
            let mut speech = Speech::open().unwrap();
            let mut seed = 1u32;
            let noise: Vec<f32> = (0..5 * CLIP_RATE_HZ)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    level * ((seed >> 8) as f32 / (1 << 23) as f32 - 1.0)
                })
                .collect();
            for part in noise.chunks(7_001) {
                speech.push(part).unwrap();
            }
            assert!(speech.finish().unwrap().is_empty(), "noise of {level}");
        }
    }
}
