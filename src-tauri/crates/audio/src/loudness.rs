//! Programme loudness and true peak, EBU R 128 / ITU-R BS.1770-4.

use ebur128::{EbuR128, Mode};
use needledrop_ranking::Loudness;

/// A meter for one track.
pub struct Meter {
    meter: Option<EbuR128>,
    channels: u32,
}

impl Meter {
    /// For interleaved samples of this layout.
    pub fn new(rate_hz: u32, channels: usize) -> Meter {
        let channels = channels as u32;
        let meter = EbuR128::new(channels, rate_hz, Mode::I | Mode::LRA | Mode::TRUE_PEAK);
        if let Err(error) = &meter {
            tracing::warn!(%error, rate_hz, channels, "no loudness for this layout");
        }
        Meter {
            meter: meter.ok(),
            channels,
        }
    }

    /// Takes interleaved samples in.
    pub fn push(&mut self, samples: &[f32]) {
        let Some(meter) = &mut self.meter else { return };
        if let Err(error) = meter.add_frames_f32(samples) {
            tracing::warn!(%error, "the loudness meter stopped");
            self.meter = None;
        }
    }

    /// What was measured.
    pub fn reading(&self) -> Loudness {
        let Some(meter) = &self.meter else {
            return Loudness::default();
        };
        let peak = (0..self.channels)
            .filter_map(|c| meter.true_peak(c).ok())
            .fold(0.0, f64::max);
        let integrated_lufs = meter.loudness_global().ok().filter(|l| l.is_finite());
        Loudness {
            integrated_lufs,
            range_lu: integrated_lufs.and_then(|_| meter.loudness_range().ok()),
            true_peak_dbtp: (peak > 0.0).then(|| 20.0 * peak.log10()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(rate: u32, hz: f64, amplitude: f64, seconds: u32) -> Vec<f32> {
        (0..rate * seconds)
            .flat_map(|i| {
                let x = (std::f64::consts::TAU * hz * f64::from(i) / f64::from(rate)).sin();
                [(amplitude * x) as f32; 2]
            })
            .collect()
    }

    #[test]
    fn the_reference_tone_reads_its_level() {
        // EBU Tech 3341, case 1: 1 kHz stereo at −23 dBFS reads −23.0 ± 0.1 LUFS.
        let mut meter = Meter::new(48_000, 2);
        meter.push(&tone(48_000, 1000.0, 10f64.powf(-23.0 / 20.0), 20));
        let reading = meter.reading();
        let lufs = reading.integrated_lufs.unwrap();
        assert!((lufs + 23.0).abs() < 0.1, "got {lufs} LUFS");
        let peak = reading.true_peak_dbtp.unwrap();
        assert!((peak + 23.0).abs() < 0.2, "got {peak} dBTP");
    }

    #[test]
    fn silence_has_no_loudness() {
        let mut meter = Meter::new(44_100, 2);
        meter.push(&vec![0.0; 88_200]);
        assert_eq!(meter.reading(), Loudness::default());
    }
}
