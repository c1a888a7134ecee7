//! One channel for the analyses of music: the mean of all channels, in which opposite channels do
//! not cancel.
//!
//! A wire that was connected the wrong way, or a widening effect, leaves two channels that are each
//! other's negative. Their mean is silent. Channels that go against the first one are turned.

/// Time over which channels are compared, seconds.
const MEMORY_S: f64 = 2.0;
/// Correlation below which a channel is opposite, and above which it is no longer. At the first the
/// mean of both has 7.5 % of their power left.
const OPPOSITE: f64 = -0.85;
const NO_LONGER: f64 = -0.5;
/// Sound that is needed before the first samples go out, seconds, and the longest wait for it.
const HEARD_S: f64 = 0.5;
const MOST_WAIT_S: f64 = 4.0;
/// Mean square of a channel that counts as sound: −80 dB.
const SILENCE: f64 = 1e-8;

/// Mixes a signal down, block by block.
pub struct MixDown {
    channels: usize,
    rate_hz: f64,
    /// For each channel: its power, that of the first, and their product, fading.
    sums: Vec<[f64; 3]>,
    signs: Vec<f32>,
    /// Seconds of sound that was compared.
    heard_s: f64,
}

impl MixDown {
    pub fn new(rate_hz: u32, channels: usize) -> MixDown {
        MixDown {
            channels: channels.max(1),
            rate_hz: f64::from(rate_hz.max(1)),
            sums: vec![[0.0; 3]; channels],
            signs: vec![1.0; channels],
            heard_s: 0.0,
        }
    }

    /// Frames that may be held back until the channels are known.
    pub fn most_frames(&self) -> usize {
        (MOST_WAIT_S * self.rate_hz) as usize
    }

    /// Whether enough was heard to know which channels are opposite.
    pub fn is_sure(&self) -> bool {
        self.channels == 1 || self.heard_s >= HEARD_S
    }

    /// Compares the channels of a block, which may be mixed down after that.
    pub fn listen(&mut self, interleaved: &[f32]) {
        if self.channels == 1 {
            return;
        }
        let seconds = (interleaved.len() / self.channels) as f64 / self.rate_hz;
        let fade = (-seconds / MEMORY_S).exp();
        let mut block = vec![[0.0f32; 3]; self.channels];
        for frame in interleaved.chunks_exact(self.channels) {
            let first = frame.first().copied().unwrap_or_default();
            for (sums, &x) in block.iter_mut().zip(frame) {
                sums[0] += x * x;
                sums[1] += first * first;
                sums[2] += x * first;
            }
        }
        // The noise before the music says nothing.
        let power: f64 = block.iter().map(|sums| f64::from(sums[0])).sum();
        if power <= SILENCE * interleaved.len() as f64 {
            return;
        }
        self.heard_s += seconds;
        for ((sums, block), sign) in self.sums.iter_mut().zip(&block).zip(&mut self.signs) {
            for (sum, new) in sums.iter_mut().zip(block) {
                *sum = *sum * fade + f64::from(*new);
            }
            let correlation = sums[2] / (sums[0] * sums[1]).sqrt().max(f64::MIN_POSITIVE);
            if self.heard_s < HEARD_S {
                continue;
            }
            if correlation < OPPOSITE {
                *sign = -1.0;
            } else if correlation > NO_LONGER {
                *sign = 1.0;
            }
        }
    }

    /// Replaces `mono` with the mean of the channels of a block.
    pub fn mix(&self, interleaved: &[f32], mono: &mut Vec<f32>) {
        mono.clear();
        if self.channels == 1 {
            mono.extend_from_slice(interleaved);
            return;
        }
        let share = 1.0 / self.channels as f32;
        let frames = interleaved.chunks_exact(self.channels);
        if self.signs.iter().all(|&sign| sign > 0.0) {
            mono.extend(frames.map(|frame| frame.iter().sum::<f32>() * share));
        } else {
            let sum = |frame: &[f32]| {
                frame
                    .iter()
                    .zip(&self.signs)
                    .map(|(x, s)| x * s)
                    .sum::<f32>()
            };
            mono.extend(frames.map(|frame| sum(frame) * share));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed(samples: &[f32], channels: usize) -> Vec<f32> {
        let (mut mixer, mut mono) = (MixDown::new(1000, channels), Vec::new());
        // Half a second decides.
        (0..500).for_each(|_| mixer.listen(samples));
        mixer.mix(samples, &mut mono);
        mono
    }

    #[test]
    fn channels_are_averaged() {
        assert_eq!(mixed(&[1.0, 0.0, -1.0, 0.5], 2), [0.5, -0.25]);
        assert_eq!(mixed(&[1.0, 0.5], 1), [1.0, 0.5]);
        assert_eq!(
            mixed(&[1.0, 0.0, 0.5, 0.0], 2),
            [0.5, 0.25],
            "the left alone"
        );
    }

    #[test]
    fn opposite_channels_do_not_cancel() {
        assert_eq!(mixed(&[1.0, -1.0, -0.5, 0.5], 2), [1.0, -0.5]);
        let quad = mixed(&[1.0, 1.0, -1.0, 1.0, 0.5, 0.5, -0.5, 0.5], 4);
        assert_eq!(quad, [1.0, 0.5]);
        let wide = mixed(&[1.0, -0.5, 0.5, 1.0, -1.0, 0.25], 2);
        assert_eq!(wide, [0.25, 0.75, -0.375], "different sounds are averaged");
    }

    #[test]
    fn noise_before_the_music_turns_no_channel() {
        let mut mixer = MixDown::new(1000, 2);
        (0..1000).for_each(|_| mixer.listen(&[1e-6, -1e-6]));
        assert!(!mixer.is_sure(), "nothing was heard");
        let wide = [0.5, -0.25, 0.25, 0.5, -0.5, -0.1, 0.3, -0.3];
        (0..500).for_each(|_| mixer.listen(&wide));
        let mut mono = Vec::new();
        mixer.mix(&wide, &mut mono);
        assert_eq!(mono[..2], [0.125, 0.375]);
    }

    #[test]
    fn sound_that_turns_back_is_averaged_again() {
        let mut mixer = MixDown::new(1000, 2);
        let block = |sign: f32| [1.0, sign, -0.5, -0.5 * sign].repeat(500);
        mixer.listen(&block(-1.0));
        assert!(mixer.is_sure());
        let mut mono = Vec::new();
        mixer.mix(&block(-1.0), &mut mono);
        assert_eq!(mono[0], 1.0);
        (0..6).for_each(|_| mixer.listen(&block(1.0)));
        mixer.mix(&block(1.0), &mut mono);
        assert_eq!(mono[0], 1.0);
    }
}
