//! `needledrop eval check`: whether locked material is where it must not be.

use std::path::{Path, PathBuf};

use needledrop_training::TrainingError;
use needledrop_training::yardstick::fitted::fitted_sources;
use needledrop_training::yardstick::leaks::{Fitted, Item, Leak, fitted_leaks, leaks, read_locked};
use needledrop_training::yardstick::rows::{Asked, Row, fault_of_path, hex, read_rows};
use needledrop_training::yardstick::split::{Part, Yardstick};
use serde::{Deserialize, Serialize};

use super::look_hash::look_hash;
use super::picture_file;
use crate::error::EngineError;
use crate::file_doc;
use crate::files::sha256;
use crate::job::{Job, Outcome};
use crate::places::Places;

/// Files of rows that a folder may have, each with its yardstick.
const ROWS: [(Yardstick, &str); 5] = [
    (Yardstick::Pictures, "pictures.jsonl"),
    (Yardstick::Words, "tracks.jsonl"),
    (Yardstick::Words, "music/tracks.jsonl"),
    (Yardstick::Choices, "pairs.jsonl"),
    (Yardstick::Choices, "choices/pairs.jsonl"),
];
/// List of locked contents in a checkout.
const LOCKED: &str = "training/yardsticks/locked.sha256";

/// What the check found.
#[derive(Debug, Serialize)]
pub struct CheckDoc {
    /// Folder of the yardsticks.
    #[serde(serialize_with = "file_doc::text")]
    pub yardsticks: PathBuf,
    /// Files of rows that were checked.
    pub rows: Vec<String>,
    /// Number of files of the rows.
    pub items: usize,
    /// Number of those that cannot be read, and so are not compared.
    pub unreadable: usize,
    /// Number of listed locked contents.
    pub locked: usize,
    /// Files of weights that were checked.
    pub trained: Vec<String>,
    /// What is wrong; empty where nothing is.
    pub leaks: Vec<Leak>,
}

/// A row of any yardstick, with what it says of its part.
#[derive(Deserialize)]
struct AnyRow {
    #[serde(alias = "game")]
    source: String,
    part: Option<Part>,
    /// The same as `part` in another form.
    locked: Option<bool>,
    file: Option<String>,
    music: Option<String>,
    #[serde(default)]
    pictures: Vec<String>,
}

impl Row for AnyRow {
    fn source(&self) -> &str {
        &self.source
    }

    fn fault(&self) -> Option<String> {
        self.files().filter_map(|file| fault_of_path(file)).next()
    }
}

impl AnyRow {
    /// The part that the row states.
    fn stated(&self) -> Option<Part> {
        let locked = |is| if is { Part::Locked } else { Part::Development };
        self.part.or(self.locked.map(locked))
    }

    fn files(&self) -> impl Iterator<Item = &String> {
        self.file.iter().chain(&self.music).chain(&self.pictures)
    }
}

/// Checks the rows of the yardsticks in a folder, the contents of their files against the list of locked contents, and
/// the sources that files of weights were fitted to. The list is by default that of the checkout.
///
/// # Errors
/// [`EngineError::Training`] for bad rows, weights or list, and where the folder has no rows.
pub fn check(
    places: &Places,
    dir: &Path,
    locked: Option<&Path>,
    trained: &[PathBuf],
    job: &Job<'_>,
) -> Result<Outcome<CheckDoc>, EngineError> {
    let locked = match (locked, &places.checkout) {
        (Some(path), _) => path.to_owned(),
        (None, Some(top)) => top.join(LOCKED),
        (None, None) => return Err(EngineError::NoLockedList),
    };
    let locked = read_locked(&locked)?;
    let mut fitted = Vec::with_capacity(trained.len());
    for path in trained {
        fitted.push(Fitted {
            file: path.display().to_string(),
            sources: fitted_sources(path)?,
        });
    }
    let (mut rows, mut items) = (Vec::new(), Vec::new());
    for (yardstick, name) in ROWS {
        let path = dir.join(name);
        if !path.is_file() {
            continue;
        }
        rows.push(name.to_owned());
        if !add_items(yardstick, &path, &mut items, job)? {
            return Ok(Outcome::Cancelled(None));
        }
    }
    if rows.is_empty() {
        return Err(TrainingError::NoRows {
            path: dir.to_owned(),
        }
        .into());
    }
    let mut found = leaks(&items, &locked);
    found.extend(fitted_leaks(&fitted));
    Ok(Outcome::Completed(CheckDoc {
        yardsticks: dir.to_owned(),
        rows,
        items: items.len(),
        unreadable: items.iter().filter(|item| item.sha256.is_none()).count(),
        locked: locked.len(),
        trained: fitted.into_iter().map(|file| file.file).collect(),
        leaks: found,
    }))
}

/// Adds the files of the rows in `path`. `false` when cancelled.
fn add_items(
    yardstick: Yardstick,
    path: &Path,
    items: &mut Vec<Item>,
    job: &Job<'_>,
) -> Result<bool, EngineError> {
    let rows = read_rows::<AnyRow>(path, yardstick, Asked::All)?.rows;
    let dir = path.parent().unwrap_or(Path::new(""));
    for (at, row) in rows.iter().enumerate() {
        if job.is_cancelled() {
            return Ok(false);
        }
        job.report(at as u64, rows.len() as u64, "reading contents");
        for file in row.files() {
            let path = dir.join(file);
            items.push(Item {
                yardstick,
                source: row.source.clone(),
                stated: row.stated(),
                file: file.clone(),
                sha256: sha256(&path).ok().map(|digest| hex(&digest)),
                look: look(&path),
            });
        }
    }
    Ok(true)
}

/// Perceptual hash of a picture; `None` for another file.
fn look(path: &Path) -> Option<u64> {
    let end = path.extension()?.to_str()?.to_ascii_lowercase();
    if !["png", "jpg", "jpeg"].contains(&end.as_str()) {
        return None;
    }
    look_hash(&picture_file::read(path)?)
}
