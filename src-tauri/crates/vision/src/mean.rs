//! The clip vector: a weighted mean of frame vectors, scaled to length 1.

use crate::VisionError;

/// Sums up frame vectors. Frames without information get no weight. If no frame has information,
/// every frame counts by the number of its sampling times.
#[derive(Clone, Debug)]
pub struct ClipMean {
    informative: Vec<f64>,
    plain: Vec<f64>,
    informative_weight: f64,
    plain_weight: f64,
}

/// A smaller sum of weights counts as none.
const NO_WEIGHT: f64 = 1e-6;

impl ClipMean {
    /// For vectors of length `dim`.
    pub fn new(dim: usize) -> Self {
        ClipMean {
            informative: vec![0.0; dim],
            plain: vec![0.0; dim],
            informative_weight: 0.0,
            plain_weight: 0.0,
        }
    }

    /// Adds the vector of a frame. `served` is the number of sampling times of the frame,
    /// `informative` its weight in 0..=1 from [`informative`](crate::informative()).
    ///
    /// # Errors
    /// `Mismatch` for a vector of another length.
    pub fn push(
        &mut self,
        vector: &[f32],
        served: f32,
        informative: f32,
    ) -> Result<(), VisionError> {
        if vector.len() != self.plain.len() {
            return Err(VisionError::Mismatch {
                reason: format!(
                    "expected a frame vector of length {}, got {}",
                    self.plain.len(),
                    vector.len()
                ),
            });
        }
        let served = f64::from(served);
        let weight = served * f64::from(informative.clamp(0.0, 1.0));
        for ((i, p), x) in self.informative.iter_mut().zip(&mut self.plain).zip(vector) {
            *i += weight * f64::from(*x);
            *p += served * f64::from(*x);
        }
        self.informative_weight += weight;
        self.plain_weight += served;
        Ok(())
    }

    /// Share of the sampling times whose frames have information, 0..=1; 0 before the first frame.
    pub fn informative_share(&self) -> f32 {
        if self.plain_weight > 0.0 {
            (self.informative_weight / self.plain_weight) as f32
        } else {
            0.0
        }
    }

    /// Mean of all frames, scaled to length 1.
    ///
    /// # Errors
    /// `NoDirection` without frames, or where their vectors cancel out.
    pub fn finish(&self) -> Result<Vec<f32>, VisionError> {
        let sum = if self.informative_weight > NO_WEIGHT {
            &self.informative
        } else {
            &self.plain
        };
        unit(sum)
    }
}

/// `sum` scaled to length 1.
pub(crate) fn unit(sum: &[f64]) -> Result<Vec<f32>, VisionError> {
    let norm = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
    if !norm.is_finite() || norm < 1e-12 {
        return Err(VisionError::NoDirection {
            got: format!("one of length {norm}"),
        });
    }
    Ok(sum.iter().map(|x| (x / norm) as f32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_black_frame_does_not_change_the_mean() {
        let mut mean = ClipMean::new(2);
        mean.push(&[1.0, 0.0], 1.0, 1.0).unwrap();
        mean.push(&[0.0, 9.0], 5.0, 0.0).unwrap();
        assert_eq!(
            mean.finish().unwrap(),
            [1.0, 0.0],
            "five seconds of black leave no trace"
        );
    }

    #[test]
    fn a_clip_without_information_has_its_plain_mean() {
        let mut mean = ClipMean::new(2);
        mean.push(&[1.0, 0.0], 3.0, 0.0).unwrap();
        mean.push(&[0.0, 1.0], 4.0, 0.0).unwrap();
        assert_eq!(
            mean.finish().unwrap(),
            [0.6, 0.8],
            "weighted by served times"
        );
    }

    #[test]
    fn a_frame_of_more_sampling_times_weighs_more() {
        let mut mean = ClipMean::new(2);
        mean.push(&[1.0, 0.0], 4.0, 1.0).unwrap();
        mean.push(&[0.0, 1.0], 3.0, 1.0).unwrap();
        assert_eq!(mean.finish().unwrap(), [0.8, 0.6]);
        assert_eq!(mean.informative_share(), 1.0);
    }

    #[test]
    fn no_frames_and_wrong_lengths_are_errors() {
        let mut mean = ClipMean::new(2);
        assert_eq!(mean.finish().unwrap_err().code(), "no_frames");
        assert!(
            mean.push(&[1.0], 1.0, 1.0).is_err(),
            "one number is no vector of two"
        );
    }
}
