//! Folders of this program on this platform.

use std::path::PathBuf;

use directories::ProjectDirs;

fn dirs() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "needledrop")
}

/// Cache file of verified checksums, in the user's cache folder.
pub(crate) fn checksum_cache() -> Option<PathBuf> {
    dirs().map(|d| d.cache_dir().join("checked-model-files"))
}

/// Folder for fetched and imported files of a pack, in the user's data folder.
pub fn pack_store(pack_name: &str) -> Option<PathBuf> {
    dirs().map(|d| d.data_dir().join("models").join(pack_name))
}

/// Folder for an installed ONNX Runtime library, in the user's data folder.
pub(crate) fn runtime_dir() -> Option<PathBuf> {
    dirs().map(|d| d.data_dir().join("onnxruntime"))
}
