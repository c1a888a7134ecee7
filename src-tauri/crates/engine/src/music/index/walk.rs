//! The music files below a folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::credits::{Credit, Credits, FILE_NAME};
use crate::error::EngineError;

/// Extensions that are looked at; everything else is passed over in silence.
const EXTENSIONS: [&str; 13] = [
    "aac", "aif", "aiff", "caf", "flac", "m4a", "mka", "mp2", "mp3", "oga", "ogg", "opus", "wav",
];
/// Deeper folders are not looked at (a loop of links is this deep).
const MAX_DEPTH: usize = 32;

/// A music file with what is credited to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MusicFile {
    /// Canonical path.
    pub path: PathBuf,
    /// Length in bytes.
    pub bytes: u64,
    /// Time of the last change, nanoseconds since 1970.
    pub modified_ns: i64,
    /// What credits files say.
    pub credit: Credit,
}

/// What was found below some folders.
#[derive(Debug, Default)]
pub struct Found {
    /// Music files, sorted by path, each once.
    pub files: Vec<MusicFile>,
    /// Folders and files that could not be read, with the reason.
    pub unreadable: Vec<(PathBuf, String)>,
}

/// Looks through `folders` (each a folder or one music file).
///
/// # Errors
/// [`EngineError::FolderMissing`] for a folder that is not there, [`EngineError::BadCredits`] for
/// a credits file that cannot be understood: indexing without the licences that somebody wrote
/// down would be worse than not indexing.
pub fn walk(folders: &[PathBuf], credits: Option<&Path>) -> Result<Found, EngineError> {
    let mut found = Found::default();
    for folder in folders {
        let root = folder
            .canonicalize()
            .map_err(|_| EngineError::FolderMissing {
                path: folder.clone(),
            })?;
        let base = if root.is_dir() {
            root.as_path()
        } else {
            root.parent().unwrap_or(&root)
        };
        let given = credits.map(|path| Credits::read(path, base)).transpose()?;
        if root.is_dir() {
            visit(&root, &[], given.as_ref(), 0, &mut found)?;
        } else {
            let known: Vec<Credits> = own_credits(base)?.into_iter().collect();
            file(root, &known, given.as_ref(), &mut found);
        }
    }
    found.files.sort_by(|a, b| a.path.cmp(&b.path));
    found.files.dedup_by(|a, b| a.path == b.path);
    Ok(found)
}

fn own_credits(dir: &Path) -> Result<Option<Credits>, EngineError> {
    let path = dir.join(FILE_NAME);
    path.is_file()
        .then(|| Credits::read(&path, dir))
        .transpose()
}

fn visit(
    dir: &Path,
    above: &[Credits],
    given: Option<&Credits>,
    depth: usize,
    found: &mut Found,
) -> Result<(), EngineError> {
    let mut known = above.to_vec();
    known.extend(own_credits(dir)?);
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            found.unreadable.push((dir.to_owned(), error.to_string()));
            return Ok(());
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if depth < MAX_DEPTH {
                visit(&path, &known, given, depth + 1, found)?;
            }
        } else if is_music(&path) {
            file(path, &known, given, found);
        }
    }
    Ok(())
}

fn file(path: PathBuf, known: &[Credits], given: Option<&Credits>, found: &mut Found) {
    let meta = match path
        .canonicalize()
        .and_then(|p| fs::metadata(&p).map(|meta| (p, meta)))
    {
        Ok(meta) => meta,
        Err(error) => {
            found.unreadable.push((path, error.to_string()));
            return;
        }
    };
    let mut credit = Credit::default();
    for credits in known.iter().chain(given) {
        credits.apply(&path, &mut credit);
    }
    found.files.push(MusicFile {
        path: meta.0,
        bytes: meta.1.len(),
        modified_ns: modified_ns(&meta.1),
        credit,
    });
}

/// When a file was changed, ns since 1970; 0 where the file system does not say.
pub(crate) fn modified_ns(meta: &fs::Metadata) -> i64 {
    let since = meta.modified().ok();
    let since = since.and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |t| i64::try_from(t.as_nanos()).unwrap_or(i64::MAX))
}

/// Whether a file is looked at, by its extension.
pub(super) fn is_music(path: &Path) -> bool {
    path.extension().is_some_and(|ext| {
        let ext = ext.to_string_lossy().to_ascii_lowercase();
        EXTENSIONS.contains(&ext.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn music_is_found_once_in_order_and_with_its_credits() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("b")).unwrap();
        fs::write(root.join("b/two.OGG"), "x").unwrap();
        fs::write(root.join("one.mp3"), "xy").unwrap();
        fs::write(root.join("cover.png"), "x").unwrap();
        fs::write(
            root.join("b/credits.toml"),
            "[[track]]\nfiles = \"*\"\nlicence = \"CC0-1.0\"",
        )
        .unwrap();
        let found = walk(&[root.clone(), root.join("b")], None).unwrap();
        let paths: Vec<_> = found.files.iter().map(|f| f.path.clone()).collect();
        assert_eq!(paths, [root.join("b/two.OGG"), root.join("one.mp3")]);
        assert_eq!(found.files[0].credit.licence.as_deref(), Some("CC0-1.0"));
        assert_eq!(found.files[1].credit, Credit::default());
        assert_eq!(found.files[1].bytes, 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_ends() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("one.ogg"), "x").unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("again")).unwrap();
        let found = walk(&[dir.path().to_owned()], None).unwrap();
        assert_eq!(
            found.files.len(),
            1,
            "the one file, however many ways lead to it"
        );
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let error = walk(&[PathBuf::from("/no/such/folder")], None).unwrap_err();
        assert_eq!(error.code(), "folder_missing");
    }
}
