//! Said chances against found ones.

use serde::{Deserialize, Serialize};

/// Number of bins of equal width from 0 to 1.
const BINS: usize = 10;

/// The items whose said chance lies in one bin.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub struct Bin {
    /// Lower and upper bound of the said chance.
    pub range: [f64; 2],
    /// Number of items.
    pub items: usize,
    /// Mean said chance.
    pub said: f64,
    /// Share of the items where what was said came true.
    pub found: f64,
}

/// Said chances against found ones.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct CalibrationTable {
    /// Bins with at least one item, by said chance.
    pub bins: Vec<Bin>,
    /// Expected calibration error (Naeini et al. 2015): mean distance of said and found over the bins, weighted by
    /// their items.
    pub error: f64,
    /// Number of items.
    pub items: usize,
}

/// The table of said chances from 0 to 1 with what came true; `None` without items. The value of `found` is the share
/// that came true, 0 or 1 for a single event.
pub fn calibration(said_and_found: &[(f64, f64)]) -> Option<CalibrationTable> {
    let mut sums = [(0_usize, 0.0, 0.0); BINS];
    for (said, found) in said_and_found {
        let said = said.clamp(0.0, 1.0);
        let bin = &mut sums[((said * BINS as f64) as usize).min(BINS - 1)];
        *bin = (bin.0 + 1, bin.1 + said, bin.2 + found);
    }
    let items = said_and_found.len();
    let bins: Vec<Bin> = sums
        .iter()
        .enumerate()
        .filter(|(_, (count, ..))| *count > 0)
        .map(|(at, (count, said, found))| Bin {
            range: [at as f64 / BINS as f64, (at + 1) as f64 / BINS as f64],
            items: *count,
            said: said / *count as f64,
            found: found / *count as f64,
        })
        .collect();
    let distance = |bin: &Bin| (bin.said - bin.found).abs() * bin.items as f64;
    let error = bins.iter().map(distance).sum::<f64>() / items.max(1) as f64;
    (items > 0).then_some(CalibrationTable { bins, error, items })
}

impl CalibrationTable {
    /// The bins as a Markdown table.
    pub fn to_markdown(&self) -> String {
        let rows = self.bins.iter().map(|bin| {
            let [low, high] = bin.range;
            let Bin {
                items, said, found, ..
            } = bin;
            format!("| {low:.1} to {high:.1} | {items} | {said:.3} | {found:.3} |\n")
        });
        let head = "| said | items | mean said | found |\n|---|---|---|---|\n";
        head.to_owned() + &rows.collect::<String>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_true_chance_has_no_error_and_a_boast_has_its_distance() {
        let honest: Vec<(f64, f64)> = (0..100)
            .map(|i| (0.75, f64::from(u8::from(i % 4 != 0))))
            .collect();
        let table = calibration(&honest).unwrap();
        assert!(table.error < 1e-12, "{table:?}");
        assert_eq!((table.bins.len(), table.items), (1, 100));
        let boast: Vec<(f64, f64)> = honest.iter().map(|(_, found)| (0.95, *found)).collect();
        assert!((calibration(&boast).unwrap().error - 0.2).abs() < 1e-12);
        assert_eq!(calibration(&[]), None);
    }

    #[test]
    fn chances_at_the_ends_and_outside_fall_into_the_outer_bins() {
        let table = calibration(&[(0.0, 0.0), (1.0, 1.0), (1.5, 1.0), (-1.0, 0.0)]).unwrap();
        let ends: Vec<usize> = table.bins.iter().map(|b| b.items).collect();
        assert_eq!(ends, [2, 2]);
        assert!(table.error < 1e-12);
    }
}
