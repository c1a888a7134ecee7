//! A later part of a file in another layout, brought to the layout of the first.
//!
//! A chained Ogg or a joined MP3 may go on at another rate or with other channels.

use super::mix::to_stereo;
use crate::loudness::Speaker;
use crate::signal::resample::Mono;

/// Converts blocks of one layout to another.
pub(super) struct Adapter {
    /// Rate in Hz and channel count of the blocks that it takes.
    pub from: (u32, usize),
    /// For each channel of the result, the gain of each channel of the source.
    weights: Vec<Vec<f32>>,
    resamplers: Vec<Mono>,
    ready: Vec<Vec<f32>>,
}

impl Adapter {
    /// From a rate and channels to others.
    pub fn new(from: (u32, &[Speaker]), to: (u32, &[Speaker])) -> Adapter {
        let resampler = |_: &Speaker| Mono::new(from.0, to.0);
        Adapter {
            from: (from.0, from.1.len()),
            weights: weights(from.1, to.1),
            resamplers: to.1.iter().map(resampler).collect(),
            ready: vec![Vec::new(); to.1.len()],
        }
    }

    /// Replaces a block by what is ready of the converted signal.
    pub fn convert(&mut self, samples: &mut Vec<f32>) {
        let (_, channels) = self.from;
        let mut channel = Vec::with_capacity(samples.len() / channels.max(1));
        for ((weights, resampler), ready) in self
            .weights
            .iter()
            .zip(&mut self.resamplers)
            .zip(&mut self.ready)
        {
            channel.clear();
            let sum = |frame: &[f32]| frame.iter().zip(weights).map(|(x, w)| x * w).sum::<f32>();
            channel.extend(samples.chunks_exact(channels).map(sum));
            resampler.push(&channel, ready);
        }
        samples.clear();
        self.give(samples);
    }

    /// Appends the rest of the converted signal.
    pub fn finish(mut self, samples: &mut Vec<f32>) {
        for (resampler, ready) in self.resamplers.iter_mut().zip(&mut self.ready) {
            resampler.finish(ready);
        }
        self.give(samples);
    }

    fn give(&mut self, samples: &mut Vec<f32>) {
        let frames = self.ready.iter().map(Vec::len).min().unwrap_or(0);
        for frame in 0..frames {
            samples.extend(self.ready.iter().filter_map(|channel| channel.get(frame)));
        }
        for channel in &mut self.ready {
            channel.drain(..frames);
        }
    }
}

fn weights(from: &[Speaker], to: &[Speaker]) -> Vec<Vec<f32>> {
    let only = |channel: usize| {
        (0..from.len())
            .map(|source| if source == channel { 1.0 } else { 0.0 })
            .collect()
    };
    let side = |side: usize| {
        let gain = |gains: &[f32; 2]| gains.get(side).copied().unwrap_or_default();
        to_stereo(from).iter().map(gain).collect::<Vec<f32>>()
    };
    match (from.len(), to.len()) {
        (a, b) if a == b => (0..b).map(only).collect(),
        (_, 1) => {
            let mean = side(0)
                .iter()
                .zip(side(1))
                .map(|(l, r)| (l + r) / 2.0)
                .collect();
            vec![mean]
        }
        (_, 2) => vec![side(0), side(1)],
        (1 | 2, many) => {
            let silent = vec![0.0; from.len()];
            let mut all = vec![side(0), side(1)];
            all.resize(many, silent);
            all
        }
        (_, many) => (0..many).map(only).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(from: (u32, usize), to: (u32, usize), samples: &[f32]) -> Vec<f32> {
        let speakers = |channels| Speaker::usual(channels);
        let mut adapter = Adapter::new((from.0, &speakers(from.1)), (to.0, &speakers(to.1)));
        let mut block = samples.to_vec();
        adapter.convert(&mut block);
        adapter.finish(&mut block);
        block
    }

    #[test]
    fn channels_are_spread_and_mixed() {
        let of = |from, to, samples: &[f32]| converted((48_000, from), (48_000, to), samples);
        assert_eq!(of(1, 2, &[0.5, 0.25]), [0.5, 0.5, 0.25, 0.25]);
        assert_eq!(of(2, 1, &[0.5, 0.25]), [0.375]);
        assert_eq!(of(2, 4, &[0.5, 0.25]), [0.5, 0.25, 0.0, 0.0]);
        assert_eq!(of(3, 4, &[0.5, 0.25, 0.125]), [0.5, 0.25, 0.125, 0.0]);
    }

    #[test]
    fn another_rate_keeps_the_length_in_seconds() {
        let second = vec![0.25; 2 * 44_100];
        let got = converted((44_100, 2), (48_000, 2), &second);
        assert_eq!(got.len(), 2 * 48_000);
        assert!((got[48_000] - 0.25).abs() < 1e-3, "{}", got[48_000]);
    }
}
