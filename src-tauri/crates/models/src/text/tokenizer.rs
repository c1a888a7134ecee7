//! The tokenizer of a text tower.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use tokenizers::{
    Encoding, PaddingDirection, PaddingParams, PaddingStrategy, Tokenizer, TruncationParams,
};

use crate::ModelError;

/// Longest text that is tokenised, bytes; longer ones are cut between characters.
const MOST_BYTES: usize = 32_768;

/// Reads a `tokenizer.json`; texts are cut after `max_tokens` tokens.
///
/// # Errors
/// `BadTokenizer`.
pub(super) fn open(path: &Path, max_tokens: usize) -> Result<Tokenizer, ModelError> {
    let bad = |reason: String| ModelError::BadTokenizer {
        path: path.to_owned(),
        reason,
    };
    let bytes = fs::read(path).map_err(|e| bad(e.to_string()))?;
    parse(&bytes, max_tokens).map_err(bad)
}

/// Reads the bytes of a `tokenizer.json`.
pub(crate) fn parse(bytes: &[u8], max_tokens: usize) -> Result<Tokenizer, String> {
    let mut tokenizer = guarded(|| Tokenizer::from_bytes(bytes))?;
    let pad_id = tokenizer.get_padding().map(|p| p.pad_id).or_else(|| {
        ["[PAD]", "<pad>", "<|endoftext|>"]
            .iter()
            .find_map(|t| tokenizer.token_to_id(t))
    });
    // Rows are padded in `Tower::run`, to the longest of a run; the tokenizer only stores
    // the id.
    tokenizer.with_padding(Some(PaddingParams {
        strategy: PaddingStrategy::Fixed(0),
        direction: PaddingDirection::Right,
        pad_id: pad_id.unwrap_or(0),
        ..PaddingParams::default()
    }));
    tokenizer
        .with_truncation(Some(TruncationParams {
            max_length: max_tokens,
            ..TruncationParams::default()
        }))
        .map_err(|e| e.to_string())?;
    Ok(tokenizer)
}

/// The tokens of each text, with the special tokens of the tower.
///
/// # Errors
/// The reason why the tokenizer cannot be used; some faults of its file show only here.
pub(crate) fn encode(tokenizer: &Tokenizer, texts: &[&str]) -> Result<Vec<Encoding>, String> {
    let texts: Vec<&str> = texts.iter().map(|text| cut(text)).collect();
    guarded(|| tokenizer.encode_batch_fast(texts, true))
}

/// Calls the crate tokenizers, which panics at some faults of a file: an error of syntax in the decoder, a template that
/// names an unknown token.
fn guarded<T>(call: impl FnOnce() -> tokenizers::Result<T>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call))
        .map_err(|_| "the crate tokenizers panicked".to_owned())?
        .map_err(|error| error.to_string())
}

/// The start of a text, at most [`MOST_BYTES`] long, cut between characters.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(MOST_BYTES)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let text = "é".repeat(MOST_BYTES);
        assert!(cut(&text).len() <= MOST_BYTES, "bounded");
        assert!(
            cut(&text).chars().all(|c| c == 'é'),
            "no character is split"
        );
    }

    #[test]
    fn bytes_that_are_no_tokenizer_are_refused() {
        for bytes in [&b""[..], b"{}", b"\xff\xfe", b"[1, 2]"] {
            assert!(parse(bytes, 16).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn a_file_that_ends_early_is_refused_wherever_it_ends() {
        let model = r###"{"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0, "rain": 1}}"###;
        let decoder = r###"{"type": "WordPiece", "prefix": "##", "cleanup": true}"###;
        let whole = format!(r#"{{"decoder": {decoder}, "model": {model}}}"#);
        assert!(parse(whole.as_bytes(), 16).is_ok(), "the whole file");
        for end in 0..whole.len() {
            assert!(
                parse(&whole.as_bytes()[..end], 16).is_err(),
                "{end} of {} bytes",
                whole.len()
            );
        }
    }

    #[test]
    fn a_decoder_that_is_no_text_is_refused() {
        let file =
            b"{\"decoder\": {\"type\": \"ByteLevel\", \"use_rege\xff\": true}, \"model\": {}}";
        let refused = parse(file, 16).expect_err("bytes that are no text");
        assert!(refused.contains("panicked"), "{refused}");
    }

    #[test]
    fn a_template_that_names_an_unknown_token_is_refused() {
        let file = br#"{
            "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
            "pre_tokenizer": { "type": "Whitespace" }, "decoder": null,
            "model": { "type": "WordLevel", "vocab": { "a": 0 }, "unk_token": "a" },
            "post_processor": {
                "type": "TemplateProcessing", "special_tokens": {},
                "single": [{ "SpecialToken": { "id": "[CLS]", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } }],
                "pair": [{ "Sequence": { "id": "A", "type_id": 0 } }, { "Sequence": { "id": "B", "type_id": 1 } }]
            }
        }"#;
        let refused = parse(file, 16).and_then(|tokenizer| encode(&tokenizer, &["a"]));
        assert!(refused.is_err(), "[CLS] is not among the special tokens");
    }
}
