//! The list of the clips in a folder.

use std::path::{Path, PathBuf};

use crate::fault::Fault;

/// File extensions of clips, in small letters.
const EXTENSIONS: [&str; 16] = [
    "mp4", "mov", "m4v", "mkv", "webm", "avi", "mxf", "mts", "m2ts", "ts", "mpg", "mpeg", "wmv",
    "ogv", "3gp", "flv",
];
/// Largest number of clips in the list of a folder.
const MAX_CLIPS: usize = 500;

/// The clips of a folder, newest first.
///
/// # Errors
/// `folder_missing` if the folder cannot be read, `no_clips` if it has no clips.
pub(crate) fn clips_in(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let unreadable = |error: std::io::Error| {
        Fault::new(
            "folder_missing",
            format!("the folder cannot be read: {error}"),
        )
    };
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .map_err(unreadable)?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let extension = path.extension()?.to_string_lossy().to_lowercase();
            let meta = path.metadata().ok()?;
            (meta.is_file() && EXTENSIONS.contains(&extension.as_str()))
                .then(|| (meta.modified().ok(), path))
        })
        .collect();
    if found.is_empty() {
        return Err(Fault::new("no_clips", "the folder has no clips")
            .with_hint("drop a video file, or a folder with video files"));
    }
    found.sort_by(|a, b| b.cmp(a));
    found.truncate(MAX_CLIPS);
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lists_its_clips_newest_first_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        for (at, name) in ["old #1.MOV", "new 100%.mp4", "notes.txt", "song.wav"]
            .iter()
            .enumerate()
        {
            let file = std::fs::File::create(dir.path().join(name)).unwrap();
            let when = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000 + at as u64);
            file.set_modified(when).unwrap();
        }
        let names: Vec<_> = clips_in(dir.path())
            .unwrap()
            .iter()
            .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["new 100%.mp4", "old #1.MOV"]);
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(clips_in(empty.path()).unwrap_err().code, "no_clips");
    }
}
