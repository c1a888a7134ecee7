//! The learned projection from the visual space into the audio space.

use std::path::Path;

use needledrop_models::{ModelError, Tensor, Tensors};

use crate::VisionError;
use crate::mean::unit;

/// Linear skip plus a perceptron with two hidden layers: `y = L2(skip(x) +
/// fc3(gelu(fc2(gelu(fc1(x))))))`, with the exact GELU `x/2 · (1 + erf(x/√2))`. Without
/// `skip.weight` in the file the skip is the identity, and both spaces have the same size.
#[derive(Clone, Debug)]
pub struct Projector {
    skip: Option<Linear>,
    layers: [Linear; 3],
}

#[derive(Clone, Debug)]
struct Linear {
    /// `[out, in]`, row by row.
    weight: Tensor,
    bias: Option<Vec<f32>>,
}

impl Projector {
    /// Reads `fc1`, `fc2`, `fc3` (weights `[out, in]` and biases) and, if present, `skip.weight`
    /// and `skip.bias`, as f32 or f16.
    ///
    /// # Errors
    /// `Model(BadTensors)` where a tensor is missing, has a wrong shape or is not finite.
    pub fn load(path: &Path) -> Result<Projector, VisionError> {
        let mut tensors = Tensors::open(path)?;
        let fc1 = Linear::take(&mut tensors, "fc1", None, None)?;
        let fc2 = Linear::take(&mut tensors, "fc2", Some(fc1.outputs()), None)?;
        let fc3 = Linear::take(&mut tensors, "fc3", Some(fc2.outputs()), None)?;
        for (name, layer) in [("fc1", &fc1), ("fc2", &fc2), ("fc3", &fc3)] {
            if layer.bias.is_none() {
                return Err(tensors.bad(format!("expected a tensor {name}.bias")).into());
            }
        }
        let skip = if tensors.get("skip.weight").is_some() {
            let (inputs, outputs) = (Some(fc1.inputs()), Some(fc3.outputs()));
            Some(Linear::take(&mut tensors, "skip", inputs, outputs)?)
        } else if fc1.inputs() == fc3.outputs() {
            None
        } else {
            let (inputs, outputs) = (fc1.inputs(), fc3.outputs());
            let reason =
                format!("expected skip.weight, as {inputs} inputs are not {outputs} outputs");
            return Err(tensors.bad(reason).into());
        };
        Ok(Projector {
            skip,
            layers: [fc1, fc2, fc3],
        })
    }

    /// Length of a visual vector.
    pub fn inputs(&self) -> usize {
        self.layers[0].inputs()
    }

    /// Length of an audio vector.
    pub fn outputs(&self) -> usize {
        self.layers[2].outputs()
    }

    /// Projects a visual vector; the result is a unit vector in the audio space.
    ///
    /// # Errors
    /// `Mismatch` for a vector of another length; `NoDirection` where the result is zero.
    pub fn project(&self, vector: &[f32]) -> Result<Vec<f32>, VisionError> {
        if vector.len() != self.inputs() {
            return Err(VisionError::Mismatch {
                reason: format!(
                    "expected a visual vector of length {}, got {}",
                    self.inputs(),
                    vector.len()
                ),
            });
        }
        let [fc1, fc2, fc3] = &self.layers;
        let hidden: Vec<f32> = fc1.apply(vector).into_iter().map(gelu).collect();
        let hidden: Vec<f32> = fc2.apply(&hidden).into_iter().map(gelu).collect();
        let skip = self
            .skip
            .as_ref()
            .map_or_else(|| vector.to_vec(), |s| s.apply(vector));
        let sum: Vec<f64> = fc3
            .apply(&hidden)
            .iter()
            .zip(&skip)
            .map(|(a, b)| f64::from(*a) + f64::from(*b))
            .collect();
        unit(&sum)
    }
}

impl Linear {
    fn take(
        tensors: &mut Tensors,
        name: &str,
        inputs: Option<usize>,
        outputs: Option<usize>,
    ) -> Result<Linear, ModelError> {
        let weight = tensors.take(&format!("{name}.weight"), &[outputs, inputs])?;
        let bias = format!("{name}.bias");
        let bias = match tensors.get(&bias) {
            Some(_) => Some(tensors.take(&bias, &[Some(weight.shape[0])])?.data),
            None => None,
        };
        Ok(Linear { weight, bias })
    }

    fn inputs(&self) -> usize {
        self.weight.shape[1]
    }

    fn outputs(&self) -> usize {
        self.weight.shape[0]
    }

    fn apply(&self, x: &[f32]) -> Vec<f32> {
        let rows = self.weight.data.chunks_exact(self.inputs());
        rows.enumerate()
            .map(|(i, row)| dot(row, x) + self.bias.as_ref().map_or(0.0, |b| b[i]))
            .collect()
    }
}

/// Eight sums side by side, so that the compiler can vectorise.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8
        .remainder()
        .iter()
        .zip(b8.remainder())
        .map(|(x, y)| x * y)
        .sum();
    let mut sums = [0.0f32; 8];
    for (x, y) in a8.zip(b8) {
        for i in 0..8 {
            sums[i] += x[i] * y[i];
        }
    }
    sums.iter().sum::<f32>() + rest
}

fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + libm::erff(x * std::f32::consts::FRAC_1_SQRT_2))
}
