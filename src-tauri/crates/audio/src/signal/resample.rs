//! Resamples one channel block by block and removes the filter's delay.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler, WindowFunction};

/// Least frames of input per block: larger blocks move the filter's cut-off nearer to Nyquist.
const LEAST_BLOCK: usize = 1024;

/// A resampler for one channel. A sample at time `t` of the input is at time `t` of the output.
pub struct Mono {
    inner: Option<Fft<f32>>,
    /// Frames of input per block.
    block: usize,
    ratio: f64,
    pending: Vec<f32>,
    scratch: Vec<f32>,
    delay_left: usize,
    taken: u64,
    given: u64,
}

impl Mono {
    /// From `from_hz` to `to_hz`, both above 0.
    pub fn new(from_hz: u32, to_hz: u32) -> Mono {
        // Twice the least unit, so that a block is even on both sides: the delay is half a block,
        // and half of an odd block would shift the signal by half a sample.
        let unit = (2 * from_hz / gcd(from_hz, to_hz)) as usize;
        let block = unit * LEAST_BLOCK.div_ceil(unit);
        let inner = (from_hz != to_hz).then(|| {
            Fft::<f32>::new_custom(
                from_hz as usize,
                to_hz as usize,
                block,
                1,
                1,
                WindowFunction::BlackmanHarris2,
                FixedSync::Input,
            )
            .expect("rates and chunk size are above zero")
        });
        let delay_left = inner.as_ref().map_or(0, |r| r.output_delay());
        let scratch = vec![0.0; inner.as_ref().map_or(0, |r| r.output_frames_max())];
        Mono {
            inner,
            block,
            ratio: f64::from(to_hz) / f64::from(from_hz),
            pending: Vec::new(),
            scratch,
            delay_left,
            taken: 0,
            given: 0,
        }
    }

    /// Frames of input in a block. Output that begins at a multiple of it equals, from its second
    /// block on, the output that began at the start.
    pub fn block(&self) -> usize {
        self.block
    }

    /// Takes samples; appends the output that is ready to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.taken += samples.len() as u64;
        if self.inner.is_none() {
            self.given += samples.len() as u64;
            out.extend_from_slice(samples);
            return;
        }
        self.pending.extend_from_slice(samples);
        let mut at = 0;
        while self.pending.len() - at >= self.block {
            self.chunk(at, None, out);
            at += self.block;
        }
        self.pending.drain(..at);
    }

    /// Appends the rest; the total is `round(taken * to / from)` samples.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        if self.inner.is_none() {
            return;
        }
        let wanted = (self.taken as f64 * self.ratio).round() as u64;
        let mut left = self.pending.len();
        self.pending.resize(self.block, 0.0);
        while self.given < wanted {
            let before = out.len();
            self.chunk(0, Some(left), out);
            left = 0;
            if self.given > wanted {
                let beyond = (self.given - wanted) as usize;
                out.truncate(out.len().saturating_sub(beyond).max(before));
                self.given = wanted;
            }
        }
        self.pending.clear();
    }

    fn chunk(&mut self, at: usize, partial: Option<usize>, out: &mut Vec<f32>) {
        let Some(inner) = self.inner.as_mut() else {
            return;
        };
        let source = InterleavedSlice::new(&self.pending[at..], 1, self.pending.len() - at)
            .expect("one channel of that length");
        let room = self.scratch.len();
        let mut target = InterleavedSlice::new_mut(&mut self.scratch, 1, room)
            .expect("one channel of that length");
        let indexing = partial.map(|n| Indexing::new().partial_len(n));
        let (_, made) = inner
            .process_into_buffer(&source, &mut target, indexing.as_ref())
            .expect("buffers as large as the resampler asked for");
        let skipped = made.min(self.delay_left);
        self.delay_left -= skipped;
        out.extend_from_slice(&self.scratch[skipped..made]);
        self.given += (made - skipped) as u64;
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(rate: u32, hz: f64, n: usize) -> Vec<f32> {
        (0..n)
            .map(|i| (std::f64::consts::TAU * hz * i as f64 / f64::from(rate)).sin() as f32)
            .collect()
    }

    fn through(from: u32, to: u32, samples: &[f32], block: usize) -> Vec<f32> {
        let (mut mono, mut out) = (Mono::new(from, to), Vec::new());
        samples.chunks(block).for_each(|b| mono.push(b, &mut out));
        mono.finish(&mut out);
        out
    }

    #[test]
    fn a_sine_keeps_its_time_and_level_at_every_rate() {
        for from in [
            8_000, 11_025, 22_050, 44_100, 44_101, 48_000, 96_000, 192_000,
        ] {
            let got = through(from, 16_000, &sine(from, 440.0, from as usize), 1000);
            assert_eq!(got.len(), 16_000, "one second from {from} Hz");
            let want = sine(16_000, 440.0, 16_000);
            let worst = got[2000..14_000]
                .iter()
                .zip(&want[2000..14_000])
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(worst < 2e-3, "off by {worst} from {from} Hz");
        }
    }

    #[test]
    fn frequencies_above_the_new_nyquist_are_filtered_out() {
        let got = through(48_000, 16_000, &sine(48_000, 12_000.0, 48_000), 4096);
        let level = got[1000..15_000].iter().fold(0.0f32, |m, x| m.max(x.abs()));
        assert!(level < 1e-3, "12 kHz leaks at {level}");
    }

    #[test]
    fn block_sizes_do_not_matter() {
        let samples = sine(44_100, 1000.0, 30_000);
        assert_eq!(
            through(44_100, 16_000, &samples, 7),
            through(44_100, 16_000, &samples, 9999)
        );
    }

    #[test]
    #[ignore = "a measurement: cargo test --release -p needledrop-audio --lib resample -- --ignored --nocapture"]
    fn time_for_three_minutes() {
        for (from, to) in [
            (44_100, 22_050),
            (44_100, 16_000),
            (48_000, 22_050),
            (48_000, 16_000),
        ] {
            let samples = sine(from, 440.0, 180 * from as usize);
            let best = (0..5).map(|_| {
                let started = std::time::Instant::now();
                std::hint::black_box(through(from, to, &samples, 4096));
                started.elapsed()
            });
            println!("{from} to {to} Hz, 180 s: {:?}", best.min().unwrap());
        }
    }

    #[test]
    fn empty_and_very_short_inputs_are_resampled() {
        assert!(
            through(44_100, 16_000, &[], 1).is_empty(),
            "nothing gives nothing"
        );
        assert_eq!(through(44_100, 16_000, &[0.5; 441], 441).len(), 160);
    }
}
