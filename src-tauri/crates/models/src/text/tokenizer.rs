//! The tokenizer of a text tower.

use std::path::Path;
use std::{fs, panic};

use tokenizers::{PaddingDirection, PaddingParams, PaddingStrategy, Tokenizer, TruncationParams};

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
    // The crate panics at some errors, such as one of syntax inside the description of the decoder.
    let mut tokenizer = panic::catch_unwind(|| Tokenizer::from_bytes(bytes))
        .map_err(|_| "the crate tokenizers panicked".to_owned())?
        .map_err(|e| e.to_string())?;
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

/// The start of a text, at most [`MOST_BYTES`] long, cut between characters.
pub(crate) fn cut(text: &str) -> &str {
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
}
