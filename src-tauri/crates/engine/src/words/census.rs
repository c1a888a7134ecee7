//! The numbers of all tracks of a catalog that the words of a brief are compared with.

use std::collections::BTreeMap;

use needledrop_catalog::{Catalog, CatalogError, ContentState};
use needledrop_ranking::{Obedience, Obeying, Population, Wish};
use rayon::prelude::*;

/// Groups of tags that are kept; at 40,000 tracks a group takes 320 kB.
const MOST_GROUPS: usize = 24;

/// Rows of a catalog with their numbers. It is read once (a few milliseconds per 10,000 tracks) and again after the
/// catalog has changed.
pub(crate) struct Census {
    state: ContentState,
    rows: Vec<i64>,
    population: Population,
    groups: usize,
}

/// How far a track obeys, before its reason is needed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Obeyed {
    pub(crate) row: i64,
    /// Score from 0 to 1, with the tracks apart that carry what is refused.
    pub(crate) score: f64,
}

impl Census {
    /// Reads all tracks.
    pub(crate) fn of(catalog: &Catalog) -> Result<Census, CatalogError> {
        let state = catalog.content_state()?;
        let (rows, measured) = catalog.measured()?.into_iter().unzip();
        Ok(Census {
            state,
            rows,
            population: Population::new(measured),
            groups: 0,
        })
    }

    /// Whether the catalog has not changed since.
    pub(crate) fn is_current(&self, catalog: &Catalog) -> Result<bool, CatalogError> {
        Ok(catalog.content_state()? == self.state)
    }

    /// Reads the groups of tags that are not there yet: tags by the group's name.
    pub(crate) fn add_groups(
        &mut self,
        catalog: &Catalog,
        groups: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), CatalogError> {
        let is_new = |group: &&String| !self.population.has_tags(group);
        if self.groups + groups.keys().filter(is_new).count() > MOST_GROUPS {
            self.population.forget_tags();
            self.groups = 0;
        }
        for (group, tags) in groups {
            if self.population.has_tags(group) {
                continue;
            }
            let mut found = Vec::new();
            for tag in tags {
                found.extend(catalog.tag_scores(tag)?);
            }
            let rows = &self.rows;
            let placed = found
                .into_iter()
                .filter_map(|(row, score)| Some((rows.binary_search(&row).ok()?, score)));
            self.population.add_tags(group.clone(), placed);
            self.groups += 1;
        }
        Ok(())
    }

    /// How far each track obeys, in the order of rows.
    pub(crate) fn obeyed(&self, wishes: &[Wish]) -> Vec<Obeyed> {
        let obeying = Obeying::new(&self.population, wishes);
        let refuses = obeying.refuses();
        let of = |(at, row): (usize, &i64)| {
            let (score, refused) = obeying.score(at);
            let score = if refuses {
                Obedience::held_apart(score, refused)
            } else {
                score
            };
            Obeyed { row: *row, score }
        };
        self.rows.par_iter().enumerate().map(of).collect()
    }

    /// How far one track obeys, with its reason; `None` for a row that the catalog did not have.
    pub(crate) fn obedience(&self, wishes: &[Wish], row: i64) -> Option<Obedience> {
        let at = self.rows.binary_search(&row).ok()?;
        Some(Obeying::new(&self.population, wishes).obedience(at))
    }

    /// Whether the wishes measure and refuse anything of this catalog, and the sum of their weights.
    pub(crate) fn weight(&self, wishes: &[Wish]) -> (f64, bool) {
        let obeying = Obeying::new(&self.population, wishes);
        (obeying.weight(), obeying.refuses())
    }
}

/// The rows of the `count` best, ascending; of equal ones the first.
pub(crate) fn best_rows(mut obeyed: Vec<Obeyed>, count: usize) -> Vec<i64> {
    let order =
        |a: &Obeyed, b: &Obeyed| b.score.total_cmp(&a.score).then_with(|| a.row.cmp(&b.row));
    if count < obeyed.len() {
        obeyed.select_nth_unstable_by(count, order);
        obeyed.truncate(count);
    }
    let mut rows: Vec<i64> = obeyed.iter().map(|each| each.row).collect();
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_rows_are_ascending() {
        let obeyed = |row, score| Obeyed { row, score };
        let all = vec![
            obeyed(1, 0.2),
            obeyed(5, 0.9),
            obeyed(3, 0.5),
            obeyed(2, 0.5),
        ];
        assert_eq!(best_rows(all.clone(), 2), [2, 5]);
        assert_eq!(best_rows(all.clone(), 9), [1, 2, 3, 5]);
        assert!(best_rows(all, 0).is_empty());
    }
}
