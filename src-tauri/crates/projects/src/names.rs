//! Names inside the sentences that describe a step. Pure.

/// Longest name in a sentence, in characters.
const LONGEST: usize = 60;

/// A name in quotation marks, in one line and shortened to [`LONGEST`].
pub(crate) fn quoted(name: &str) -> String {
    let mut words = name
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let line = words.by_ref().take(LONGEST).collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return "‘untitled’".to_owned();
    }
    if line.chars().count() <= LONGEST {
        return format!("‘{line}’");
    }
    let short: String = line.chars().take(LONGEST - 1).collect();
    format!("‘{}…’", short.trim_end())
}

/// The last part of a path of either kind of separator.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\'])
        .find(|part| !part.is_empty())
        .unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_and_those_with_line_breaks_become_one_short_line() {
        assert_eq!(quoted("Tidewater\nSuite"), "‘Tidewater Suite’");
        assert_eq!(quoted(" \u{7} "), "‘untitled’");
        assert_eq!(quoted(&"å".repeat(500)).chars().count(), LONGEST + 2);
        assert_eq!(file_name("/a/b c.mov"), "b c.mov");
        assert_eq!(file_name("C:\\edit\\b.mov"), "b.mov");
    }
}
