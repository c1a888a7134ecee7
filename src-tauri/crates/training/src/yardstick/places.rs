//! Where the own item of each query lands among all items.

/// The place of a query's own item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// (rank − 1) / (items − 1) among all items, ties counting half: 0 is best, 0.5 is chance.
    pub percentile: f64,
    /// The same among the items of the query's source; `None` for a source with one item.
    pub within: Option<f64>,
    /// Index of the item in the first place.
    pub first: usize,
}

/// The place of the item `own` by the scores of all items; `same` says which items belong to the query's source. `None`
/// where the own item has no finite score or no other item exists.
pub fn place(scores: &[f32], own: usize, same: impl Fn(usize) -> bool) -> Option<Place> {
    let mine = *scores.get(own).filter(|score| score.is_finite())?;
    let rank = |counts: &dyn Fn(usize) -> bool| {
        let (mut above, mut level, mut others) = (0_usize, 0_usize, 0_usize);
        for (at, score) in scores.iter().enumerate() {
            if at != own && counts(at) {
                others += 1;
                above += usize::from(*score > mine);
                level += usize::from(*score == mine);
            }
        }
        (others > 0).then(|| (above as f64 + 0.5 * level as f64) / others as f64)
    };
    let (first, _) = scores
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))?;
    Some(Place {
        percentile: rank(&|_| true)?,
        within: rank(&same),
        first,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_better_items_and_half_of_the_equal_ones() {
        let sources = ["a", "a", "b", "b", "c"];
        let scores = [0.9, 0.5, 0.5, 0.1, 0.7];
        let place = |own: usize| super::place(&scores, own, |at| sources[at] == sources[own]);
        let second = place(1).unwrap();
        assert!((second.percentile - 2.5 / 4.0).abs() < 1e-12, "{second:?}");
        assert_eq!(
            second.within,
            Some(1.0),
            "behind the other item of its source"
        );
        assert_eq!(second.first, 0);
        assert_eq!(
            place(4).unwrap().within,
            None,
            "the only item of its source"
        );
        assert_eq!(place(0).unwrap().percentile, 0.0);
        assert_eq!(place(5), None);
    }

    #[test]
    fn a_score_that_is_not_finite_has_no_place() {
        assert_eq!(place(&[f32::NAN, 0.1], 0, |_| true), None);
    }
}
