//! Frames and the samples of sound beside them, in integer arithmetic.

use crate::frames::{floor_quotient, nearest_quotient};
use crate::{FrameRate, Frames, TimebaseError};

impl FrameRate {
    /// The sample nearest to the start of `frame`, halves upward.
    ///
    /// # Errors
    /// [`TimebaseError::ZeroSampleRate`].
    pub fn samples(self, frame: Frames, sample_rate_hz: u32) -> Result<i64, TimebaseError> {
        let per_s = sample_rate(sample_rate_hz)?;
        let num = i128::from(frame.0) * i128::from(self.den()) * per_s;
        Ok(nearest_quotient(num, i128::from(self.num())).0)
    }

    /// The frame whose start is nearest to `sample`, halves upward. It returns the frame that
    /// [`FrameRate::samples`] was given, as long as there are more samples than frames a second.
    ///
    /// # Errors
    /// [`TimebaseError::ZeroSampleRate`].
    pub fn nearest_frame(self, sample: i64, sample_rate_hz: u32) -> Result<Frames, TimebaseError> {
        let (num, den) = self.frames_per_sample(sample, sample_rate_hz)?;
        Ok(nearest_quotient(num, den))
    }

    /// The frame that is on the screen while `sample` sounds: the last one that starts at or
    /// before it.
    ///
    /// # Errors
    /// [`TimebaseError::ZeroSampleRate`].
    pub fn frame_shown(self, sample: i64, sample_rate_hz: u32) -> Result<Frames, TimebaseError> {
        let (num, den) = self.frames_per_sample(sample, sample_rate_hz)?;
        Ok(floor_quotient(num, den))
    }

    fn frames_per_sample(
        self,
        sample: i64,
        sample_rate_hz: u32,
    ) -> Result<(i128, i128), TimebaseError> {
        let per_s = sample_rate(sample_rate_hz)?;
        Ok((
            i128::from(sample) * i128::from(self.num()),
            i128::from(self.den()) * per_s,
        ))
    }
}

fn sample_rate(hz: u32) -> Result<i128, TimebaseError> {
    match hz {
        0 => Err(TimebaseError::ZeroSampleRate),
        hz => Ok(i128::from(hz)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ntsc_frames_fall_between_samples() {
        let rate = FrameRate::FPS_29_97;
        let samples: Vec<i64> = (0..6)
            .map(|n| rate.samples(Frames(n), 48_000).unwrap())
            .collect();
        assert_eq!(
            samples,
            [0, 1602, 3203, 4805, 6406, 8008],
            "five frames are 8008 samples"
        );
        assert_eq!(rate.frame_shown(1601, 48_000), Ok(Frames(0)));
        assert_eq!(rate.frame_shown(1602, 48_000), Ok(Frames(1)));
        assert_eq!(
            rate.samples(Frames(1), 0),
            Err(TimebaseError::ZeroSampleRate)
        );
    }

    proptest! {
        #[test]
        fn frames_to_samples_and_back_are_the_same_frames(
            at in 0..FrameRate::STANDARD.len(), frame in -100_000_000_000..100_000_000_000_i64,
            hz in 8_000..400_000_u32
        ) {
            let rate = FrameRate::STANDARD[at];
            let sample = rate.samples(Frames(frame), hz).unwrap();
            prop_assert_eq!(rate.nearest_frame(sample, hz), Ok(Frames(frame)));
        }
    }
}
