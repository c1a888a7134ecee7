//! What is heard in a track: the plain types that the analysis fills, the catalog keeps and the
//! ranking reads. All times are seconds from the start of the track.

use crate::brief::Mood;
use crate::music::Key;

/// Pulse of a track.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tempo {
    /// Beats per minute of the best reading.
    pub bpm: f32,
    /// 0 to 1: how clear the pulse is and how far ahead of the other readings.
    pub confidence: f32,
    /// Readings as (beats per minute, weight), best first; the weights sum to 1.
    pub candidates: Vec<(f32, f32)>,
    /// Stretches of one tempo as (start, beats per minute), in time order, the first from 0; one
    /// alone where the tempo holds, empty where there are no beats.
    pub stretches: Vec<(f64, f32)>,
}

/// The beats of a track, where it has any that can be followed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Beats {
    /// Every beat, ascending.
    pub times_s: Vec<f64>,
    /// Which of [`Beats::times_s`] begin a bar, ascending.
    pub downbeats: Vec<u32>,
    /// Beats in a bar: 3 or 4.
    pub per_bar: u8,
    /// 0 to 1: how well the beats fit what is heard.
    pub confidence: f32,
}

impl Beats {
    /// Times of the beats that begin a bar.
    pub fn downbeats_s(&self) -> impl Iterator<Item = f64> + '_ {
        let time = |&at: &u32| self.times_s.get(at as usize).copied();
        self.downbeats.iter().filter_map(time)
    }
}

/// Key of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeyEstimate {
    /// Tonic and mode.
    pub key: Key,
    /// 0 to 1.
    pub confidence: f32,
    /// Concert pitch in cents above A = 440 Hz, −50 to 50.
    pub tuning_cents: f32,
}

/// Loudness of a track after EBU R 128; `None` where it was not measured or nothing sounded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loudness {
    /// Integrated loudness, LUFS.
    pub integrated_lufs: Option<f64>,
    /// Loudness range, LU (EBU Tech 3342).
    pub range_lu: Option<f64>,
    /// Highest true peak of any channel, dBTP.
    pub true_peak_dbtp: Option<f64>,
}

/// Values from 0 to 1 at an even rate, in steps of 1/255. Value `k` stands for the time from
/// `k / rate_hz` to `(k + 1) / rate_hz`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Values a second.
    pub rate_hz: f32,
    /// The values times 255.
    pub values: Vec<u8>,
}

impl Curve {
    /// From values between 0 and 1; what lies outside is held at the nearer end.
    pub fn new(rate_hz: f32, values: impl IntoIterator<Item = f32>) -> Curve {
        let step = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        Curve {
            rate_hz,
            values: values.into_iter().map(step).collect(),
        }
    }

    /// The value at a time; `None` outside of the curve.
    pub fn at(&self, time_s: f64) -> Option<f32> {
        let place = time_s * f64::from(self.rate_hz);
        if place < 0.0 {
            return None;
        }
        Some(f32::from(*self.values.get(place as usize)?) / 255.0)
    }

    /// Mean between two times, 0 to 1; what lies outside of the curve counts as 0.
    pub fn mean(&self, from_s: f64, to_s: f64) -> f64 {
        let rate_hz = f64::from(self.rate_hz);
        let place = |s: f64| ((s * rate_hz).round().max(0.0) as usize).min(self.values.len());
        let (from, to) = (place(from_s).min(place(to_s)), place(to_s));
        let sum: f64 = self.values[from..to].iter().map(|&v| f64::from(v)).sum();
        let whole = ((to_s - from_s) * rate_hz).round().max((to - from) as f64);
        sum / 255.0 / whole.max(1.0)
    }
}

/// Curves of a track, each empty where it was not made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// How much is going on, 2 a second.
    pub energy: Curve,
    /// Strength of onsets, 25 a second.
    pub onsets: Curve,
    /// Highest sample of any channel, 4 a second: the waveform as a whole.
    pub peaks: Curve,
    /// Highest sample of any channel, 40 a second: the waveform from near.
    pub peaks_fine: Curve,
}

/// What part of a track a section is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SectionKind {
    /// Before the track has begun properly.
    Intro,
    /// None of the others.
    #[default]
    Body,
    /// Much quieter or thinner than what is around it.
    Break,
    /// Where the track is fullest: the climax or drop.
    Climax,
    /// After the track has had its say.
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

    /// Its name in JSON.
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

/// A stretch of a track with its own vector.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Start; on a bar line where there are bars.
    pub start_s: f64,
    /// End.
    pub end_s: f64,
    /// What part of the track it is.
    pub kind: SectionKind,
    /// Mean of the energy curve, 0 to 1.
    pub energy: f32,
    /// Share of it that is sung or spoken, 0 to 1; `None` where no tagger can tell.
    pub vocal: Option<f32>,
    /// In the audio space of the pack, of length 1 (of zeros for silence).
    pub vector: Vec<f32>,
}

/// How a track ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// It comes to an end and rings out.
    #[default]
    Real,
    /// It is faded out.
    Fade,
    /// It stops while it sounds: a loop, or a file cut short.
    Cut,
}

impl Ending {
    /// Every ending, in the order of their numbers in a catalog.
    pub const ALL: [Ending; 3] = [Ending::Real, Ending::Fade, Ending::Cut];

    /// Its name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Ending::Real => "real",
            Ending::Fade => "fade",
            Ending::Cut => "cut",
        }
    }
}

/// Form of a track.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Form {
    /// How it ends.
    pub ending: Ending,
    /// Where a fade begins, or the last sound sets in to ring out.
    pub ending_s: Option<f64>,
    /// The moment of the strongest rise into the climax, on a bar line where there are bars.
    pub climax_s: Option<f64>,
    /// A stretch that repeats without a seam: start and end, on bar lines.
    pub loop_s: Option<(f64, f64)>,
}

/// What a track is like as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Character {
    /// Shares of the four moods.
    pub mood: Option<Mood>,
    /// Calm 0 to 1 excited, from the sound alone: loudness, onsets, brightness.
    pub energy: f32,
    /// Unpleasant 0 to 1 pleasant: mood and mode.
    pub valence: Option<f32>,
    /// Share of the track that is sung or spoken, 0 to 1; `None` where no tagger can tell.
    pub vocal: Option<f32>,
    /// Share of its power between 300 Hz and 3.4 kHz, where voices lie, in all of it from 30 Hz to
    /// 11 kHz; 0 to 1, plainly, without K-weighting, the channels mixed to one. `None` where it was
    /// not measured or nothing sounded.
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
        assert_eq!(curve.at(1.2), Some(1.0), "held at 1");
        assert_eq!(curve.at(1.5), None);
        assert_eq!(curve.at(-0.1), None);
    }

    #[test]
    fn the_mean_of_a_curve_counts_what_is_beyond_it_as_nothing() {
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
