//! The order in which the parts of a range are read. Pure.

/// All of `0..count`: every eighth first, then those between, so that the range is covered soon and
/// then filled from its start.
pub(super) fn coarse_to_fine(count: usize) -> Vec<usize> {
    let mut order = Vec::with_capacity(count);
    for stride in [8, 4, 2, 1] {
        let new = (0..count).step_by(stride);
        order.extend(new.filter(|i| stride == 8 || i % (2 * stride) != 0));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_visited_once_and_the_whole_is_covered_early() {
        for count in [1, 2, 7, 8, 61, 1000] {
            let order = coarse_to_fine(count);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..count), "{count}");
            let early = &order[..count.div_ceil(8)];
            assert!(early.iter().any(|i| i + 8 >= count), "{count}: {early:?}");
        }
    }
}
