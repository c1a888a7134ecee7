//! The seam between frames and the models that look at them.

use needledrop_models::runtime::{ProviderChoice, SessionOptions};
use needledrop_models::{Pack, VisualKind};
use ort::session::Session;
use ort::value::TensorRef;

use crate::classes::Classes;
use crate::clip::Clip;
use crate::{Picture, VisionError};

/// Turns frames into vectors.
pub trait FrameEncoder: Send {
    /// Length of a frame vector.
    fn dim(&self) -> usize;

    /// The number of frames that is best given at once; any number is accepted.
    fn batch(&self) -> usize;

    /// One vector a frame, in the frames' order, as the clip mean takes them (not normalised).
    ///
    /// # Errors
    /// `BadPicture`, `Model(Inference)`.
    fn encode(&mut self, frames: &[Picture<'_>]) -> Result<Vec<Vec<f32>>, VisionError>;

    /// What runs the model.
    fn provider(&self) -> &ProviderChoice;
}

/// Opens the frame encoder of a pack on this machine.
///
/// # Errors
/// What [`Pack::file`] and `runtime::session` give; `Mismatch` where the pack's pieces do not fit.
pub fn open_encoder(
    pack: &Pack,
    options: &SessionOptions,
) -> Result<Box<dyn FrameEncoder>, VisionError> {
    Ok(match pack.manifest.visual.kind {
        VisualKind::Classes => Box::new(Classes::open(pack, options)?),
        VisualKind::Clip => Box::new(Clip::open(pack, options)?),
    })
}

/// A model with one picture input and the outputs that are wanted of it.
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
