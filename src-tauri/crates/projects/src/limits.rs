//! Bounds of the texts and numbers that are saved. Pure.

use std::path::Path;

use crate::error::ProjectsError;

/// Longest name, in bytes.
pub(crate) const NAME: usize = 400;
/// Longest brief, in bytes.
pub(crate) const BRIEF: usize = 8_000;
/// Longest note, in bytes.
pub(crate) const NOTE: usize = 8_000;
/// Longest JSON document of filters, in bytes.
pub(crate) const JSON: usize = 64_000;
/// Longest title, artist, licence, key or id of a track, in bytes.
pub(crate) const FACT: usize = 4_000;
/// Longest path that any system accepts, in bytes.
pub(crate) const PATH: usize = 131_072;
/// Most picks of a clip.
pub(crate) const PICKS: i64 = 2_000;
/// Most bins of a project.
pub(crate) const BINS: i64 = 1_000;
/// Most clips in a bin.
pub(crate) const BIN_CLIPS: usize = 10_000;
/// Most projects in the file.
pub(crate) const PROJECTS: i64 = 10_000;
/// Most clips of a project.
pub(crate) const CLIPS: i64 = 100_000;

pub(crate) fn text(what: &'static str, text: &str, limit: usize) -> Result<(), ProjectsError> {
    if text.len() > limit {
        return Err(ProjectsError::TooLong {
            what,
            limit,
            found: text.len(),
        });
    }
    if text.contains('\0') {
        return Err(ProjectsError::InvalidValue {
            expected: "text without NUL characters",
            found: format!("{what} with a NUL character"),
        });
    }
    Ok(())
}

pub(crate) fn optional(
    what: &'static str,
    value: Option<&str>,
    limit: usize,
) -> Result<(), ProjectsError> {
    value.map_or(Ok(()), |value| text(what, value, limit))
}

/// A name in one line, with single blanks between its words.
pub(crate) fn name(what: &'static str, name: &str) -> Result<String, ProjectsError> {
    text(what, name, NAME)?;
    let words: Vec<&str> = name
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return Err(ProjectsError::InvalidValue {
            expected: "a name",
            found: "blanks only".into(),
        });
    }
    Ok(words.join(" "))
}

/// A path as text; it is saved in this form.
pub(crate) fn path(path: &Path) -> Result<&str, ProjectsError> {
    let found = || ProjectsError::InvalidValue {
        expected: "a path whose name is Unicode text; rename the file",
        found: path.to_string_lossy().into_owned(),
    };
    let text_of_path = path.to_str().ok_or_else(found)?;
    if text_of_path.is_empty() {
        return Err(found());
    }
    text("a path", text_of_path, PATH)?;
    Ok(text_of_path)
}

pub(crate) fn number(expected: &'static str, value: f64) -> Result<(), ProjectsError> {
    between(expected, value, -1e9, 1e9)
}

pub(crate) fn between(
    expected: &'static str,
    value: f64,
    least: f64,
    most: f64,
) -> Result<(), ProjectsError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(ProjectsError::InvalidValue {
        expected,
        found: value.to_string(),
    })
}

pub(crate) fn range((in_s, out_s): (f64, f64)) -> Result<(), ProjectsError> {
    if in_s >= 0.0 && in_s < out_s && out_s <= 1e9 {
        return Ok(());
    }
    Err(ProjectsError::InvalidValue {
        expected: "a range in seconds whose in-point is before its out-point",
        found: format!("{in_s} to {out_s}"),
    })
}

pub(crate) fn json(what: &'static str, json: &str) -> Result<(), ProjectsError> {
    text(what, json, JSON)?;
    match serde_json::from_str::<serde::de::IgnoredAny>(json) {
        Ok(_) => Ok(()),
        Err(error) => Err(ProjectsError::InvalidValue {
            expected: "filters as a JSON document",
            found: error.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_words() {
        assert_eq!(
            name("a name", "  Night \n\t drive ").unwrap(),
            "Night drive"
        );
        assert_eq!(name("a name", " \n ").unwrap_err().code(), "invalid_value");
        let long = "x".repeat(NAME + 1);
        assert_eq!(name("a name", &long).unwrap_err().code(), "value_too_long");
    }

    #[test]
    fn backward_ranges_and_values_that_are_not_numbers_are_refused() {
        assert!(range((0.0, 1.5)).is_ok());
        for bad in [
            (2.0, 1.0),
            (-1.0, 1.0),
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
        ] {
            assert!(range(bad).is_err(), "{bad:?}");
        }
        assert!(number("a number", f64::NAN).is_err());
    }
}
