//! Gives an unknown word the meaning of a known one that is near in sentence space.

use super::{feelings, instruments};
use crate::music::text::dot;

/// Smallest cosine between neighbours. Sentence space also puts opposites near each other, so the threshold is high.
const NEAR: f32 = 0.6;
/// Neighbours up to this much farther than the nearest must not contradict it.
const ROOM: f32 = 0.08;
/// Two grades of one property contradict each other from this difference on.
const OPPOSED: f32 = 0.4;

/// Vectors of the known words, of length 1.
pub(crate) struct Vocabulary {
    vectors: Vec<Vec<f32>>,
}

impl Vocabulary {
    /// The known words, in a fixed order.
    pub(crate) fn words() -> Vec<&'static str> {
        feelings::headwords()
            .chain(instruments::headwords())
            .collect()
    }

    /// The vectors of [`Vocabulary::words`]; `None` for another number of vectors.
    pub(crate) fn new(vectors: Vec<Vec<f32>>) -> Option<Vocabulary> {
        (vectors.len() == Self::words().len()).then_some(Vocabulary { vectors })
    }

    /// The known word nearest to a vector, where it is near and no other near word says the opposite.
    pub(crate) fn nearest(&self, vector: &[f32]) -> Option<&'static str> {
        let mut near: Vec<(f32, &'static str)> = Self::words()
            .into_iter()
            .zip(&self.vectors)
            .map(|(word, known)| (dot(vector, known), word))
            .filter(|(cosine, _)| *cosine >= NEAR)
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        let (best, word) = *near.first()?;
        let rivals = near.iter().take_while(|(cosine, _)| *cosine >= best - ROOM);
        rivals
            .skip(1)
            .all(|(_, rival)| !opposed(word, rival))
            .then_some(word)
    }
}

/// Whether two known words ask for opposite things.
fn opposed(a: &str, b: &str) -> bool {
    let (Some(a), Some(b)) = (feelings::of(a), feelings::of(b)) else {
        return false;
    };
    let apart =
        |a: Option<f32>, b: Option<f32>| a.zip(b).is_some_and(|(a, b)| (a - b).abs() >= OPPOSED);
    apart(a.tempo, b.tempo) || apart(a.energy, b.energy) || apart(a.valence, b.valence)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary(near: &[(&str, f32)]) -> Vocabulary {
        let vectors = Vocabulary::words().into_iter().map(|word| {
            let cosine = near
                .iter()
                .find(|(known, _)| *known == word)
                .map_or(0.0, |n| n.1);
            vec![cosine, (1.0 - cosine * cosine).sqrt()]
        });
        Vocabulary::new(vectors.collect()).unwrap()
    }

    #[test]
    fn a_near_word_is_found_and_a_far_one_is_not() {
        let asked = [1.0, 0.0];
        assert_eq!(
            vocabulary(&[("quirky", 0.7)]).nearest(&asked),
            Some("quirky")
        );
        assert_eq!(vocabulary(&[("quirky", 0.4)]).nearest(&asked), None);
        assert!(Vocabulary::new(vec![vec![1.0]]).is_none());
    }

    #[test]
    fn opposites_that_are_equally_near_say_nothing() {
        let asked = [1.0, 0.0];
        let torn = vocabulary(&[("happy", 0.7), ("sad", 0.68)]);
        assert_eq!(torn.nearest(&asked), None);
        let clear = vocabulary(&[("happy", 0.8), ("sad", 0.6)]);
        assert_eq!(clear.nearest(&asked), Some("happy"));
    }
}
