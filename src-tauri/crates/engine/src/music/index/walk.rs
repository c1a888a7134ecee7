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
mod tests {
    use super::*;

    fn found(folders: &[PathBuf]) -> Found {
        match walk(folders, None, &CancellationToken::new()).unwrap() {
            Outcome::Completed(found) => found,
            cancelled => panic!("not cancelled: {cancelled:?}"),
        }
    }

    fn found_at(folder: &Path) -> Found {
        found(&[folder.to_owned()])
    }

    fn reasons(found: Found) -> Vec<(Reason, usize)> {
        let groups = found.passed_over.into_groups().into_iter();
        groups.map(|group| (group.reason, group.count)).collect()
    }

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
        for folders in [
            [root.clone(), root.join("b")],
            [root.join("b"), root.clone()],
        ] {
            let found = found(&folders);
            let names: Vec<_> = found.files.iter().map(|f| f.path.clone()).collect();
            let wanted = ["b/two.OGG", "cover.png", "one.mp3"].map(|name| root.join(name));
            assert_eq!(names, wanted);
            assert_eq!(found.files[0].credit.licence.as_deref(), Some("CC0-1.0"));
            assert_eq!(found.files[2].credit, Credit::default());
            assert_eq!(found.files[2].bytes, 2);
        }
    }

    #[test]
    fn credits_of_a_folder_end_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let artist = |at: &str, artist: &str| {
            fs::create_dir_all(dir.path().join(at)).unwrap();
            let text = format!("[[track]]\nfiles = \"**\"\nartist = \"{artist}\"");
            fs::write(dir.path().join(at).join(FILE_NAME), text).unwrap();
        };
        artist("", "everybody");
        artist("a", "a");
        artist("a/deep", "deep");
        fs::create_dir(dir.path().join("b")).unwrap();
        for name in ["a/deep/1.ogg", "a/2.ogg", "b/3.ogg"] {
            fs::write(dir.path().join(name), "x").unwrap();
        }
        let mut artists: Vec<_> = found(&[dir.path().to_owned()])
            .files
            .into_iter()
            .map(|f| {
                (
                    f.path.file_name().unwrap().to_owned(),
                    f.credit.artist.unwrap(),
                )
            })
            .collect();
        artists.sort();
        let artists: Vec<&str> = artists.iter().map(|(_, artist)| artist.as_str()).collect();
        assert_eq!(artists, ["deep", "a", "everybody"]);
    }

    #[test]
    fn a_cancelled_walk_is_a_cancelled_outcome() {
        let dir = tempfile::tempdir().unwrap();
        let cancel = CancellationToken::new();
        cancel.cancel();
        let outcome = walk(&[dir.path().to_owned()], None, &cancel).unwrap();
        assert!(matches!(outcome, Outcome::Cancelled(None)), "{outcome:?}");
    }

    #[cfg(unix)]
    mod links {
        use std::os::unix::fs::symlink;

        use super::*;

        #[test]
        fn pipes_trash_and_unfinished_files_are_passed_over_and_counted() {
            let dir = tempfile::tempdir().unwrap();
            let root = dir.path();
            for folder in [".Trash-1000/files", "@eaDir/song.mp3", "Album", "catalog"] {
                fs::create_dir_all(root.join(folder)).unwrap();
            }
            for file in [
                ".Trash-1000/files/old.mp3",
                "@eaDir/song.mp3/SYNOAUDIO.mp3",
                "Album/new.mp3.part",
                "Album/kept.mp3",
                "catalog/catalog.sqlite",
            ] {
                fs::write(root.join(file), "x").unwrap();
            }
            let _socket = std::os::unix::net::UnixListener::bind(root.join("socket.mp3")).unwrap();
            let found = found(&[root.to_owned()]);
            assert_eq!(found.files.len(), 1, "{:?}", found.files);
            let wanted = [
                (Reason::Trash, 1),
                (Reason::SystemFolder, 1),
                (Reason::SpecialFile, 1),
                (Reason::Unfinished, 1),
            ];
            assert_eq!(reasons(found), wanted);
            let trash = found_at(&root.join(".Trash-1000"));
            assert_eq!(trash.files.len(), 1, "a given folder is read");
        }

        #[test]
        fn files_below_forty_folders_are_found() {
            let dir = tempfile::tempdir().unwrap();
            let deep = dir.path().join(["d"; 40].join("/"));
            fs::create_dir_all(&deep).unwrap();
            fs::write(deep.join("one.ogg"), "x").unwrap();
            assert_eq!(found_at(dir.path()).files.len(), 1);
        }

        #[test]
        fn a_loop_of_links_ends() {
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join("one.ogg"), "x").unwrap();
            symlink(dir.path(), dir.path().join("again")).unwrap();
            let found = found(&[dir.path().to_owned()]);
            assert_eq!(found.files.len(), 1, "one file on several paths");
        }

        #[test]
        fn a_folder_that_several_links_reach_is_walked_once() {
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join("one.ogg"), "x").unwrap();
            for name in ["a", "b", "c"] {
                symlink(dir.path(), dir.path().join(name)).unwrap();
            }
            // There are 2^30 paths to the last of these folders.
            for at in 0..30 {
                fs::create_dir(dir.path().join(format!("level {at}"))).unwrap();
                for way in ["x", "y"] {
                    let next = dir.path().join(format!("level {}", at + 1));
                    symlink(next, dir.path().join(format!("level {at}/{way}"))).unwrap();
                }
            }
            fs::create_dir(dir.path().join("level 30")).unwrap();
            let found = found(&[dir.path().to_owned()]);
            assert_eq!(found.files.len(), 1);
            assert!(found.unreadable.is_empty(), "{:?}", found.unreadable);
        }

        #[test]
        fn a_link_to_a_folder_above_is_not_followed() {
            let dir = tempfile::tempdir().unwrap();
            let root = dir.path().join("prefix/music");
            fs::create_dir_all(&root).unwrap();
            fs::write(dir.path().join("outside.ogg"), "x").unwrap();
            fs::write(root.join("one.ogg"), "x").unwrap();
            symlink(dir.path(), root.join("z:")).unwrap();
            let found = found(&[root]);
            assert_eq!(found.files.len(), 1, "{:?}", found.files);
        }

        #[test]
        fn a_link_to_music_elsewhere_is_followed() {
            let dir = tempfile::tempdir().unwrap();
            for name in ["here", "elsewhere"] {
                fs::create_dir(dir.path().join(name)).unwrap();
            }
            fs::write(dir.path().join("elsewhere/one.ogg"), "x").unwrap();
            let link = dir.path().join("here/more");
            symlink(dir.path().join("elsewhere"), link).unwrap();
            assert_eq!(found(&[dir.path().join("here")]).files.len(), 1);
        }

        #[test]
        fn a_broken_link_is_unreadable_where_it_is_named_like_music() {
            let dir = tempfile::tempdir().unwrap();
            for name in ["gone.ogg", "gone.txt"] {
                symlink("nowhere", dir.path().join(name)).unwrap();
            }
            let found = found(&[dir.path().to_owned()]);
            let unreadable = &found.unreadable;
            assert_eq!(unreadable.len(), 1, "{unreadable:?}");
            assert!(unreadable[0].0.ends_with("gone.ogg"), "{unreadable:?}");
            assert_eq!(reasons(found), [(Reason::BrokenLink, 1)]);
        }

        #[test]
        fn a_folder_that_cannot_be_opened_keeps_the_reason() {
            let dir = tempfile::tempdir().unwrap();
            let own = dir.path().join("own");
            symlink(&own, &own).unwrap();
            let error = walk(&[own], None, &CancellationToken::new()).unwrap_err();
            assert_eq!(error.code(), "io", "it exists: {error}");
            assert!(error.to_string().contains("open the folder"), "{error}");
        }
    }

    #[test]
    fn a_missing_folder_is_an_error() {
        let folders = [PathBuf::from("/no/such/folder")];
        let error = walk(&folders, None, &CancellationToken::new()).unwrap_err();
        assert_eq!(error.code(), "folder_missing");
    }
}
