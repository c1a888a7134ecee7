//! Undo and redo: a log of steps in the file itself.

use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::Serialize;

use crate::change::Change;
use crate::error::ProjectsError;
use crate::ids::ClipId;
use crate::store::{Fault, Projects};

/// Number of steps that are kept; older ones are deleted.
pub const MOST_STEPS: usize = 200;

/// A step that was undone or redone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Undone {
    /// Description of the user's action, such as "removed ‘Tidewater Suite’ from the picks".
    pub what: String,
    /// The clip whose list changed, if it was the list of a clip.
    pub clip: Option<ClipId>,
}

/// One action of the user.
pub(crate) struct Step {
    /// Description for the user; see [`Undone::what`].
    pub(crate) what: String,
    pub(crate) clip: Option<ClipId>,
    pub(crate) change: Change,
}

#[derive(Clone, Copy)]
enum Direction {
    Undo,
    Redo,
}

impl Projects {
    /// Undoes the last step; `None` if there is none.
    ///
    /// # Errors
    /// [`ProjectsError::Damaged`] if the log does not match the lists; nothing is changed then.
    pub fn undo(&mut self) -> Result<Option<Undone>, ProjectsError> {
        self.within(|transaction| perform(transaction, Direction::Undo))
    }

    /// Redoes the step that was undone last; `None` if there is none.
    ///
    /// # Errors
    /// Those of [`Projects::undo`].
    pub fn redo(&mut self) -> Result<Option<Undone>, ProjectsError> {
        self.within(|transaction| perform(transaction, Direction::Redo))
    }

    /// The step that [`Projects::undo`] would undo.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and the other errors of reading.
    pub fn next_undo(&self) -> Result<Option<Undone>, ProjectsError> {
        self.next(Direction::Undo)
    }

    /// The step that [`Projects::redo`] would redo.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and the other errors of reading.
    pub fn next_redo(&self) -> Result<Option<Undone>, ProjectsError> {
        self.next(Direction::Redo)
    }

    fn next(&self, direction: Direction) -> Result<Option<Undone>, ProjectsError> {
        let logged = next(&self.connection, direction).map_err(|error| self.sqlite(&error))?;
        Ok(logged.map(|logged| logged.undone))
    }

    /// Calls `decide`, which reads the lists and returns a step, then performs the step and logs
    /// it, all in one transaction. `decide` returns no step if nothing would change.
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

/// Appends a step. Undone steps can no longer be redone and are deleted.
fn log(transaction: &Transaction<'_>, at_ms: i64, step: &Step) -> Result<(), Fault> {
    let change = serde_json::to_string(&step.change).map_err(|_| Fault::Mismatch)?;
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

struct LoggedStep {
    id: i64,
    undone: Undone,
    /// A [`Change`] as JSON.
    change: String,
}

fn next(
    connection: &Connection,
    direction: Direction,
) -> Result<Option<LoggedStep>, rusqlite::Error> {
    let sql = match direction {
        Direction::Undo => {
            "SELECT id, what, clip, change FROM steps WHERE undone = 0 ORDER BY id DESC LIMIT 1"
        }
        Direction::Redo => {
            "SELECT id, what, clip, change FROM steps WHERE undone = 1 ORDER BY id LIMIT 1"
        }
    };
    let read = |row: &rusqlite::Row<'_>| {
        Ok(LoggedStep {
            id: row.get(0)?,
            undone: Undone {
                what: row.get(1)?,
                clip: row.get(2)?,
            },
            change: row.get(3)?,
        })
    };
    connection.query_row(sql, [], read).optional()
}

fn perform(transaction: &Transaction<'_>, direction: Direction) -> Result<Option<Undone>, Fault> {
    let Some(logged) = next(transaction, direction)? else {
        return Ok(None);
    };
    let change: Change = serde_json::from_str(&logged.change).map_err(|_| Fault::Mismatch)?;
    let (change, undone) = match direction {
        Direction::Undo => (change.inverse(), true),
        Direction::Redo => (change, false),
    };
    change.apply(transaction)?;
    transaction.execute(
        "UPDATE steps SET undone = ?2 WHERE id = ?1",
        (logged.id, undone),
    )?;
    Ok(Some(logged.undone))
}
