//! Expected picture features for the estimates of the look in written pairs.

use std::fs;
use std::path::Path;

use ndarray::{Array1, Array2};
use needledrop_models::{Pack, Tensors};
use safetensors::SafeTensors;

use crate::TrainingError;
use crate::rows::{BridgeRow, Look};

/// Key in the look space's metadata for the names of the features, separated by commas.
const NAMES: &str = "look_names";

/// Standard deviations of the written estimates of light, warmth, saturation and contrast.
const ESTIMATE_DEV: f32 = 0.4;

/// Change of each feature for one standard deviation of light, warmth, saturation and contrast, in standard deviations of
/// the feature. Source: least squares over the pictures of the designer pairs (`training/pairs`), where the features
/// `light`, `warmth`, `saturation` and `light_dev` stand for the four. Training adds the unexplained part as noise.
const SLOPES: [(&str, [f32; 4]); 24] = [
    ("light", [1.0, 0.0, 0.0, 0.0]),
    ("light_dev", [0.0, 0.0, 0.0, 1.0]),
    ("light_low", [0.9, 0.0, 0.1, -0.4]),
    ("light_high", [0.8, 0.0, 0.1, 0.5]),
    ("dark", [-0.8, -0.2, 0.0, 0.1]),
    ("bright", [0.6, -0.1, -0.1, 0.1]),
    ("saturation", [0.0, 0.0, 1.0, 0.0]),
    ("saturation_dev", [0.1, 0.0, 0.3, 0.5]),
    ("colourfulness", [0.5, 0.0, 0.6, 0.3]),
    ("warmth", [0.0, 1.0, 0.0, 0.0]),
    ("green_red", [-0.2, -0.2, 0.1, 0.2]),
    ("grey", [-0.4, 0.0, -0.8, 0.0]),
    ("hue_0", [-0.2, 0.0, 0.0, 0.1]),
    ("hue_1", [-0.2, 0.3, 0.1, 0.2]),
    ("hue_2", [0.1, 0.6, 0.0, 0.1]),
    ("hue_3", [0.1, 0.4, 0.2, -0.1]),
    ("hue_4", [0.1, -0.1, 0.1, -0.1]),
    ("hue_5", [0.4, -0.3, 0.0, -0.1]),
    ("hue_6", [0.2, -0.7, 0.2, 0.1]),
    ("hue_7", [0.0, -0.6, 0.3, 0.2]),
    ("edge_fine", [0.0, 0.2, 0.0, 0.6]),
    ("edge_coarse", [0.0, 0.0, 0.0, 0.9]),
    ("edge_level", [0.1, -0.1, 0.0, 0.1]),
    ("palette", [0.4, 0.0, 0.2, 0.5]),
];

/// The picture features of a pack, and how the look changes them.
pub(crate) struct LookFeatures {
    slopes: Vec<[f32; 4]>,
    scale: Vec<f32>,
}

impl LookFeatures {
    /// Reads the features that follow the words in the pack's frame vectors: first those that the look space names in its
    /// metadata, then components of the embedding, which do not depend on the look.
    pub(crate) fn open(pack: &Pack) -> Result<LookFeatures, TrainingError> {
        let Some(file) = &pack.manifest.visual.look_space else {
            return Ok(LookFeatures {
                slopes: Vec::new(),
                scale: Vec::new(),
            });
        };
        LookFeatures::read(&pack.file(file)?)
    }

