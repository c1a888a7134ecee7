//! Frame headers of MPEG audio, layers 1 to 3 (ISO/IEC 11172-3, 2.4.1.3; 13818-3; and the rates
//! below 16 kHz that are known as MPEG 2.5).

/// Bit rates in kbit/s by version (1; 2 and 2.5), layer and index from 1 on.
const KBPS_1: [[u16; 14]; 3] = [
    [
        32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
    ],
    [
        32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
    ],
    [
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ],
];
const KBPS_2: [[u16; 14]; 3] = [
    [
        32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
    ],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
/// Longest frame of a free bit rate that is searched for, bytes.
const LONGEST_FREE: usize = 4608;

/// A frame, as its header of four bytes describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// 1 for MPEG 1, 2 for MPEG 2, 3 for MPEG 2.5.
    version: u8,
    /// 1 to 3.
    pub layer: u8,
    pub rate_hz: u32,
    is_mono: bool,
    /// Layer 2 allows some bit rates for one channel alone, others for two alone.
    pub is_allowed: bool,
    /// Length with the header.
    pub bytes: usize,
}

impl Frame {
    /// The frame that begins with these bytes; `None` for other data and for free bit rates.
    pub fn of(bytes: &[u8]) -> Option<Frame> {
        let &[0xff, b, c, d, ..] = bytes else {
            return None;
        };
        let head = Head::of(b, c, d)?;
        let index = usize::from(c >> 4).checked_sub(1)?;
        let table = if head.version == 1 { KBPS_1 } else { KBPS_2 };
        let kbps = *table.get(usize::from(head.layer) - 1)?.get(index)?;
        let bits = u32::from(kbps) * 1000;
        let padding = u32::from(c >> 1 & 1);
        let length = match (head.layer, head.version) {
            (1, _) => (12 * bits / head.rate_hz + padding) * 4,
            (2, _) | (3, 1) => 144 * bits / head.rate_hz + padding,
            _ => 72 * bits / head.rate_hz + padding,
        };
        Some(Frame {
            version: head.version,
            layer: head.layer,
            rate_hz: head.rate_hz,
            is_mono: head.is_mono,
            is_allowed: head.layer != 2
                || match kbps {
                    32 | 48 | 56 | 80 => head.is_mono,
                    224.. => !head.is_mono,
                    _ => true,
                },
            bytes: length as usize,
        })
    }

    /// What is the same in all frames of a stream.
    pub fn kind(&self) -> (u8, u8, u32, bool) {
        (self.version, self.layer, self.rate_hz, self.is_mono)
    }

    /// Position of the tags of Xing and LAME within the frame: after the side information.
    pub fn after_side_information(&self) -> usize {
        match (self.version, self.is_mono) {
            (1, false) => 36,
            (1, true) | (_, false) => 21,
            (_, true) => 13,
        }
    }

    /// Name of the format.
    pub fn name(&self) -> &'static str {
        match self.layer {
            1 => "MPEG audio layer 1 (MP1)",
            2 => "MPEG audio layer 2 (MP2)",
            _ => "MP3",
        }
    }
}

struct Head {
    version: u8,
    layer: u8,
    rate_hz: u32,
    is_mono: bool,
}

impl Head {
    fn of(b: u8, c: u8, d: u8) -> Option<Head> {
        let version = match (b >> 5, b >> 3 & 3) {
            (7, 3) => 1,
            (7, 2) => 2,
            (7, 0) => 3,
            _ => return None,
        };
        let layer = 4 - (b >> 1 & 3);
        let rate_hz = *[44_100, 48_000, 32_000].get(usize::from(c >> 2 & 3))? >> (version - 1);
        let is_reserved = layer == 4 || c >> 4 == 15 || d & 3 == 2;
        (!is_reserved).then_some(Head {
            version,
            layer,
            rate_hz,
            is_mono: d >> 6 == 3,
        })
    }
}

/// Whether a stream without a declared bit rate begins here: frames of one length, give or take the
/// padding.
pub(super) fn is_free_format(bytes: &[u8]) -> bool {
    let Some(&[0xff, b, c, d]) = bytes.first_chunk() else {
        return false;
    };
    if c >> 4 != 0 || Head::of(b, c, d).is_none() {
        return false;
    }
    let is_next = |at: usize| {
        matches!(bytes.get(at..at + 4), Some(&[0xff, x, y, z])
            if x == b && y & 0xfd == c & 0xfd && z >> 6 == d >> 6)
    };
    let padding = |at: usize| bytes.get(at + 2).map_or(0, |c| usize::from(c >> 1 & 1));
    (24..LONGEST_FREE).any(|length| {
        let mut at = 0;
        (0..4).all(|_| {
            at += length + padding(at);
            is_next(at)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frame_lengths_are_those_of_the_standard() {
        for (head, layer, rate_hz, bytes) in [
            ([0xff, 0xfb, 0x90, 0x00], 3, 44_100, 417),
            ([0xff, 0xfb, 0x92, 0xc0], 3, 44_100, 418),
            ([0xff, 0xf3, 0x40, 0xc0], 3, 22_050, 104),
            ([0xff, 0xe3, 0x40, 0xc0], 3, 11_025, 208),
            ([0xff, 0xfd, 0xa4, 0x00], 2, 48_000, 576),
            ([0xff, 0xff, 0x98, 0x00], 1, 32_000, 432),
        ] {
            let frame = Frame::of(&head).unwrap();
            let got = (frame.layer, frame.rate_hz, frame.bytes);
            assert_eq!(got, (layer, rate_hz, bytes), "{head:x?}");
        }
        for head in [
            [0xff, 0xeb, 0x90, 0x00],
            [0xff, 0xf9, 0x90, 0x00],
            [0xff, 0xfb, 0xf0, 0x00],
            [0xff, 0xfb, 0x9c, 0x00],
            [0xff, 0xfb, 0x90, 0x02],
            [0xff, 0xfb, 0x00, 0x00],
            [0xfe, 0xfb, 0x90, 0x00],
        ] {
            assert_eq!(Frame::of(&head), None, "{head:x?}");
        }
        assert_eq!(Frame::of(&[0xff, 0xfb, 0x90]), None, "three bytes");
    }

    #[test]
    fn a_free_bit_rate_is_known_by_its_equal_frames() {
        let frame = |padding: u8, bytes: usize| {
            let mut frame = vec![7; bytes];
            frame[..4].copy_from_slice(&[0xff, 0xfb, padding << 1, 0]);
            frame
        };
        let stream = [frame(0, 600), frame(1, 601), frame(0, 600), frame(0, 600)].concat();
        let stream = [stream, frame(0, 600)].concat();
        assert!(is_free_format(&stream));
        assert!(!is_free_format(&stream[..1500]), "too few frames");
        let uneven = [frame(0, 600), frame(0, 500), frame(0, 600), frame(0, 700)].concat();
        assert!(!is_free_format(&uneven));
    }
}
