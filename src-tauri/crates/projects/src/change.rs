//! The change that a step makes, as the undo log holds it. It holds the values before and after, so
//! that one function performs it, undoes it and redoes it.

use rusqlite::Transaction;
use serde::{Deserialize, Serialize};

use crate::ids::{ClipId, ProjectId};
use crate::rows::bins::{self, BinRow};
use crate::rows::picks::{self, Placed};
use crate::store::Fault;

/// A change of one list. The names of variants and fields are stored in the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Change {
    Pick {
        clip: ClipId,
        before: Option<Box<Placed>>,
        after: Option<Box<Placed>>,
    },
    /// The tracks of all picks of a clip, in order.
    Order {
        clip: ClipId,
        before: Vec<String>,
        after: Vec<String>,
    },
    /// Whether a clip was removed from the list of recent ones.
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

impl Change {
    /// The same change with before and after swapped.
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

    /// Writes the state after the change. [`Fault::Mismatch`] if the state before is not there.
    pub(crate) fn apply(&self, transaction: &Transaction<'_>) -> Result<(), Fault> {
        match self {
            Change::Pick {
                clip,
                before,
                after,
            } => {
                if let Some(before) = before {
                    let track = &before.pick.track;
                    expect_match(picks::delete(transaction, *clip, track)?)?;
                }
                if let Some(after) = after {
                    picks::insert(transaction, *clip, after)?;
                }
                Ok(())
            }
            Change::Order { clip, after, .. } => {
                expect_match(picks::reorder(transaction, *clip, after)?)
            }
            Change::Forgotten { clip, after, .. } => {
                let sql = match after {
                    true => "INSERT OR IGNORE INTO forgotten (clip) VALUES (?1)",
                    false => "DELETE FROM forgotten WHERE clip = ?1",
                };
                transaction.execute(sql, [clip])?;
                Ok(())
            }
            Change::ProjectName { project, after, .. } => {
                let sql = "UPDATE projects SET name = ?2 WHERE id = ?1";
                expect_match(transaction.execute(sql, (project, after))? == 1)
            }
            Change::Bin { bin, before, after } => {
                if before.is_some() {
                    expect_match(bins::delete(transaction, *bin)? == 1)?;
                }
                if let Some(after) = after {
                    bins::insert(transaction, *bin, after)?;
                }
                Ok(())
            }
        }
    }
}

fn expect_match(matches: bool) -> Result<(), Fault> {
    if matches {
        Ok(())
    } else {
        Err(Fault::Mismatch)
    }
}
