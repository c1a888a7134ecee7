//! Small parts of SQL statements.

use std::path::Path;

use crate::error::CatalogError;

/// `?,?,?` for a list of `count` values.
pub(crate) fn placeholders(count: usize) -> String {
    let mut text = "?,".repeat(count);
    text.pop();
    text
}

/// A path as the text that the database stores.
pub(crate) fn path_text(path: &Path) -> Result<&str, CatalogError> {
    path.to_str().ok_or_else(|| CatalogError::InvalidValue {
        expected: "a path in Unicode; rename the file",
        found: path.to_string_lossy().into_owned(),
    })
}
