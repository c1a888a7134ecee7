//! The places where the ONNX Runtime library may be.

use std::path::{Path, PathBuf};

/// File name of the library on this platform.
pub const LIBRARY: &str = if cfg!(target_os = "windows") {
    "onnxruntime.dll"
} else if cfg!(target_os = "macos") {
    "libonnxruntime.dylib"
} else {
    "libonnxruntime.so"
};

/// All candidate paths, best first, for an executable at `exe`: beside it, `../lib`,
/// `../lib/needledrop` (a Debian package), `../Frameworks` (a macOS bundle),
/// `.runtime/onnxruntime/<version>` of any ancestor (a checkout), then `data` (the user's data
/// folder) in the same layout. Higher versions come first.
pub fn candidates(exe: &Path, data: Option<&Path>) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if let Some(dir) = exe.parent() {
        found.push(dir.join(LIBRARY));
        found.push(dir.join("lib").join(LIBRARY));
        if let Some(up) = dir.parent() {
            found.push(up.join("lib").join(LIBRARY));
            found.push(up.join("lib").join("needledrop").join(LIBRARY));
            found.push(up.join("Frameworks").join(LIBRARY));
        }
        for ancestor in dir.ancestors() {
            found.extend(versions(&ancestor.join(".runtime").join("onnxruntime")));
        }
    }
    if let Some(data) = data {
        found.extend(versions(data));
    }
    found
}

/// `<dir>/<version>/<library>` for every version folder, highest first.
fn versions(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name
                .to_str()?
                .split('.')
                .map(|n| n.parse().ok())
                .collect::<Option<_>>();
            Some((version?, entry.path().join(LIBRARY)))
        })
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0));
    found.into_iter().map(|(_, path)| path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_version_of_a_checkout_comes_first() {
        let root = tempfile::tempdir().unwrap();
        for version in ["1.9.0", "1.31.1", "1.31.0", "notes"] {
            std::fs::create_dir_all(root.path().join(".runtime/onnxruntime").join(version))
                .unwrap();
        }
        let found = candidates(&root.path().join("target/debug/needledrop"), None);
        let of_checkout: Vec<_> = found
            .iter()
            .filter(|p| p.starts_with(root.path().join(".runtime")))
            .collect();
        assert_eq!(
            of_checkout.len(),
            3,
            "folders that are not versions are ignored"
        );
        assert!(
            of_checkout[0].ends_with(Path::new("1.31.1").join(LIBRARY)),
            "{of_checkout:?}"
        );
        assert!(
            of_checkout[2].ends_with(Path::new("1.9.0").join(LIBRARY)),
            "by number, not text"
        );
    }

    #[test]
    fn a_library_beside_the_executable_is_preferred() {
        let found = candidates(Path::new("/opt/needledrop/bin/needledrop"), None);
        assert_eq!(found[0], Path::new("/opt/needledrop/bin").join(LIBRARY));
    }
}