    fn read(path: &Path) -> Result<LookFeatures, TrainingError> {
        let tensors = Tensors::open(path)?;
        let bytes =
            fs::read(path).map_err(|e| TrainingError::io("read the look space", path, e))?;
        let (_, header) =
            SafeTensors::read_metadata(&bytes).map_err(|e| tensors.bad(e.to_string()))?;
        let names = header.metadata().as_ref().and_then(|m| m.get(NAMES));
        let Some(names) = names else {
            return Err(tensors
                .bad(format!("expected {NAMES} in its metadata"))
                .into());
        };
        let names: Vec<&str> = names.split(',').map(str::trim).collect();
        let scale_of = |tensor: &str, n: usize| -> Result<Vec<f32>, TrainingError> {
            match tensors.get(tensor).map(|t| t.data.as_slice()) {
                Some([one]) => Ok(vec![*one; n]),
                Some(all) if all.len() == n => Ok(all.to_vec()),
                other => {
                    let got = other.map_or(0, <[f32]>::len);
                    Err(tensors
                        .bad(format!("expected {n} values in {tensor}, got {got}"))
                        .into())
                }
            }
        };
        let mut scale = scale_of("look_scale", names.len())?;
        let slope = |name: &&str| {
            SLOPES
                .iter()
                .find(|(n, _)| n == name)
                .map_or([0.0; 4], |s| s.1)
        };
        let mut slopes: Vec<[f32; 4]> = names.iter().map(slope).collect();
        if let Some(components) = tensors.get("pca.components") {
            let k = components.shape[0];
            scale.extend(scale_of("pca.scale", k)?);
            slopes.extend(std::iter::repeat_n([0.0; 4], k));
        }
        Ok(LookFeatures { slopes, scale })
    }

    /// Expected scaled features, one row per written row, each limited to ±3 standard deviations as pictures' features are.
    pub(crate) fn expect_rows(&self, rows: &[BridgeRow]) -> Array2<f32> {
        Array2::from_shape_fn((rows.len(), self.slopes.len()), |(row, feature)| {
            let Look {
                light,
                warmth,
                saturation,
                contrast,
            } = rows[row].look;
            let estimates = [light, warmth, saturation, contrast];
            let sum: f32 = self.slopes[feature]
                .iter()
                .zip(estimates)
                .map(|(s, e)| s * e / ESTIMATE_DEV)
                .sum();
            sum.clamp(-3.0, 3.0) * self.scale[feature]
        })
    }

    /// Value of each feature at one standard deviation.
    pub(crate) fn scale(&self) -> Array1<f32> {
        Array1::from_vec(self.scale.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{RowMode, RowMood};
    use safetensors::Dtype;
    use safetensors::tensor::TensorView;
    use std::collections::HashMap;

    fn row(light: f32, warmth: f32) -> BridgeRow {
        BridgeRow {
            scene: "A".into(),
            seen: Vec::new(),
            look: Look {
                light,
                warmth,
                saturation: 0.0,
                contrast: 0.0,
            },
            music: "B".into(),
            bpm: [60, 80],
            mode: RowMode::Either,
            mood: RowMood::Calm,
            theme: String::new(),
        }
    }

    fn look_space(names: Option<&str>) -> Result<LookFeatures, TrainingError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("look.safetensors");
        let scale: Vec<u8> = [0.5f32, 0.5, 0.25]
            .iter()
            .flat_map(|v| v.to_le_bytes())
            .collect();
        let view = TensorView::new(Dtype::F32, vec![3], &scale).unwrap();
        let metadata = names.map(|n| HashMap::from([(NAMES.to_owned(), n.to_owned())]));
        let bytes = safetensors::serialize([("look_scale", view)], metadata).unwrap();
        fs::write(&path, bytes).unwrap();
        LookFeatures::read(&path)
    }

    #[test]
    fn features_follow_the_estimates_by_name() {
        let features = look_space(Some("warmth,dark,unheard_of")).unwrap();
        let expected = features.expect_rows(&[row(-1.0, 0.5), row(0.0, 0.0)]);
        assert!(
            (expected[[0, 0]] - 0.625).abs() < 1e-6,
            "one and a quarter deviations of warmth, scaled by ½"
        );
        assert!(
            expected[[0, 1]] > 0.5,
            "the feature of dark areas is high for a dark scene"
        );
        assert_eq!(
            expected[[0, 2]],
            0.0,
            "nothing is expected of a feature without a slope"
        );
        assert!(
            expected.row(1).iter().all(|v| *v == 0.0),
            "the mean look is 0"
        );
    }

    #[test]
    fn a_look_space_without_names_is_refused() {
        assert_eq!(look_space(None).err().unwrap().code(), "model_corrupt");
    }
}
