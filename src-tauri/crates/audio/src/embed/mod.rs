//! Encoders: from a mono signal to windows, and from windows to a vector in the audio space.

mod clap;
pub mod clap_mel;
pub mod log_mel;
mod musicnn;
pub mod tag_space;
mod tag_words;
mod window;

use needledrop_models::runtime::{ProviderChoice, SessionOptions};
use needledrop_models::{AudioKind, Pack};

use crate::AudioError;
use clap::Clap;
use musicnn::Musicnn;
use tag_space::unit;
pub use tag_words::Heard;
pub use window::{Window, between, mean};

/// The encoder of a pack. One signal at a time: `begin`, `push`…, `finish`.
pub enum Encoder {
    /// Taggers and the tag space.
    Musicnn(Box<Musicnn>),
    /// The CLAP audio tower.
    Clap(Box<Clap>),
}

impl Encoder {
    /// Opens the models of `[audio]`.
    pub fn open(pack: &Pack, options: &SessionOptions) -> Result<Encoder, AudioError> {
        match pack.manifest.audio.kind {
            AudioKind::Musicnn => Ok(Encoder::Musicnn(Box::new(Musicnn::open(pack, options)?))),
            AudioKind::Clap => Ok(Encoder::Clap(Box::new(Clap::open(pack, options)?))),
        }
    }

    /// Sample rate that [`push`](Encoder::push) takes, Hz.
    pub fn rate_hz(&self) -> u32 {
        match self {
            Encoder::Musicnn(_) => log_mel::RATE_HZ,
            Encoder::Clap(_) => clap_mel::RATE_HZ,
        }
    }

    /// Shortest signal that gives a window, seconds.
    pub fn least_s(&self) -> f64 {
        match self {
            Encoder::Musicnn(_) => 3.0,
            Encoder::Clap(_) => 1.0,
        }
    }

    /// Distance of the windows, seconds; a preview best starts on a multiple of it.
    pub fn grid_s(&self) -> f64 {
        match self {
            Encoder::Musicnn(_) => 1.0,
            Encoder::Clap(_) => clap::WINDOW_S,
        }
    }

    /// What runs the models.
    pub fn provider(&self) -> &ProviderChoice {
        match self {
            Encoder::Musicnn(m) => m.provider(),
            Encoder::Clap(c) => c.provider(),
        }
    }

    /// Longest part from the start of which every window can be had, seconds.
    pub fn fine_within_s(&self) -> f64 {
        match self {
            Encoder::Musicnn(_) => musicnn::KEPT_S,
            Encoder::Clap(_) => f64::INFINITY,
        }
    }

    /// Forgets the last signal; its coarse windows will be this far apart, seconds.
    pub fn begin(&mut self, every_s: f64) {
        match self {
            Encoder::Musicnn(m) => m.begin(every_s),
            Encoder::Clap(c) => c.begin(),
        }
    }

    /// Takes mono samples in.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        match self {
            Encoder::Musicnn(m) => m.push(samples),
            Encoder::Clap(c) => c.push(samples),
        }
    }

    /// Ends the signal and gives the coarse windows in time order, at least one.
    pub fn finish(&mut self) -> Result<Vec<Window>, AudioError> {
        match self {
            Encoder::Musicnn(m) => m.finish(),
            Encoder::Clap(c) => c.finish(),
        }
    }

    /// All windows whose middle lies between two times, those of `coarse` too.
    pub fn fine(
        &mut self,
        coarse: &[Window],
        start_s: f64,
        end_s: f64,
    ) -> Result<Vec<Window>, AudioError> {
        match self {
            Encoder::Musicnn(m) => m.fine(coarse, start_s, end_s),
            // They are all there is.
            Encoder::Clap(_) => Ok(between(coarse, start_s, end_s)
                .into_iter()
                .cloned()
                .collect()),
        }
    }

    /// The vector of a stretch, of length 1: from the mean over its windows.
    pub fn vector(&self, windows: &[&Window]) -> Vec<f32> {
        let mean = mean(windows);
        match self {
            Encoder::Musicnn(m) => m.space().vector(&mean),
            Encoder::Clap(_) => unit(mean),
        }
    }

    /// What the tagger says of a stretch; `None` where the encoder has none.
    pub fn heard(&self, windows: &[&Window]) -> Option<Heard> {
        match self {
            Encoder::Musicnn(m) => Some(m.heard(&mean(windows))),
            Encoder::Clap(_) => None,
        }
    }
}
