//! Rows of the tables `bins` and `bin_clips`.

use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};

use crate::ids::{ClipId, ProjectId};

/// A bin as the tables and the undo log hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BinRow {
    pub(crate) project: ProjectId,
    pub(crate) name: String,
    pub(crate) folder: Option<String>,
    /// In the editor's order.
    pub(crate) clips: Vec<ClipId>,
}

pub(crate) fn insert(
    transaction: &Transaction<'_>,
    id: i64,
    bin: &BinRow,
) -> Result<(), rusqlite::Error> {
    transaction.execute(
        "INSERT INTO bins (id, project, name, folder) VALUES (?1, ?2, ?3, ?4)",
        (id, bin.project, &bin.name, &bin.folder),
    )?;
    let mut insert =
        transaction.prepare("INSERT INTO bin_clips (bin, place, clip) VALUES (?1, ?2, ?3)")?;
    for (place, clip) in bin.clips.iter().enumerate() {
        insert.execute((id, place as i64, clip))?;
    }
    Ok(())
}

/// Deletes a bin; returns how many rows it had, 0 or 1.
pub(crate) fn delete(transaction: &Transaction<'_>, id: i64) -> Result<usize, rusqlite::Error> {
    transaction.execute("DELETE FROM bins WHERE id = ?1", [id])
}

pub(crate) fn read(connection: &Connection, id: i64) -> Result<Option<BinRow>, rusqlite::Error> {
    let found = connection
        .query_row(
            "SELECT project, name, folder FROM bins WHERE id = ?1",
            [id],
            |row| {
                Ok(BinRow {
                    project: row.get(0)?,
                    name: row.get(1)?,
                    folder: row.get(2)?,
                    clips: Vec::new(),
                })
            },
        )
        .optional()?;
    let Some(mut bin) = found else {
        return Ok(None);
    };
    bin.clips = connection
        .prepare("SELECT clip FROM bin_clips WHERE bin = ?1 ORDER BY place")?
        .query_map([id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(Some(bin))
}

/// The bins of a project, oldest first.
pub(crate) fn list(
    connection: &Connection,
    project: ProjectId,
) -> Result<Vec<(i64, BinRow)>, rusqlite::Error> {
    let ids: Vec<i64> = connection
        .prepare("SELECT id FROM bins WHERE project = ?1 ORDER BY id")?
        .query_map([project], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    ids.into_iter()
        .filter_map(|id| {
            read(connection, id)
                .map(|bin| bin.map(|bin| (id, bin)))
                .transpose()
        })
        .collect()
}
