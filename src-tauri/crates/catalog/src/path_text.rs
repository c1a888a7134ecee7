//! Paths as the text that the database stores.
//!
//! A name on a disk is bytes on Unix, and need not be Unicode. Such a path is stored as `bytes:` and its bytes in
//! hexadecimal digits, so that any file can be in a catalog and is found again under its own name.

use std::borrow::Cow;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::CatalogError;

/// Begins the text of a path that is stored as bytes. An absolute path never begins with it.
const BYTES: &str = "bytes:";

/// The text of a path.
///
/// # Errors
/// [`CatalogError::InvalidValue`] for a path that is not Unicode on a system whose names are not bytes.
pub(crate) fn path_text(path: &Path) -> Result<Cow<'_, str>, CatalogError> {
    if let Some(text) = path.to_str().filter(|text| !text.starts_with(BYTES)) {
        return Ok(Cow::Borrowed(text));
    }
    let bytes = bytes_of(path).ok_or_else(|| CatalogError::InvalidValue {
        expected: "a path in Unicode; rename the file",
        found: path.to_string_lossy().into_owned(),
    })?;
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    Ok(Cow::Owned(BYTES.to_owned() + &digits.collect::<String>()))
}

/// The path of a stored text.
pub(crate) fn text_path(text: String) -> PathBuf {
    let bytes = text.strip_prefix(BYTES).and_then(from_hex);
    match bytes.and_then(name_of) {
        Some(name) => name.into(),
        None => text.into(),
    }
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let digit = |at: u8| (at as char).to_digit(16).map(|digit| digit as u8);
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| match *pair {
            [high, low] => Some((digit(high)? << 4) | digit(low)?),
            _ => None,
        })
        .collect()
}

#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "other systems have names that are not bytes"
)]
fn bytes_of(path: &Path) -> Option<&[u8]> {
    use std::os::unix::ffi::OsStrExt;
    Some(path.as_os_str().as_bytes())
}

#[cfg(unix)]
#[expect(
    clippy::unnecessary_wraps,
    reason = "other systems have names that are not bytes"
)]
fn name_of(bytes: Vec<u8>) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes))
}

#[cfg(not(unix))]
fn bytes_of(path: &Path) -> Option<&[u8]> {
    path.to_str().map(str::as_bytes)
}

#[cfg(not(unix))]
fn name_of(bytes: Vec<u8>) -> Option<OsString> {
    String::from_utf8(bytes).ok().map(OsString::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back(path: &Path) -> String {
        let text = path_text(path).unwrap().into_owned();
        assert_eq!(text_path(text.clone()), path, "{text}");
        text
    }

    #[test]
    fn a_unicode_path_is_stored_as_it_is() {
        let text = there_and_back(Path::new("/music/🎵 Ünïcödé.mp3"));
        assert_eq!(text, "/music/🎵 Ünïcödé.mp3");
    }

    #[test]
    fn a_path_that_looks_like_stored_bytes_comes_back() {
        there_and_back(Path::new("bytes:00"));
        there_and_back(Path::new("bytes:"));
        assert_eq!(text_path("bytes:xy".to_owned()), Path::new("bytes:xy"));
        assert_eq!(text_path("bytes:616".to_owned()), Path::new("bytes:616"));
    }

    #[cfg(unix)]
    #[test]
    fn a_path_of_any_bytes_comes_back() {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"/m/bad\xff\xfename.mp3");
        assert_eq!(
            there_and_back(Path::new(name)),
            "bytes:2f6d2f626164fffe6e616d652e6d7033"
        );
    }
}
