//! Peaks of a clip's sound for drawing its waveform. Pure.

use needledrop_media::{SOUND_CHANNELS, SOUND_RATE_HZ};

/// Number of peaks per second.
pub(crate) const PEAKS_HZ: u32 = 100;

/// Samples per peak, all channels together.
const SPAN: usize = (SOUND_RATE_HZ / PEAKS_HZ) as usize * SOUND_CHANNELS;

/// Collects the largest absolute sample of each hundredth of a second.
#[derive(Debug, Default)]
pub(crate) struct Peaks {
    values: Vec<u8>,
    loudest: f32,
    taken: usize,
}

impl Peaks {
    /// Adds interleaved samples from -1 to 1; larger ones count as full scale.
    pub(crate) fn push(&mut self, samples: &[f32]) {
        let mut rest = samples;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(SPAN - self.taken));
            let loudest = |loudest: f32, sample: &f32| loudest.max(sample.abs());
            self.loudest = now.iter().fold(self.loudest, loudest);
            self.taken += now.len();
            if self.taken == SPAN {
                self.end();
            }
            rest = later;
        }
    }

    /// The peaks in time order, 255 for full scale.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.taken > 0 {
            self.end();
        }
        self.values
    }

    fn end(&mut self) {
        self.values
            .push((self.loudest.clamp(0.0, 1.0) * 255.0).round() as u8);
        (self.loudest, self.taken) = (0.0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_is_in_the_peak_of_its_time_for_every_block_size() {
        let mut samples = vec![0.0_f32; SPAN * 5 + 10];
        samples[SPAN * 2 + 1] = -0.5;
        samples[SPAN * 5 + 3] = 7.0;
        for piece in [1, 7, SPAN, SPAN * 3 + 1, samples.len()] {
            let mut peaks = Peaks::default();
            for piece in samples.chunks(piece) {
                peaks.push(piece);
            }
            assert_eq!(peaks.finish(), [0, 0, 128, 0, 0, 255], "blocks of {piece}");
        }
        assert!(Peaks::default().finish().is_empty(), "no samples");
    }
}
