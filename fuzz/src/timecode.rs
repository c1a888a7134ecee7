//! Start timecode and reel name of a clip.

use std::io::Cursor;

use needledrop_media::{Recorded, fuzzing, recorded};
use needledrop_timebase::{FrameRate, Timecode};

use crate::target::Target;

/// A MOV, MP4 or MXF file; the input is also read as an MPEG packet, as a Matroska tag and as a label.
pub const TIMECODE: Target = Target {
    name: "timecode",
    most_bytes: 1 << 12,
    read: |input| RATES.map(|rate| read(input, rate)).contains(&true),
    seeds: || {
        vec![
            mov(),
            mxf(),
            // The header of a group of pictures.
            b"\0\0\x01\xb8\x84\x28\x62\0".to_vec(),
            b"TIMECODE=10:00:00:10".to_vec(),
            b"01:02:03;04".to_vec(),
        ]
    },
};

const RATES: [FrameRate; 3] = [
    FrameRate::FPS_25,
    FrameRate::FPS_29_97,
    FrameRate::FPS_119_88,
];

fn read(input: &[u8], rate: FrameRate) -> bool {
    let Recorded { start, reel } = recorded(&mut Cursor::new(input), rate);
    if let Some(reel) = &reel {
        assert!(
            !reel.is_empty() && !reel.contains(char::is_control),
            "{reel:?}"
        );
    }
    let text = str::from_utf8(input).ok();
    let found = [
        start,
        fuzzing::group_timecode(input, rate),
        text.and_then(|text| fuzzing::tagged_timecode(text, rate)),
        text.and_then(|text| Timecode::parse(text, rate).ok()),
    ];
    for timecode in found.iter().flatten() {
        assert_eq!(
            Timecode::parse(&timecode.to_string(), rate),
            Ok(*timecode),
            "a label that is read again"
        );
    }
    found.iter().any(Option::is_some)
}

/// One timecode track of 25 frames a second on the reel B007.
fn mov() -> Vec<u8> {
    let track = boxed(b"tkhd", &words(&[0, 0, 0, 1, 0, 0]));
    let edits = words(&[0, 1, 100, 50_000, 1 << 16]);
    let edits = boxed(b"edts", &boxed(b"elst", &edits));
    let handler = [&words(&[0, 0])[..], b"tmcd", &words(&[0, 0, 0])].concat();
    let media = words(&[0, 0, 0, 25_000, 100_000, 0]);
    let name = boxed(b"name", b"\0\x04\0\0B007");
    let counting = words(&[0, 1, 0, 2, 25_000, 1000]);
    let entry = boxed(b"tmcd", &[&counting[..], &[25, 0], &name].concat());
    let table = [
        boxed(b"stsd", &[words(&[0, 1]), entry].concat()),
        boxed(b"stsz", &words(&[0, 4, 1])),
        boxed(b"stco", &words(&[0, 1, 8])),
    ]
    .concat();
    let media = [
        boxed(b"hdlr", &handler),
        boxed(b"mdhd", &media),
        boxed(b"minf", &boxed(b"stbl", &table)),
    ]
    .concat();
    let track = [track, edits, boxed(b"mdia", &media)].concat();
    [
        boxed(b"mdat", &words(&[900_010])),
        boxed(b"moov", &boxed(b"trak", &track)),
    ]
    .concat()
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = (body.len() as u32 + 8).to_be_bytes();
    [&size[..], kind, body].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// A header partition with a material package whose only track is a timecode of 30 frames a second with drop frame.
fn mxf() -> Vec<u8> {
    let sets = [
        set(
            0x36,
            1,
            &[(0x4403, &[&words(&[1, 16])[..], &[2; 16]].concat())],
        ),
        set(0x3b, 2, &[(0x4803, &[3; 16])]),
        set(
            0x14,
            3,
            &[
                (0x1501, &1800_i64.to_be_bytes()),
                (0x1502, &[0, 30]),
                (0x1503, &[1]),
            ],
        ),
    ]
    .concat();
    let key = b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02\x01\x01\x02\x04\0";
    let mut pack = [0; 88];
    pack[32..40].copy_from_slice(&(sets.len() as u64).to_be_bytes());
    [&key[..], &[pack.len() as u8], &pack, &sets].concat()
}

/// A local set of header metadata with its name, which others refer to.
fn set(kind: u8, name: u8, properties: &[(u16, &[u8])]) -> Vec<u8> {
    let body: Vec<u8> = [(0x3c0a, &[name; 16][..])]
        .iter()
        .chain(properties)
        .flat_map(|(tag, value)| {
            [
                &tag.to_be_bytes()[..],
                &(value.len() as u16).to_be_bytes(),
                value,
            ]
            .concat()
        })
        .collect();
    let key = b"\x06\x0e\x2b\x34\x02\x53\x01\x01\x0d\x01\x01\x01\x01\x01";
    [&key[..], &[kind, 0], &[body.len() as u8], &body].concat()
}
