//! Coded pictures.

use needledrop_media::fuzzing;

use crate::target::Target;

/// One packet of a video stream, in every syntax.
pub const PACKETS: Target = Target {
    name: "packets",
    most_bytes: 1 << 10,
    read: fuzzing::packet,
    seeds: || {
        vec![
            // H.264 with start codes: a parameter set, an IDR slice.
            b"\0\0\x01\x67\x64\0\x1f\xac\xd9\x40\x50\x05\xbb\0\0\x01\x65\x88\x84\0\x10".to_vec(),
            // H.264 with a length of four bytes: a slice that nothing refers to.
            b"\0\0\0\x04\x01\x9a\x24\x6c".to_vec(),
            // H.265 with start codes: IDR_W_RADL.
            b"\0\0\x01\x26\x01\xaf\x08\x40".to_vec(),
            // MPEG-2: a B picture. MPEG-4 part 2: a B-VOP.
            b"\0\0\x01\0\0\x5f\xff\xff".to_vec(),
            b"\0\0\x01\xb6\x96\0".to_vec(),
        ]
    },
};
