//! The analysis of a track as plain types: tempo, beats, key, loudness, curves, form. The crate audio fills them, the
//! catalog stores them, and the ranking reads them. All times are seconds from the start of the track.

use crate::brief::Mood;
use crate::music::Key;

/// The tempo of a track.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tempo {
    /// Beats per minute of the best candidate.
    pub bpm: f32,
    /// From 0 to 1: the clearness of the pulse, and the lead of the best candidate over the others.
    pub confidence: f32,
    /// Candidates as (beats per minute, weight), best first; the weights sum to 1.
    pub candidates: Vec<(f32, f32)>,
    /// Stretches of constant tempo as (start in seconds, beats per minute), in time order; the first starts at 0. Empty
    /// for a track without beats.
    pub stretches: Vec<(f64, f32)>,
}

/// The beats of a track.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beats {
    /// Time of each beat, ascending.
    pub times_s: Vec<f64>,
    /// Indices into [`Beats::times_s`] of the beats that start a bar, ascending.
    pub downbeats: Vec<u32>,
    /// Beats in a bar, 2 to 7; a bar of 6/8 has 2, one of 12/8 has 4.
    pub per_bar: u8,
    /// From 0 to 1: the fit of the beats to the onsets.
    pub confidence: f32,
}

impl Beats {
    /// Times of the beats that start a bar.
    pub fn downbeats_s(&self) -> impl Iterator<Item = f64> + '_ {
        let time = |&at: &u32| self.times_s.get(at as usize).copied();
        self.downbeats.iter().filter_map(time)
    }
}

/// The estimated key of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyEstimate {
    /// The most likely tonic and mode.
    pub key: Key,
    /// From 0 to 1; below 0.3 the reasons call the key unsure.
    pub confidence: f32,
    /// Concert pitch in cents above A = 440 Hz, −50 to 50.
    pub tuning_cents: f32,
}

/// Loudness of a track by EBU R 128; `None` for silence and for a value that was not measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loudness {
    /// Loudness of the whole track, gated, in LUFS.
    pub integrated_lufs: Option<f64>,
    /// Loudness range, LU (EBU Tech 3342).
    pub range_lu: Option<f64>,
    /// Highest true peak of any channel, dBTP.
    pub true_peak_dbtp: Option<f64>,
}

/// Values from 0 to 1 at a constant rate, in steps of 1/255. Value `k` covers the time from `k / rate_hz` to
/// `(k + 1) / rate_hz`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Number of values per second.
    pub rate_hz: f32,
    /// The values times 255.
    pub values: Vec<u8>,
}

impl Curve {
    /// A curve of values from 0 to 1; other values are clamped.
    pub fn new(rate_hz: f32, values: impl IntoIterator<Item = f32>) -> Curve {
        let step = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        Curve {
            rate_hz,
            values: values.into_iter().map(step).collect(),
        }
    }

    /// The value at a time; `None` outside the curve.
    pub fn at(&self, time_s: f64) -> Option<f32> {
        let place = time_s * f64::from(self.rate_hz);
        if place < 0.0 {
            return None;
        }
        Some(f32::from(*self.values.get(place as usize)?) / 255.0)
    }

    /// Mean between two times, 0 to 1; the curve counts as 0 outside its ends.
    pub fn mean(&self, from_s: f64, to_s: f64) -> f64 {
        let rate_hz = f64::from(self.rate_hz);
        let place = |s: f64| ((s * rate_hz).round().max(0.0) as usize).min(self.values.len());
        let (from, to) = (place(from_s).min(place(to_s)), place(to_s));
        let sum: f64 = self.values[from..to].iter().map(|&v| f64::from(v)).sum();
        let whole = ((to_s - from_s) * rate_hz).round().max((to - from) as f64);
        sum / 255.0 / whole.max(1.0)
    }
}

/// The curves of a track; an empty one was not computed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// Intensity, 2 values per second.
    pub energy: Curve,
    /// Strength of onsets, 25 values per second.
    pub onsets: Curve,
    /// Largest absolute sample of any channel, 4 values per second, for the waveform of the whole track.
    pub peaks: Curve,
    /// Largest absolute sample of any channel, 40 values per second, for the enlarged waveform.
    pub peaks_fine: Curve,
}

/// The role of a section in its track.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SectionKind {
    /// The opening, before the main part.
    Intro,
    /// Any other part.
    #[default]
    Body,
    /// A part that is much quieter or thinner than its neighbours.
    Break,
    /// The most intense part: the climax or drop.
    Climax,
    /// The closing, after the main part.
    Outro,
}

