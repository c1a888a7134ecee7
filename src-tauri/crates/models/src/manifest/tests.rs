//! Manifests as text: absent fields have defaults, broken rules are refused.

use super::{Filter, Manifest, check_inside_pack};

const SMALL: &str = r#"
name = "small"
version = 1
title = "A pack for a test"
licence = "MIT"
[visual]
kind = "classes"
file = "v.onnx"
input_size = 260
resize_short = 297
mean = [127, 127, 127]
std = [128, 128, 128]
dim = 4
space = "v"
[audio]
kind = "musicnn"
files = ["a.onnx"]
dim = 4
space = "a"
window_s = 30
sections_s = 10
[text]
kind = "sentence"
file = "t.onnx"
tokenizer = "t.json"
dim = 4
[projector]
file = "p.safetensors"
[[files]]
path = "v.onnx"
[[files]]
path = "a.onnx"
[[files]]
path = "t.onnx"
[[files]]
path = "t.json"
[[files]]
path = "p.safetensors"
"#;

#[test]
fn a_manifest_parses_with_its_defaults() {
    let m = Manifest::parse(SMALL).unwrap();
    assert_eq!(m.visual.batch, 1, "batch defaults to one frame");
    assert_eq!(
        m.visual.filter,
        Filter::Bicubic,
        "bicubic is the default filter"
    );
    let sentence = m.text.sentence.as_ref().map(|t| t.file.as_str());
    assert_eq!(
        sentence,
        Some("t.onnx"),
        "the sentence encoder stands in [text]"
    );
}

#[test]
fn paths_that_leave_the_pack_are_refused() {
    for bad in [
        "../x",
        "/etc/passwd",
        "a/../../x",
        "C:/x",
        "a\\b",
        "",
        "a//b",
        "./a",
        "a/",
        "a/./b",
    ] {
        assert!(check_inside_pack(bad).is_err(), "{bad:?} must be refused");
        let text = SMALL.replace(
            "[[files]]\npath = \"v.onnx\"",
            &format!("[[files]]\npath = {bad:?}\n[[files]]\npath = \"v.onnx\""),
        );
        assert!(
            Manifest::parse(&text).is_err(),
            "{bad:?} in a manifest must be refused"
        );
    }
    assert!(
        check_inside_pack("onnx/model.onnx").is_ok(),
        "sub-folders are fine"
    );
}

#[test]
fn a_file_that_is_used_must_be_listed() {
    let text = SMALL.replace("[[files]]\npath = \"t.json\"", "");
    let error = Manifest::parse(&text).unwrap_err();
    assert!(
        error.contains("t.json"),
        "the error names the file: {error}"
    );
}

#[test]
fn a_malformed_checksum_is_refused() {
    let text = SMALL.replace("path = \"v.onnx\"", "path = \"v.onnx\"\nsha256 = \"abc\"");
    assert!(
        Manifest::parse(&text).is_err(),
        "three digits are no sha256"
    );
}
