//! A frame encoder that describes a frame in words: the likeliest class names of a classifier, as a
//! mix of sentence vectors, followed by picture features.
//!
//! A frame's vector is `S ‖ F`. `S` is the mix of the centred sentence vectors of class names,
//! weighted by the probability of the `top_k` likeliest classes and scaled to length 1; a pack with a
//! scene space adds what its linear map reads from the embedding and `F`. `F`, if the pack has a look
//! space, is the standardised picture features and, if that file has components, principal components
//! of the classifier's embedding.

use needledrop_models::runtime::{self, ProviderChoice, SessionOptions};
use needledrop_models::{Pack, Tensor, Tensors};

use super::frame_encoder::FrameEncoder;
use super::picture_model::PictureModel;
use crate::feature_space::FeatureSpace;
use crate::mean::unit;
use crate::scene_space::SceneSpace;
use crate::{Picture, Preprocess, VisionError};

const LOGITS: &str = "logits";
const EMBEDDING: &str = "embedding";
const TOP_K: usize = 10;

/// The classifier and its spaces.
pub(crate) struct Classes {
    model: PictureModel,
    provider: ProviderChoice,
    prep: Preprocess,
    /// `[classes, words]`, one centred sentence vector a class.
    space: Tensor,
    look: Option<FeatureSpace>,
    scene: Option<SceneSpace>,
    /// Length of the classifier's embedding, if look or scene read it.
    embedding: Option<usize>,
    top_k: usize,
    temperature: f32,
    dim: usize,
    batch: usize,
    pixels: Vec<f32>,
}

impl Classes {
    pub(crate) fn open(pack: &Pack, options: &SessionOptions) -> Result<Self, VisionError> {
        let visual = &pack.manifest.visual;
        let Some(class_space) = &visual.class_space else {
            let reason = "expected class_space under [visual], as its kind is classes".to_owned();
            return Err(VisionError::Mismatch { reason });
        };
        let mut tensors = Tensors::open(&pack.file(class_space)?)?;
        let space = tensors.take("vectors", &[None, None])?;
        let look = match &visual.look_space {
            Some(path) => Some(FeatureSpace::open(&pack.file(path)?)?),
            None => None,
        };
        let features = look.as_ref().map_or(0, FeatureSpace::dim);
        let scene = match &visual.scene_space {
            Some(path) => Some(SceneSpace::open(
                &pack.file(path)?,
                space.shape[1],
                features,
            )?),
            None => None,
        };
        let embedding = read_by_both(
            look.as_ref().and_then(FeatureSpace::embedding_dim),
            scene.as_ref().map(SceneSpace::embedding_dim),
        )?;
        let dim = space.shape[1] + features;
        if dim != visual.dim {
            return Err(VisionError::Mismatch {
                reason: format!(
                    "expected frame vectors of length {} as the manifest says, the spaces give {dim}",
                    visual.dim
                ),
            });
        }
        let (session, provider) = runtime::session(&pack.file(&visual.file)?, options)?;
        let mut outputs = vec![LOGITS];
        outputs.extend(embedding.map(|_| EMBEDDING));
        Ok(Classes {
            model: PictureModel::new(session, visual.input_size, &outputs)?,
            provider,
            prep: Preprocess::new(visual),
            top_k: visual.top_k.unwrap_or(TOP_K).clamp(1, space.shape[0]),
            temperature: visual.temperature.unwrap_or(1.0).clamp(0.1, 100.0),
            space,
            look,
            scene,
            embedding,
            dim,
            batch: visual.batch,
            pixels: Vec::new(),
        })
    }
}

impl FrameEncoder for Classes {
    fn dim(&self) -> usize {
        self.dim
    }

    fn batch(&self) -> usize {
        self.batch
    }

