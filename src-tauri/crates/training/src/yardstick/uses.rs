//! The ledger: every reading of a locked part, one JSON object a line.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::split::Yardstick;
use crate::error::TrainingError;

/// A larger ledger is refused, bytes.
const MOST_BYTES: u64 = 16 << 20;

/// One reading of a locked part.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Use {
    /// Day of the reading, such as `2026-11-30`.
    pub date: String,
    /// The yardstick whose locked part was read.
    pub yardstick: Yardstick,
    /// SHA-256 of the labels file in hexadecimal.
    pub labels: String,
    /// Name of the model pack.
    pub pack: String,
    /// SHA-256 of the pack's manifest and projector in hexadecimal.
    pub pack_digest: String,
    /// Main figures of the reading.
    pub figures: BTreeMap<String, f64>,
    /// Number of this reading among those of its yardstick, from 1.
    pub number: usize,
}

/// A file of readings.
#[derive(Clone, Debug)]
pub struct Ledger {
    path: PathBuf,
}

impl Ledger {
    /// The ledger in a file, which is made at the first use.
    pub fn new(path: &Path) -> Ledger {
        Ledger {
            path: path.to_owned(),
        }
    }

    /// All readings, in the order of the file.
    ///
    /// # Errors
    /// `BadRow` for a file that is not a ledger or ends within a line; `Io`.
    pub fn read(&self) -> Result<Vec<Use>, TrainingError> {
        match File::open(&self.path) {
            Ok(mut file) => self.parse(&mut file),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(e) => Err(self.io("read the ledger", e)),
        }
    }

    /// Whether one more reading is allowed.
    ///
    /// # Errors
    /// `UsedUp` where the yardstick was read as often as it may be, and those of [`Ledger::read`].
    pub fn check(&self, yardstick: Yardstick) -> Result<(), TrainingError> {
        self.next_number(yardstick, &self.read()?).map(|_| ())
    }

    /// Adds a reading with its number, which is returned. Two programs that add at the same time wait for each other,
    /// and a line is written whole.
    ///
    /// # Errors
    /// As [`Ledger::check`].
    pub fn add(&self, reading: Use) -> Result<usize, TrainingError> {
        if let Some(folder) = self.path.parent().filter(|f| !f.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|e| self.io("make the folder of the ledger", e))?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&self.path)
            .map_err(|e| self.io("open the ledger", e))?;
        // The lock ends with the file.
        file.lock().map_err(|e| self.io("lock the ledger", e))?;
        let uses = self.parse(&mut file)?;
        let number = self.next_number(reading.yardstick, &uses)?;
        let mut line = serde_json::to_string(&Use { number, ..reading })
            .map_err(|e| self.io("write the ledger", e.into()))?;
        line.push('\n');
        file.write_all(line.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|e| self.io("write the ledger", e))?;
        Ok(number)
    }

    fn next_number(&self, yardstick: Yardstick, uses: &[Use]) -> Result<usize, TrainingError> {
        let made = uses.iter().filter(|u| u.yardstick == yardstick).count();
        match yardstick.most_uses() {
            Some(most) if made >= most => Err(TrainingError::UsedUp {
                path: self.path.clone(),
                yardstick: yardstick.as_str(),
                most,
            }),
            _ => Ok(made + 1),
        }
    }

    fn parse(&self, file: &mut File) -> Result<Vec<Use>, TrainingError> {
        let bad = |line, reason: String| TrainingError::BadRow {
            path: self.path.clone(),
            line,
            reason,
        };
        let mut text = String::new();
        file.take(MOST_BYTES + 1)
            .read_to_string(&mut text)
            .map_err(|e| self.io("read the ledger", e))?;
        if text.len() as u64 > MOST_BYTES {
            return Err(bad(1, format!("expected at most {MOST_BYTES} bytes")));
        }
        let lines = text.lines().count();
        if !text.is_empty() && !text.ends_with('\n') {
            let reason = "expected a line feed at the end; the line is cut short".to_owned();
            return Err(bad(lines, reason));
        }
        let rows = text.lines().enumerate();
        rows.filter(|(_, line)| !line.trim().is_empty())
            .map(|(i, line)| serde_json::from_str(line).map_err(|e| bad(i + 1, e.to_string())))
            .collect()
    }

    fn io(&self, action: &'static str, source: std::io::Error) -> TrainingError {
        TrainingError::io(action, &self.path, source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(yardstick: Yardstick) -> Use {
        Use {
            date: "2026-11-30".to_owned(),
            yardstick,
            labels: "ab".repeat(32),
            pack: "embedded".to_owned(),
            pack_digest: "cd".repeat(32),
            figures: BTreeMap::from([("percentile".to_owned(), 0.41)]),
            number: 0,
        }
    }

    #[test]
    fn readings_are_numbered_by_yardstick_and_choices_are_read_three_times() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("yardsticks/uses.jsonl");
        let ledger = Ledger::new(&path);
        assert_eq!(ledger.read().unwrap(), []);
        for number in 1..=3 {
            ledger.check(Yardstick::Choices).unwrap();
            assert_eq!(ledger.add(reading(Yardstick::Choices)).unwrap(), number);
        }
        for refused in [
            ledger.check(Yardstick::Choices).unwrap_err(),
            ledger.add(reading(Yardstick::Choices)).unwrap_err(),
        ] {
            assert_eq!(refused.code(), "locked_part_used_up");
            assert!(refused.to_string().contains("3 times"), "{refused}");
        }
        for number in 1..=5 {
            assert_eq!(ledger.add(reading(Yardstick::Pictures)).unwrap(), number);
        }
        let uses = ledger.read().unwrap();
        assert_eq!(uses.len(), 8, "a refused reading leaves no line");
        assert_eq!((uses[2].number, uses[7].number), (3, 5));
    }

    #[test]
    fn readings_at_the_same_time_all_get_a_line_and_a_number() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("uses.jsonl");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| Ledger::new(&path).add(reading(Yardstick::Words)).unwrap());
            }
        });
        let mut numbers: Vec<usize> = Ledger::new(&path)
            .read()
            .unwrap()
            .iter()
            .map(|u| u.number)
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
    }

    #[test]
    fn a_ledger_that_is_cut_short_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("uses.jsonl");
        let ledger = Ledger::new(&path);
        ledger.add(reading(Yardstick::Choices)).unwrap();
        let whole = fs::read(&path).unwrap();
        for end in [whole.len() - 1, whole.len() / 2] {
            fs::write(&path, &whole[..end]).unwrap();
            assert_eq!(
                ledger.check(Yardstick::Choices).unwrap_err().code(),
                "bad_pairs"
            );
            assert!(ledger.add(reading(Yardstick::Choices)).is_err());
        }
    }
}
