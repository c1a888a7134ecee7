//! The choice between scan and probe, and when cache files are worth writing again. The costs are measured
//! (docs/PERFORMANCE.md, `benches/search/run`); only their ratios matter.

/// A way to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Scores every allowed row.
    Scan,
    /// Scores the rows of the cells nearest to the query.
    Probe,
}

/// Number of vectors from which cells are built by default. Below, a scan, whose recall is 1, takes less than 3 ms.
pub const CELLS_FROM: usize = 200_000;

/// The cache files are written again once more than max(256, 1/16 of the rows) have changed. A changed row costs each
/// search 0.1 µs, writing costs 25 µs a row.
const CHANGES: usize = 256;
const CHANGES_PART: usize = 16;

/// Whether so many of the rows have changed that the cache files are worth writing again.
pub(crate) fn is_much(changes: usize, rows: usize) -> bool {
    changes > CHANGES.max(rows / CHANGES_PART)
}

/// Nanoseconds for a row in a scan of consecutive rows, 512 numbers each.
const SCANNED_NS: f64 = 12.0;

/// Nanoseconds for a row in a scan of scattered rows.
const GATHERED_NS: f64 = 25.0;

/// Nanoseconds for a row in a probe, with its share of looking up which track it is.
const PROBED_NS: f64 = 15.0;

/// Nanoseconds for the centre of a cell: its score, and its share of putting the cells in order.
const CENTRE_NS: f64 = 80.0;

/// The numbers of rows that decide what a search costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SearchSize {
    /// Rows of the matrix.
    pub(crate) rows: usize,
    /// Rows that the filter allows.
    pub(crate) allowed: usize,
    /// What a probe takes; `None` without cells.
    pub(crate) probe: Option<ProbeSize>,
}

/// What decides how much a probe costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProbeSize {
    /// Cells whose centres are compared.
    pub(crate) cells: usize,
    /// Allowed rows that must be scored.
    pub(crate) wanted: usize,
}

/// Whether a scan is cheaper if it scores the allowed rows one by one instead of all rows.
pub(crate) fn gathers(rows: usize, allowed: usize) -> bool {
    (allowed as f64) * GATHERED_NS < (rows as f64) * SCANNED_NS
}

/// The cheaper way.
pub(crate) fn choose(size: SearchSize) -> Way {
    let SearchSize {
        rows,
        allowed,
        probe,
    } = size;
    let Some(ProbeSize { cells, wanted }) = probe else {
        return Way::Scan;
    };
    let scan_ns = if gathers(rows, allowed) {
        allowed as f64 * GATHERED_NS
    } else {
        rows as f64 * SCANNED_NS
    };
    // Where one row in ten is allowed, a probe scores ten rows for each that counts.
    let scored = wanted as f64 * rows as f64 / allowed.max(1) as f64;
    let probe_ns = scored * PROBED_NS + cells as f64 * CENTRE_NS;
    if probe_ns < scan_ns {
        Way::Probe
    } else {
        Way::Scan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_old_after_256_changes_or_a_sixteenth_of_the_rows() {
        assert!(!is_much(256, 1_000) && is_much(257, 1_000), "256");
        assert!(!is_much(2_500, 40_000) && is_much(2_501, 40_000), "1/16");
    }

    #[test]
    fn large_unfiltered_searches_probe_and_others_scan() {
        let way = |rows: usize, allowed, wanted: Option<usize>| {
            choose(SearchSize {
                rows,
                allowed,
                probe: wanted.map(|wanted| ProbeSize {
                    cells: rows.isqrt(),
                    wanted,
                }),
            })
        };
        assert_eq!(way(40_000, 40_000, None), Way::Scan, "there are no cells");
        assert_eq!(way(40_000, 40_000, Some(33_000)), Way::Scan, "few rows");
        assert_eq!(
            way(1_000_000, 1_000_000, Some(80_000)),
            Way::Probe,
            "many rows"
        );
        assert_eq!(
            way(1_000_000, 10_000, Some(80_000)),
            Way::Scan,
            "few are allowed"
        );
    }
}