    fn encode(&mut self, frames: &[Picture<'_>]) -> Result<Vec<Vec<f32>>, VisionError> {
        let mut vectors = Vec::with_capacity(frames.len());
        let classes = self.space.shape[0];
        let embedding = self.embedding;
        let mut wanted = vec![(LOGITS, classes)];
        wanted.extend(embedding.map(|dim| (EMBEDDING, dim)));
        let one = self.prep.len();
        for batch in frames.chunks(self.batch) {
            self.pixels.resize(batch.len() * one, 0.0);
            for (frame, out) in batch.iter().zip(self.pixels.chunks_exact_mut(one)) {
                self.prep.write(frame, out)?;
            }
            let outputs = self.model.run(batch.len(), &self.pixels, &wanted)?;
            for (i, frame) in batch.iter().enumerate() {
                let row = |output: usize, dim: usize| &outputs[output][i * dim..(i + 1) * dim];
                let embedded = embedding.map(|dim| row(1, dim));
                let features = match &self.look {
                    Some(look) => look.features(frame, embedded),
                    None => Vec::new(),
                };
                let mut vector = mix(row(0, classes), &self.space, self.top_k, self.temperature)?;
                if let (Some(scene), Some(embedded)) = (&self.scene, embedded) {
                    vector = scene.sentence(&vector, embedded, &features)?;
                }
                vector.extend(features);
                vectors.push(vector);
            }
        }
        Ok(vectors)
    }

    fn provider(&self) -> &ProviderChoice {
        &self.provider
    }
}

/// The length of the embedding that look and scene read; an error where they expect different ones.
fn read_by_both(look: Option<usize>, scene: Option<usize>) -> Result<Option<usize>, VisionError> {
    match (look, scene) {
        (Some(look), Some(scene)) if look != scene => Err(VisionError::Mismatch {
            reason: format!(
                "expected one length of the embedding, look_space has {look} and scene_space {scene}"
            ),
        }),
        (look, scene) => Ok(look.or(scene)),
    }
}

/// Unit vector of the rows of `space`, weighted by the softmax over the `top_k` highest logits at
/// `temperature`.
fn mix(
    logits: &[f32],
    space: &Tensor,
    top_k: usize,
    temperature: f32,
) -> Result<Vec<f32>, VisionError> {
    let mut order: Vec<usize> = (0..logits.len()).collect();
    if top_k < order.len() {
        order.select_nth_unstable_by(top_k, |&a, &b| logits[b].total_cmp(&logits[a]));
        order.truncate(top_k);
    }
    // The same order in every run, so that the sum is the same to the last bit.
    order.sort_unstable();
    let highest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let dim = space.shape[1];
    let mut sum = vec![0.0f64; dim];
    for class in order {
        // The denominator of the softmax scales all weights alike; the normalisation removes it.
        let weight = f64::from((logits[class] - highest) / temperature).exp();
        for (s, x) in sum
            .iter_mut()
            .zip(&space.data[class * dim..(class + 1) * dim])
        {
            *s += weight * f64::from(*x);
        }
    }
    unit(&sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> Tensor {
        Tensor {
            shape: vec![3, 2],
            data: vec![1.0, 0.0, 0.0, 1.0, -1.0, 0.0],
        }
    }

    #[test]
    fn a_frame_of_one_certain_class_has_its_vector() {
        let vector = mix(&[0.0, 60.0, 0.0], &space(), 3, 1.0).unwrap();
        assert!((vector[1] - 1.0).abs() < 1e-6, "{vector:?}");
    }

    #[test]
    fn only_the_likeliest_classes_count() {
        let vector = mix(&[2.0, 1.0, 1.9], &space(), 1, 1.0).unwrap();
        assert_eq!(vector, [1.0, 0.0], "the first alone");
        let both = mix(&[1.0, 1.0, -50.0], &space(), 2, 1.0).unwrap();
        let half = std::f32::consts::FRAC_1_SQRT_2;
        assert!(
            (both[0] - half).abs() < 1e-6 && (both[1] - half).abs() < 1e-6,
            "{both:?}"
        );
    }

    #[test]
    fn classes_that_cancel_out_are_an_error() {
        assert!(
            mix(&[1.0, -50.0, 1.0], &space(), 2, 1.0).is_err(),
            "east and west have no middle"
        );
    }

    #[test]
    fn a_higher_temperature_raises_the_share_of_the_second_class() {
        let second = |t| mix(&[2.0, 0.0, -50.0], &space(), 2, t).unwrap()[1];
        let (cold, warm) = (second(1.0), second(2.0));
        assert!(cold < warm, "{cold} at 1, {warm} at 2");
        let ratio = (-1.0f32).exp();
        let expected = ratio / (1.0 + ratio * ratio).sqrt();
        assert!((warm - expected).abs() < 1e-6, "{warm} against {expected}");
    }
}
