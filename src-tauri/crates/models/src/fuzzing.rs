//! Entry points of the fuzz targets: each reads foreign bytes and must return.

use std::path::Path;

use crate::tensors::Tensors;
use crate::text::tokenizer;

/// Reads the bytes of a safetensors file; `None` where they are refused.
pub fn tensors(bytes: &[u8]) -> Option<Tensors> {
    Tensors::parse(bytes, Path::new("(memory)")).ok()
}

/// Reads the bytes of a `tokenizer.json` and counts the tokens of a text, at most `max_tokens`; `None` where either is
/// refused.
pub fn token_count(bytes: &[u8], max_tokens: usize, text: &str) -> Option<usize> {
    let tokenizer = tokenizer::parse(bytes, max_tokens).ok()?;
    let encodings = tokenizer::encode(&tokenizer, &[text]).ok()?;
    Some(encodings.first()?.len())
}
