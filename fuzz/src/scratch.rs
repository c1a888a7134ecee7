//! Files for parsers that open a path.

use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

thread_local! {
    static FOLDER: OnceCell<TempDir> = const { OnceCell::new() };
}

/// Path of `name` in an empty folder, in memory where the system has a place for that. Every call empties the folder.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder().join(name);
    fs::write(&path, bytes).expect("the temporary folder is writable");
    path
}

/// The empty folder itself.
pub fn folder() -> PathBuf {
    FOLDER.with(|folder| {
        let path = folder.get_or_init(make).path();
        for entry in fs::read_dir(path)
            .expect("the temporary folder is readable")
            .flatten()
        {
            fs::remove_file(entry.path()).expect("the temporary folder is writable");
        }
        path.to_owned()
    })
}

fn make() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    };
    made.expect("a temporary folder can be made")
}
