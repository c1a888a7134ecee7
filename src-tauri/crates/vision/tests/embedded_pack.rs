//! The frame encoder of the pack in the repository, on pictures made here.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

use std::path::Path;

use needledrop_models::runtime::{Provider, SessionOptions};
use needledrop_models::{Pack, SentenceEncoder, TextTower};
use needledrop_vision::{Picture, open_encoder};

fn pack() -> Pack {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/embedded");
    Pack::open(&models).unwrap()
}

/// Sky above grass.
fn meadow(width: u32, height: u32) -> Vec<u8> {
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let blade = ((x * 7919 + y * 104_729) % 37) as u8;
            let pixel = if y * 5 < height * 2 {
                [120, 170, 230]
            } else {
                [40 + blade, 110 + blade, 30]
            };
            rgb.extend(pixel);
        }
    }
    rgb
}

#[test]
fn a_frame_vector_is_a_unit_mix_and_its_features() {
    let pack = pack();
    let mut encoder = open_encoder(&pack, &SessionOptions::default()).unwrap();
    assert_eq!(encoder.dim(), pack.manifest.visual.dim);
    let rgb = meadow(640, 360);
    let frame = Picture {
        width: 640,
        height: 360,
        rgb: &rgb,
    };
    let vectors = encoder.encode(&[frame, frame]).unwrap();
    assert_eq!(vectors.len(), 2, "one vector a frame");
    assert_eq!(
        vectors[0], vectors[1],
        "the same frame gives the same numbers"
    );
    let words = &vectors[0][..384];
    let norm: f32 = words.iter().map(|x| x * x).sum();
    assert!(
        (norm - 1.0).abs() < 1e-4,
        "the description has length 1, got {norm}"
    );
}

#[test]
fn size_hardly_changes_the_frame_vector() {
    let mut encoder = open_encoder(&pack(), &SessionOptions::default()).unwrap();
    let (large, small) = (meadow(1280, 720), meadow(640, 360));
    let a = encoder
        .encode(&[Picture {
            width: 1280,
            height: 720,
            rgb: &large,
        }])
        .unwrap();
    let b = encoder
        .encode(&[Picture {
            width: 640,
            height: 360,
            rgb: &small,
        }])
        .unwrap();
    let cosine: f32 = a[0][..384]
        .iter()
        .zip(&b[0][..384])
        .map(|(x, y)| x * y)
        .sum();
    assert!(cosine > 0.5, "the same scene at two sizes, cosine {cosine}");
}

#[test]
fn a_missing_provider_gives_a_fallback_with_a_reason() {
    let options = SessionOptions {
        prefer: Some(Provider::CoreMl),
        ..SessionOptions::default()
    };
    if cfg!(target_os = "macos") {
        return;
    }
    let encoder = open_encoder(&pack(), &options).unwrap();
    let choice = encoder.provider();
    assert_eq!(choice.used, Provider::Cpu, "the processor steps in");
    assert!(
        choice.fallback.as_ref().unwrap().contains("coreml"),
        "and the reason is given"
    );
}

#[test]
fn sentences_of_similar_meaning_have_similar_vectors() {
    let mut sentences = SentenceEncoder::open(&pack(), &SessionOptions::default()).unwrap();
    let texts = [
        "a calm piano piece",
        "quiet music for the piano",
        "a car crash at night",
        "",
    ];
    let v = sentences.embed(&texts).unwrap();
    let cosine = |a: usize, b: usize| v[a].iter().zip(&v[b]).map(|(x, y)| x * y).sum::<f32>();
    assert!(
        cosine(0, 1) > cosine(0, 2) + 0.3,
        "{} against {}",
        cosine(0, 1),
        cosine(0, 2)
    );
    let alone = sentences.embed(&["a calm piano piece"]).unwrap();
    let same: f32 = alone[0].iter().zip(&v[0]).map(|(x, y)| x * y).sum();
    assert!(same > 0.99999, "padding changes nothing: {same}");
}

#[test]
fn the_error_for_a_corrupt_model_has_both_checksums() {
    let dir = tempfile::tempdir().unwrap();
    let source = pack();
    for entry in std::fs::read_dir(&source.dir).unwrap() {
        let entry = entry.unwrap();
        if entry.metadata().unwrap().is_file() {
            std::fs::copy(entry.path(), dir.path().join(entry.file_name())).unwrap();
        }
    }
    let model = dir.path().join(&source.manifest.visual.file);
    let mut bytes = std::fs::read(&model).unwrap();
    bytes[1_000_000] ^= 1;
    std::fs::write(&model, bytes).unwrap();
    let broken = Pack::open_with_cache(dir.path(), None).unwrap();
    let error = open_encoder(&broken, &SessionOptions::default())
        .err()
        .unwrap();
    assert_eq!(error.code(), "model_corrupt");
    let expected = source
        .entry(&source.manifest.visual.file)
        .unwrap()
        .sha256
        .clone()
        .unwrap();
    assert!(error.to_string().contains(&expected), "{error}");
    assert!(
        error.to_string().contains(&source.manifest.visual.file),
        "{error}"
    );
    std::fs::remove_file(&model).unwrap();
    let error = open_encoder(&broken, &SessionOptions::default())
        .err()
        .unwrap();
    assert_eq!(error.code(), "model_missing");
    assert!(error.hint().unwrap().contains("models fetch"), "{error}");
}
