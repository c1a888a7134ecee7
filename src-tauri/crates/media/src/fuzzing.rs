//! Entry points of the fuzz targets: each reads foreign bytes and must return.

use std::io::Cursor;

use needledrop_timebase::{FrameRate, Timecode};

use crate::bitstream::{Syntax, role};
use crate::mp4::{self, Layout};
use crate::timecode::{group_header, of_comment};
use crate::{fields, gif};

/// Reads a coded packet in every syntax, with and without the container's key flag, and looks for parameter sets. True
/// where one of the syntaxes finds a picture.
pub fn packet(bytes: &[u8]) -> bool {
    fields::in_packet(bytes);
    fields::in_codec_data(bytes);
    let lengths = 1..=4;
    let avc = lengths.clone().map(Syntax::Avc);
    let hevc = lengths.map(Syntax::Hevc);
    let others = [
        Syntax::AvcBytes,
        Syntax::HevcBytes,
        Syntax::Mpeg2,
        Syntax::Mpeg4,
    ];
    let mut found = false;
    for syntax in avc.chain(hevc).chain(others) {
        for key in [false, true] {
            let role = role(syntax, key, bytes);
            assert!(!role.unreadable || role.entry == key, "{syntax:?}");
            found |= !role.unreadable;
        }
    }
    found
}

/// Reads the boxes of an MP4 and the blocks of a GIF. True where one of them is found: fragments, or a picture.
pub fn container(bytes: &[u8]) -> bool {
    let layout = mp4::layout_of(&mut Cursor::new(bytes)).expect("memory can be read");
    if let Layout::Fragmented(rebuilt) = &layout {
        assert_eq!(rebuilt.length, bytes.len() as u64);
    }
    matches!(layout, Layout::Fragmented(_)) || gif::count(&mut Cursor::new(bytes)) > 0
}

/// Reads the timecode of the first group of pictures in an MPEG packet.
pub fn group_timecode(packet: &[u8], rate: FrameRate) -> Option<Timecode> {
    group_header(packet, rate)?.at(rate)
}

/// Reads the timecode of a Matroska tag, `TIMECODE=HH:MM:SS:FF`.
pub fn tagged_timecode(comment: &str, rate: FrameRate) -> Option<Timecode> {
    of_comment(comment, rate)
}
