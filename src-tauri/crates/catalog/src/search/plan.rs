//! Which way a search goes. The costs are measured (docs/PERFORMANCE.md, `benches/search/run`); only their ratios matter.

/// A way to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Score every allowed row.
    Scan,
    /// Walk the graph.
    Walk,
}

/// Vectors from which a graph is built unasked: below, the scan is as quick and exact.
pub const GRAPH_FROM: usize = 200_000;

/// Nanoseconds for a row in a scan of consecutive rows, 512 numbers each.
const SCANNED_NS: f64 = 12.0;

/// Nanoseconds for a row in a scan of scattered rows.
const GATHERED_NS: f64 = 25.0;

/// Nanoseconds for a row measured in a walk, with its share of heaps and lists.
const WALKED_NS: f64 = 150.0;

/// What a search meets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terrain {
    /// Rows of the index.
    pub(crate) rows: usize,
    /// How many of them are allowed.
    pub(crate) allowed: usize,
    /// Rows measured in an unfiltered walk as wide as this search needs; `None` without a graph.
    pub(crate) walked: Option<usize>,
}

/// Whether a scan takes the allowed rows one by one.
pub(crate) fn gathers(rows: usize, allowed: usize) -> bool {
    (allowed as f64) * GATHERED_NS < (rows as f64) * SCANNED_NS
}

pub(crate) fn choose(terrain: Terrain) -> Way {
    let Terrain {
        rows,
        allowed,
        walked,
    } = terrain;
    let Some(walked) = walked else {
        return Way::Scan;
    };
    let scan_ns = if gathers(rows, allowed) {
        allowed as f64 * GATHERED_NS
    } else {
        rows as f64 * SCANNED_NS
    };
    // Where one row in ten is allowed a walk meets ten for each that it may keep.
    let walk_ns = walked as f64 * WALKED_NS * rows as f64 / allowed.max(1) as f64;
    if walk_ns < scan_ns {
        Way::Walk
    } else {
        Way::Scan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_needs_a_graph_many_rows_and_few_exclusions() {
        let way = |rows, allowed, walked| {
            choose(Terrain {
                rows,
                allowed,
                walked,
            })
        };
        assert_eq!(way(40_000, 40_000, None), Way::Scan, "there is no graph");
        assert_eq!(way(40_000, 40_000, Some(7_000)), Way::Scan, "few rows");
        assert_eq!(
            way(1_000_000, 1_000_000, Some(20_000)),
            Way::Walk,
            "many rows"
        );
        assert_eq!(
            way(1_000_000, 10_000, Some(20_000)),
            Way::Scan,
            "few are allowed"
        );
    }
}
