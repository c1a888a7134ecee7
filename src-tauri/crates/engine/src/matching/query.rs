//! The query of a search: a vector of the audio space, blended from picture, reference track and words.

use super::words::Words;
use crate::error::EngineError;
use crate::library::open::Library;
use crate::music::text::{blend, normalise};

/// Factor of the unwanted words' mean, which is subtracted from the wanted words.
const SUBTRACTED: f32 = 0.6;
/// Share of the reference track in the part of the query without the words.
const REFERENCE_SHARE: f32 = 0.5;

/// The words of a brief in the audio space.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WordVector {
    /// Wanted words minus unwanted ones, of length 1.
    pub(super) vector: Vec<f32>,
}

/// Embeds the words with the pack's text towers.
pub(super) fn embed_words(library: &mut Library, words: &Words) -> Result<WordVector, EngineError> {
    let mut texts: Vec<&str> = Vec::new();
    if !words.wanted.is_empty() {
        texts.push(&words.wanted);
    }
    texts.extend(words.unwanted.iter().map(String::as_str));
    let vectors = library.brief_vectors(&texts)?;
    let split = usize::from(!words.wanted.is_empty());
    let (wanted, unwanted) = vectors.split_at(split.min(vectors.len()));
    let dim = library.pack.manifest.audio.dim;
    Ok(WordVector {
        vector: minus(wanted.first().map(Vec::as_slice), unwanted, dim),
    })
}

/// `wanted - 0.6 mean(unwanted)`, scaled to length 1; without wanted words, the opposite of the unwanted ones.
fn minus(wanted: Option<&[f32]>, unwanted: &[Vec<f32>], dim: usize) -> Vec<f32> {
    let mut vector = wanted.map_or_else(|| vec![0.0; dim], <[f32]>::to_vec);
    let each = SUBTRACTED / unwanted.len().max(1) as f32;
    for other in unwanted {
        for (x, y) in vector.iter_mut().zip(other) {
            *x -= each * y;
        }
    }
    normalise(&mut vector);
    vector
}

/// The picture blended with the reference track, then with the words by their share.
pub(super) fn query(
    projected: &[f32],
    reference: Option<&[f32]>,
    words: Option<(&WordVector, f32)>,
) -> Vec<f32> {
    let mut query = match reference {
        Some(reference) => blend(projected, reference, REFERENCE_SHARE),
        None => projected.to_vec(),
    };
    if let Some((words, share)) = words {
        query = blend(&query, &words.vector, share);
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::text::dot;

    #[test]
    fn the_query_turns_away_from_unwanted_words() {
        let (dark, drums) = (vec![0.8, 0.6, 0.0], vec![0.0, 1.0, 0.0]);
        let with = minus(Some(&dark), &[], 3);
        let without = minus(Some(&dark), std::slice::from_ref(&drums), 3);
        assert!(dot(&without, &drums) < dot(&with, &drums) - 0.3);
        assert!(dot(&without, &dark) > 0.5, "near the wanted words");
        let only = minus(None, std::slice::from_ref(&drums), 3);
        assert!((dot(&only, &drums) + 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_share_of_the_words_blends_picture_and_words() {
        let (picture, words) = (
            [1.0, 0.0],
            WordVector {
                vector: vec![0.0, 1.0],
            },
        );
        let at = |share| query(&picture, None, Some((&words, share)));
        assert!((dot(&at(0.0), &picture) - 1.0).abs() < 1e-6);
        assert!((dot(&at(1.0), &words.vector) - 1.0).abs() < 1e-6);
        let near = query(&picture, Some(&[0.0, 1.0]), None);
        assert!(
            (near[0] - near[1]).abs() < 1e-6,
            "half picture, half reference"
        );
    }
}
