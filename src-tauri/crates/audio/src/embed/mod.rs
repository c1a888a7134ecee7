//! Audio encoders: a mono signal becomes windows, and windows become a vector in the audio space.

mod clap;
pub mod clap_mel;
pub mod log_mel;
mod musicnn;
mod tag_scores;
pub mod tag_space;
mod window;

use needledrop_models::runtime::{ProviderChoice, SessionOptions};
use needledrop_models::{AudioKind, Pack};

use crate::AudioError;
use clap::Clap;
use musicnn::Musicnn;
pub use tag_scores::TagScores;
use tag_space::unit;
pub use window::{Window, between, mean};

/// The audio encoder of a pack. It reads one signal at a time: `begin`, `push`…, `finish`.
pub enum Encoder {
    /// musicnn taggers with the tag space.
    Musicnn(Box<Musicnn>),
    /// CLAP's audio tower.
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

    /// Sample rate of the input of [`push`](Encoder::push), Hz.
    pub fn rate_hz(&self) -> u32 {
        match self {
            Encoder::Musicnn(_) => log_mel::RATE_HZ,
            Encoder::Clap(_) => clap_mel::RATE_HZ,
        }
    }

    /// Length of the shortest signal that gives a window, seconds.
    pub fn least_s(&self) -> f64 {
        match self {
            Encoder::Musicnn(_) => 3.0,
            Encoder::Clap(_) => 1.0,
        }
    }

    /// Distance of windows, seconds. A preview that starts on a multiple of it needs no extra
    /// window.
    pub fn grid_s(&self) -> f64 {
        match self {
            Encoder::Musicnn(_) => 1.0,
            Encoder::Clap(_) => clap::WINDOW_S,
        }
    }

    /// The provider that runs the models.
    pub fn provider(&self) -> &ProviderChoice {
        match self {
            Encoder::Musicnn(m) => m.provider(),
            Encoder::Clap(c) => c.provider(),
        }
    }

    /// Only windows within this time from the start can be computed again, seconds.
    pub fn fine_within_s(&self) -> f64 {
        match self {
            Encoder::Musicnn(_) => musicnn::KEPT_S,
            Encoder::Clap(_) => f64::INFINITY,
        }
    }

    /// Begins a new signal whose coarse windows are `every_s` seconds apart.
    pub fn begin(&mut self, every_s: f64) {
        match self {
            Encoder::Musicnn(m) => m.begin(every_s),
            Encoder::Clap(c) => c.begin(),
        }
    }

    /// Encodes the next mono samples, at any block size.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        match self {
            Encoder::Musicnn(m) => m.push(samples),
            Encoder::Clap(c) => c.push(samples),
        }
    }

    /// Ends the signal; gives the coarse windows in time order, at least one.
    pub fn finish(&mut self) -> Result<Vec<Window>, AudioError> {
        match self {
            Encoder::Musicnn(m) => m.finish(),
            Encoder::Clap(c) => c.finish(),
        }
    }

    /// All windows whose middle lies between two times, including those of `coarse`.
    pub fn fine(
        &mut self,
        coarse: &[Window],
        start_s: f64,
        end_s: f64,
    ) -> Result<Vec<Window>, AudioError> {
        match self {
            Encoder::Musicnn(m) => m.fine(coarse, start_s, end_s),
            // CLAP has no others.
            Encoder::Clap(_) => Ok(between(coarse, start_s, end_s)
                .into_iter()
                .cloned()
                .collect()),
        }
    }

    /// Unit vector of a stretch, from the mean over its windows.
    pub fn vector(&self, windows: &[&Window]) -> Vec<f32> {
        let mean = mean(windows);
        match self {
            Encoder::Musicnn(m) => m.space().vector(&mean),
            Encoder::Clap(_) => unit(mean),
        }
    }

    /// Tags of a stretch; `None` for an encoder without tags.
    pub fn tag_scores(&self, windows: &[&Window]) -> Option<TagScores> {
        match self {
            Encoder::Musicnn(m) => Some(m.tag_scores(&mean(windows))),
            Encoder::Clap(_) => None,
        }
    }
}
