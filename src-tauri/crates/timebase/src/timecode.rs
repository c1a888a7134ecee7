//! SMPTE ST 12 timecode: a frame of a 24-hour day and its label.

use std::fmt;
use std::ops::Add;

use crate::{FrameRate, Frames, TimebaseError};

const MINUTES_PER_DAY: i64 = 24 * 60;
/// Characters of a refused text that an error quotes.
const QUOTED: usize = 40;

/// A frame of a 24-hour day, counted from midnight.
///
/// The label has the form `HH:MM:SS:FF`. With drop frame it is `HH:MM:SS;FF`, and the first 2, 4
/// or 8 labels (at 29.97, 59.94 and 119.88) of each minute that is not a multiple of ten do not
/// exist, so that labels keep up with the clock within 0.1 s a day. Rates above 100 have three
/// digits of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timecode {
    frames: Frames,
    rate: FrameRate,
    drop_frame: bool,
}

/// The four numbers of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Fields {
    pub hours: u32,
    pub minutes: u32,
    pub seconds: u32,
    pub frames: u32,
}

impl Timecode {
    /// The timecode of the frame that lies `frames` after midnight. It wraps: a frame before
    /// midnight is one of the day before.
    ///
    /// # Errors
    /// [`TimebaseError::NoDropFrame`].
    pub fn new(frames: Frames, rate: FrameRate, drop_frame: bool) -> Result<Self, TimebaseError> {
        let counting = Counting::checked(rate, drop_frame)?;
        Ok(Self {
            frames: Frames(frames.0.rem_euclid(counting.per_day())),
            rate,
            drop_frame,
        })
    }

    /// The timecode with that label.
    ///
    /// # Errors
    /// [`TimebaseError::NoDropFrame`], [`TimebaseError::FieldTooLarge`],
    /// [`TimebaseError::SkippedLabel`].
    pub fn from_fields(
        fields: Fields,
        rate: FrameRate,
        drop_frame: bool,
    ) -> Result<Self, TimebaseError> {
        let counting = Counting::checked(rate, drop_frame)?;
        for (field, most, found) in [
            ("hours", 23, fields.hours),
            ("minutes", 59, fields.minutes),
            ("seconds", 59, fields.seconds),
            ("frames", rate.nominal() - 1, fields.frames),
        ] {
            if found > most {
                return Err(TimebaseError::FieldTooLarge { field, most, found });
            }
        }
        let label = |fields| Label {
            fields,
            rate,
            drop_frame,
        };
        match counting.frames(fields) {
            Some(frames) => Ok(Self {
                frames: Frames(frames),
                rate,
                drop_frame,
            }),
            None => Err(TimebaseError::SkippedLabel {
                label: label(fields).to_string(),
                last: counting.dropped as u32 - 1,
                next: counting.dropped as u32,
            }),
        }
    }

    /// Reads `HH:MM:SS:FF`, or `HH:MM:SS;FF` for drop frame. `.` before the frames also means drop
    /// frame. Each number has one to three digits.
    ///
    /// # Errors
    /// [`TimebaseError::Malformed`] and those of [`Timecode::from_fields`].
    pub fn parse(text: &str, rate: FrameRate) -> Result<Self, TimebaseError> {
        let malformed = || TimebaseError::Malformed {
            text: text.chars().take(QUOTED).collect(),
        };
        let last = text.rfind([':', ';', '.']).ok_or_else(malformed)?;
        let drop_frame = !text[last..].starts_with(':');
        let (clock, frames) = (&text[..last], &text[last + 1..]);
        let mut numbers = clock.split([':', ';']).chain([frames]).map(|part| {
            let is_number =
                (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            is_number.then(|| part.parse::<u32>().ok()).flatten()
        });
        let mut next = || numbers.next().flatten().ok_or_else(malformed);
        let fields = Fields {
            hours: next()?,
            minutes: next()?,
            seconds: next()?,
            frames: next()?,
        };
        if numbers.next().is_some() {
            return Err(malformed());
        }
        Self::from_fields(fields, rate, drop_frame)
    }

    /// Number of frames since midnight.
    pub const fn frames(self) -> Frames {
        self.frames
    }

    /// The rate that the frames count with.
    pub const fn rate(self) -> FrameRate {
        self.rate
    }

    /// Whether labels are dropped.
    pub const fn is_drop_frame(self) -> bool {
        self.drop_frame
    }

    /// The four numbers of the label.
    pub fn fields(self) -> Fields {
        Counting::new(self.rate, self.drop_frame).fields(self.frames.0)
    }
}

impl Add<Frames> for Timecode {
    type Output = Self;

