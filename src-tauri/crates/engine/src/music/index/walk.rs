//! The files below a folder that may be music.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use needledrop_catalog::DATABASE;
use tokio_util::sync::CancellationToken;
use walkdir::{DirEntry, WalkDir};

use super::credits::{Credit, Credits, FILE_NAME};
use super::folders;
use super::passed_over::{PassedOverList, Reason};
use crate::error::EngineError;
use crate::files::modified_ns;
use crate::job::Outcome;

/// Extensions of music files. A file with one of them that is no music is told to the user.
const EXTENSIONS: [&str; 27] = [
    "aac", "ac3", "aif", "aifc", "aiff", "amr", "ape", "bwf", "caf", "dsf", "dts", "flac", "m4a",
    "m4b", "mka", "mp1", "mp2", "mp3", "mpc", "oga", "ogg", "opus", "tta", "w64", "wav", "wma",
    "wv",
];

/// A file with its credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MusicFile {
    /// Canonical, with all links resolved.
    pub path: PathBuf,
    /// Length of the file.
    pub bytes: u64,
    /// Time of the last change, nanoseconds since 1970.
    pub modified_ns: i64,
    /// From credits files alone.
    pub credit: Credit,
}

/// The files below some folders.
#[derive(Debug, Default)]
pub struct Found {
    /// Regular files of any kind, sorted by path, each once.
    pub files: Vec<MusicFile>,
    /// What was left alone without reading it.
    pub passed_over: PassedOverList,
    /// Folders and files that cannot be read, with the reason.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Finds the files below `folders` (each a folder or one file). Links are followed; a folder that several
/// links reach is walked once, and a link to a folder above the one that was given is not followed (every Wine
/// prefix has one to `/`). Trash, system folders and folders of catalogs are not walked, except where they are given.
///
/// # Errors
/// [`EngineError::FolderMissing`] for a folder that does not exist, [`EngineError::Io`] for one that cannot be
/// opened, [`EngineError::BadCredits`] for a credits file that cannot be understood: a catalog
/// without the written licences would be worse than none.
pub fn walk(
    folders: &[PathBuf],
    credits: Option<&Path>,
    cancel: &CancellationToken,
) -> Result<Outcome<Found>, EngineError> {
    let mut found = Found::default();
    let mut walked = HashSet::new();
    for folder in folders {
        let root = folder
            .canonicalize()
            .map_err(|error| opening(folder, error))?;
        let base = if root.is_dir() {
            root.as_path()
        } else {
            root.parent().unwrap_or(&root)
        };
        let given = credits.map(|path| Credits::read(path, base)).transpose()?;
        if root.is_dir() {
            let whole = walk_folder(&root, given.as_ref(), cancel, &mut walked, &mut found)?;
            if !whole {
                return Ok(Outcome::Cancelled(None));
            }
        } else {
            let known: Vec<Credits> = own_credits(base)?.into_iter().collect();
            add_file(root, known.iter().chain(given.as_ref()), &mut found);
        }
    }
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    found.files.dedup_by(|a, b| a.path == b.path);
    Ok(Outcome::Completed(found))
}

fn opening(folder: &Path, source: io::Error) -> EngineError {
    let path = folder.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => EngineError::FolderMissing { path },
        _ => EngineError::Io {
            doing: "open the folder",
            path,
            source,
        },
    }
}

fn own_credits(dir: &Path) -> Result<Option<Credits>, EngineError> {
    let path = dir.join(FILE_NAME);
    path.is_file()
        .then(|| Credits::read(&path, dir))
        .transpose()
}

