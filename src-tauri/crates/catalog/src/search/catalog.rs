//! Searching a catalog: the nearest tracks that a filter lets through, and vectors by row.

use std::borrow::Cow;

use crate::error::CatalogError;
use crate::filter::Filter;
use crate::search::bits::Bits;
use crate::search::index::{Hit, Index, SearchOptions};
use crate::store::Catalog;

impl Catalog {
    /// The `k` tracks nearest to `query` (a vector of the catalog's space) that `filter` lets through, nearest first.
    ///
    /// The first search opens the index. Later ones read only what other connections have changed since.
    ///
    /// # Errors
    /// [`CatalogError::Empty`] when the catalog has no track at all, [`CatalogError::NoDirection`] or
    /// [`CatalogError::WrongDimension`] for the query, [`CatalogError::Database`].
    pub fn search(
        &self,
        query: &[f32],
        k: usize,
        filter: &Filter,
    ) -> Result<Vec<Hit>, CatalogError> {
        let index = self.index()?;
        let allowed = self.allowed(&index, filter)?;
        index.search_among(query, k, &allowed, SearchOptions::default())
    }

    /// As [`Catalog::search`] among the tracks in `rows` alone. Ascending rows are fastest; unknown ones are ignored.
    ///
    /// # Errors
    /// Those of [`Catalog::search`].
    pub fn search_rows(
        &self,
        query: &[f32],
        k: usize,
        filter: &Filter,
        rows: &[i64],
    ) -> Result<Vec<Hit>, CatalogError> {
        let index = self.index()?;
        let mut among = index.slots(rows.iter().copied());
        among.keep(&*self.allowed(&index, filter)?);
        index.search_among(query, k, &among, SearchOptions::default())
    }

    /// The slots that `filter` lets through.
    fn allowed<'a>(
        &self,
        index: &'a Index,
        filter: &Filter,
    ) -> Result<Cow<'a, Bits>, CatalogError> {
        if index.is_empty() {
            return Err(CatalogError::Empty {
                dir: self.dir.clone(),
            });
        }
        let here = match (filter.include_missing, filter.include_duplicates) {
            (false, false) => &index.offered,
            (false, true) => &index.present,
            (true, true) => &index.live,
            (true, false) => &index.best,
        };
        if filter.is_open() {
            return Ok(Cow::Borrowed(here));
        }
        let mut allowed = index.slots(self.rows(filter)?);
        allowed.keep(here);
        Ok(Cow::Owned(allowed))
    }

    /// Rows and vectors (length one) of the tracks in `rows`, in their order; rows that are gone are left out. The
    /// vectors come from the index, so that no row of the database is read.
    ///
    /// # Errors
    /// Those of [`Catalog::index`].
    pub fn vectors_at(&self, rows: &[i64]) -> Result<Vec<(i64, Vec<f32>)>, CatalogError> {
        let index = self.index()?;
        Ok(rows
            .iter()
            .filter_map(|&row| Some((row, index.vector(row)?)))
            .collect())
    }

    /// At most `count` vectors (length one), evenly spaced in the order of rows: the same ones for the same catalog.
    ///
    /// # Errors
    /// Those of [`Catalog::index`].
    pub fn sample_vectors(&self, count: usize) -> Result<Vec<Vec<f32>>, CatalogError> {
        Ok(self.index()?.sample(count))
    }

    /// Rows that `filter` lets through, missing or not.
    fn rows(&self, filter: &Filter) -> Result<Vec<i64>, CatalogError> {
        let (condition, values) = filter.condition();
        self.connection
            .prepare_cached(&format!("SELECT t.row FROM tracks t WHERE {condition}"))
            .and_then(|mut query| {
                query
                    .query_map(rusqlite::params_from_iter(values), |row| row.get(0))?
                    .collect()
            })
            .map_err(|error| self.fail(&error))
    }
}
