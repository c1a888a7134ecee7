//! A file in a JSON document. JSON is Unicode, and a file's name need not be.

use std::path::{Path, PathBuf};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// The path of a file: as text, with U+FFFD for bytes that are not Unicode, and then also as bytes.
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDoc {
    /// Path of the file.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub path: PathBuf,
    /// Bytes of the path in hexadecimal digits, only where the path is not Unicode.
    #[cfg_attr(feature = "ts", ts(optional))]
    pub path_bytes: Option<String>,
}

impl Serialize for FileDoc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_map(None)?;
        fields.serialize_entry("path", &self.path.to_string_lossy())?;
        if let Some(bytes) = &self.path_bytes {
            fields.serialize_entry("path_bytes", bytes)?;
        }
        fields.end()
    }
}

impl From<&Path> for FileDoc {
    fn from(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            path_bytes: bytes(path),
        }
    }
}

/// Writes a path as text, with U+FFFD for bytes that are not Unicode.
pub(crate) fn text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// Bytes of a path in hexadecimal digits; `None` where the path is Unicode.
pub(crate) fn bytes(path: &Path) -> Option<String> {
    let is_unicode = path.to_str().is_some();
    let bytes = path.as_os_str().as_encoded_bytes();
    (!is_unicode).then(|| bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unicode_path_is_text_alone() {
        let doc = FileDoc::from(Path::new("/clips/🎬 Ünï.mp4"));
        let json = serde_json::to_string(&doc).unwrap();
        assert_eq!(json, r#"{"path":"/clips/🎬 Ünï.mp4"}"#);
    }

    #[cfg(unix)]
    #[test]
    fn another_path_is_text_and_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"/c/bad\xff.mp4"));
        let json = serde_json::to_string(&FileDoc::from(path)).unwrap();
        assert_eq!(
            json,
            "{\"path\":\"/c/bad\u{fffd}.mp4\",\"path_bytes\":\"2f632f626164ff2e6d7034\"}"
        );
    }
}
