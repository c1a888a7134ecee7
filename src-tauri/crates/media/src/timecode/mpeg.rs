//! Timecode in the header of a group of pictures (ISO/IEC 13818-2 6.2.2.6 and 6.3.8). Pure.

use needledrop_timebase::{Fields, FrameRate};

use super::label::StoredLabel;

/// Start code of a group header, and of the picture after which no header is looked for.
const GROUP: u8 = 0xb8;
const PICTURE: u8 = 0x00;
/// The timecode of the first group in a coded packet. Encoders that do not know the time write
/// zeros, so midnight counts as no timecode.
pub(crate) fn group_header(packet: &[u8], rate: FrameRate) -> Option<StoredLabel> {
    let mut rest = packet;
    while let Some(at) = rest.windows(3).position(|w| w == [0, 0, 1]) {
        let (&code, next) = rest.get(at + 3..)?.split_first()?;
        match code {
            GROUP => return label(next.first_chunk()?, rate),
            PICTURE => return None,
            _ => rest = next,
        }
    }
    None
}

fn label(bytes: &[u8; 4], rate: FrameRate) -> Option<StoredLabel> {
    let bits = u32::from_be_bytes(*bytes);
    let field = |shift: u32, width: u32| (bits >> shift) & ((1 << width) - 1);
    let fields = Fields {
        hours: field(26, 5),
        minutes: field(20, 6),
        seconds: field(13, 6),
        frames: field(7, 6),
    };
    let zeros = Fields {
        hours: 0,
        minutes: 0,
        seconds: 0,
        frames: 0,
    };
    (fields != zeros).then_some(StoredLabel {
        fields,
        base: rate.nominal(),
        drop_frame: field(31, 1) == 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 01:02:03 and four frames, with drop frame.
    const HEADER: [u8; 8] = [0, 0, 1, 0xb8, 0x84, 0x28, 0x62, 0x00];

    #[test]
    fn a_group_header_behind_a_sequence_header_is_read() {
        let mut packet = vec![0, 0, 1, 0xb3, 45, 1, 224, 0x14, 0, 0, 1, 0xb5, 1, 2];
        packet.extend(HEADER);
        packet.extend([0, 0, 1, 0, 0, 8]);
        let read = |rate| {
            let label = group_header(&packet, rate)?;
            label.at(rate).map(|timecode| timecode.to_string())
        };
        assert_eq!(read(FrameRate::FPS_29_97).as_deref(), Some("01:02:03;04"));
        assert_eq!(read(FrameRate::FPS_25).as_deref(), Some("01:02:03:04"));
        assert_eq!(read(FrameRate::FPS_50).as_deref(), Some("01:02:03:04"));
    }

    #[test]
    fn packets_without_a_known_time_give_none() {
        let rate = FrameRate::FPS_25;
        assert_eq!(group_header(&[], rate), None);
        assert_eq!(group_header(&[0, 0, 1], rate), None);
        assert_eq!(group_header(&HEADER[..6], rate), None, "cut short");
        let zeros = [0, 0, 1, 0xb8, 0, 0x08, 0, 0x40];
        assert_eq!(group_header(&zeros, rate), None, "not set");
        let behind = [&[0, 0, 1, 0, 0, 8][..], &HEADER].concat();
        assert_eq!(group_header(&behind, rate), None, "of a later group");
    }
}
