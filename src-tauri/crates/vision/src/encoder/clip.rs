//! CLIP's visual tower: a frame's vector is its image embedding.

use needledrop_models::Pack;
use needledrop_models::runtime::{self, Provider, ProviderChoice, SessionOptions};

use super::frame_encoder::FrameEncoder;
use super::picture_model::PictureModel;
use crate::{Picture, Preprocess, VisionError};

const OUTPUT: &str = "image_embeds";

/// On a CPU larger batches are slower and take more memory.
const CPU_BATCH: usize = 2;

/// CLIP's visual tower.
pub(crate) struct Clip {
    model: PictureModel,
    provider: ProviderChoice,
    prep: Preprocess,
    batch: usize,
    dim: usize,
    pixels: Vec<f32>,
}

impl Clip {
    pub(crate) fn open(pack: &Pack, options: &SessionOptions) -> Result<Self, VisionError> {
        let visual = &pack.manifest.visual;
        let (session, provider) = runtime::session(&pack.file(&visual.file)?, options)?;
        let model = PictureModel::new(session, visual.input_size, &[OUTPUT])?;
        let batch = match provider.used {
            Provider::Cpu => visual.batch.min(CPU_BATCH),
            _ => visual.batch,
        };
        let prep = Preprocess::new(visual);
        Ok(Clip {
            model,
            provider,
            prep,
            batch,
            dim: visual.dim,
            pixels: Vec::new(),
        })
    }
}

impl FrameEncoder for Clip {
    fn dim(&self) -> usize {
        self.dim
    }

    fn batch(&self) -> usize {
        self.batch
    }

    fn encode(&mut self, frames: &[Picture<'_>]) -> Result<Vec<Vec<f32>>, VisionError> {
        let mut vectors = Vec::with_capacity(frames.len());
        let one = self.prep.len();
        for batch in frames.chunks(self.batch) {
            self.pixels.resize(batch.len() * one, 0.0);
            for (frame, out) in batch.iter().zip(self.pixels.chunks_exact_mut(one)) {
                self.prep.write(frame, out)?;
            }
            let outputs = self
                .model
                .run(batch.len(), &self.pixels, &[(OUTPUT, self.dim)])?;
            for rows in outputs {
                vectors.extend(rows.chunks_exact(self.dim).map(<[f32]>::to_vec));
            }
        }
        Ok(vectors)
    }

    fn provider(&self) -> &ProviderChoice {
        &self.provider
    }
}
