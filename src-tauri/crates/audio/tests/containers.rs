//! Lossless containers, written by hand: each sample is decoded exactly and at its position.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod sound;

use needledrop_audio::Speaker;
use needledrop_audio::decode::Decoder;
use sound::{Wav, aiff, chunk, decode_bytes, murmur, worst};

const FRAMES: usize = 10_001;

/// Decodes and compares with 16-bit or other samples.
fn assert_same(what: &str, bytes: Vec<u8>, layout: (u32, usize), want: &[f32]) {
    let got = decode_bytes(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!((got.rate_hz, got.channels), layout, "{what}");
    assert_eq!(got.damaged, 0, "{what}: nothing is damaged");
    let off = worst(&got.samples, want);
    assert!(off < 2e-7, "{what}: off by {off:e}");
}

#[test]
fn wav_decodes_exactly_in_every_bit_depth() {
    for (tag, bits) in [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64)] {
        for mask in [None, Some(3)] {
            let wav = Wav {
                tag,
                mask,
                ..Wav::pcm(44_100, 2, bits)
            };
            let want = murmur(FRAMES, 2, u32::from(bits.min(24)));
            let what = format!("format {tag}, {bits} bits, mask {mask:?}");
            assert_same(&what, wav.file(&want), (44_100, 2), &want);
        }
    }
}

#[test]
fn wav_decodes_exactly_at_every_rate_and_channel_count() {
    for rate in [
        8_000, 11_025, 22_050, 32_000, 48_000, 88_200, 96_000, 192_000, 384_000,
    ] {
        let want = murmur(FRAMES, 1, 16);
        let what = format!("{rate} Hz");
        assert_same(&what, Wav::pcm(rate, 1, 16).file(&want), (rate, 1), &want);
    }
    for channels in 1..=24 {
        let want = murmur(2000, usize::from(channels), 16);
        let what = format!("{channels} channels");
        let wav = Wav::pcm(48_000, channels, 16);
        assert_same(
            &what,
            wav.file(&want),
            (48_000, usize::from(channels)),
            &want,
        );
    }
}

#[test]
fn broadcast_wave_chunks_are_skipped() {
    let want = murmur(FRAMES, 2, 24);
    let xml = b"<BWFXML><NOTE>odd length</NOTE></BWFXML>";
    let wav = Wav {
        before: [chunk(b"bext", &[7; 602 + 99]), chunk(b"JUNK", &[0; 28])].concat(),
        after: [
            chunk(b"iXML", xml),
            chunk(b"LIST", b"INFOINAM\x05\0\0\0Dusk\0\0"),
        ]
        .concat(),
        ..Wav::pcm(48_000, 2, 24)
    };
    assert_same("bext and iXML", wav.file(&want), (48_000, 2), &want);
}

/// RF64 or BW64 with the sizes in `ds64`.
fn rf64(name: &[u8; 4], samples: &[f32]) -> Vec<u8> {
    let data = Wav::pcm(48_000, 2, 24).data(samples);
    let mut sizes = vec![0; 28];
    sizes[8..16].copy_from_slice(&(data.len() as u64).to_le_bytes());
    let wav = Wav {
        before: chunk(b"ds64", &sizes),
        after: chunk(b"LIST", b"INFOINAM\x05\0\0\0Dusk\0\0"),
        ..Wav::pcm(48_000, 2, 24)
    };
    let mut file = wav.file(samples);
    file[..4].copy_from_slice(name);
    file[4..8].fill(0xff);
    let at = file.windows(4).position(|w| w == b"data").unwrap();
    file[at + 4..at + 8].fill(0xff);
    file
}

#[test]
fn files_with_64_bit_sizes_end_with_their_sound() {
    let want = murmur(FRAMES, 2, 24);
    for name in [b"RF64", b"BW64"] {
        let what = String::from_utf8_lossy(name);
        assert_same(&what, rf64(name, &want), (48_000, 2), &want);
    }
}

/// A file of Sony's: chunks of GUIDs and 64-bit sizes.
fn wave64(samples: &[f32], data_size: Option<u64>) -> Vec<u8> {
    const GUID: &[u8] = b"\xf3\xac\xd3\x11\x8c\xd1\x00\xc0\x4f\x8e\xdb\x8a";
    let part = |name: &[u8], size: u64, body: &[u8]| {
        let mut part = [name, GUID, &size.to_le_bytes(), body].concat();
        part.resize(part.len().next_multiple_of(8), 0);
        part
    };
    let wav = Wav::pcm(48_000, 2, 24);
    let (format, data) = (&wav.format()[8..], wav.data(samples));
    let size = data_size.unwrap_or(data.len() as u64 + 24);
    let chunks = [
        part(b"fmt ", format.len() as u64 + 24, format),
        part(b"bext", 24 + 5, b"hello"),
        part(b"data", size, &data),
    ];
    let chunks = chunks.concat();
    let head = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00";
    let length = (chunks.len() as u64 + 40).to_le_bytes();
    [&head[..], &length, b"wave", GUID, &chunks].concat()
}