/// Adds what lies below one folder; false when cancelled.
fn walk_folder(
    root: &Path,
    given: Option<&Credits>,
    cancel: &CancellationToken,
    walked: &mut HashSet<PathBuf>,
    found: &mut Found,
) -> Result<bool, EngineError> {
    // Credits of the current folder and of those above it, with their depths.
    let mut above: Vec<(usize, Credits)> = Vec::new();
    let mut entries = WalkDir::new(root).follow_links(true).into_iter();
    while let Some(entry) = entries.next() {
        if cancel.is_cancelled() {
            return Ok(false);
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                add_error(&error, found);
                continue;
            }
        };
        above.retain(|(depth, _)| *depth < entry.depth());
        if !entry.file_type().is_dir() {
            if entry.file_name() == FILE_NAME {
                continue;
            }
            let known = above.iter().map(|(_, credits)| credits).chain(given);
            add_file(entry.into_path(), known, found);
            continue;
        }
        match folder(&entry, root, walked) {
            Folder::Walk => {
                let own = own_credits(entry.path())?;
                above.extend(own.map(|credits| (entry.depth(), credits)));
            }
            Folder::PassOver(reason) => {
                found.passed_over.add(reason, entry.path());
                entries.skip_current_dir();
            }
            Folder::Skip => entries.skip_current_dir(),
        }
    }
    Ok(true)
}

/// What to do with a folder.
enum Folder {
    Walk,
    PassOver(Reason),
    /// It was given before, or holds a catalog with its index files.
    Skip,
}

/// What to do with a folder on the way. The root itself is walked whatever its name is.
fn folder(entry: &DirEntry, root: &Path, walked: &mut HashSet<PathBuf>) -> Folder {
    let is_root = entry.depth() == 0;
    if !is_root && let Some(reason) = folders::reason(entry.path()) {
        return Folder::PassOver(reason);
    }
    if !is_root && entry.path().join(DATABASE).is_file() {
        return Folder::Skip;
    }
    let Ok(path) = entry.path().canonicalize() else {
        // Reading the folder fails with the reason.
        return Folder::Walk;
    };
    let contains_root = !is_root && root.starts_with(&path);
    match contains_root || !walked.insert(path) {
        false => Folder::Walk,
        true if is_root => Folder::Skip,
        true => Folder::PassOver(Reason::SameFolder),
    }
}

/// Adds what could not be read: a loop of links, a broken link, a folder or a file.
fn add_error(error: &walkdir::Error, found: &mut Found) {
    let Some(path) = error.path() else { return };
    if error.loop_ancestor().is_some() {
        found.passed_over.add(Reason::SameFolder, path);
        return;
    }
    let Some(source) = error.io_error() else {
        return;
    };
    let is_link = path.symlink_metadata().is_ok_and(|meta| meta.is_symlink());
    if is_link && !is_music(path) {
        found.passed_over.add(Reason::BrokenLink, path);
    } else {
        found.unreadable.push((path.to_owned(), source.to_string()));
    }
}

/// Adds a regular file; anything else is passed over.
fn add_file<'a>(path: PathBuf, credits: impl Iterator<Item = &'a Credits>, found: &mut Found) {
    let read = path.canonicalize().and_then(|canonical| {
        let meta = fs::metadata(&canonical)?;
        Ok((canonical, meta))
    });
    let (canonical, meta) = match read {
        Ok(read) => read,
        Err(error) => {
            found.unreadable.push((path, error.to_string()));
            return;
        }
    };
    // Opening a pipe would wait for its other end.
    if !meta.is_file() {
        found.passed_over.add(Reason::SpecialFile, &path);
        return;
    }
    if folders::is_unfinished(&path) {
        found.passed_over.add(Reason::Unfinished, &path);
        return;
    }
    let mut credit = Credit::default();
    for credits in credits {
        credits.apply(&path, &mut credit);
    }
    found.files.push(MusicFile {
        path: canonical,
        bytes: meta.len(),
        modified_ns: modified_ns(&meta),
        credit,
    });
}

/// Whether a file has the extension of a music file.
pub(super) fn is_music(path: &Path) -> bool {
    path.extension().is_some_and(|ext| {
        let ext = ext.to_string_lossy().to_ascii_lowercase();
        EXTENSIONS.contains(&ext.as_str())
    })
}

#[cfg(test)]
mod tests;
