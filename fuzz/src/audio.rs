//! Music files: samples, tags, artwork.

use needledrop_audio::decode::Decoder;
use needledrop_audio::{Metadata, Meter, Recognised};

use crate::target::Target;

/// A file from its first byte to its last sample. The first byte of the input chooses a beginning that its kind of file
/// must have.
pub const DECODE: Target = Target {
    name: "decode",
    most_bytes: 1 << 16,
    read: |input| match input.split_first() {
        Some((&kind, rest)) => {
            decode(&[BEGINNINGS[usize::from(kind) % BEGINNINGS.len()], rest].concat())
        }
        None => false,
    },
    seeds: || vec![[&[0], &wav()[..]].concat()],
};

/// The format of a file by its content.
pub const RECOGNISE: Target = Target {
    name: "recognise",
    most_bytes: 1 << 16,
    read: |input| needledrop_audio::recognise_bytes(input) != Recognised::Other,
    seeds: || vec![wav(), mp3()],
};

/// Tags and artwork.
pub const METADATA: Target = Target {
    name: "metadata",
    most_bytes: 1 << 16,
    read: |input| {
        let metadata = Metadata::from_bytes(input);
        for text in [&metadata.title, &metadata.artist, &metadata.comment]
            .into_iter()
            .flatten()
        {
            assert!(
                text.chars().count() <= 2000,
                "a text of {} characters",
                text.chars().count()
            );
            assert!(
                !text.chars().any(|c| c.is_control() && c != '\n'),
                "a control character in {text:?}"
            );
        }
        assert!(
            metadata
                .claimed_bpm
                .is_none_or(|bpm| (20.0..=400.0).contains(&bpm)),
            "{metadata:?}"
        );
        metadata.title.is_some()
    },
    seeds: || vec![wav(), mp3()],
};

/// Frames after which the rest of a file is left out.
const MOST_FRAMES: u64 = 2_000_000;

const BEGINNINGS: [&[u8]; 8] = [
    b"",
    b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0",
    b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0",
    b"FORM\0\0\xff\xffAIFC",
    b"fLaC\0\0\0\x22",
    b"OggS\0\x02\0\0\0\0\0\0\0\0",
    b"\0\0\0\x14ftypM4A \0\0\0\0M4A ",
    b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20",
];

fn decode(bytes: &[u8]) -> bool {
    let Ok(mut decoder) = Decoder::from_bytes(bytes.to_vec()) else {
        return false;
    };
    let (mut samples, mut meter) = (Vec::new(), None);
    while let Ok(Some((rate_hz, channels))) = decoder.next_block(&mut samples) {
        assert!(samples.len() % channels == 0, "half a frame");
        assert!(
            samples.iter().all(|x| x.abs() <= 8.0),
            "a sample that is not finite or above 8"
        );
        let meter = meter.get_or_insert_with(|| Meter::with_speakers(rate_hz, decoder.speakers()));
        meter.push(&samples);
        if decoder.frames() > MOST_FRAMES {
            break;
        }
    }
    let Some(loudness) = meter.map(|meter| meter.loudness()) else {
        return false;
    };
    let all = [
        loudness.integrated_lufs,
        loudness.range_lu,
        loudness.true_peak_dbtp,
    ];
    assert!(
        all.into_iter().flatten().all(f64::is_finite),
        "{loudness:?}"
    );
    true
}

/// Five frames without sound, and an old tag.
fn mp3() -> Vec<u8> {
    let mut frame = vec![0; 417];
    frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0]);
    let tag = [&b"TAGDusk"[..], &[0; 121]].concat();
    [frame.repeat(5), tag].concat()
}

/// 400 samples of 16 bits with a title.
fn wav() -> Vec<u8> {
    let chunk = |id: &[u8], body: &[u8]| [id, &(body.len() as u32).to_le_bytes(), body].concat();
    let samples: Vec<u8> = (0_u16..400)
        .flat_map(|n| (n % 50).wrapping_mul(600).to_le_bytes())
        .collect();
    let format = [1, 0, 1, 0, 0x44, 0xac, 0, 0, 0x88, 0x58, 1, 0, 2, 0, 16, 0];
    let title = [&b"INFO"[..], &chunk(b"INAM", b"Dusk\0\0")].concat();
    let body = [
        &b"WAVE"[..],
        &chunk(b"fmt ", &format),
        &chunk(b"LIST", &title),
        &chunk(b"data", &samples),
    ]
    .concat();
    chunk(b"RIFF", &body)
}
