//! The sentence of a scene, read from a classifier's embedding and picture features.
//!
//! A thousand class names say little about drawn pictures, crowds, weather or light. A linear map, learned from pictures
//! with captions (`training/eyes`), adds what the names lack.

use std::path::Path;

use needledrop_models::{Tensor, Tensors};

use crate::VisionError;
use crate::mean::unit;

/// A linear map from embedding and picture features to the sentence space.
pub(crate) struct SceneSpace {
    /// `[words, embedding + features]`.
    weight: Tensor,
    /// `[words]`.
    bias: Vec<f32>,
    embedding: usize,
}

impl SceneSpace {
    /// Reads `weight` `[words, embedding + features]` and `bias` `[words]`; `features` is the number of picture features
    /// of a frame.
    pub(crate) fn open(
        path: &Path,
        words: usize,
        features: usize,
    ) -> Result<SceneSpace, VisionError> {
        let mut tensors = Tensors::open(path)?;
        let weight = tensors.take("weight", &[Some(words), None])?;
        let bias = tensors.take("bias", &[Some(words)])?.data;
        let inputs = weight.shape[1];
        if inputs <= features {
            let reason = format!(
                "expected weight of more than {features} columns, the picture features, got {inputs}"
            );
            return Err(tensors.bad(reason).into());
        }
        Ok(SceneSpace {
            weight,
            bias,
            embedding: inputs - features,
        })
    }

    /// Length of the classifier's embedding.
    pub(crate) fn embedding_dim(&self) -> usize {
        self.embedding
    }

    /// `names + weight · (embedding ‖ features) + bias`, scaled to length 1; `names` is the mix of class names.
    pub(crate) fn sentence(
        &self,
        names: &[f32],
        embedding: &[f32],
        features: &[f32],
    ) -> Result<Vec<f32>, VisionError> {
        let rows = self.weight.data.chunks_exact(self.weight.shape[1]);
        let sums = rows.zip(&self.bias).zip(names).map(|((row, bias), name)| {
            let (of_embedding, of_features) = row.split_at(self.embedding);
            f64::from(*name)
                + f64::from(*bias)
                + dot(of_embedding, embedding)
                + dot(of_features, features)
        });
        unit(&sums.collect::<Vec<f64>>())
    }
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    let products = a.iter().zip(b).map(|(x, y)| f64::from(*x) * f64::from(*y));
    products.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> SceneSpace {
        SceneSpace {
            weight: Tensor {
                shape: vec![2, 3],
                data: vec![0.0, 0.0, 2.0, 1.0, 0.0, 0.0],
            },
            bias: vec![0.0, -1.0],
            embedding: 2,
        }
    }

    #[test]
    fn a_sentence_is_names_plus_a_linear_map_of_embedding_and_features() {
        let sentence = space().sentence(&[1.0, 0.0], &[5.0, 9.0], &[1.0]).unwrap();
        assert!((sentence[0] - 0.6).abs() < 1e-6, "1 + 2 of 5: {sentence:?}");
        assert!((sentence[1] - 0.8).abs() < 1e-6, "5 - 1 of 5: {sentence:?}");
    }

    #[test]
    fn names_alone_count_where_the_map_gives_nothing() {
        let sentence = space().sentence(&[0.6, 1.8], &[0.0, 9.0], &[0.0]).unwrap();
        assert!((sentence[0] - 0.6).abs() < 1e-6 && (sentence[1] - 0.8).abs() < 1e-6);
    }

    #[test]
    fn a_map_without_embedding_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("scene.safetensors");
        let [weight, bias] = [vec![0_u8; 2 * 4 * 4], vec![0_u8; 2 * 4]];
        let view = |shape, data| {
            safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape, data)
        };
        let tensors = [
            ("weight", view(vec![2, 4], &weight).unwrap()),
            ("bias", view(vec![2], &bias).unwrap()),
        ];
        safetensors::serialize_to_file(tensors, None, &path).unwrap();
        assert!(SceneSpace::open(&path, 2, 3).is_ok());
        assert!(
            SceneSpace::open(&path, 2, 4).is_err(),
            "no embedding column"
        );
        assert!(
            SceneSpace::open(&path, 3, 3).is_err(),
            "two words, not three"
        );
    }
}
