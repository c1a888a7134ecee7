//! Entry points of the fuzz targets: each reads foreign bytes and must return.

use std::path::Path;

use crate::tensors::Tensors;
use crate::text::tokenizer;

/// Reads the bytes of a safetensors file.
pub fn tensors(bytes: &[u8]) -> bool {
    Tensors::parse(bytes, Path::new("(memory)")).is_ok()
}

/// Reads the bytes of a `tokenizer.json` and encodes a text with it.
pub fn tokenizer(bytes: &[u8], text: &str) -> bool {
    tokenizer::parse(bytes, 64)
        .is_ok_and(|tokenizer| tokenizer.encode_fast(tokenizer::cut(text), true).is_ok())
}
