//! Projects: clips under one name.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;

use crate::change::Change;
use crate::error::ProjectsError;
use crate::history::Step;
use crate::ids::ProjectId;
use crate::limits;
use crate::names::quoted;
use crate::store::Projects;

/// A project with the sizes of its lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(
    missing_docs,
    reason = "fields are documented where their name leaves a question"
)]
pub struct Project {
    /// Unique in the file, never used again.
    pub id: ProjectId,
    pub name: String,
    /// In milliseconds since 1970.
    pub created_ms: i64,
    /// When it was last opened, in milliseconds since 1970.
    pub opened_ms: i64,
    /// Number of clips that were opened in it.
    pub clips: i64,
    /// Number of picks of all clips.
    pub picks: i64,
}

const COLUMNS: &str = "SELECT id, name, created_ms, opened_ms,
        (SELECT count(*) FROM clips WHERE project = projects.id),
        (SELECT count(*) FROM picks JOIN clips ON clips.id = picks.clip
         WHERE clips.project = projects.id)
     FROM projects";

impl Projects {
    /// All projects, the last opened first.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and the other errors of reading.
    pub fn projects(&self) -> Result<Vec<Project>, ProjectsError> {
        let read = || {
            let sql = format!("{COLUMNS} ORDER BY opened_ms DESC, id DESC");
            self.connection
                .prepare(&sql)?
                .query_map([], project)?
                .collect::<Result<Vec<_>, _>>()
        };
        read().map_err(|error| self.sqlite(&error))
    }

    /// The current project, which is the last opened one.
    ///
    /// # Errors
    /// [`ProjectsError::Database`] and the other errors of reading.
    pub fn current(&self) -> Result<Project, ProjectsError> {
        let sql = format!("{COLUMNS} ORDER BY opened_ms DESC, id DESC LIMIT 1");
        self.connection
            .query_row(&sql, [], project)
            .map_err(|error| self.sqlite(&error))
    }

    /// Makes a project and opens it.
    ///
    /// # Errors
    /// [`ProjectsError::InvalidValue`] and [`ProjectsError::TooLong`] for the name, [`ProjectsError::Full`] if
    /// there are too many projects.
    pub fn create_project(&mut self, name: &str, at_ms: i64) -> Result<Project, ProjectsError> {
        let name = limits::name("a project's name", name)?;
        self.within(|transaction| {
            let count: i64 =
                transaction.query_row("SELECT count(*) FROM projects", [], |row| row.get(0))?;
            if count >= limits::PROJECTS {
                return Err(ProjectsError::Full {
                    what: "projects",
                    limit: limits::PROJECTS,
                }
                .into());
            }
            transaction.execute(
                "INSERT INTO projects (name, created_ms, opened_ms)
                 VALUES (?1, ?2, max(?2, (SELECT coalesce(max(opened_ms) + 1, ?2) FROM projects)))",
                (&name, at_ms),
            )?;
            Ok(read(transaction, transaction.last_insert_rowid())??)
        })
    }

    /// Opens a project: it becomes the current one.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the project.
    pub fn open_project(&mut self, id: ProjectId, at_ms: i64) -> Result<Project, ProjectsError> {
        self.within(|transaction| {
            // The time is later than that of every other project, even if the system's clock was set back.
            transaction.execute(
                "UPDATE projects SET opened_ms =
                    max(?2, (SELECT coalesce(max(opened_ms) + 1, ?2) FROM projects WHERE id <> ?1))
                 WHERE id = ?1",
                (id, at_ms),
            )?;
            Ok(read(transaction, id)??)
        })
    }

    /// Gives a project another name.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the project, [`ProjectsError::InvalidValue`] and [`ProjectsError::TooLong`] for the
    /// name.
    pub fn rename_project(
        &mut self,
        id: ProjectId,
        name: &str,
        at_ms: i64,
    ) -> Result<(), ProjectsError> {
        let after = limits::name("a project's name", name)?;
        self.step(at_ms, |transaction| {
            let before = read(transaction, id)??.name;
            let step = (before != after).then(|| Step {
                what: format!("renamed {} to {}", quoted(&before), quoted(&after)),
                clip: None,
                change: Change::ProjectName {
                    project: id,
                    before,
                    after,
                },
            });
            Ok((step, ()))
        })
    }
}

fn read(
    connection: &Connection,
    id: ProjectId,
) -> Result<Result<Project, ProjectsError>, rusqlite::Error> {
    let sql = format!("{COLUMNS} WHERE id = ?1");
    let found = connection.query_row(&sql, [id], project).optional()?;
    Ok(found.ok_or_else(|| ProjectsError::missing("a project", id)))
}

fn project(row: &Row<'_>) -> Result<Project, rusqlite::Error> {
    Ok(Project {
        id: row.get(0)?,
        name: row.get(1)?,
        created_ms: row.get(2)?,
        opened_ms: row.get(3)?,
        clips: row.get(4)?,
        picks: row.get(5)?,
    })
}
