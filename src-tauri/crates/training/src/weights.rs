//! The file of a projector: safetensors with f16 values.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use half::f16;
use ndarray::{Array1, Array2};
use needledrop_models::{Tensor, Tensors};
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::yardstick::fitted::SOURCES_KEY;
use crate::{Network, TrainingError};

impl Network {
    /// Writes `skip.weight` (if there is a skip) and `.weight` and `.bias` of `fc1`, `fc2`, `fc3` as f16. An older file is
    /// replaced only when the new one is complete.
    ///
    /// # Errors
    /// `Io`; `Diverged` for a weight that is too large for f16 or not finite.
    pub fn save(&self, path: &Path) -> Result<(), TrainingError> {
        self.save_fitted(path, &[])
    }

    /// [`Network::save`], with the names of the sources that the weights were fitted to in the file's metadata, as a
    /// JSON list under `sources`.
    ///
    /// # Errors
    /// As [`Network::save`].
    pub fn save_fitted(&self, path: &Path, sources: &[String]) -> Result<(), TrainingError> {
        let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
        let mut add = |name: String, shape: &[usize], values: &mut dyn Iterator<Item = f32>| {
            let halves: Vec<f16> = values.map(f16::from_f32).collect();
            if halves.iter().any(|h| !h.is_finite()) {
                return Err(TrainingError::Diverged { epoch: 0 });
            }
            let bytes = halves.iter().flat_map(|h| h.to_le_bytes()).collect();
            tensors.push((name, shape.to_vec(), bytes));
            Ok(())
        };
        if let Some(skip) = &self.skip {
            add(
                "skip.weight".into(),
                skip.shape(),
                &mut skip.iter().copied(),
            )?;
        }
        for (i, (weight, bias)) in self.weights.iter().zip(&self.biases).enumerate() {
            let layer = i + 1;
            add(
                format!("fc{layer}.weight"),
                weight.shape(),
                &mut weight.iter().copied(),
            )?;
            add(
                format!("fc{layer}.bias"),
                bias.shape(),
                &mut bias.iter().copied(),
            )?;
        }
        let bad = |e: safetensors::SafeTensorError| {
            TrainingError::io("encode the projector", path, std::io::Error::other(e))
        };
        let mut views = Vec::with_capacity(tensors.len());
        for (name, shape, bytes) in &tensors {
            views.push((
                name,
                TensorView::new(Dtype::F16, shape.clone(), bytes).map_err(bad)?,
            ));
        }
        let named = (!sources.is_empty()).then(|| serde_json::json!(sources).to_string());
        let metadata = named.map(|names| HashMap::from([(SOURCES_KEY.to_owned(), names)]));
        write_whole(path, &safetensors::serialize(views, metadata).map_err(bad)?)
    }

    /// Reads the file of a projector.
    ///
    /// # Errors
    /// `Model` if a tensor is missing, has a wrong shape or has values that are not finite.
    pub fn load(path: &Path) -> Result<Network, TrainingError> {
        let mut file = Tensors::open(path)?;
        let fc1 = file.take("fc1.weight", &[None, None])?;
        let (hidden, inputs) = (fc1.shape[0], fc1.shape[1]);
        let fc2 = file.take("fc2.weight", &[None, Some(hidden)])?;
        let fc3 = file.take("fc3.weight", &[None, Some(fc2.shape[0])])?;
        let outputs = fc3.shape[0];
        let mut bias = |name: &str, n: usize| -> Result<Array1<f32>, TrainingError> {
            Ok(Array1::from_vec(file.take(name, &[Some(n)])?.data))
        };
        let mut biases = [
            bias("fc1.bias", hidden)?,
            bias("fc2.bias", fc2.shape[0])?,
            bias("fc3.bias", outputs)?,
        ];
        if let Some(more) = file.get("skip.bias") {
            let more = more.data.clone();
            if more.len() != outputs {
                let what = "skip.bias".to_owned();
                return Err(TrainingError::Shape {
                    what,
                    expected: outputs,
                    actual: more.len(),
                });
            }
            biases[2] += &Array1::from_vec(more);
        }
        let skip = match file.get("skip.weight") {
            Some(_) => Some(matrix(
                file.take("skip.weight", &[Some(outputs), Some(inputs)])?,
            )),
            None if inputs == outputs => None,
            None => {
                let what = "outputs of a projector without skip.weight".to_owned();
                return Err(TrainingError::Shape {
                    what,
                    expected: inputs,
                    actual: outputs,
                });
            }
        };
        Ok(Network {
            skip,
            weights: [matrix(fc1), matrix(fc2), matrix(fc3)],
            biases,
        })
    }
}

/// A tensor with two axes as a matrix; [`Tensors::open`] has checked its length.
pub(crate) fn matrix(tensor: Tensor) -> Array2<f32> {
    let shape = (tensor.shape[0], tensor.shape[1]);
    Array2::from_shape_vec(shape, tensor.data).expect("safetensors checks lengths against shapes")
}

