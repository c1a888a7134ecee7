//! Folders that hold no music of the user, told by their names.

use std::ffi::OsStr;
use std::path::Path;

use super::passed_over::Reason;

/// Deleted files: of freedesktop.org, macOS, Windows, Synology, QNAP and Samba.
const TRASH: [&str; 9] = [
    ".Trash",
    ".Trashes",
    "$RECYCLE.BIN",
    "RECYCLER",
    "RECYCLED",
    "#recycle",
    "@Recycle",
    ".recycle",
    ".deleted",
];

/// Thumbnails, snapshots, old versions, search indexes and journals.
const SYSTEM: [&str; 21] = [
    "@eaDir",
    ".@__thumb",
    ".thumbnails",
    "__MACOSX",
    ".AppleDouble",
    ".fseventsd",
    ".Spotlight-V100",
    ".DocumentRevisions-V100",
    ".TemporaryItems",
    "System Volume Information",
    "#snapshot",
    ".snapshot",
    ".snapshots",
    "~snapshot",
    "@Recently-Snapshot",
    ".zfs",
    "lost+found",
    ".stversions",
    ".sync",
    ".dropbox.cache",
    ".git",
];

/// Endings of files that are still being written.
const UNFINISHED: [&str; 7] = [
    "part",
    "partial",
    "crdownload",
    "download",
    "filepart",
    "opdownload",
    "!ut",
];

/// Why the folder at `path` is left alone; `None` for one to read.
pub(super) fn reason(path: &Path) -> Option<Reason> {
    let name = path.file_name()?;
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    // `.Trash-1000` belongs to the user with the number 1000.
    let of_a_user = name.as_encoded_bytes().starts_with(b".Trash-");
    let of_the_desktop = is("Trash")
        && path
            .parent()
            .is_some_and(|dir| dir.ends_with(".local/share"));
    if of_a_user || of_the_desktop || TRASH.into_iter().any(is) {
        return Some(Reason::Trash);
    }
    SYSTEM.into_iter().any(is).then_some(Reason::SystemFolder)
}

/// Whether another program is still writing a file, by its ending.
pub(super) fn is_unfinished(path: &Path) -> bool {
    let is = |ending: &OsStr| {
        UNFINISHED
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    };
    path.extension().is_some_and(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trash_and_system_folders_are_known_by_their_names() {
        for (path, wanted) in [
            ("/m/.Trash-1000", Some(Reason::Trash)),
            ("/m/$Recycle.Bin", Some(Reason::Trash)),
            ("/h/.local/share/Trash", Some(Reason::Trash)),
            ("/m/Trash", None),
            ("/m/@eaDir", Some(Reason::SystemFolder)),
            ("/m/__MACOSX", Some(Reason::SystemFolder)),
            ("/m/.hidden", None),
            ("/m/Album", None),
        ] {
            assert_eq!(reason(Path::new(path)), wanted, "{path}");
        }
        assert!(is_unfinished(Path::new("/m/song.mp3.part")));
        assert!(!is_unfinished(Path::new("/m/part.mp3")));
    }
}
