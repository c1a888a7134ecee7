//! Constants that make raw picture features comparable.

use std::path::Path;

use needledrop_models::{Tensor, Tensors};

use crate::picture_features::{FEATURE_COUNT, picture_features};
use crate::{Picture, VisionError};

/// Standardised features are limited to this many standard deviations.
const OUTLIER: f32 = 3.0;

/// Mean, deviation and scale of each picture feature, and an optional projection of the
/// classifier's embedding.
pub(crate) struct FeatureSpace {
    mean: Vec<f32>,
    std: Vec<f32>,
    scale: Vec<f32>,
    components: Option<Components>,
}

/// Principal components of the embedding.
struct Components {
    mean: Vec<f32>,
    /// `[k, embedding]`.
    rows: Tensor,
    scale: Vec<f32>,
}

impl FeatureSpace {
    /// Reads `look_mean`, `look_std` and `look_scale` (each `[FEATURE_COUNT]`, the last one also
    /// `[1]`) and, if present, `pca.mean` `[d]`, `pca.components` `[k, d]` and `pca.scale` (`[k]`
    /// or `[1]`).
    pub(crate) fn open(path: &Path) -> Result<FeatureSpace, VisionError> {
        let mut tensors = Tensors::open(path)?;
        let mean = tensors.take("look_mean", &[Some(FEATURE_COUNT)])?.data;
        let std = tensors.take("look_std", &[Some(FEATURE_COUNT)])?.data;
        if std.iter().any(|s| *s <= 0.0) {
            return Err(tensors.bad("expected look_std above 0".into()).into());
        }
        let scale = scales(&mut tensors, "look_scale", FEATURE_COUNT)?;
        let components = if tensors.get("pca.components").is_some() {
            let rows = tensors.take("pca.components", &[None, None])?;
            let mean = tensors.take("pca.mean", &[Some(rows.shape[1])])?.data;
            let scale = scales(&mut tensors, "pca.scale", rows.shape[0])?;
            Some(Components { mean, rows, scale })
        } else {
            None
        };
        Ok(FeatureSpace {
            mean,
            std,
            scale,
            components,
        })
    }

    /// Length of the result of [`features`](Self::features).
    pub(crate) fn dim(&self) -> usize {
        FEATURE_COUNT + self.components.as_ref().map_or(0, |c| c.rows.shape[0])
    }

    /// Length of the embedding that the components take; `None` without components.
    pub(crate) fn embedding_dim(&self) -> Option<usize> {
        self.components.as_ref().map(|c| c.mean.len())
    }

    /// `(x − mean) / std`, limited to ±[`OUTLIER`], times scale; then `components · (embedding −
    /// mean) · scale`.
    pub(crate) fn features(&self, picture: &Picture<'_>, embedding: Option<&[f32]>) -> Vec<f32> {
        let mut features = Vec::with_capacity(self.dim());
        let raw = picture_features(picture);
        let constants = self.mean.iter().zip(&self.std).zip(&self.scale);
        for (x, ((mean, std), scale)) in raw.iter().zip(constants) {
            features.push(((x - mean) / std).clamp(-OUTLIER, OUTLIER) * scale);
        }
        if let (Some(components), Some(embedding)) = (&self.components, embedding) {
            let centred: Vec<f32> = embedding
                .iter()
                .zip(&components.mean)
                .map(|(x, m)| x - m)
                .collect();
            let rows = components.rows.data.chunks_exact(centred.len());
            for (row, scale) in rows.zip(&components.scale) {
                let dot: f64 = row
                    .iter()
                    .zip(&centred)
                    .map(|(a, b)| f64::from(*a) * f64::from(*b))
                    .sum();
                features.push(dot as f32 * scale);
            }
        }
        features
    }
}

/// A tensor of `n` scales; a single scale is used for all.
fn scales(tensors: &mut Tensors, name: &str, n: usize) -> Result<Vec<f32>, VisionError> {
    let tensor = tensors.take(name, &[None])?;
    match tensor.data.as_slice() {
        [one] => Ok(vec![*one; n]),
        all if all.len() == n => Ok(tensor.data),
        all => {
            let reason = format!("expected {name} of length {n} or 1, got {}", all.len());
            Err(tensors.bad(reason).into())
        }
    }
}