    /// The timecode that many frames later, or earlier for a negative number. Wraps at midnight.
    fn add(self, frames: Frames) -> Self {
        let per_day = Counting::new(self.rate, self.drop_frame).per_day();
        let sum = (i128::from(self.frames.0) + i128::from(frames.0)).rem_euclid(per_day.into());
        Self {
            // Below `per_day`, which is an `i64`.
            frames: Frames(sum as i64),
            ..self
        }
    }
}

impl fmt::Display for Timecode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = Label {
            fields: self.fields(),
            rate: self.rate,
            drop_frame: self.drop_frame,
        };
        label.fmt(f)
    }
}

/// A label as it is written, whether it exists or not.
struct Label {
    fields: Fields,
    rate: FrameRate,
    drop_frame: bool,
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fields {
            hours,
            minutes,
            seconds,
            frames,
        } = self.fields;
        let separator = if self.drop_frame { ';' } else { ':' };
        let digits = if self.rate.nominal() > 100 { 3 } else { 2 };
        write!(
            f,
            "{hours:02}:{minutes:02}:{seconds:02}{separator}{frames:0digits$}"
        )
    }
}

/// How labels are counted at a rate.
#[derive(Clone, Copy)]
struct Counting {
    /// Labels in a second.
    nominal: i64,
    /// Labels that a minute skips unless it is a multiple of ten; 0 without drop frame.
    dropped: i64,
}

impl Counting {
    fn new(rate: FrameRate, drop_frame: bool) -> Self {
        let nominal = i64::from(rate.nominal());
        Self {
            nominal,
            dropped: if drop_frame { nominal / 15 } else { 0 },
        }
    }

    fn checked(rate: FrameRate, drop_frame: bool) -> Result<Self, TimebaseError> {
        if drop_frame && !rate.has_drop_frame() {
            return Err(TimebaseError::NoDropFrame {
                rate: rate.to_string(),
            });
        }
        Ok(Self::new(rate, drop_frame))
    }

    fn per_minute(self) -> i64 {
        60 * self.nominal - self.dropped
    }

    /// The first minute of each ten keeps all its labels.
    fn per_ten_minutes(self) -> i64 {
        10 * self.per_minute() + self.dropped
    }

    fn per_day(self) -> i64 {
        MINUTES_PER_DAY / 10 * self.per_ten_minutes()
    }

    /// Frames since midnight; `None` for a skipped label.
    fn frames(self, fields: Fields) -> Option<i64> {
        let minutes = i64::from(fields.hours) * 60 + i64::from(fields.minutes);
        let in_minute = i64::from(fields.seconds) * self.nominal + i64::from(fields.frames);
        if minutes % 10 != 0 && in_minute < self.dropped {
            return None;
        }
        let skipped = self.dropped * (minutes - minutes / 10);
        Some(minutes * 60 * self.nominal + in_minute - skipped)
    }

    /// The label of a frame within the day.
    fn fields(self, frames: i64) -> Fields {
        let tens = frames / self.per_ten_minutes();
        let in_ten = frames % self.per_ten_minutes();
        // The first minute of ten is longer by the labels that it keeps.
        let minute = ((in_ten - self.dropped) / self.per_minute()).max(0);
        let label = frames + self.dropped * (9 * tens + minute);
        let seconds = label / self.nominal;
        let number = |value: i64| value as u32;
        Fields {
            hours: number(seconds / 3600),
            minutes: number(seconds / 60 % 60),
            seconds: number(seconds % 60),
            frames: number(label % self.nominal),
        }
    }
}
