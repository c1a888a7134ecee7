//! Onset strength in three frequency ranges.
//!
//! Spectral flux of a log-compressed mel spectrum against the maximum over neighbouring bands two
//! frames before, so that vibrato gives no onsets (S. Böck & G. Widmer, *Maximum filter vibrato
//! suppression for onset detection*, DAFx 2013).

use crate::signal::MUSIC_RATE_HZ;
use crate::signal::mel::MelBank;
use crate::signal::stft::Stft;

const N_FFT: usize = 1024;
const HOP: usize = 256;
const BANDS: usize = 48;
/// Distance of the compared spectra, frames.
const LAG: usize = 2;
/// First band of the middle and of the high range, about 250 Hz and 2 kHz.
const RANGES: [usize; RANGE_COUNT + 1] = [0, 5, 25, BANDS];

/// Bands of the timbre, and envelope frames in one frame of it.
const TIMBRE: usize = 12;
const TIMBRE_FRAMES: usize = 8;

/// Number of ranges: low, middle, high.
pub const RANGE_COUNT: usize = 3;
/// Frames a second of the envelopes.
pub const FRAME_RATE_HZ: f64 = MUSIC_RATE_HZ as f64 / HOP as f64;

/// Computes onset strength from a stream at [`MUSIC_RATE_HZ`].
pub struct Onsets {
    stft: Stft,
    flux: Flux,
}

struct Flux {
    bank: MelBank,
    /// The last `LAG` log spectra and the current one, oldest first.
    past: [Vec<f32>; LAG + 1],
    seen: usize,
    envelopes: [Vec<f32>; RANGE_COUNT],
    timbre: Vec<[f32; TIMBRE]>,
    /// Sum over the frames of the timbre's current frame.
    bands: [f32; TIMBRE],
}

impl Onsets {
    /// Starts the analysis of a track.
    pub fn new() -> Onsets {
        Onsets {
            stft: Stft::new(N_FFT, HOP),
            flux: Flux {
                bank: MelBank::new(f64::from(MUSIC_RATE_HZ), N_FFT, BANDS, 30.0, 10_000.0),
                past: Default::default(),
                seen: 0,
                envelopes: Default::default(),
                timbre: Vec::new(),
                bands: [0.0; TIMBRE],
            },
        }
    }

    /// Analyses the next mono samples, at any block size.
    pub fn push(&mut self, samples: &[f32]) {
        let flux = &mut self.flux;
        self.stft.push(samples, |power| flux.frame(power));
    }

    /// Completes the frames at the end of the signal.
    pub fn finish(&mut self) {
        let flux = &mut self.flux;
        self.stft.finish(|power| flux.frame(power));
    }

    /// Onset strength of each range, [`FRAME_RATE_HZ`] values a second, 0 and above; value `k`
    /// belongs to the time `k / FRAME_RATE_HZ`.
    pub fn envelopes(&self) -> &[Vec<f32>; RANGE_COUNT] {
        &self.flux.envelopes
    }

    /// Mean level of twelve bands, log-compressed, one frame for every eighth envelope frame: as
    /// many as chroma has.
    pub fn timbre(&self) -> &[[f32; TIMBRE]] {
        &self.flux.timbre
    }
}

impl Flux {
    fn frame(&mut self, power: &[f32]) {
        self.past.rotate_left(1);
        let [.., now] = &mut self.past;
        now.clear();
        self.bank.apply(power, now);
        now.iter_mut().for_each(|m| *m = (1.0 + 20.0 * *m).ln());
        self.seen += 1;
        let groups = now.as_chunks::<{ BANDS / TIMBRE }>().0;
        for (band, group) in self.bands.iter_mut().zip(groups) {
            *band += group.iter().sum::<f32>();
        }
        if self.seen.is_multiple_of(TIMBRE_FRAMES) {
            let share = 1.0 / (TIMBRE_FRAMES * BANDS / TIMBRE) as f32;
            self.timbre.push(self.bands.map(|sum| sum * share));
            self.bands = [0.0; TIMBRE];
        }
        let (before, now) = (&self.past[0], &self.past[LAG]);
        for (range, envelope) in RANGES.windows(2).zip(&mut self.envelopes) {
            let rise = |b: usize| {
                let from = b.saturating_sub(1);
                let highest = before[from..(b + 2).min(BANDS)]
                    .iter()
                    .fold(0.0f32, |m, &x| m.max(x));
                (now[b] - highest).max(0.0)
            };
            let flux = if self.seen > LAG {
                (range[0]..range[1]).map(rise).sum()
            } else {
                0.0
            };
            envelope.push(flux);
        }
    }
}
