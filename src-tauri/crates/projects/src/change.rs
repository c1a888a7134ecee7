//! What a step changes: what was there before and what is there after, so that one function does
//! it, takes it back and does it again.

use rusqlite::{OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};

use crate::bin::BinRow;
use crate::clip::ClipId;
use crate::pick::{self, Pick};
use crate::project::ProjectId;
use crate::store::Fault;

/// A change of one list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Change {
    Pick {
        clip: ClipId,
        before: Option<Box<Placed>>,
        after: Option<Box<Placed>>,
    },
    /// All tracks of a clip's picks.
    Order {
        clip: ClipId,
        before: Vec<String>,
        after: Vec<String>,
    },
    Forgotten {
        clip: ClipId,
        before: bool,
        after: bool,
    },
    ProjectName {
        project: ProjectId,
        before: String,
        after: String,
    },
    Bin {
        bin: i64,
        before: Option<BinRow>,
        after: Option<BinRow>,
    },
}

/// A pick and its place among those of its clip, from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Placed {
    pub(crate) place: i64,
    pub(crate) pick: Pick,
}

impl Change {
    /// The change that takes this one back.
    pub(crate) fn inverse(self) -> Change {
        match self {
            Change::Pick {
                clip,
                before: after,
                after: before,
            } => Change::Pick {
                clip,
                before,
                after,
            },
            Change::Order {
                clip,
                before: after,
                after: before,
            } => Change::Order {
                clip,
                before,
                after,
            },
            Change::Forgotten {
                clip,
                before: after,
                after: before,
            } => Change::Forgotten {
                clip,
                before,
                after,
            },
            Change::ProjectName {
                project,
                before: after,
                after: before,
            } => Change::ProjectName {
                project,
                before,
                after,
            },
            Change::Bin {
                bin,
                before: after,
                after: before,
            } => Change::Bin { bin, before, after },
        }
    }

    /// Makes it so.
    pub(crate) fn apply(&self, transaction: &Transaction<'_>) -> Result<(), Fault> {
        match self {
            Change::Pick {
                clip,
                before,
                after,
            } => {
                if let Some(before) = before {
                    take_out(transaction, *clip, &before.pick.track)?;
                }
                after.as_ref().map_or(Ok(()), |after| {
                    put_in(transaction, *clip, after).map_err(Fault::from)
                })
            }
            Change::Order { clip, after, .. } => order(transaction, *clip, after),
            Change::Forgotten { clip, after, .. } => {
                let sql = match after {
                    true => "INSERT OR IGNORE INTO forgotten (clip) VALUES (?1)",
                    false => "DELETE FROM forgotten WHERE clip = ?1",
                };
                transaction.execute(sql, [clip])?;
                Ok(())
            }
            Change::ProjectName { project, after, .. } => fits(transaction.execute(
                "UPDATE projects SET name = ?2 WHERE id = ?1",
                (project, after),
            )?),
            Change::Bin { bin, before, after } => {
                if before.is_some() {
                    fits(transaction.execute("DELETE FROM bins WHERE id = ?1", [bin])?)?;
                }
                after
                    .as_ref()
                    .map_or(Ok(()), |row| row.insert(transaction, *bin))
            }
        }
    }
}

/// One row was meant and one was there.
fn fits(rows: usize) -> Result<(), Fault> {
    if rows == 1 { Ok(()) } else { Err(Fault::Unfit) }
}

fn take_out(transaction: &Transaction<'_>, clip: ClipId, track: &str) -> Result<(), Fault> {
    let place: Option<i64> = transaction
        .query_row(
            "DELETE FROM picks WHERE clip = ?1 AND track = ?2 RETURNING place",
            (clip, track),
            |row| row.get(0),
        )
        .optional()?;
    let place = place.ok_or(Fault::Unfit)?;
    transaction.execute(
        "UPDATE picks SET place = place - 1 WHERE clip = ?1 AND place > ?2",
        (clip, place),
    )?;
    Ok(())
}

fn put_in(
    transaction: &Transaction<'_>,
    clip: ClipId,
    placed: &Placed,
) -> Result<(), rusqlite::Error> {
    transaction.execute(
        "UPDATE picks SET place = place + 1 WHERE clip = ?1 AND place >= ?2",
        (clip, placed.place),
    )?;
    pick::insert(transaction, clip, placed.place, &placed.pick)
}

fn order(transaction: &Transaction<'_>, clip: ClipId, tracks: &[String]) -> Result<(), Fault> {
    let mut place =
        transaction.prepare("UPDATE picks SET place = ?3 WHERE clip = ?1 AND track = ?2")?;
    for (at, track) in tracks.iter().enumerate() {
        fits(place.execute((clip, track, at as i64))?)?;
    }
    Ok(())
}