#[test]
fn wave64_decodes_exactly() {
    let want = murmur(FRAMES, 2, 24);
    assert_same("Wave64", wave64(&want, None), (48_000, 2), &want);
    let got = decode_bytes(wave64(&want, Some(u64::MAX))).unwrap();
    assert_eq!(got.damaged, 1, "a size beyond the file");
    assert!(got.samples.len() >= want.len());
}

#[test]
fn an_unfinished_recording_is_read_to_its_end() {
    let want = murmur(FRAMES, 2, 16);
    for sizes in [0, u32::MAX] {
        let mut file = Wav::pcm(44_100, 2, 16).file(&want);
        file[4..8].copy_from_slice(&sizes.to_le_bytes());
        file[40..44].copy_from_slice(&sizes.to_le_bytes());
        assert_same(&format!("sizes of {sizes}"), file, (44_100, 2), &want);
    }
}

#[test]
fn aiff_and_aifc_decode_exactly_in_both_byte_orders() {
    for (kind, bits, floats, swapped) in [
        (None, 8, false, true),
        (None, 16, false, true),
        (None, 24, false, true),
        (None, 32, false, true),
        (Some(b"NONE"), 16, false, true),
        (Some(b"sowt"), 16, false, false),
        (Some(b"twos"), 16, false, true),
        (Some(b"in24"), 24, false, true),
        (Some(b"fl32"), 32, true, true),
        (Some(b"fl64"), 64, true, true),
    ] {
        let want = murmur(FRAMES, 2, u32::from(bits.min(24)));
        let tag = if floats { 3 } else { 1 };
        let mut data = Wav {
            tag,
            ..Wav::pcm(44_100, 2, bits)
        }
        .data(&want);
        if swapped {
            data.chunks_mut(usize::from(bits / 8))
                .for_each(<[u8]>::reverse);
        }
        if bits == 8 {
            data.iter_mut().for_each(|x| *x ^= 0x80);
        }
        let what = format!("{kind:?}, {bits} bits");
        assert_same(&what, aiff(kind, 2, bits, &data), (44_100, 2), &want);
    }
}

#[test]
fn caf_decodes_exactly() {
    let want = murmur(FRAMES, 2, 24);
    let mut description = 48_000f64.to_be_bytes().to_vec();
    description.extend(b"lpcm");
    // Little-endian integers of 24 bits: bytes and frames of a packet, channels, bits.
    for word in [2u32, 6, 1, 2, 24] {
        description.extend(word.to_be_bytes());
    }
    let part = |name: &[u8], body: &[u8]| [name, &(body.len() as u64).to_be_bytes(), body].concat();
    let data = [&[0; 4], &Wav::pcm(48_000, 2, 24).data(&want)[..]].concat();
    let head = b"caff\0\x01\0\0";
    let file = [
        &head[..],
        &part(b"desc", &description),
        &part(b"data", &data),
    ]
    .concat();
    assert_same("CAF", file, (48_000, 2), &want);
}

#[test]
fn nan_samples_become_silence() {
    let mut samples = murmur(4000, 1, 16);
    for (i, bad) in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30]
        .into_iter()
        .enumerate()
    {
        samples[100 + i] = bad;
    }
    let wav = Wav {
        tag: 3,
        ..Wav::pcm(44_100, 1, 32)
    };
    let got = decode_bytes(wav.file(&samples)).unwrap();
    assert_eq!(got.samples[100..104], [0.0, 0.0, 0.0, 8.0]);
    assert_eq!(got.samples[104..], samples[104..]);
}

#[test]
fn speakers_come_from_the_file_if_it_names_them() {
    use Speaker::{Front, LowFrequency, Surround};
    let of = |mask, channels| {
        let wav = Wav {
            mask,
            ..Wav::pcm(48_000, channels, 16)
        };
        let mut decoder =
            Decoder::from_bytes(wav.file(&murmur(3000, channels.into(), 16))).unwrap();
        decoder.next_block(&mut Vec::new()).unwrap().unwrap();
        decoder.speakers().to_vec()
    };
    let five_one = [Front, Front, Front, LowFrequency, Surround, Surround];
    assert_eq!(of(Some(0x3f), 6), five_one, "rear surrounds");
    assert_eq!(of(Some(0x60f), 6), five_one, "side surrounds");
    assert_eq!(of(None, 6), five_one, "no mask");
    assert_eq!(
        of(Some(0x33), 4),
        [Front, Front, Surround, Surround],
        "quadraphonic"
    );
    assert_eq!(of(Some(0x07), 3), [Front; 3]);
}
