//! Speech detection by a learned network.
//!
//! The network is Silero VAD 6 (MIT, `models/speech`). Input: 32 ms of 16 kHz sound with the 4 ms
//! before it. Output: the probability of speech. Its state goes on from frame to frame. The rule
//! that turns probabilities into stretches is its authors': speech begins above one threshold and
//! ends below a lower one; short stretches are dropped, short pauses are kept.

use needledrop_models::runtime;
use ort::session::Session;
use ort::value::TensorRef;

use crate::error::AudioError;
use crate::signal::CLIP_RATE_HZ;

const MODEL: &[u8] = include_bytes!("../../../../../models/speech/silero_vad_16k_sequence.onnx");

/// Samples of a frame.
const FRAME: usize = 512;
/// Samples before the frame that are part of the input.
const CONTEXT: usize = 64;
/// Frames in one run of the network.
const BLOCK: usize = 128;
/// Numbers in each of the two states.
const STATE: usize = 128;
const FRAME_S: f64 = FRAME as f64 / CLIP_RATE_HZ as f64;

/// Speech begins at the first probability and ends below the second.
const BEGINS: f32 = 0.5;
const ENDS: f32 = 0.35;
/// Shorter stretches are dropped, seconds.
const LEAST_S: f64 = 0.25;
/// Shorter pauses are part of the speech, seconds: no editor raises the music for less.
const PAUSE_S: f64 = 0.6;
/// Margin added at both ends, so that no consonant is cut, seconds.
const PAD_S: f64 = 0.03;

pub(super) struct SpeechDetector {
    session: Session,
    hidden: Vec<f32>,
    cell: Vec<f32>,
    /// The context, then the samples that the network has not seen yet.
    pending: Vec<f32>,
    samples: u64,
    probabilities: Vec<f32>,
}

impl SpeechDetector {
    pub(super) fn open() -> Result<SpeechDetector, AudioError> {
        Ok(SpeechDetector {
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

    /// Runs the network over the next `frames` frames of `pending`.
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

/// Stretches of speech in seconds, from the probability of each frame.
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
            let mut speech = SpeechDetector::open().unwrap();
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
