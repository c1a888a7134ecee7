//! Undo and redo: a log of steps in the file itself.

use rusqlite::{OptionalExtension, Transaction};
use serde::Serialize;

use crate::change::Change;
use crate::clip::ClipId;
use crate::error::ProjectsError;
use crate::store::{Fault, Projects};

/// Steps that are kept; the oldest go.
pub const MOST_STEPS: usize = 200;

/// A step that was undone or redone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// What the user had done, such as "removed ‘Tidewater Suite’ from the picks".
    pub what: String,
    /// The clip it was about, where it was about one.
    pub clip: Option<ClipId>,
}

/// What the user does.
pub(crate) struct Step {
    pub(crate) what: String,
    pub(crate) clip: Option<ClipId>,
    pub(crate) change: Change,
}

#[derive(Clone, Copy)]
enum Way {
    Back,
    Forth,
}

impl Projects {
    /// Takes the last step back; `None` when there is none.
    ///
    /// # Errors
    /// [`ProjectsError::Damaged`] when the log does not fit the lists; nothing is changed then.
    pub fn undo(&mut self) -> Result<Option<Undone>, ProjectsError> {
        self.within(|transaction| go(transaction, Way::Back))
    }

    /// Does the step that was undone last again; `None` when there is none.
    ///
    /// # Errors
    /// As [`Projects::undo`].
    pub fn redo(&mut self) -> Result<Option<Undone>, ProjectsError> {
        self.within(|transaction| go(transaction, Way::Forth))
    }

    /// What [`Projects::undo`] would take back.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and its like.
    pub fn next_undo(&self) -> Result<Option<Undone>, ProjectsError> {
        self.next(Way::Back)
    }

    /// What [`Projects::redo`] would do again.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and its like.
    pub fn next_redo(&self) -> Result<Option<Undone>, ProjectsError> {
        self.next(Way::Forth)
    }

    fn next(&self, way: Way) -> Result<Option<Undone>, ProjectsError> {
        let found = next(&self.connection, way).map_err(|error| self.sqlite(&error))?;
        Ok(found.map(|found| found.told))
    }

    /// Has `decide` look at the lists and say what to do, does it, and logs it, all in one
    /// transaction. Where nothing would change there is no step.
    pub(crate) fn step<T>(
        &mut self,
        at_ms: i64,
        decide: impl FnOnce(&Transaction<'_>) -> Result<(Option<Step>, T), Fault>,
    ) -> Result<T, ProjectsError> {
        self.within(|transaction| {
            let (step, value) = decide(transaction)?;
            if let Some(step) = step {
                step.change.apply(transaction)?;
                log(transaction, at_ms, &step)?;
            }
            Ok(value)
        })
    }
}

fn log(transaction: &Transaction<'_>, at_ms: i64, step: &Step) -> Result<(), Fault> {
    let change = serde_json::to_string(&step.change).map_err(|_| Fault::Unfit)?;
    transaction.execute("DELETE FROM steps WHERE undone = 1", [])?;
    transaction.execute(
        "INSERT INTO steps (at_ms, what, clip, change) VALUES (?1, ?2, ?3, ?4)",
        (at_ms, &step.what, step.clip, change),
    )?;
    transaction.execute(
        "DELETE FROM steps WHERE id <= (SELECT id FROM steps ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        [MOST_STEPS as i64],
    )?;
    Ok(())
}

struct Found {
    id: i64,
    told: Undone,
    change: String,
}

fn next(connection: &rusqlite::Connection, way: Way) -> Result<Option<Found>, rusqlite::Error> {
    let sql = match way {
        Way::Back => {
            "SELECT id, what, clip, change FROM steps WHERE undone = 0 ORDER BY id DESC LIMIT 1"
        }
        Way::Forth => {
            "SELECT id, what, clip, change FROM steps WHERE undone = 1 ORDER BY id LIMIT 1"
        }
    };
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Found {
            id: row.get(0)?,
            told: Undone {
                what: row.get(1)?,
                clip: row.get(2)?,
            },
            change: row.get(3)?,
        })
    };
    connection.query_row(sql, [], read).optional()
}

fn go(transaction: &Transaction<'_>, way: Way) -> Result<Option<Undone>, Fault> {
    let Some(found) = next(transaction, way)? else {
        return Ok(None);
    };
    let change: Change = serde_json::from_str(&found.change).map_err(|_| Fault::Unfit)?;
    let (change, undone) = match way {
        Way::Back => (change.inverse(), true),
        Way::Forth => (change, false),
    };
    change.apply(transaction)?;
    transaction.execute(
        "UPDATE steps SET undone = ?2 WHERE id = ?1",
        (found.id, undone),
    )?;
    Ok(Some(found.told))
}
