//! Where things are kept on this platform.

use std::path::PathBuf;

use directories::ProjectDirs;

fn dirs() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "needledrop")
}

/// The file that remembers which model files were checked, in the user's cache.
pub(crate) fn checked_files() -> Option<PathBuf> {
    dirs().map(|d| d.cache_dir().join("checked-model-files"))
}

/// The folder for fetched and imported files of a pack, in the user's data.
pub fn pack_store(pack_name: &str) -> Option<PathBuf> {
    dirs().map(|d| d.data_dir().join("models").join(pack_name))
}

/// The folder under the user's data where an ONNX Runtime library may be installed.
pub(crate) fn runtime_dir() -> Option<PathBuf> {
    dirs().map(|d| d.data_dir().join("onnxruntime"))
}
