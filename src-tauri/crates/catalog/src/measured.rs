//! The few numbers of every track that the words of a brief are compared with.

use needledrop_ranking::Measured;

use crate::encoding;
use crate::error::CatalogError;
use crate::store::Catalog;
use crate::track::key_of_number;

/// State of a catalog's content, as one connection sees it. Equal states have equal content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentState {
    commits: i64,
    own_changes: u64,
}

impl Catalog {
    /// The state of the content now: another one after every commit of any connection.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn content_state(&self) -> Result<ContentState, CatalogError> {
        Ok(ContentState {
            commits: self.data_version()?,
            own_changes: self.connection.total_changes(),
        })
    }

    /// Row and measured numbers of every track, in ascending order of rows.
    ///
    /// # Errors
    /// [`CatalogError::Damaged`] for a number out of its range, [`CatalogError::Database`].
    pub fn measured(&self) -> Result<Vec<(i64, Measured)>, CatalogError> {
        self.connection
            .prepare_cached(
                "SELECT row, bpm, bpm_confidence, key, key_confidence, energy, valence, vocal FROM tracks ORDER BY row",
            )
            .and_then(|mut query| query.query_map([], measured_of)?.collect())
            .map_err(|error| self.fail(&error))
    }

    /// Row and score of every track with this tag, in ascending order of rows; case is ignored.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn tag_scores(&self, tag: &str) -> Result<Vec<(i64, f32)>, CatalogError> {
        self.connection
            .prepare_cached(
                "SELECT x.track, x.score FROM tags x JOIN tag_names n ON n.number = x.tag WHERE n.name = ?1 ORDER BY x.track",
            )
            .and_then(|mut query| query.query_map([tag], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
            .map_err(|error| self.fail(&error))
    }

    /// Names of all tags, in the order of their first use.
    ///
    /// # Errors
    /// [`CatalogError::Database`].
    pub fn tag_names(&self) -> Result<Vec<String>, CatalogError> {
        self.connection
            .prepare_cached("SELECT name FROM tag_names ORDER BY number")
            .and_then(|mut query| query.query_map([], |row| row.get(0))?.collect())
            .map_err(|error| self.fail(&error))
    }
}

fn measured_of(row: &rusqlite::Row<'_>) -> Result<(i64, Measured), rusqlite::Error> {
    let fastest = f64::from(encoding::FASTEST_BPM);
    let bpm = encoding::between(row, 1, "a tempo", (0.0, fastest))?;
    let key = encoding::between(row, 3, "a key", (0.0, 23.0))?;
    Ok((
        row.get(0)?,
        Measured {
            bpm: bpm.map(|bpm| bpm as f32),
            bpm_confidence: encoding::share(row, 2, "confidence in a tempo")?.unwrap_or(0.0),
            mode: key.map(|number| key_of_number(number as u8).mode()),
            key_confidence: encoding::share(row, 4, "confidence in a key")?.unwrap_or(0.0),
            energy: encoding::share(row, 5, "energy")?,
            valence: encoding::share(row, 6, "valence")?,
            vocal: encoding::share(row, 7, "share of voices")?,
        },
    ))
}
