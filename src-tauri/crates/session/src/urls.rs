//! How a shell makes URLs for files and pictures.

use std::path::Path;

use crate::dto::display_path;

/// Makes URLs that the shell's pages can load.
pub trait MediaUrls: Send + Sync {
    /// The URL of a file; the same file has the same URL.
    fn file(&self, path: &Path) -> String;
    /// The URL of bytes in memory. New bytes replace those of the same name.
    fn bytes(&self, name: &str, bytes: Vec<u8>, mime: &'static str) -> String;
    /// Ends the URL of a file.
    fn forget_file(&self, path: &Path);
    /// Removes all bytes whose names begin with `prefix`, and ends their URLs.
    fn forget_bytes(&self, prefix: &str);
}

/// For shells without pages: a file's URL is its path, and pictures in memory have none.
pub struct FileUrls;

impl MediaUrls for FileUrls {
    fn file(&self, path: &Path) -> String {
        display_path(path)
    }

    fn bytes(&self, _name: &str, _bytes: Vec<u8>, _mime: &'static str) -> String {
        String::new()
    }

    fn forget_file(&self, _path: &Path) {}

    fn forget_bytes(&self, _prefix: &str) {}
}
