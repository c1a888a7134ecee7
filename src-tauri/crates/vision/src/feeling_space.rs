//! Arousal and valence as they are read from a clip vector.

use std::path::Path;

use needledrop_models::{Tensor, Tensors};

use crate::{Feeling, VisionError};

/// A linear map from clip vectors to feelings, fitted to labels of pictures (`training/eyes`).
pub struct FeelingSpace {
    /// `[2, dim]`: arousal, valence, each from 0 to 1.
    weight: Tensor,
    /// `[2]`.
    bias: Vec<f32>,
}

impl FeelingSpace {
    /// Reads `weight` `[2, dim]` and `bias` `[2]`; `dim` is the length of a clip vector.
    ///
    /// # Errors
    /// `Model(BadTensors)` where a tensor is missing, has another shape or is not finite.
    pub fn open(path: &Path, dim: usize) -> Result<FeelingSpace, VisionError> {
        let mut tensors = Tensors::open(path)?;
        Ok(FeelingSpace {
            weight: tensors.take("weight", &[Some(2), Some(dim)])?,
            bias: tensors.take("bias", &[Some(2)])?.data,
        })
    }

    /// The feeling of a clip vector, each axis from −1 to 1. A vector of another length is read up to the shorter length.
    pub fn read(&self, vector: &[f32]) -> Feeling {
        let axis = |at: usize| {
            let row = &self.weight.data[at * self.weight.shape[1]..];
            let sum: f32 = row.iter().zip(vector).map(|(w, x)| w * x).sum();
            (2.0 * (sum + self.bias[at]) - 1.0).clamp(-1.0, 1.0)
        };
        Feeling {
            arousal: axis(0),
            valence: axis(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feeling_is_a_clamped_linear_map_of_the_clip_vector() {
        let space = FeelingSpace {
            weight: Tensor {
                shape: vec![2, 2],
                data: vec![0.5, 0.0, 0.0, -3.0],
            },
            bias: vec![0.5, 0.5],
        };
        let feeling = space.read(&[0.6, 0.8]);
        assert!((feeling.arousal - 0.6).abs() < 1e-6, "2 (0.3 + 0.5) - 1");
        assert_eq!(feeling.valence, -1.0, "below the scale");
    }
}
