//! A model with one picture input.

use ort::session::Session;
use ort::value::TensorRef;

use crate::VisionError;

/// A model with one picture input and a choice of its outputs.
pub(crate) struct PictureModel {
    session: Session,
    input: String,
    size: usize,
}

impl PictureModel {
    pub(crate) fn new(session: Session, size: u32, outputs: &[&str]) -> Result<Self, VisionError> {
        let inputs: Vec<&str> = session.inputs().iter().map(|i| i.name()).collect();
        let found: Vec<&str> = session.outputs().iter().map(|o| o.name()).collect();
        let &[input] = inputs.as_slice() else {
            let reason = format!("expected a model of one input, found {inputs:?}");
            return Err(VisionError::Mismatch { reason });
        };
        if let Some(missing) = outputs.iter().find(|o| !found.contains(o)) {
            let reason = format!("expected the model to have an output {missing}, found {found:?}");
            return Err(VisionError::Mismatch { reason });
        }
        let input = input.to_owned();
        Ok(PictureModel {
            session,
            input,
            size: size as usize,
        })
    }

    /// Runs `n` preprocessed pictures; gives each named output as `n` rows in one slice.
    pub(crate) fn run(
        &mut self,
        n: usize,
        pixels: &[f32],
        outputs: &[(&str, usize)],
    ) -> Result<Vec<Vec<f32>>, VisionError> {
        let failed = |e| VisionError::Model(needledrop_models::runtime::run_failed(e));
        let shape = [n, 3, self.size, self.size];
        let tensor = TensorRef::from_array_view((shape, pixels)).map_err(failed)?;
        let result = self
            .session
            .run(ort::inputs![self.input.as_str() => tensor])
            .map_err(failed)?;
        outputs
            .iter()
            .map(|&(name, dim)| {
                let (shape, data) = result[name].try_extract_tensor::<f32>().map_err(failed)?;
                let got: Vec<i64> = shape.iter().copied().collect();
                if got != [n as i64, dim as i64] {
                    let reason = format!("expected {name} of shape [{n}, {dim}], got {got:?}");
                    return Err(VisionError::Mismatch { reason });
                }
                if data.iter().any(|x| !x.is_finite()) {
                    let reason = format!("{name} holds a number that is not finite");
                    return Err(VisionError::Mismatch { reason });
                }
                Ok(data.to_vec())
            })
            .collect()
    }
}