/// Writes a temporary file in the target's folder, then renames it to the target.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), TrainingError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)
        .map_err(|e| TrainingError::io("make the folder of the results", folder, e))?;
    let mut builder = tempfile::Builder::new();
    // Temporary files are readable by the user only; results get the usual permissions.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder
        .tempfile_in(folder)
        .map_err(|e| TrainingError::io("write beside the results", folder, e))?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.as_file().sync_all());
    written.map_err(|e| TrainingError::io("write the results", path, e))?;
    file.persist(path)
        .map_err(|e| TrainingError::io("write the results", path, e.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::yardstick::fitted::fitted_sources;

    /// A network whose weights are f16 values, so that a saved file holds them exactly.
    fn network(inputs: usize, outputs: usize, skip: bool) -> Network {
        let mut random = Random::new(9);
        let mut exact = |rows, columns| {
            Array2::from_shape_simple_fn((rows, columns), || {
                f16::from_f32(random.normal()).to_f32()
            })
        };
        let skip = skip.then(|| exact(outputs, inputs));
        let weights = [exact(6, inputs), exact(6, 6), exact(outputs, 6)];
        let biases = [6, 6, outputs].map(|n| exact(1, n).row(0).to_owned());
        Network {
            skip,
            weights,
            biases,
        }
    }

    #[test]
    fn a_saved_projector_is_read_back_the_same() {
        let dir = tempfile::tempdir().unwrap();
        for (inputs, outputs, skip) in [(5, 4, true), (4, 4, true), (4, 4, false)] {
            let path = dir.path().join("deep/projector.safetensors");
            let saved = network(inputs, outputs, skip);
            saved.save(&path).unwrap();
            assert_eq!(
                Network::load(&path).unwrap(),
                saved,
                "{inputs} → {outputs}, skip {skip}"
            );
        }
    }

    #[test]
    fn the_sources_of_a_fit_stand_in_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("projector.safetensors");
        let saved = network(5, 4, true);
        let sources = ["choices:wesnoth".to_owned(), "choices:flare".to_owned()];
        saved.save_fitted(&path, &sources).unwrap();
        assert_eq!(fitted_sources(&path).unwrap(), sources);
        assert_eq!(Network::load(&path).unwrap(), saved);
        saved.save(&path).unwrap();
        assert!(fitted_sources(&path).unwrap().is_empty());
    }

    #[test]
    fn a_loaded_file_computes_the_documented_formula() {
        // y = L2(skip x + fc3 gelu(fc2 gelu(fc1 x))), computed step by step in f64.
        let network = network(5, 4, true);
        let x = [0.3f32, -1.2, 0.0, 0.7, 2.0];
        let gelu = |x: f64| 0.5 * x * (1.0 + libm::erf(x / std::f64::consts::SQRT_2));
        let apply = |w: &Array2<f32>, b: Option<&Array1<f32>>, x: &[f64]| -> Vec<f64> {
            w.rows()
                .into_iter()
                .enumerate()
                .map(|(i, row)| {
                    let bias = b.map_or(0.0, |b| f64::from(b[i]));
                    bias + row
                        .iter()
                        .zip(x)
                        .map(|(w, x)| f64::from(*w) * x)
                        .sum::<f64>()
                })
                .collect()
        };
        let input: Vec<f64> = x.iter().map(|v| f64::from(*v)).collect();
        let mut hidden = input.clone();
        for layer in 0..2 {
            hidden = apply(
                &network.weights[layer],
                Some(&network.biases[layer]),
                &hidden,
            );
            hidden.iter_mut().for_each(|h| *h = gelu(*h));
        }
        let upper = apply(&network.weights[2], Some(&network.biases[2]), &hidden);
        let skip = apply(network.skip.as_ref().unwrap(), None, &input);
        let sum: Vec<f64> = upper.iter().zip(&skip).map(|(a, b)| a + b).collect();
        let norm = sum.iter().map(|v| v * v).sum::<f64>().sqrt();
        let row = Array2::from_shape_vec((1, 5), x.to_vec()).unwrap();
        for (got, want) in network.project(row.view()).iter().zip(&sum) {
            assert!(
                (f64::from(*got) - want / norm).abs() < 1e-5,
                "{got} against {}",
                want / norm
            );
        }
    }

    #[test]
    fn a_weight_too_large_for_the_file_is_refused_and_the_old_file_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("projector.safetensors");
        let good = network(4, 4, false);
        good.save(&path).unwrap();
        let mut wild = good.clone();
        wild.weights[0][[0, 0]] = 1e9;
        assert_eq!(wild.save(&path).unwrap_err().code(), "training_diverged");
        assert_eq!(
            Network::load(&path).unwrap(),
            good,
            "the old file is untouched"
        );
    }
}
