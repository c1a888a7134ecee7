//! Files that are truncated, changed, or removed while they are read.

use needledrop_audio::decode::Decoder;

use crate::files;
use crate::sound::decode;
use crate::work::decode_bounded;

#[test]
fn a_file_truncated_anywhere_gives_its_samples_or_an_error() {
    let dir = tempfile::tempdir().unwrap();
    for (name, path) in files(dir.path()) {
        let whole = std::fs::read(&path).unwrap();
        let all = decode(&path).unwrap().samples.len();
        let step = whole.len() / 37;
        let cuts = [1, 4, 11, 20, 43, 60, 100, 300].into_iter();
        for cut in cuts
            .chain((1..37).map(|i| i * step))
            .chain([whole.len() - 1])
        {
            let what = format!("{name}, {cut} of {} bytes", whole.len());
            match decode_bounded(&what, whole[..cut].to_vec()) {
                Ok(got) => {
                    assert!(got.samples.len() <= all, "{what}: more than there is");
                    // The very end may hold padding alone, and MP3 without a tag has no end.
                    let lost = got.samples.len() + 8 * 1152 < all;
                    assert!(
                        got.damaged > 0 || !lost || name == "mp3",
                        "{what}: the loss goes unnoticed"
                    );
                }
                Err(error) => {
                    let code = error.code();
                    assert!(
                        ["not_audio", "undecodable", "no_audio_stream"].contains(&code),
                        "{what}: {error}"
                    );
                    assert!(cut < whole.len() / 3, "{what}: nothing came out: {error}");
                }
            }
        }
    }
}

#[test]
fn changed_bytes_give_samples_or_an_error() {
    let dir = tempfile::tempdir().unwrap();
    for (name, path) in files(dir.path()) {
        let whole = std::fs::read(&path).unwrap();
        let mut state = 99u32;
        for round in 0..60 {
            let mut bytes = whole.clone();
            // Headers are where a byte does most.
            let within = if round % 2 == 0 {
                bytes.len()
            } else {
                bytes.len().min(600)
            };
            for _ in 0..=round {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let at = (state >> 8) as usize % within;
                bytes[at] ^= (state >> 24) as u8 | 1;
            }
            bytes.truncate(whole.len() - (round % 4) * whole.len() / 5);
            // Whatever comes out is finite and bounded, which decoding checks.
            let _outcome = decode_bounded(&format!("{name}, round {round}"), bytes);
        }
    }
}

#[test]
fn a_file_that_is_truncated_and_removed_while_reading_ends_there() {
    let dir = tempfile::tempdir().unwrap();
    for (name, path) in files(dir.path()) {
        let size = std::fs::metadata(&path).unwrap().len();
        let mut decoder = Decoder::open(&path).unwrap();
        let mut samples = Vec::new();
        decoder.next_block(&mut samples).unwrap();
        let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(size / 2).unwrap();
        std::fs::remove_file(&path).unwrap();
        // Some of it may have been read ahead.
        while decoder.next_block(&mut samples).unwrap().is_some() {}
        assert!(decoder.frames() > 0, "{name}");
        assert!(
            decoder.frames() > 80_000 || decoder.damaged_packets() > 0,
            "{name}: unnoticed"
        );
        assert_eq!(
            Decoder::open(&path).err().unwrap().code(),
            "not_found",
            "{name}"
        );
    }
}
