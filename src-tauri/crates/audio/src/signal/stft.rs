//! Power spectra of a stream: centred frames with reflected ends, as in librosa.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// The signal beyond its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edges {
    /// Mirrored, without repeating the end sample: `n` samples give `1 + n / hop` frames.
    Reflected,
    /// Silence: `n` samples give `n / hop` frames, rounded up.
    Silent,
}

/// Short-time Fourier transform. Frame `k` is centred on sample `k * hop`.
pub struct Stft {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    hop: usize,
    edges: Edges,
    /// The reflected start, and the part of the signal that is still needed.
    buffer: Vec<f32>,
    /// Start of the next frame in `buffer`.
    at: usize,
    started: bool,
    frame: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    power: Vec<f32>,
}

impl Stft {
    /// As in librosa: a periodic Hann window of `n_fft` (even) samples, reflected ends, `hop` at
    /// most `n_fft`.
    pub fn new(n_fft: usize, hop: usize) -> Stft {
        Stft::with_window(hann(n_fft, n_fft), n_fft, hop, Edges::Reflected)
    }

    /// With a window no longer than `n_fft`; the frame is filled up with zeros.
    pub fn with_window(window: Vec<f32>, n_fft: usize, hop: usize, edges: Edges) -> Stft {
        let fft = RealFftPlanner::<f32>::new().plan_fft_forward(n_fft);
        Stft {
            window,
            hop,
            edges,
            buffer: Vec::new(),
            at: 0,
            started: false,
            frame: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            scratch: fft.make_scratch_vec(),
            power: vec![0.0; n_fft / 2 + 1],
            fft,
        }
    }

    /// Takes samples; `on_frame` gets `|X|²` of every complete frame, `[bins]`.
    pub fn push(&mut self, samples: &[f32], mut on_frame: impl FnMut(&[f32])) {
        self.buffer.extend_from_slice(samples);
        let pad = self.window.len() / 2;
        if !self.started {
            if self.buffer.len() <= pad {
                return;
            }
            let head: Vec<f32> = match self.edges {
                Edges::Reflected => (1..=pad).rev().map(|i| self.buffer[i]).collect(),
                Edges::Silent => vec![0.0; pad],
            };
            self.buffer.splice(0..0, head);
            self.started = true;
        }
        self.frames(&mut on_frame);
        // The reflection at the end needs `pad + 1` samples.
        let keep_from = self.at.min(self.buffer.len().saturating_sub(pad + 1));
        if keep_from > 1 << 15 {
            self.buffer.drain(..keep_from);
            self.at -= keep_from;
        }
    }

    /// Gives the frames of the reflected end. Fewer than `n_fft / 2 + 1` samples give no frames.
    pub fn finish(&mut self, mut on_frame: impl FnMut(&[f32])) {
        if !self.started {
            return;
        }
        let length = self.window.len();
        let last = self.buffer.len() - 1;
        let tail: Vec<f32> = match self.edges {
            Edges::Reflected => (1..=length / 2).map(|i| self.buffer[last - i]).collect(),
            Edges::Silent => vec![0.0; (length - 1) / 2],
        };
        self.buffer.extend_from_slice(&tail);
        self.frames(&mut on_frame);
    }

    fn frames(&mut self, on_frame: &mut impl FnMut(&[f32])) {
        let n = self.window.len();
        while self.at + n <= self.buffer.len() {
            let source = &self.buffer[self.at..self.at + n];
            for ((out, x), w) in self.frame.iter_mut().zip(source).zip(&self.window) {
                *out = x * w;
            }
            // The transform uses its input as scratch.
            self.frame[n..].fill(0.0);
            self.fft
                .process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch)
                .expect("buffers made by the transform itself");
            for (p, c) in self.power.iter_mut().zip(&self.spectrum) {
                *p = c.norm_sqr();
            }
            on_frame(&self.power);
            self.at += self.hop;
        }
    }
}

/// The first `length` values of a Hann window of the given period.
pub fn hann(length: usize, period: usize) -> Vec<f32> {
    let value = |i: usize| 0.5 - 0.5 * (std::f64::consts::TAU * i as f64 / period as f64).cos();
    (0..length).map(|i| value(i) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames_of(n: usize, block: usize) -> Vec<Vec<f32>> {
        let samples: Vec<f32> = (0..n).map(|i| ((i * i) as f32 * 0.013).sin()).collect();
        let (mut stft, mut out) = (Stft::new(64, 16), Vec::new());
        samples
            .chunks(block)
            .for_each(|b| stft.push(b, |p| out.push(p.to_vec())));
        stft.finish(|p| out.push(p.to_vec()));
        out
    }

    #[test]
    fn n_samples_give_one_frame_a_hop_and_one_more() {
        for n in [33, 64, 160, 161, 175, 176, 1000] {
            assert_eq!(frames_of(n, 1000).len(), 1 + n / 16, "{n} samples");
        }
    }

    #[test]
    fn block_sizes_do_not_matter() {
        assert_eq!(frames_of(200_000, 7), frames_of(200_000, 200_000));
    }

    #[test]
    fn a_sine_fills_its_own_bin() {
        let samples: Vec<f32> = (0..1024)
            .map(|i| (std::f32::consts::TAU * 8.0 * i as f32 / 64.0).sin())
            .collect();
        let (mut stft, mut frames) = (Stft::new(64, 16), Vec::new());
        stft.push(&samples, |p| frames.push(p.to_vec()));
        let middle = &frames[20];
        // A full-scale sine in a Hann window of length N has the magnitude N / 4.
        assert!(
            (middle[8].sqrt() - 16.0).abs() < 1e-3,
            "got {}",
            middle[8].sqrt()
        );
        assert!(middle[12] < 1e-6, "four bins away there is nothing");
    }
}
