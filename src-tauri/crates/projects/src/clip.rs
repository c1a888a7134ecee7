//! Clips: the files that were opened in a project, and what each was matched with.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use serde::Serialize;

use crate::error::ProjectsError;
use crate::identity::Identity;
use crate::limits;
use crate::project::ProjectId;
use crate::store::{Fault, Projects};

/// Number of a clip.
pub type ClipId = i64;

/// A clip of a project.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clip {
    /// Its number.
    pub id: ClipId,
    /// The project it was opened in.
    pub project: ProjectId,
    /// The file.
    pub path: PathBuf,
    /// What the file was when it was last opened.
    pub identity: Identity,
    /// Its length in seconds.
    pub duration_s: f64,
    /// What it is matched with.
    pub settings: ClipSettings,
    /// When it was last opened.
    pub opened_ms: i64,
}

/// What a clip is matched with. Absent is the default of the day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClipSettings {
    /// In and out in seconds.
    pub range_s: Option<(f64, f64)>,
    /// What the music should be, in words.
    pub brief: String,
    /// How much the words count against the picture, 0 to 1.
    pub words_share: Option<f64>,
    /// Weights of picture, tempo, tags and key.
    pub weights: Option<[f64; 4]>,
    /// How readily a change of the picture is called a cut, 0 to 1.
    pub sensitivity: Option<f64>,
    /// Filters as a JSON document, which is kept as it comes.
    pub filters: String,
}

impl Default for ClipSettings {
    fn default() -> Self {
        Self {
            range_s: None,
            brief: String::new(),
            words_share: None,
            weights: None,
            sensitivity: None,
            filters: "{}".into(),
        }
    }
}

/// What became of a file since it was last opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It was never opened in this project.
    New,
    /// It is as it was.
    Same,
    /// Its size or time is another: exported again, most often. What was seen of it is stale.
    Changed,
    /// It was found under another name; picks and settings came along.
    Moved {
        /// Where it was.
        from: PathBuf,
    },
}

/// A clip that was opened, and what became of its file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenedClip {
    /// The clip.
    pub clip: Clip,
    /// Its file.
    pub file: FileState,
}

const COLUMNS: &str = "SELECT id, project, path, bytes, modified_ns, duration_s, range_in_s, \
     range_out_s, brief, words_share, weights, sensitivity, filters, opened_ms FROM clips";

impl Projects {
    /// Opens the file at `path`, which is `identity` now, in a project. One that is known under
    /// another name, where nothing is left, keeps its picks and settings.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`] for the project, [`ProjectsError::InvalidValue`] for a path that
    /// is no text, [`ProjectsError::Full`].
    pub fn open_clip(
        &mut self,
        project: ProjectId,
        path: &Path,
        identity: Identity,
        duration_s: f64,
        at_ms: i64,
    ) -> Result<OpenedClip, ProjectsError> {
        let text = limits::path(path)?;
        limits::between("a duration in seconds", duration_s, 0.0, 1e9)?;
        let (bytes, modified_ns) = identity.stored();
        self.within(|transaction| {
            let (id, file) = match known(transaction, project, text, identity)? {
                Some(found) => found,
                None => (add(transaction, project, text)?, FileState::New),
            };
            transaction.execute(
                "UPDATE clips SET path = ?2, bytes = ?3, modified_ns = ?4, duration_s = ?5,
                    opened_ms = max(?6, (SELECT coalesce(max(opened_ms) + 1, ?6) FROM clips WHERE id <> ?1))
                 WHERE id = ?1",
                (id, text, bytes, modified_ns, duration_s, at_ms),
            )?;
            transaction.execute("DELETE FROM forgotten WHERE clip = ?1", [id])?;
            let clip = read(transaction, id)?;
            Ok(OpenedClip { clip, file })
        })
    }

    /// The clip of that number.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`].
    pub fn clip(&self, id: ClipId) -> Result<Clip, ProjectsError> {
        read(&self.connection, id).map_err(|fault| self.fail(fault))
    }

    /// Keeps what a clip is matched with.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`], [`ProjectsError::InvalidValue`], [`ProjectsError::TooLong`].
    pub fn set_clip(&mut self, id: ClipId, settings: &ClipSettings) -> Result<(), ProjectsError> {
        settings.check()?;
        let weights = settings.weights.map(|weights| {
            let each: Vec<String> = weights.iter().map(f64::to_string).collect();
            format!("[{}]", each.join(","))
        });
        self.within(|transaction| {
            let changed = transaction.execute(
                "UPDATE clips SET range_in_s = :in, range_out_s = :out, brief = :brief,
                    words_share = :words, weights = :weights, sensitivity = :sensitivity,
                    filters = :filters WHERE id = :id",
                named_params! {
                    ":id": id,
                    ":in": settings.range_s.map(|r| r.0),
                    ":out": settings.range_s.map(|r| r.1),
                    ":brief": settings.brief,
                    ":words": settings.words_share,
                    ":weights": weights,
                    ":sensitivity": settings.sensitivity,
                    ":filters": settings.filters,
                },
            )?;
            if changed == 0 {
                return Err(ProjectsError::missing("a clip", id).into());
            }
            Ok(())
        })
    }

