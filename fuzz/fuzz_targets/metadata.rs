//! Tags and artwork of a file.

#![no_main]

use libfuzzer_sys::fuzz_target;
use needledrop_audio::Metadata;

// The product survives a panic within lofty; here it is a finding.
fuzz_target!(|input: &[u8]| {
    let metadata = Metadata::from_bytes(input);
    for text in [metadata.title, metadata.artist, metadata.comment].into_iter().flatten() {
        assert!(text.chars().count() <= 2000, "bounded");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "clean");
    }
    assert!(metadata.claimed_bpm.is_none_or(|bpm| (20.0..=400.0).contains(&bpm)));
});
