//! Projector files that must be refused, and the identity skip.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

use std::collections::BTreeMap;

use needledrop_vision::{Projector, VisionError};
use safetensors::tensor::{Dtype, TensorView};

type Shapes = BTreeMap<String, (Vec<usize>, Vec<f32>)>;

/// A projector 3 → 3 with a hidden size of 4 and weights of zero: the identity.
fn identity() -> Shapes {
    let mut tensors = Shapes::new();
    for (name, out, inputs) in [("fc1", 4, 3), ("fc2", 4, 4), ("fc3", 3, 4)] {
        tensors.insert(
            format!("{name}.weight"),
            (vec![out, inputs], vec![0.0; out * inputs]),
        );
        tensors.insert(format!("{name}.bias"), (vec![out], vec![0.0; out]));
    }
    tensors
}

fn load(tensors: &Shapes) -> Result<Projector, VisionError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("p.safetensors");
    let bytes: Vec<(&String, &Vec<usize>, Vec<u8>)> = tensors
        .iter()
        .map(|(n, (shape, data))| {
            (
                n,
                shape,
                data.iter().flat_map(|x| x.to_le_bytes()).collect(),
            )
        })
        .collect();
    let views = bytes.iter().map(|(n, shape, b)| {
        (
            n.as_str(),
            TensorView::new(Dtype::F32, shape.to_vec(), b).unwrap(),
        )
    });
    std::fs::write(&path, safetensors::serialize(views, None).unwrap()).unwrap();
    Projector::load(&path)
}

fn refused(tensors: &Shapes) -> String {
    let error = load(tensors).unwrap_err();
    assert_eq!(error.code(), "model_corrupt", "{error}");
    error.to_string()
}

#[test]
fn without_a_skip_the_residual_is_the_input() {
    let projector = load(&identity()).unwrap();
    assert_eq!(
        projector.project(&[0.0, 3.0, 4.0]).unwrap(),
        [0.0, 0.6, 0.8]
    );
}

#[test]
fn different_sizes_need_a_skip() {
    let mut tensors = identity();
    tensors.insert("fc3.weight".into(), (vec![2, 4], vec![0.0; 8]));
    tensors.insert("fc3.bias".into(), (vec![2], vec![0.0; 2]));
    assert!(
        refused(&tensors).contains("skip.weight"),
        "the error names what is missing"
    );
    tensors.insert(
        "skip.weight".into(),
        (vec![2, 3], vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0]),
    );
    let projected = load(&tensors).unwrap().project(&[3.0, 4.0, 9.0]).unwrap();
    assert_eq!(projected, [0.6, 0.8], "a skip without a bias");
}

#[test]
fn layers_that_do_not_fit_together_are_refused() {
    for (name, shape) in [
        ("fc2.weight", vec![4, 5]),
        ("fc1.weight", vec![12]),
        ("fc3.bias", vec![4]),
        ("skip.weight", vec![4, 3]),
        ("fc1.weight", vec![0, 3]),
    ] {
        let mut tensors = identity();
        tensors.insert(
            name.into(),
            (shape.clone(), vec![0.0; shape.iter().product()]),
        );
        assert!(!refused(&tensors).is_empty(), "{name} of shape {shape:?}");
    }
}

#[test]
fn a_missing_layer_is_named() {
    for name in ["fc1.weight", "fc2.bias", "fc3.weight"] {
        let mut tensors = identity();
        tensors.remove(name);
        assert!(refused(&tensors).contains(name), "{name}");
    }
}

#[test]
fn numbers_that_are_not_finite_are_refused() {
    let mut tensors = identity();
    tensors.insert("fc2.bias".into(), (vec![4], vec![0.0, f32::NAN, 0.0, 0.0]));
    assert!(
        refused(&tensors).contains("fc2.bias"),
        "the error names the tensor"
    );
}

#[test]
fn vectors_of_another_length_and_zero_results_are_errors() {
    let projector = load(&identity()).unwrap();
    assert!(
        projector.project(&[1.0]).is_err(),
        "one number is no vector of three"
    );
    assert!(
        projector.project(&[0.0; 3]).is_err(),
        "zero has no direction"
    );
}
