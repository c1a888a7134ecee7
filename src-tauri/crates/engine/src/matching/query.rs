//! The query of a search: a vector of the audio space, blended from picture, reference track and words.

use crate::music::text::blend;

/// Share of the reference track in the part of the query without the words.
const REFERENCE_SHARE: f32 = 0.5;

/// The picture blended with the reference track, then with the words by their share.
pub(super) fn query(
    projected: &[f32],
    reference: Option<&[f32]>,
    words: Option<(&[f32], f32)>,
) -> Vec<f32> {
    let mut query = match reference {
        Some(reference) => blend(projected, reference, REFERENCE_SHARE),
        None => projected.to_vec(),
    };
    if let Some((words, share)) = words {
        query = blend(&query, words, share);
    }
    query
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::text::dot;

    #[test]
    fn the_share_of_the_words_blends_picture_and_words() {
        let (picture, words) = ([1.0, 0.0], [0.0, 1.0]);
        let at = |share| query(&picture, None, Some((&words[..], share)));
        assert!((dot(&at(0.0), &picture) - 1.0).abs() < 1e-6);
        assert!((dot(&at(1.0), &words) - 1.0).abs() < 1e-6);
        let near = query(&picture, Some(&[0.0, 1.0]), None);
        assert!(
            (near[0] - near[1]).abs() < 1e-6,
            "half picture, half reference"
        );
    }
}
