//! Coded pictures, and the containers that are read without GStreamer.

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

/// An MP4 with fragments, or a GIF.
pub const CONTAINERS: Target = Target {
    name: "containers",
    most_bytes: 4 << 10,
    read: fuzzing::container,
    seeds: || {
        let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff\
            !\xf9\x04\0\x0a\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
        vec![fragmented(), gif.to_vec()]
    },
};

/// One track, one fragment of three samples of four bytes (ISO 14496-12, 8.8).
fn fragmented() -> Vec<u8> {
    let time = [0, 0, 0, 1000, 0];
    let trak = [
        atom(b"tkhd", &[words(&[0, 0, 0, 1, 0, 0]), vec![0; 60]]),
        atom(
            b"mdia",
            &[
                atom(b"mdhd", &[words(&time), vec![0; 4]]),
                atom(
                    b"minf",
                    &[atom(
                        b"stbl",
                        &[atom(b"stsd", &[vec![0; 8]]), atom(b"stsz", &[vec![0; 12]])],
                    )],
                ),
            ],
        ),
    ];
    let moov = [
        atom(b"mvhd", &[words(&time), vec![0; 80]]),
        atom(b"trak", &trak),
        atom(b"mvex", &[atom(b"trex", &[words(&[0, 1, 1, 40, 4, 0])])]),
    ];
    let moof = |offset| {
        let traf = [
            atom(b"tfhd", &[words(&[0x2_0000, 1])]),
            atom(b"trun", &[words(&[1, 3, offset])]),
        ];
        atom(b"moof", &[atom(b"traf", &traf)])
    };
    let offset = u32::try_from(moof(0).len() + 8).unwrap_or_default();
    [
        atom(b"ftyp", &[b"isom\0\0\0\0".to_vec()]),
        atom(b"moov", &moov),
        moof(offset),
        atom(b"mdat", &[vec![7; 12]]),
    ]
    .concat()
}

fn atom(name: &[u8; 4], parts: &[Vec<u8>]) -> Vec<u8> {
    let body = parts.concat();
    let size = u32::try_from(body.len() + 8).unwrap_or_default();
    [&size.to_be_bytes(), name.as_slice(), &body].concat()
}

fn words(values: &[u32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_be_bytes())
        .collect()
}
