//! Where a clip's timecode starts and which reel it comes from, as the camera or the recorder
//! wrote it.
//!
//! Sources, first one wins: the `tmcd` track of MOV and MP4 and the material package of MXF (read
//! here from the file, because GStreamer 1.22 passes on neither `tmcd` nor reel names), the
//! timecode on the first packet (MXF essence, H.264 and H.265 picture timing), the `TIMECODE` tag
//! of Matroska, the header of the first group of pictures (MPEG-1 and MPEG-2).

mod bounded;
mod label;
mod mpeg;
mod mxf;
mod quicktime;

use std::io::{Read, Seek};

use needledrop_timebase::{FrameRate, Timecode};

use bounded::Bounded;
pub(crate) use label::StoredLabel;
pub(crate) use mpeg::group_header;

/// Longest reel name that is kept, in characters. Editing programs cut names at 8 to 32.
const REEL_NAME: usize = 100;

/// What a file says about the tape or card it was recorded on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recorded {
    /// Timecode of the first frame, at the clip's rate.
    pub start: Option<Timecode>,
    /// Name of the reel, tape or card.
    pub reel: Option<String>,
}

/// Reads start timecode and reel name from a MOV, MP4 or MXF file of `rate`. A file of another
/// kind, a damaged one and one that cannot be read give an empty answer. Reads at most a few
/// hundred KiB in at most 20,000 steps, whatever the bytes say.
pub fn recorded(file: &mut (impl Read + Seek), rate: FrameRate) -> Recorded {
    let Some(mut file) = Bounded::new(file) else {
        return Recorded::default();
    };
    let stored = quicktime::stored(&mut file).or_else(|| mxf::stored(&mut file));
    let Some(stored) = stored else {
        return Recorded::default();
    };
    Recorded {
        start: stored.start.and_then(|label| label.at(rate)),
        reel: stored.reel.as_deref().and_then(reel_name),
    }
}

/// The text of the tag `TIMECODE` that Matroska carries.
pub(crate) fn of_comment(comment: &str, rate: FrameRate) -> Option<Timecode> {
    let (name, text) = comment.split_once('=')?;
    let is_timecode = name.eq_ignore_ascii_case("TIMECODE");
    is_timecode.then(|| Timecode::parse(text.trim(), rate).ok())?
}

/// A reel name in one line, without the filling of fixed-length fields.
fn reel_name(name: &str) -> Option<String> {
    let name: String = name
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(REEL_NAME)
        .collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reel_names_are_one_line() {
        assert_eq!(reel_name("A001\0\0\0"), Some("A001".into()));
        assert_eq!(reel_name(" A\n1 \u{7} "), Some("A 1".into()));
        assert_eq!(reel_name("\0"), None);
        assert_eq!(
            reel_name(&"é".repeat(500)).map(|n| n.chars().count()),
            Some(REEL_NAME)
        );
    }

    #[test]
    fn matroska_writes_the_timecode_as_a_comment() {
        let rate = FrameRate::FPS_25;
        let read = of_comment("TIMECODE=10:00:00:10", rate).map(|t| t.to_string());
        assert_eq!(read.as_deref(), Some("10:00:00:10"));
        assert_eq!(of_comment("TITLE=10:00:00:10", rate), None);
        assert_eq!(of_comment("TIMECODE=soon", rate), None);
    }
}
