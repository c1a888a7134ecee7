//! A file from its first byte to its last sample, as the analyzer reads it. The first byte of the
//! input chooses a beginning that its kind of file must have, so that the fuzzer need not find it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use needledrop_audio::Meter;
use needledrop_audio::decode::Decoder;

/// Sound beyond this is more of the same.
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

// A panic within a reader is an error of the file in the product too; libfuzzer would end there.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |input: &[u8]| {
    let Some((&kind, rest)) = input.split_first() else { return };
    let beginning = BEGINNINGS[usize::from(kind) % BEGINNINGS.len()];
    let Ok(mut decoder) = Decoder::from_bytes([beginning, rest].concat()) else { return };
    let (mut samples, mut meter) = (Vec::new(), None);
    while let Ok(Some((rate, channels))) = decoder.next_block(&mut samples) {
        assert!(samples.len() % channels == 0, "whole frames");
        assert!(samples.iter().all(|x| x.abs() <= 8.0), "finite and bounded");
        let meter = meter.get_or_insert_with(|| Meter::with_speakers(rate, decoder.speakers()));
        meter.push(&samples);
        if decoder.frames() > MOST_FRAMES {
            break;
        }
    }
    let loudness = meter.map(|m| m.loudness()).unwrap_or_default();
    let all = [loudness.integrated_lufs, loudness.range_lu, loudness.true_peak_dbtp];
    assert!(all.into_iter().flatten().all(f64::is_finite), "{loudness:?}");
});