    /// Says where the file of a clip is now: for one that was moved and changed, or that
    /// [`Projects::open_clip`] did not recognise.
    ///
    /// # Errors
    /// [`ProjectsError::NotFound`]; [`ProjectsError::InvalidValue`] when another clip of the project
    /// has that file.
    pub fn relink_clip(
        &mut self,
        id: ClipId,
        path: &Path,
        identity: Identity,
    ) -> Result<Clip, ProjectsError> {
        let text = limits::path(path)?;
        let (bytes, modified_ns) = identity.stored();
        self.within(|transaction| {
            let clip = read(transaction, id)?;
            let taken: Option<ClipId> = transaction
                .query_row(
                    "SELECT id FROM clips WHERE project = ?1 AND path = ?2 AND id <> ?3",
                    (clip.project, text, id),
                    |row| row.get(0),
                )
                .optional()?;
            if taken.is_some() {
                return Err(ProjectsError::InvalidValue {
                    expected: "a file that is no other clip of the project; open that clip instead",
                    found: text.to_owned(),
                }
                .into());
            }
            transaction.execute(
                "UPDATE clips SET path = ?2, bytes = ?3, modified_ns = ?4 WHERE id = ?1",
                (id, text, bytes, modified_ns),
            )?;
            read(transaction, id)
        })
    }
}

impl ClipSettings {
    fn check(&self) -> Result<(), ProjectsError> {
        self.range_s.map_or(Ok(()), limits::range)?;
        limits::text("a brief", &self.brief, limits::BRIEF)?;
        limits::json("filters", &self.filters)?;
        let shares = [
            ("a share of the words from 0 to 1", self.words_share),
            ("a sensitivity from 0 to 1", self.sensitivity),
        ];
        for (expected, value) in shares {
            value.map_or(Ok(()), |v| limits::between(expected, v, 0.0, 1.0))?;
        }
        for weight in self.weights.unwrap_or_default() {
            limits::between("weights from 0 to 1000", weight, 0.0, 1000.0)?;
        }
        Ok(())
    }
}

/// The clip that this file is, and what became of it.
fn known(
    transaction: &Transaction<'_>,
    project: ProjectId,
    path: &str,
    identity: Identity,
) -> Result<Option<(ClipId, FileState)>, Fault> {
    let stored = identity.stored();
    let here: Option<(ClipId, (i64, i64))> = transaction
        .query_row(
            "SELECT id, bytes, modified_ns FROM clips WHERE project = ?1 AND path = ?2",
            (project, path),
            |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))),
        )
        .optional()?;
    if let Some((id, was)) = here {
        let state = match was == stored {
            true => FileState::Same,
            false => FileState::Changed,
        };
        return Ok(Some((id, state)));
    }
    let mut alike = transaction.prepare(
        "SELECT id, path FROM clips WHERE project = ?1 AND bytes = ?2 AND modified_ns = ?3
         ORDER BY EXISTS (SELECT 1 FROM picks WHERE clip = clips.id) DESC, opened_ms DESC LIMIT 100",
    )?;
    let mut alike = alike.query((project, stored.0, stored.1))?;
    while let Some(row) = alike.next()? {
        let from = PathBuf::from(row.get::<_, String>(1)?);
        // One that is still there was copied, not moved.
        if is_gone(&from) {
            return Ok(Some((row.get(0)?, FileState::Moved { from })));
        }
    }
    Ok(None)
}

/// Whether nothing is at `path`; one that merely cannot be looked at is not gone.
pub(crate) fn is_gone(path: &Path) -> bool {
    Identity::of(path).is_err_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
        )
    })
}

fn add(transaction: &Transaction<'_>, project: ProjectId, path: &str) -> Result<ClipId, Fault> {
    let (there, clips): (bool, i64) = transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM projects WHERE id = ?1),
                (SELECT count(*) FROM clips WHERE project = ?1)",
        [project],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if !there {
        return Err(ProjectsError::missing("a project", project).into());
    }
    if clips >= limits::CLIPS {
        return Err(ProjectsError::Full {
            what: "clips in a project",
            limit: limits::CLIPS,
        }
        .into());
    }
    transaction.execute(
        "INSERT INTO clips (project, path, bytes, modified_ns, duration_s, opened_ms)
         VALUES (?1, ?2, 0, 0, 0, 0)",
        (project, path),
    )?;
    Ok(transaction.last_insert_rowid())
}

pub(crate) fn read(connection: &Connection, id: ClipId) -> Result<Clip, Fault> {
    let sql = format!("{COLUMNS} WHERE id = ?1");
    let found = connection.query_row(&sql, [id], clip).optional()?;
    found.ok_or_else(|| ProjectsError::missing("a clip", id).into())
}

/// Clips where `condition`, which may use `?1` and `?2`.
pub(crate) fn list(
    connection: &Connection,
    condition: &str,
    parameters: (Option<ProjectId>, i64),
) -> Result<Vec<Clip>, rusqlite::Error> {
    connection
        .prepare(&format!("{COLUMNS} {condition}"))?
        .query_map(parameters, clip)?
        .collect()
}

fn clip(row: &Row<'_>) -> Result<Clip, rusqlite::Error> {
    let unsigned = |at: usize| row.get::<_, i64>(at).map(|v| u64::try_from(v).unwrap_or(0));
    let weights: Option<String> = row.get(10)?;
    let weights = weights.map(|json| serde_json::from_str(&json)).transpose();
    let weights = weights.map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(10, Type::Text, Box::new(error))
    })?;
    Ok(Clip {
        id: row.get(0)?,
        project: row.get(1)?,
        path: row.get::<_, String>(2)?.into(),
        identity: Identity {
            bytes: unsigned(3)?,
            modified_ns: unsigned(4)?,
        },
        duration_s: row.get(5)?,
        settings: ClipSettings {
            range_s: row
                .get::<_, Option<f64>>(6)?
                .zip(row.get::<_, Option<f64>>(7)?),
            brief: row.get(8)?,
            words_share: row.get(9)?,
            weights,
            sensitivity: row.get(11)?,
            filters: row.get(12)?,
        },
        opened_ms: row.get(13)?,
    })
}
