//! Beat and downbeat probabilities, 50 a second, by learned networks.
//!
//! The networks are the three of BeatNet (M. Heydari, F. Cwitkowitz & Z. Duan, *BeatNet: CRNN and
//! particle filtering for online joint beat, downbeat and meter tracking*, ISMIR 2021); their
//! weights are CC-BY-4.0 (`models/beats`). Its particle filter is not used. The features are those
//! of S. Böck, F. Krebs & G. Widmer (*Joint beat and downbeat tracking with recurrent neural
//! networks*, ISMIR 2016): a logarithmic spectrogram of 24 bands an octave, and its increase.

use needledrop_models::runtime;
use ort::session::Session;
use ort::value::TensorRef;

use crate::AudioError;
use crate::signal::MUSIC_RATE_HZ;
use crate::signal::stft::{Edges, Stft, hann};

/// Number of activations per second.
pub const ACTIVATION_RATE_HZ: f64 = MUSIC_RATE_HZ as f64 / HOP as f64;

const HOP: usize = 441;
/// 64 ms, as in the training of the network.
const WINDOW: usize = 1411;
/// The network's transform is as long as its window. A power of two is faster, and at nearly three
/// times the length the spectrum can be interpolated between its lines.
const N_FFT: usize = 4096;
const BANDS: usize = 136;
const FEATURES: usize = 2 * BANDS;
const BANDS_PER_OCTAVE: f64 = 24.0;
const RANGE_HZ: (f64, f64) = (30.0, 17_000.0);
/// Frames in one run; the network's state goes on from one run to the next.
const BLOCK: usize = 500;
/// Numbers in each state.
const STATE: usize = 150;
const MODEL: &[u8] = include_bytes!("../../../../../models/beats/beatnet.onnx");

/// The networks, and the state of the track that they read.
pub struct BeatNet {
    session: Session,
    spectrogram: Spectrogram,
    /// Name and value of every state of every network.
    states: Vec<(String, Vec<f32>)>,
    activations: Vec<[f32; 2]>,
}

impl BeatNet {
    /// Opens the three networks.
    ///
    /// # Errors
    /// `Model`.
    pub fn open() -> Result<BeatNet, AudioError> {
        let session = runtime::embedded_session("models/beats/beatnet.onnx", MODEL)?;
        let states = session.inputs().iter().skip(1);
        Ok(BeatNet {
            states: states
                .map(|input| (input.name().to_owned(), Vec::new()))
                .collect(),
            session,
            spectrogram: Spectrogram::new(),
            activations: Vec::new(),
        })
    }

    /// Begins a new track.
    pub fn begin(&mut self) {
        self.spectrogram = Spectrogram::new();
        for (_, state) in &mut self.states {
            state.clear();
            state.resize(STATE, 0.0);
        }
        self.activations.clear();
    }

    /// Takes mono samples at [`MUSIC_RATE_HZ`].
    ///
    /// # Errors
    /// `Model`.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.spectrogram.push(samples);
        while self.spectrogram.features.len() >= BLOCK * FEATURES {
            let rest = self.spectrogram.features.split_off(BLOCK * FEATURES);
            let block = std::mem::replace(&mut self.spectrogram.features, rest);
            self.run(&block)?;
        }
        Ok(())
    }

    /// Ends the track. Gives the activations of beat and downbeat, [`ACTIVATION_RATE_HZ`] a second;
    /// value `k` belongs to the time `k / ACTIVATION_RATE_HZ`. The two sum to at most 1.
    ///
    /// # Errors
    /// `Model`.
    pub fn finish(&mut self) -> Result<Vec<[f32; 2]>, AudioError> {
        self.spectrogram.finish();
        let block = std::mem::take(&mut self.spectrogram.features);
        if !block.is_empty() {
            self.run(&block)?;
        }
        Ok(std::mem::take(&mut self.activations))
    }

    fn run(&mut self, frames: &[f32]) -> Result<(), AudioError> {
        let failed = runtime::run_failed;
        let count = frames.len() / FEATURES;
        let mut inputs = ort::inputs![
            "frames" => TensorRef::from_array_view(([count, FEATURES], frames)).map_err(failed)?,
        ];
        for (name, values) in &self.states {
            let state = TensorRef::from_array_view(([1, 1, STATE], values.as_slice()));
            inputs.push((name.as_str().into(), state.map_err(failed)?.into()));
        }
        let outputs = self.session.run(inputs).map_err(failed)?;
        let read = |name: &str| outputs[name].try_extract_tensor::<f32>().map_err(failed);
        let (_, activations) = read("activations")?;
        let both = activations
            .as_chunks::<3>()
            .0
            .iter()
            .map(|&[beat, downbeat, _]| [beat, downbeat]);
        self.activations.extend(both);
        for (name, values) in &mut self.states {
            values.copy_from_slice(read(&format!("{name}_next"))?.1);
        }
        Ok(())
    }
}

