//! The audio tower of LAION-CLAP (Y. Wu et al., *Large-scale contrastive language-audio
//! pretraining*, 2023), run over a whole track in windows of 10 s.

use needledrop_models::Pack;
use needledrop_models::runtime::{self, ProviderChoice, SessionOptions};
use ort::session::Session;
use ort::value::TensorRef;

use super::clap_mel::{BANDS, ClapMel, FRAMES, RATE_HZ, WINDOW};
use super::tag_space::unit;
use super::window::Window;
use crate::AudioError;

const INPUT: &str = "input_features";
/// Length of a window, seconds.
pub const WINDOW_S: f64 = WINDOW as f64 / RATE_HZ as f64;
/// A shorter rest at the end is dropped if there are other windows, samples.
const LEAST_REST: usize = 3 * RATE_HZ as usize;

/// The model, and the state of the track that it reads.
pub struct Clap {
    session: Session,
    provider: ProviderChoice,
    dim: usize,
    mel: ClapMel,
    pending: Vec<f32>,
    windows: Vec<Window>,
}

impl Clap {
    /// Opens the one file of `[audio]`: `input_features [n, 1, 1001, 64]` → embedding `[n, dim]`.
    ///
    /// # Errors
    /// `Model`; `BadPack` where the model has no such input.
    pub fn open(pack: &Pack, options: &SessionOptions) -> Result<Clap, AudioError> {
        let audio = &pack.manifest.audio;
        let bad = |reason: String| AudioError::BadPack {
            pack: pack.manifest.name.clone(),
            reason,
        };
        let [file] = audio.files.as_slice() else {
            let got = audio.files.len();
            return Err(bad(format!(
                "expected one file in [audio] files, got {got}"
            )));
        };
        let (session, provider) = runtime::session(&pack.file(file)?, options)?;
        if !session.inputs().iter().any(|i| i.name() == INPUT) {
            return Err(bad(format!("{file} has no input {INPUT}")));
        }
        let (pending, windows) = (Vec::new(), Vec::new());
        Ok(Clap {
            session,
            provider,
            dim: audio.dim,
            mel: ClapMel::new(),
            pending,
            windows,
        })
    }

    /// The provider that runs the model.
    pub fn provider(&self) -> &ProviderChoice {
        &self.provider
    }

    /// Begins a new track.
    pub fn begin(&mut self) {
        self.pending.clear();
        self.windows.clear();
    }

    /// Takes 48 kHz mono samples and embeds every complete window.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.pending.extend_from_slice(samples);
        while self.pending.len() >= WINDOW {
            let rest = self.pending.split_off(WINDOW);
            let window = std::mem::replace(&mut self.pending, rest);
            self.embed(&window)?;
        }
        Ok(())
    }

    /// Embeds the rest of the track; gives one window for every 10 s.
    pub fn finish(&mut self) -> Result<Vec<Window>, AudioError> {
        let rest = std::mem::take(&mut self.pending);
        if rest.len() >= LEAST_REST || (self.windows.is_empty() && !rest.is_empty()) {
            self.embed(&rest)?;
        }
        Ok(std::mem::take(&mut self.windows))
    }

    fn embed(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        let picture = self.mel.picture(samples);
        let input = TensorRef::from_array_view(([1, 1, FRAMES, BANDS], picture.as_slice()))
            .map_err(runtime::run_failed)?;
        let outputs = self
            .session
            .run(ort::inputs![INPUT => input])
            .map_err(runtime::run_failed)?;
        let output = outputs.get("audio_embeds").unwrap_or(&outputs[0]);
        let (_, values) = output
            .try_extract_tensor::<f32>()
            .map_err(runtime::run_failed)?;
        if values.len() != self.dim {
            let reason = format!(
                "expected an embedding of {} numbers, got {}",
                self.dim,
                values.len()
            );
            return Err(AudioError::Model(
                needledrop_models::ModelError::Inference { reason },
            ));
        }
        let start_s = self.windows.len() as f64 * WINDOW_S;
        let end_s = start_s + samples.len() as f64 / f64::from(RATE_HZ);
        self.windows.push(Window {
            start_s,
            end_s,
            values: unit(values.to_vec()),
        });
        Ok(())
    }
}
