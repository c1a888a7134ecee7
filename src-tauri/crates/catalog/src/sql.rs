//! Small parts of SQL statements.

/// `?,?,?` for a list of `count` values.
pub(crate) fn placeholders(count: usize) -> String {
    let mut text = "?,".repeat(count);
    text.pop();
    text
}
