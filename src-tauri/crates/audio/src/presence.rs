//! Share of a track's power in the band of voices. Pure.

/// Band of a telephone, in which speech is intelligible, Hz (ITU-T G.712).
const VOICES_HZ: (f64, f64) = (300.0, 3400.0);
/// Lower frequencies are rumble and offset, Hz.
const LOWEST_HZ: f64 = 30.0;

/// Sums the power of a track's spectra, in the band of voices and in all.
pub struct Presence {
    /// First bin above rumble, first of the band, first beyond it.
    edges: [usize; 3],
    silence: f32,
    voices: f64,
    all: f64,
}

impl Presence {
    /// For spectra with bins `bin_hz` apart; frames with less power than `silence` do not count.
    pub fn new(bin_hz: f64, silence: f32) -> Presence {
        let first = |hz: f64| (hz / bin_hz).ceil() as usize;
        Presence {
            edges: [
                first(LOWEST_HZ),
                first(VOICES_HZ.0),
                (VOICES_HZ.1 / bin_hz) as usize + 1,
            ],
            silence,
            voices: 0.0,
            all: 0.0,
        }
    }

    /// Takes the power spectrum of a frame, `[bins]`, longer than the band of voices.
    pub fn frame(&mut self, power: &[f32]) {
        let [lowest, from, to] = self.edges;
        let voices = sum(&power[from..to]);
        let all = sum(&power[lowest..from]) + voices + sum(&power[to..]);
        if all >= self.silence && all.is_finite() {
            self.voices += f64::from(voices);
            self.all += f64::from(all);
        }
    }

    /// Share of the power between 300 Hz and 3.4 kHz, 0 to 1; `None` for silence.
    pub fn share(&self) -> Option<f32> {
        (self.all > 0.0).then(|| (self.voices / self.all) as f32)
    }
}

/// Eight sums side by side, so that additions do not wait for each other.
fn sum(power: &[f32]) -> f32 {
    let (groups, rest) = power.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for group in groups {
        for (sum, power) in sums.iter_mut().zip(group) {
            *sum += power;
        }
    }
    sums.iter().chain(rest).sum()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use crate::harmony::chroma::Chroma;
    use crate::signal::MUSIC_RATE_HZ;
    use crate::synth::Noise;

    /// Presence of three seconds of a signal.
    fn presence(mut sample: impl FnMut(f64) -> f64) -> Option<f32> {
        let rate = f64::from(MUSIC_RATE_HZ);
        let samples: Vec<f32> = (0..3 * MUSIC_RATE_HZ)
            .map(|i| sample(f64::from(i) / rate) as f32)
            .collect();
        let mut chroma = Chroma::new();
        chroma.push(&samples);
        chroma.presence()
    }

    fn tone(hz: f64) -> impl Fn(f64) -> f64 {
        move |t| 0.3 * (TAU * hz * t).sin()
    }

    #[test]
    fn a_tone_has_presence_1_inside_the_band_and_0_outside() {
        for (hz, least, most) in [
            (100.0, 0.0, 0.005),
            (270.0, 0.0, 0.005),
            (330.0, 0.995, 1.0),
            (1000.0, 0.995, 1.0),
            (3370.0, 0.995, 1.0),
            (3430.0, 0.0, 0.005),
            (10_000.0, 0.0, 0.005),
        ] {
            let share = presence(tone(hz)).unwrap();
            assert!((least..=most).contains(&share), "{hz} Hz: {share}");
        }
    }

    #[test]
    fn two_tones_share_the_presence_by_their_power() {
        let (low, high) = (tone(100.0), tone(1000.0));
        let share = presence(|t| 2.0 * low(t) + high(t)).unwrap();
        assert!(
            (share - 0.2).abs() < 0.002,
            "a fifth of the power, not {share}"
        );
    }

    #[test]
    fn white_noise_has_the_share_of_the_band() {
        let mut noise = Noise::new(3);
        let share = f64::from(presence(|_| 0.3 * noise.next()).unwrap());
        let band = (3400.0 - 300.0) / (f64::from(MUSIC_RATE_HZ) / 2.0 - 30.0);
        assert!((share - band).abs() < 0.01, "{share} where {band} is white");
    }

    #[test]
    fn frequencies_below_the_lowest_bound_do_not_count() {
        let high = tone(1000.0);
        let share = presence(|t| 0.3 + high(t)).unwrap();
        assert!(share > 0.999, "an offset changes it to {share}");
    }

    #[test]
    fn silence_has_no_presence_and_changes_none() {
        assert_eq!(presence(|_| 0.0), None);
        let mut noise = Noise::new(3);
        let dither = presence(|_| noise.next() / 32_768.0);
        assert_eq!(dither, None, "dither is silence");
        let high = tone(1000.0);
        let broken = presence(|t| if t < 1.0 { f64::NAN } else { high(t) });
        assert!(
            broken.is_some_and(|share| share > 0.999),
            "what is no number is passed over: {broken:?}"
        );
    }
}
