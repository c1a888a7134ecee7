//! Comparison with the numbers of reference libraries in `golden/`, made by
//! `oracle/make_golden.py`.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

use std::path::{Path, PathBuf};

use needledrop_models::{Crop, Filter, Visual, VisualKind};
use needledrop_vision::{Picture, Preprocess, Projector};
use serde_json::Value;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name)
}

fn json(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(golden(name)).unwrap()).unwrap()
}

fn numbers(value: &Value) -> Vec<f32> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap() as f32)
        .collect()
}

/// The picture of `make_golden.py`.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let noise = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(2_246_822_519)) >> 24;
            let green = if (x / 5 + y / 3).is_multiple_of(2) {
                255
            } else {
                0
            };
            rgb.extend([(x * 255 / (width - 1).max(1)) as u8, green, noise as u8]);
        }
    }
    rgb
}

fn visual(size: u32, short: u32) -> Visual {
    Visual {
        kind: VisualKind::Clip,
        file: String::new(),
        input_size: size,
        resize_short: short,
        crop: Crop::Center,
        filter: Filter::Bicubic,
        mean: [0.0; 3],
        std: [1.0; 3],
        batch: 1,
        dim: 1,
        space: String::new(),
        class_space: None,
        look_space: None,
        scene_space: None,
        feeling_space: None,
        top_k: None,
        temperature: None,
    }
}

#[test]
fn resize_and_crop_equal_pillows_to_one_level() {
    for case in json("square.json").as_array().unwrap() {
        let n = |key: &str| case[key].as_u64().unwrap() as u32;
        let (width, height, short, crop) = (n("width"), n("height"), n("short"), n("crop"));
        let hex = case["rgb"].as_str().unwrap();
        let expected: Vec<u8> = (0..hex.len() / 2)
            .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
            .collect();
        let rgb = picture(width, height);
        let mut prep = Preprocess::new(&visual(crop, short));
        let square = prep
            .square(&Picture {
                width,
                height,
                rgb: &rgb,
            })
            .unwrap();
        assert_eq!(square.len(), expected.len(), "{width}x{height}");
        let differences: Vec<u8> = square
            .iter()
            .zip(&expected)
            .map(|(a, b)| a.abs_diff(*b))
            .collect();
        let worst = differences.iter().max().unwrap();
        let other = differences.iter().filter(|d| **d > 0).count();
        println!(
            "{width}x{height} → {short}/{crop}: {other} of {} differ",
            expected.len()
        );
        assert!(
            *worst <= 1,
            "{width}x{height} → {short}/{crop}: off by {worst} at worst"
        );
        // The library's filter weights have 16 bits, Pillow's 22: rounding differs now and then.
        assert!(
            other * 10 <= expected.len(),
            "{width}x{height}: {other} of {}",
            expected.len()
        );
    }
}

#[test]
fn the_projector_equals_torch() {
    let expected = json("projector.json");
    let (x, y) = (numbers(&expected["x"]), numbers(&expected["y"]));
    for file in ["projector.safetensors", "projector_f16.safetensors"] {
        let projector = Projector::load(&golden(file)).unwrap();
        assert_eq!((projector.inputs(), projector.outputs()), (7, 5), "{file}");
        let got = projector.project(&x).unwrap();
        for (a, b) in got.iter().zip(&y) {
            assert!((a - b).abs() < 2e-6, "{file}: expected {y:?}, got {got:?}");
        }
    }
}
