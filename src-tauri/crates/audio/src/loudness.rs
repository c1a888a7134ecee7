//! Programme loudness and true peak after EBU R 128 and ITU-R BS.1770-4.

mod range;
mod true_peak;

use ebur128::{Channel, EbuR128, Mode};
use needledrop_ranking::Loudness;
use range::Range;
use true_peak::TruePeak;

/// Weight of a channel in BS.1770.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// Weight 1: left, right, centre, and channels behind or above.
    Front,
    /// 60° to 120° to the side: counted 1.5 dB louder.
    Surround,
    /// Low-frequency effects: not counted.
    LowFrequency,
}

impl Speaker {
    /// The usual order for a channel count: L R C LFE Ls Rs, then fronts. From nine channels on all
    /// count the same.
    pub fn usual(channels: usize) -> Vec<Speaker> {
        use Speaker::{Front, LowFrequency, Surround};
        match channels {
            4 => vec![Front, Front, Surround, Surround],
            5 => vec![Front, Front, Front, Surround, Surround],
            6..=8 => {
                let mut all = vec![Front, Front, Front, LowFrequency, Surround, Surround];
                all.resize(channels, Front);
                all
            }
            _ => vec![Front; channels],
        }
    }

    fn channel(self) -> Channel {
        match self {
            Speaker::Front => Channel::Center,
            Speaker::Surround => Channel::LeftSurround,
            Speaker::LowFrequency => Channel::Unused,
        }
    }
}

/// Measures the loudness of one track.
pub struct Meter {
    meter: Option<EbuR128>,
    peak: TruePeak,
    range: Range,
    /// Samples in a tenth of a second, and how many of them are still to come.
    tenth: usize,
    left: usize,
}

impl Meter {
    /// For interleaved samples at `rate_hz` with the channels in the usual order.
    pub fn new(rate_hz: u32, channels: usize) -> Meter {
        Meter::with_speakers(rate_hz, &Speaker::usual(channels))
    }

    /// For interleaved samples at `rate_hz` with these channels, as in
    /// [`Decoder::speakers`](crate::decode::Decoder::speakers).
    pub fn with_speakers(rate_hz: u32, speakers: &[Speaker]) -> Meter {
        let channels = speakers.len() as u32;
        let map: Vec<Channel> = speakers.iter().map(|s| s.channel()).collect();
        let mode = Mode::M | Mode::I;
        let meter = EbuR128::new(channels, rate_hz, mode).and_then(|mut meter| {
            meter.set_channel_map(&map)?;
            Ok(meter)
        });
        if let Err(error) = &meter {
            tracing::warn!(%error, rate_hz, channels, "no loudness for this layout");
        }
        let tenth = (rate_hz as usize).div_ceil(10).max(1) * speakers.len().max(1);
        Meter {
            meter: meter.ok(),
            peak: TruePeak::new(rate_hz, speakers.len()),
            range: Range::default(),
            tenth,
            left: tenth,
        }
    }

    /// Takes interleaved samples; the length is a multiple of the channel count.
    pub fn push(&mut self, mut samples: &[f32]) {
        self.peak.push(samples);
        while !samples.is_empty() {
            let Some(meter) = &mut self.meter else { return };
            let (now, later) = samples.split_at(self.left.min(samples.len()));
            self.left -= now.len();
            if let Err(error) = meter.add_frames_f32(now) {
                tracing::warn!(%error, "the loudness meter stopped");
                self.meter = None;
                return;
            }
            if self.left == 0 {
                self.left = self.tenth;
                self.range
                    .push(meter.loudness_window(100).unwrap_or(f64::NEG_INFINITY));
            }
            samples = later;
        }
    }

    /// The result. Silence has no loudness; less than three seconds of sound has no range.
    pub fn loudness(&self) -> Loudness {
        let Some(meter) = &self.meter else {
            return Loudness::default();
        };
        let peak = self.peak.peak();
        let integrated_lufs = meter.loudness_global().ok().filter(|l| l.is_finite());
        Loudness {
            integrated_lufs,
            range_lu: integrated_lufs.and_then(|_| self.range.range_lu()),
            true_peak_dbtp: (peak > 0.0).then(|| 20.0 * peak.log10()),
        }
    }
}
