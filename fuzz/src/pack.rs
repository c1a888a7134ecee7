//! Files of a model pack.

use needledrop_models::{LOCK_FILE, Lock, Manifest, fuzzing};
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::scratch;
use crate::target::Target;

/// `pack.toml`.
pub const MANIFEST: Target = Target {
    name: "manifest",
    most_bytes: 1 << 13,
    read: |input| std::str::from_utf8(input).is_ok_and(|text| Manifest::parse(text).is_ok()),
    seeds: || vec![include_bytes!("../../models/embedded/pack.toml").to_vec()],
};

/// `pack.lock.toml`.
pub const LOCK: Target = Target {
    name: "lock",
    most_bytes: 1 << 12,
    read: |input| {
        scratch::file(LOCK_FILE, input)
            .parent()
            .is_some_and(|folder| Lock::read(folder).is_ok())
    },
    seeds: || {
        vec![
            format!(
                "[[files]]\npath = \"a/b.onnx\"\nsha256 = \"{}\"\nbytes = 9\n",
                "0f".repeat(32)
            )
            .into(),
        ]
    },
};

/// A safetensors file.
pub const TENSORS: Target = Target {
    name: "tensors",
    most_bytes: 1 << 12,
    read: |input| {
        let Some(mut tensors) = fuzzing::tensors(input) else {
            return false;
        };
        if let Ok(tensor) = tensors.take("mean", &[None, Some(3)]) {
            assert_eq!(
                tensor.data.len(),
                tensor.shape.iter().product::<usize>(),
                "the shape is that of the data"
            );
            assert!(
                tensor.data.iter().all(|x| x.is_finite()),
                "a number that is not finite"
            );
        }
        true
    },
    seeds: || {
        let tensor = |dtype, bytes: &[u8]| {
            let view = TensorView::new(dtype, vec![2, 3], bytes).expect("six numbers");
            safetensors::serialize([("mean", view)], None).expect("a file of one tensor")
        };
        vec![tensor(Dtype::F32, &[0; 24]), tensor(Dtype::F16, &[1; 12])]
    },
};

/// `tokenizer.json`, and a text through it.
pub const TOKENIZER: Target = Target {
    name: "tokenizer",
    most_bytes: 1 << 13,
    read: |input| match fuzzing::token_count(input, MOST_TOKENS, TEXT) {
        Some(count) => {
            assert!(count <= MOST_TOKENS, "{count} tokens");
            true
        }
        None => false,
    },
    seeds: || {
        vec![
            include_bytes!("../seeds/word-pieces.json").to_vec(),
            include_bytes!("../seeds/bytes.json").to_vec(),
        ]
    },
};

const MOST_TOKENS: usize = 16;
const TEXT: &str = "A slow dolly through tall grass at dusk, naïve 雨 \u{301}\u{0}";
