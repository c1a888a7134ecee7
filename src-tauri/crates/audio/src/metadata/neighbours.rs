//! The texts of the same album in the same folder, for guessing an encoding.

use std::path::Path;

use super::encoding;
use super::entries::{Entries, Field};
use super::files;

/// A file with so many bytes beyond ASCII needs no neighbours.
const ENOUGH_BYTES: usize = 60;
/// Files that are read at most.
const MOST_FILES: usize = 24;
/// Names of a folder that are looked at.
const MOST_NAMES: usize = 2000;

/// Texts in unknown encodings of files that have the album of this one, or its artist where it has
/// no album. Empty where the file's own texts are enough, or need no guess.
pub(super) fn texts(path: &Path, own: &Entries) -> Vec<Vec<u8>> {
    let unknown = encoding::unknown(&own.all);
    let beyond = unknown.iter().flatten().filter(|b| !b.is_ascii()).count();
    if beyond == 0 || beyond >= ENOUGH_BYTES {
        return Vec::new();
    }
    let Some(album) = album(own) else {
        return Vec::new();
    };
    let mut texts = Vec::new();
    for entries in others(path).iter().filter_map(|path| files::of_file(path)) {
        if self::album(&entries) == Some(album) {
            texts.extend(encoding::unknown(&entries.all));
        }
    }
    texts
}

/// Field and bytes that files of one album have in common.
fn album(entries: &Entries) -> Option<(Field, &[u8])> {
    let of = |field| entries.all.iter().find(|entry| entry.field == field);
    let entry = of(Field::Album).or_else(|| of(Field::Artist))?;
    Some((entry.field, &entry.bytes))
}

/// Files beside this one with its extension, in the order of their names.
fn others(path: &Path) -> Vec<std::path::PathBuf> {
    let Some(Ok(entries)) = path.parent().map(std::fs::read_dir) else {
        return Vec::new();
    };
    let names = entries
        .take(MOST_NAMES)
        .filter_map(|entry| Some(entry.ok()?.path()));
    let is_like = |other: &std::path::PathBuf| {
        other != path
            && other.extension().map(std::ffi::OsStr::to_ascii_lowercase)
                == path.extension().map(std::ffi::OsStr::to_ascii_lowercase)
    };
    let mut others: Vec<_> = names.filter(is_like).collect();
    others.sort();
    others.truncate(MOST_FILES);
    others
}
