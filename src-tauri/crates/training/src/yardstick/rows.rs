//! Reads the rows of a yardstick, one JSON object a line, and drops those of the part that is not asked for.

use std::fs;
use std::path::{Component, Path};

use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::split::{Part, Yardstick, fault_of_name, part};
use crate::error::TrainingError;

/// A larger file is refused, bytes.
const MOST_BYTES: u64 = 64 << 20;
/// More rows are refused.
const MOST_ROWS: usize = 20_000;
/// Longest text of a field, characters.
const LONGEST_TEXT: usize = 2_000;

/// The part of a yardstick that is asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asked {
    /// One part.
    One(Part),
    /// Both parts together.
    All,
}

impl Asked {
    /// Whether a row of this part is kept.
    pub fn keeps(self, part: Part) -> bool {
        match self {
            Asked::One(asked) => asked == part,
            Asked::All => true,
        }
    }

    /// Whether locked rows are kept.
    pub fn is_locked(self) -> bool {
        self.keeps(Part::Locked)
    }

    /// Name in files and documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Asked::One(part) => part.as_str(),
            Asked::All => "all",
        }
    }
}

/// A row of a yardstick.
pub trait Row: DeserializeOwned {
    /// Name of the source; it decides the part.
    fn source(&self) -> &str;

    /// Says what is wrong with the row.
    fn fault(&self) -> Option<String>;
}

/// The rows of a file that are asked for.
#[derive(Clone, Debug)]
pub struct Rows<R> {
    /// In the order of the file.
    pub rows: Vec<R>,
    /// Number of rows that belong to the other part.
    pub dropped: usize,
    /// SHA-256 of the file in hexadecimal.
    pub digest: String,
}

/// Reads a file of rows. The rows of the other part are checked and dropped.
///
/// # Errors
/// `BadRow` with the line of the first bad row, `NoRows` where none is left, `Io`.
pub fn read_rows<R: Row>(
    path: &Path,
    yardstick: Yardstick,
    asked: Asked,
) -> Result<Rows<R>, TrainingError> {
    let io = |e| TrainingError::io("read the rows", path, e);
    let bad = |line, reason| TrainingError::BadRow {
        path: path.to_owned(),
        line,
        reason,
    };
    let length = fs::metadata(path).map_err(io)?.len();
    if length > MOST_BYTES {
        let reason = format!("expected at most {MOST_BYTES} bytes, found {length}");
        return Err(bad(1, reason));
    }
    let text = fs::read_to_string(path).map_err(io)?;
    let (mut rows, mut read) = (Vec::new(), 0);
    let lines = text.lines().enumerate();
    for (i, line) in lines.filter(|(_, l)| !l.trim().is_empty()) {
        let row: R = serde_json::from_str(line).map_err(|e| bad(i + 1, e.to_string()))?;
        if let Some(reason) = fault_of_name(row.source()).or_else(|| row.fault()) {
            return Err(bad(i + 1, reason));
        }
        read += 1;
        if read > MOST_ROWS {
            return Err(bad(i + 1, format!("expected at most {MOST_ROWS} rows")));
        }
        if asked.keeps(part(yardstick, row.source())) {
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return Err(TrainingError::NoRows {
            path: path.to_owned(),
        });
    }
    Ok(Rows {
        dropped: read - rows.len(),
        rows,
        digest: hex(&Sha256::digest(text.as_bytes())),
    })
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Says what is wrong with a path that a row names: it stays below the folder of the file.
pub fn fault_of_path(path: &str) -> Option<String> {
    let below = Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let fits = below && !path.is_empty() && path.len() <= LONGEST_TEXT;
    (!fits).then(|| format!("expected a path below the folder of the rows, got {path:?}"))
}

/// Says what is wrong with a text that may not be empty.
pub fn fault_of_text(name: &str, text: &str) -> Option<String> {
    let length = text.trim().chars().count();
    (length == 0 || length > LONGEST_TEXT)
        .then(|| format!("expected {name} of 1 to {LONGEST_TEXT} characters, got {length}"))
}

/// Says what is wrong with a label from -1 to 1.
pub fn fault_of_label(name: &str, label: Option<f64>) -> Option<String> {
    let label = label?;
    (!(-1.0..=1.0).contains(&label)).then(|| format!("expected {name} from -1 to 1, got {label}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yardstick::split::part_of_name;

    #[derive(Debug, serde::Deserialize)]
    struct Named {
        source: String,
        file: String,
    }

    impl Row for Named {
        fn source(&self) -> &str {
            &self.source
        }

        fn fault(&self) -> Option<String> {
            fault_of_path(&self.file)
        }
    }

    fn read(text: &str, asked: Asked) -> Result<Rows<Named>, TrainingError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("rows.jsonl");
        fs::write(&path, text).unwrap();
        read_rows(&path, Yardstick::Words, asked)
    }

    #[test]
    fn rows_of_the_other_part_are_dropped() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let locked = names
            .iter()
            .filter(|n| part_of_name(n) == Part::Locked)
            .count();
        assert!(locked > 0 && locked < names.len(), "both parts have names");
        let text: String = names
            .map(|n| format!("{{\"source\":\"{n}\",\"file\":\"x/{n}.png\"}}\n"))
            .concat();
        let of = |asked| read(&text, asked).unwrap();
        let development = of(Asked::One(Part::Development));
        let parts = |rows: &Rows<Named>| (rows.rows.len(), rows.dropped);
        assert_eq!(parts(&development), (names.len() - locked, locked));
        assert!(
            development
                .rows
                .iter()
                .all(|r| part_of_name(&r.source) == Part::Development)
        );
        assert_eq!(
            parts(&of(Asked::One(Part::Locked))),
            (locked, names.len() - locked)
        );
        assert_eq!(parts(&of(Asked::All)), (names.len(), 0));
        assert_eq!(development.digest.len(), 64);
    }

    #[test]
    fn bad_rows_are_refused_with_their_line() {
        let good = "{\"source\":\"a\",\"file\":\"a.png\"}\n";
        for (bad, code) in [
            ("not json", "bad_pairs"),
            ("{\"source\":\"A\",\"file\":\"a.png\"}", "bad_pairs"),
            ("{\"source\":\"a\",\"file\":\"../a.png\"}", "bad_pairs"),
            ("{\"source\":\"a\",\"file\":\"/etc/passwd\"}", "bad_pairs"),
            ("{\"source\":\"a\",\"file\":\"\"}", "bad_pairs"),
        ] {
            let error = read(&format!("{good}\n{bad}\n"), Asked::All).unwrap_err();
            assert_eq!(error.code(), code, "{bad}");
            assert!(error.to_string().contains("line 3"), "{error}");
        }
        assert_eq!(read("\n", Asked::All).unwrap_err().code(), "no_pairs");
    }
}
