//! The JSON forms: a rate is `{"num": 30000, "den": 1001}`, a range
//! `{"rate": …, "start": 0, "end": 25}`, a timecode `{"frames": 0, "rate": …, "drop_frame": true}`.
//! Reading checks what the constructors check.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{FrameRange, FrameRate, Frames, Timecode};

#[derive(Serialize, Deserialize)]
#[serde(rename = "FrameRate")]
struct Rate {
    num: u32,
    den: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "FrameRange")]
struct Range {
    rate: FrameRate,
    start: Frames,
    end: Frames,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Timecode")]
struct Position {
    frames: Frames,
    rate: FrameRate,
    drop_frame: bool,
}

impl Serialize for FrameRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (num, den) = (self.num(), self.den());
        Rate { num, den }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FrameRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Rate { num, den } = Rate::deserialize(deserializer)?;
        Self::new(num, den).map_err(D::Error::custom)
    }
}

impl Serialize for FrameRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let range = Range {
            rate: self.rate(),
            start: self.start(),
            end: self.end(),
        };
        range.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FrameRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Range { rate, start, end } = Range::deserialize(deserializer)?;
        Self::new(rate, start, end).map_err(D::Error::custom)
    }
}

impl Serialize for Timecode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let position = Position {
            frames: self.frames(),
            rate: self.rate(),
            drop_frame: self.is_drop_frame(),
        };
        position.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Timecode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Position {
            frames,
            rate,
            drop_frame,
        } = Position::deserialize(deserializer)?;
        Self::new(frames, rate, drop_frame).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_back_and_checked() {
        let rate = FrameRate::FPS_29_97;
        let range = FrameRange::new(rate, Frames(1), Frames(9)).unwrap();
        let json = serde_json::to_string(&range).unwrap();
        assert_eq!(
            json,
            r#"{"rate":{"num":30000,"den":1001},"start":1,"end":9}"#
        );
        assert_eq!(serde_json::from_str::<FrameRange>(&json).unwrap(), range);
        let timecode = Timecode::parse("01:00:00;02", rate).unwrap();
        let json = serde_json::to_string(&timecode).unwrap();
        assert_eq!(serde_json::from_str::<Timecode>(&json).unwrap(), timecode);
        let wrong = r#"{"rate":{"num":25,"den":0},"start":1,"end":9}"#;
        assert!(serde_json::from_str::<FrameRange>(wrong).is_err());
        let wrong = r#"{"rate":{"num":25,"den":1},"start":9,"end":1}"#;
        assert!(serde_json::from_str::<FrameRange>(wrong).is_err());
    }
}
