//! What the tracks of a catalog can be filtered by.

use std::collections::BTreeSet;

use crate::error::CatalogError;
use crate::search::Index;
use crate::store::Catalog;

/// The values that a filter can name, each carried by at least one track that a search offers by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterChoices {
    /// Names of tags, in order.
    pub tags: Vec<String>,
    /// Licences, in order.
    pub licences: Vec<String>,
}

impl Catalog {
    /// The values that a filter can name.
    ///
    /// # Errors
    /// [`CatalogError::Database`], [`CatalogError::Damaged`].
    pub fn filter_choices(&self) -> Result<FilterChoices, CatalogError> {
        self.snapshot(|| {
            let index = self.index()?;
            let read = || {
                Ok(FilterChoices {
                    tags: self.offered_tags(&index)?,
                    licences: self.offered_licences(&index)?,
                })
            };
            read().map_err(|error| self.fail(&error))
        })
    }

    fn offered_tags(&self, index: &Index) -> Result<Vec<String>, rusqlite::Error> {
        let mut all = self
            .connection
            .prepare_cached("SELECT number, name FROM tag_names")?;
        // Ends at the first track that is offered, which mostly is the very first.
        let mut carriers = self
            .connection
            .prepare_cached("SELECT track FROM tags WHERE tag = ?1")?;
        let mut tags = BTreeSet::new();
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let mut tracks = carriers.query([row.get::<_, i64>(0)?])?;
            while let Some(track) = tracks.next()? {
                if index.offers(track.get(0)?) {
                    tags.insert(row.get(1)?);
                    break;
                }
            }
        }
        Ok(tags.into_iter().collect())
    }

    fn offered_licences(&self, index: &Index) -> Result<Vec<String>, rusqlite::Error> {
        let mut query = self
            .connection
            .prepare_cached("SELECT row, licence FROM tracks WHERE licence IS NOT NULL")?;
        let mut licences = BTreeSet::new();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let licence = row.get_ref(1)?.as_str()?;
            if !licences.contains(licence) && index.offers(row.get(0)?) {
                licences.insert(licence.to_owned());
            }
        }
        Ok(licences.into_iter().collect())
    }
}