impl SectionKind {
    /// Every kind, in the order of their numbers in a catalog.
    pub const ALL: [SectionKind; 5] = [
        SectionKind::Intro,
        SectionKind::Body,
        SectionKind::Break,
        SectionKind::Climax,
        SectionKind::Outro,
    ];

    /// The name in JSON documents.
    pub fn as_str(self) -> &'static str {
        match self {
            SectionKind::Intro => "intro",
            SectionKind::Body => "body",
            SectionKind::Break => "break",
            SectionKind::Climax => "climax",
            SectionKind::Outro => "outro",
        }
    }
}

/// A part of a track with its own vector.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// First second; on a bar line in a track with bars.
    pub start_s: f64,
    /// Second after the last one.
    pub end_s: f64,
    /// The role in the track.
    pub kind: SectionKind,
    /// Mean of the energy curve, 0 to 1.
    pub energy: f32,
    /// Share with singing or speech, 0 to 1; `None` for a pack without such tags.
    pub vocal: Option<f32>,
    /// Vector in the audio space of the pack, of length 1; zeros for silence.
    pub vector: Vec<f32>,
}

/// The way a track ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// A composed ending that rings out.
    #[default]
    Real,
    /// A fade to silence.
    Fade,
    /// A stop in full sound: a loop, or a truncated file.
    Cut,
}

impl Ending {
    /// Every ending, in the order of their numbers in a catalog.
    pub const ALL: [Ending; 3] = [Ending::Real, Ending::Fade, Ending::Cut];

    /// The name in JSON documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Ending::Real => "real",
            Ending::Fade => "fade",
            Ending::Cut => "cut",
        }
    }
}

/// The musical form of a track.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Form {
    /// The way the track ends.
    pub ending: Ending,
    /// Start of the fade, or of the last sound that rings out.
    pub ending_s: Option<f64>,
    /// Start of the climax: the strongest rise of energy, on a bar line in a track with bars.
    pub climax_s: Option<f64>,
    /// Start and end of a part that can be repeated without a seam, on bar lines.
    pub loop_s: Option<(f64, f64)>,
}

/// Properties of a track as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Character {
    /// Shares of the four moods.
    pub mood: Option<Mood>,
    /// Loudness, onset strength, brightness and tempo in one number, 0 to 1; its steps have no even meaning. `None` for a
    /// track that was not measured.
    pub intensity: Option<f32>,
    /// From 0 (calm) to 1 (excited): the share of music in general that is calmer ([`crate::TrackSound::energy`]).
    pub energy: f32,
    /// From 0 (unpleasant) to 1 (pleasant): the share of music in general that is less pleasant
    /// ([`crate::TrackSound::valence`]). `None` where neither key nor tags are known.
    pub valence: Option<f32>,
    /// Share of the track with singing or speech, 0 to 1; `None` for a pack without such tags.
    pub vocal: Option<f32>,
    /// Power between 300 Hz and 3.4 kHz, the band of voices, divided by the power between 30 Hz and 11 kHz; 0 to 1, of the
    /// mono mix, without K-weighting. `None` for silence and for a track that was not measured.
    pub presence: Option<f32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_read_at_its_rate() {
        let curve = Curve::new(2.0, [0.0, 0.5, 2.0]);
        assert_eq!(curve.at(0.49), Some(0.0));
        assert!((curve.at(0.5).unwrap() - 0.5).abs() < 1.0 / 255.0);
        assert_eq!(curve.at(1.2), Some(1.0), "clamped to 1");
        assert_eq!(curve.at(1.5), None);
        assert_eq!(curve.at(-0.1), None);
    }

    #[test]
    fn the_mean_of_a_curve_counts_its_outside_as_0() {
        let curve = Curve::new(2.0, [1.0; 10]);
        assert_eq!(curve.mean(1.0, 4.0), 1.0);
        assert_eq!(curve.mean(4.0, 6.0), 0.5, "it ends at 5 s");
        assert_eq!(curve.mean(-1.0, 1.0), 0.5);
        assert!(curve.mean(0.2, 1.3) <= 1.0, "rounding never adds");
        assert_eq!(curve.mean(3.0, 2.0), 0.0);
        assert_eq!(Curve::default().mean(0.0, 1.0), 0.0);
    }

    #[test]
    fn downbeats_are_beats() {
        let beats = Beats {
            times_s: vec![0.5, 1.0, 1.5, 2.0, 2.5],
            downbeats: vec![1, 4, 9],
            per_bar: 3,
            confidence: 1.0,
        };
        assert_eq!(beats.downbeats_s().collect::<Vec<_>>(), [1.0, 2.5]);
    }
}
