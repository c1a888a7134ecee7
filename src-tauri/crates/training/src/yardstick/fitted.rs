//! The sources that a file of weights was fitted to, which stand in its own metadata.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use crate::error::TrainingError;

/// Key of the sources in the metadata of a safetensors file.
pub const SOURCES_KEY: &str = "sources";
/// A longer header is refused, bytes.
const LONGEST_HEADER: u64 = 16 << 20;

/// The sources in the metadata of a safetensors file: a JSON list of names, or names with commas between them. Empty
/// where the file names none.
///
/// # Errors
/// `BadRow` for a file without a readable header, `Io`.
pub fn fitted_sources(path: &Path) -> Result<Vec<String>, TrainingError> {
    let io = |e| TrainingError::io("read the weights", path, e);
    let bad = |reason: String| TrainingError::BadRow {
        path: path.to_owned(),
        line: 1,
        reason,
    };
    let mut file = File::open(path).map_err(io)?;
    let mut length = [0; 8];
    file.read_exact(&mut length).map_err(io)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER {
        return Err(bad(format!(
            "expected a header of at most {LONGEST_HEADER} bytes, got {length}"
        )));
    }
    let mut header = Vec::new();
    file.take(length).read_to_end(&mut header).map_err(io)?;
    let header: Value = serde_json::from_slice(&header).map_err(|e| bad(e.to_string()))?;
    let text = header["__metadata__"][SOURCES_KEY]
        .as_str()
        .unwrap_or_default();
    let names: Vec<String> = match serde_json::from_str(text) {
        Ok(names) => names,
        Err(_) => text.split(',').map(str::to_owned).collect(),
    };
    let names = names.iter().map(|name| name.trim().to_owned());
    Ok(names.filter(|name| !name.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::fs;

    #[test]
    fn sources_are_read_from_the_metadata() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("weights.safetensors");
        let read = |metadata: Option<&str>| {
            let metadata = metadata.map(|text| HashMap::from([(SOURCES_KEY.into(), text.into())]));
            let tensors: [(&str, safetensors::tensor::TensorView<'_>); 0] = [];
            fs::write(&path, safetensors::serialize(tensors, metadata).unwrap()).unwrap();
            fitted_sources(&path).unwrap()
        };
        assert_eq!(
            read(Some("a, choices:wesnoth,b")),
            ["a", "choices:wesnoth", "b"]
        );
        assert_eq!(read(Some("[\"a\",\"b\"]")), ["a", "b"]);
        assert!(read(Some("")).is_empty() && read(None).is_empty());
        for bytes in [
            &b""[..],
            b"\xff\xff\xff\xff\xff\xff\xff\xff{}",
            b"\x02\0\0\0\0\0\0\0{]",
        ] {
            fs::write(&path, bytes).unwrap();
            assert!(fitted_sources(&path).is_err(), "{bytes:?}");
        }
    }
}