/// Input of the network, `[frames * FEATURES]`: log magnitude of each band, then its increase since
/// the frame before.
struct Spectrogram {
    stft: Stft,
    bands: Bands,
    before: Vec<f32>,
    features: Vec<f32>,
}

impl Spectrogram {
    fn new() -> Spectrogram {
        let window = hann(WINDOW, WINDOW - 1);
        Spectrogram {
            stft: Stft::with_window(window, N_FFT, HOP, Edges::Silent),
            bands: Bands::new(),
            before: Vec::new(),
            features: Vec::new(),
        }
    }

    fn push(&mut self, samples: &[f32]) {
        let Spectrogram {
            stft,
            bands,
            before,
            features,
        } = self;
        stft.push(samples, |power| bands.frame(power, before, features));
    }

    fn finish(&mut self) {
        let Spectrogram {
            stft,
            bands,
            before,
            features,
        } = self;
        stft.finish(|power| bands.frame(power, before, features));
    }
}

/// Triangular filters over the lines of the network's transform, mapped to the lines of ours.
struct Bands {
    /// For each band the first line and the weights from there on.
    filters: Vec<(usize, Vec<f32>)>,
    magnitude: Vec<f32>,
}

impl Bands {
    fn new() -> Bands {
        let centres = own_lines();
        let filters = centres
            .windows(3)
            .map(|c| filter(c[0], c[1], c[2]))
            .collect();
        Bands {
            filters,
            magnitude: Vec::new(),
        }
    }

    fn frame(&mut self, power: &[f32], before: &mut Vec<f32>, features: &mut Vec<f32>) {
        self.magnitude.clear();
        self.magnitude.extend(power.iter().map(|p| p.sqrt()));
        let first = features.len();
        for (from, weights) in &self.filters {
            let lines = &self.magnitude[*from..];
            let sum: f32 = weights.iter().zip(lines).map(|(w, m)| w * m).sum();
            features.push((sum + 1.0).log10());
        }
        if before.is_empty() {
            // The first frame has no increase.
            before.extend_from_slice(&features[first..]);
        }
        for (band, last) in before.iter_mut().enumerate() {
            let now = features[first + band];
            features.push((now - *last).max(0.0));
            *last = now;
        }
    }
}

/// Indices of the lines, in a transform as long as the window, that are nearest to the bands'
/// centres, each once.
fn own_lines() -> Vec<usize> {
    let line_hz = own_line_hz();
    let (from, to) = RANGE_HZ;
    let places = |hz: f64| (hz / 440.0).log2() * BANDS_PER_OCTAVE;
    let mut lines: Vec<usize> = (places(from).floor() as i32..places(to).ceil() as i32)
        .map(|place| 440.0 * 2f64.powf(f64::from(place) / BANDS_PER_OCTAVE))
        .filter(|hz| (from..=to).contains(hz))
        .map(|hz| ((hz / line_hz).round() as usize).clamp(1, WINDOW / 2 - 1))
        .collect();
    lines.dedup();
    lines
}

/// madmom's lines: half of the window, rounded down, counts as half of the sample rate.
fn own_line_hz() -> f64 {
    f64::from(MUSIC_RATE_HZ) / (2 * (WINDOW / 2)) as f64
}

/// A triangle of area 1 from line `start` over `centre` to `stop` (exclusive), as weights of our
/// lines: each line of the network is interpolated between the two of ours around it.
fn filter(start: usize, centre: usize, stop: usize) -> (usize, Vec<f32>) {
    let (centre, stop) = if stop - start < 2 {
        (start, start + 1)
    } else {
        (centre, stop)
    };
    let height = |line: usize| {
        if line < centre {
            (line - start) as f64 / (centre - start) as f64
        } else {
            (stop - line) as f64 / (stop - centre) as f64
        }
    };
    let area: f64 = (start..stop).map(height).sum();
    // In the real transform the lines of a window of odd length are slightly closer together.
    let ours = |line: usize| line as f64 * N_FFT as f64 / WINDOW as f64;
    let first = ours(start) as usize;
    let mut weights = vec![0.0; ours(stop) as usize + 2 - first];
    for line in start..stop {
        let (place, share) = (ours(line), height(line) / area);
        let (below, part) = (place as usize, place.fract());
        weights[below - first] += (share * (1.0 - part)) as f32;
        weights[below + 1 - first] += (share * part) as f32;
    }
    (first, weights)
}
