//! Named tensors of a safetensors file, checked before use.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use half::f16;
use safetensors::{Dtype, SafeTensors};

use crate::ModelError;

/// A larger file is refused, bytes: projectors and constants of packs take a few megabytes.
const MOST_BYTES: u64 = 512 << 20;

/// A tensor of finite numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Length of each axis.
    pub shape: Vec<usize>,
    /// Values; the last axis varies fastest.
    pub data: Vec<f32>,
}

/// All tensors of a file, as f32.
#[derive(Clone, Debug)]
pub struct Tensors {
    path: PathBuf,
    tensors: BTreeMap<String, Tensor>,
}

impl Tensors {
    /// Reads a file of f32 or f16 tensors.
    ///
    /// # Errors
    /// `BadTensors` if the file is too large, is not safetensors, has another type, or holds a
    /// number that is not finite; `Io`.
    pub fn open(path: &Path) -> Result<Tensors, ModelError> {
        let bad = |reason: String| ModelError::BadTensors {
            path: path.to_owned(),
            reason,
        };
        let io = |e| ModelError::io("read a weights file", path, e);
        let length = fs::metadata(path).map_err(io)?.len();
        if length > MOST_BYTES {
            return Err(bad(format!(
                "expected at most {MOST_BYTES} bytes, found {length}"
            )));
        }
        Tensors::parse(&fs::read(path).map_err(io)?, path)
    }

    /// Reads the bytes of a safetensors file; `path` is for error messages.
    pub(crate) fn parse(bytes: &[u8], path: &Path) -> Result<Tensors, ModelError> {
        let bad = |reason: String| ModelError::BadTensors {
            path: path.to_owned(),
            reason,
        };
        let file = SafeTensors::deserialize(bytes).map_err(|e| bad(e.to_string()))?;
        let mut tensors = BTreeMap::new();
        for (name, view) in file.iter() {
            let data: Vec<f32> = match view.dtype() {
                Dtype::F32 => view
                    .data()
                    .chunks_exact(4)
                    .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                    .collect(),
                Dtype::F16 => view
                    .data()
                    .chunks_exact(2)
                    .map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32())
                    .collect(),
                other => return Err(bad(format!("expected {name} as f32 or f16, got {other:?}"))),
            };
            if data.iter().any(|x| !x.is_finite()) {
                return Err(bad(format!("{name} holds a number that is not finite")));
            }
            tensors.insert(
                name.to_owned(),
                Tensor {
                    shape: view.shape().to_vec(),
                    data,
                },
            );
        }
        Ok(Tensors {
            path: path.to_owned(),
            tensors,
        })
    }

    /// The tensor of this name, if there is one.
    pub fn get(&self, name: &str) -> Option<&Tensor> {
        self.tensors.get(name)
    }

    /// Removes a tensor and returns it. `expected` is its shape; `None` stands for any length above
    /// 0.
    ///
    /// # Errors
    /// `BadTensors` if it is missing or has another shape.
    pub fn take(&mut self, name: &str, expected: &[Option<usize>]) -> Result<Tensor, ModelError> {
        let Some(tensor) = self.tensors.remove(name) else {
            let have: Vec<&str> = self.tensors.keys().map(String::as_str).collect();
            return Err(self.bad(format!(
                "expected a tensor {name}, found {}",
                have.join(", ")
            )));
        };
        let fits = tensor.shape.len() == expected.len()
            && tensor
                .shape
                .iter()
                .zip(expected)
                .all(|(&n, e)| n > 0 && e.is_none_or(|e| e == n));
        if !fits {
            let wanted: Vec<String> = expected
                .iter()
                .map(|e| e.map_or("any".into(), |n| n.to_string()))
                .collect();
            return Err(self.bad(format!(
                "expected {name} of shape [{}], got {:?}",
                wanted.join(", "),
                tensor.shape
            )));
        }
        Ok(tensor)
    }

    /// An error about this file.
    pub fn bad(&self, reason: String) -> ModelError {
        ModelError::BadTensors {
            path: self.path.clone(),
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::tensor::TensorView;

    fn write(dir: &Path, dtype: Dtype, shape: &[usize], bytes: &[u8]) -> PathBuf {
        let path = dir.join("t.safetensors");
        let view = TensorView::new(dtype, shape.to_vec(), bytes).unwrap();
        fs::write(&path, safetensors::serialize([("t", view)], None).unwrap()).unwrap();
        path
    }

    fn f32_bytes(values: &[f32]) -> Vec<u8> {
        values.iter().flat_map(|v| v.to_le_bytes()).collect()
    }

    #[test]
    fn f16_reads_as_f32() {
        let dir = tempfile::tempdir().unwrap();
        let bytes: Vec<u8> = [0.5f32, -2.0]
            .iter()
            .flat_map(|v| f16::from_f32(*v).to_le_bytes())
            .collect();
        let path = write(dir.path(), Dtype::F16, &[1, 2], &bytes);
        let t = Tensors::open(&path)
            .unwrap()
            .take("t", &[None, Some(2)])
            .unwrap();
        assert_eq!(
            t,
            Tensor {
                shape: vec![1, 2],
                data: vec![0.5, -2.0]
            }
        );
    }

    #[test]
    fn a_number_that_is_not_finite_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for value in [f32::NAN, f32::INFINITY] {
            let path = write(dir.path(), Dtype::F32, &[2], &f32_bytes(&[1.0, value]));
            let error = Tensors::open(&path).unwrap_err();
            assert_eq!(
                error.code(),
                "model_corrupt",
                "{value} must be refused: {error}"
            );
        }
    }

    #[test]
    fn the_error_for_a_wrong_shape_names_both_shapes() {
        let dir = tempfile::tempdir().unwrap();
        let path = write(dir.path(), Dtype::F32, &[2], &f32_bytes(&[1.0, 2.0]));
        let error = Tensors::open(&path)
            .unwrap()
            .take("t", &[Some(3)])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("[3]") && error.contains("[2]"),
            "both shapes are said: {error}"
        );
    }

    #[test]
    fn files_that_are_not_safetensors_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.safetensors");
        let lying_header = [u64::MAX.to_le_bytes().to_vec(), b"{}".to_vec()].concat();
        for bytes in [
            b"".to_vec(),
            b"short".to_vec(),
            lying_header,
            vec![0xff; 4096],
        ] {
            fs::write(&path, bytes).unwrap();
            assert_eq!(Tensors::open(&path).unwrap_err().code(), "model_corrupt");
        }
    }

    #[test]
    fn a_truncated_file_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = write(dir.path(), Dtype::F32, &[2], &f32_bytes(&[1.0, 2.0]));
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        assert_eq!(Tensors::open(&path).unwrap_err().code(), "model_corrupt");
    }
}
