//! Written pairs: a scene in words and the music that fits it in words.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::TrainingError;

/// Largest file of written pairs, in bytes; larger files are refused.
const MOST_BYTES: u64 = 16 << 20;

/// Largest number of rows; more are refused.
const MOST_ROWS: usize = 100_000;

/// Longest description, in characters.
const MOST_TEXT: usize = 1000;

/// One written pair: a line of a `*.jsonl` file.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BridgeRow {
    /// Content and mood of the picture, in words.
    pub scene: String,
    /// Two to six class names that the picture encoder would give such a picture.
    pub seen: Vec<String>,
    /// Light and colour of the picture.
    pub look: Look,
    /// Music that fits, in words: instruments, genre, texture, energy.
    pub music: String,
    /// Slowest and fastest tempo that fits, beats per minute.
    pub bpm: [u16; 2],
    /// Mode of the music that fits.
    pub mode: RowMode,
    /// Dominant mood of the scene.
    pub mood: RowMood,
    /// Name of the row's file without its extension.
    #[serde(skip)]
    pub theme: String,
}

/// Estimates of a picture's look, each from −1 to 1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Brightness: −1 is dark, 1 is bright.
    pub light: f32,
    /// Colour temperature: −1 is blue, 1 is orange.
    pub warmth: f32,
    /// Strength of the colours: −1 is grey, 1 is vivid.
    pub saturation: f32,
    /// Spread of the brightness: −1 is flat, 1 is hard.
    pub contrast: f32,
}

/// Mode of the music that fits.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names of the modes")]
pub enum RowMode {
    Major,
    Minor,
    /// Major and minor fit equally well.
    Either,
}

/// Dominant mood of a scene.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowMood {
    /// Action, chase, fight, tension.
    Action,
    /// Sadness, loss, loneliness, unease.
    Sad,
    /// Joy, celebration, humour, play.
    Happy,
    /// Calm, peace, tenderness, wonder.
    Calm,
}

impl BridgeRow {
    /// What was expected and what came, for the first rule that the row breaks.
    fn broken_rule(&self) -> Option<String> {
        for (name, text) in [("scene", &self.scene), ("music", &self.music)] {
            let length = text.trim().chars().count();
            if length == 0 || length > MOST_TEXT {
                return Some(format!(
                    "expected {name} of 1 to {MOST_TEXT} characters, got {length}"
                ));
            }
        }
        if !(2..=6).contains(&self.seen.len()) {
            return Some(format!(
                "expected 2 to 6 names in seen, got {}",
                self.seen.len()
            ));
        }
        let [low, high] = self.bpm;
        if !(30 <= low && low < high && high <= 240) {
            return Some(format!(
                "expected bpm as a range within 30 to 240, got {low} to {high}"
            ));
        }
        let Look {
            light,
            warmth,
            saturation,
            contrast,
        } = self.look;
        let outside = |v: &f32| !(-1.0..=1.0).contains(v);
        if let Some(value) = [light, warmth, saturation, contrast]
            .iter()
            .find(|v| outside(v))
        {
            return Some(format!("expected look within -1 to 1, got {value}"));
        }
        None
    }
}

/// Reads the written pairs of a file, or of all `*.jsonl` files of a folder in the order of their names.
///
/// # Errors
/// `NoRows` for a file or folder without pairs; `BadRow` with file and line of the first bad row; `Io`.
pub fn read_rows(path: &Path) -> Result<Vec<BridgeRow>, TrainingError> {
    let mut rows = Vec::new();
    for file in files(path)? {
        let io = |e| TrainingError::io("read the written pairs", &file, e);
        let bad = |line, reason| TrainingError::BadRow {
            path: file.clone(),
            line,
            reason,
        };
        let length = fs::metadata(&file).map_err(io)?.len();
        if length > MOST_BYTES {
            return Err(bad(
                1,
                format!("expected at most {MOST_BYTES} bytes, found {length}"),
            ));
        }
        let theme = file
            .file_stem()
            .map(|s| s.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text = fs::read_to_string(&file).map_err(io)?;
        for (i, line) in text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim().is_empty())
        {
            let mut row: BridgeRow =
                serde_json::from_str(line).map_err(|e| bad(i + 1, e.to_string()))?;
            if let Some(reason) = row.broken_rule() {
                return Err(bad(i + 1, reason));
            }
            if rows.len() == MOST_ROWS {
                return Err(bad(i + 1, format!("expected at most {MOST_ROWS} rows")));
            }
            row.theme.clone_from(&theme);
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return Err(TrainingError::NoRows {
            path: path.to_owned(),
        });
    }
    Ok(rows)
}

fn files(path: &Path) -> Result<Vec<PathBuf>, TrainingError> {
    let io = |e| TrainingError::io("read the written pairs", path, e);
    if !fs::metadata(path).map_err(io)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|e| e == "jsonl") && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The use of a row. It depends on the row's scene only, so it does not change when other rows are added or removed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Part {
    /// The network is trained on it.
    Train,
    /// Its score decides when training stops.
    Validation,
    /// Training does not use it; reports do.
    Test,
}

/// The part of a row: 15 % test, 10 % validation, 75 % training.
pub(crate) fn part(row: &BridgeRow) -> Part {
    // FNV-1a, 64 bit, with a final mix because its low bits depend mostly on the last character.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in row.scene.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    match (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40 {
        h if h % 100 < 15 => Part::Test,
        h if h % 100 < 25 => Part::Validation,
        _ => Part::Train,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const GOOD: &str = r#"{"scene":"A door.","seen":["sliding door","desk"],"look":{"light":0,"warmth":0,"saturation":0,"contrast":0},"music":"slow piano","bpm":[60,80],"mode":"minor","mood":"calm"}"#;

    fn project() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
    }

    fn words(text: &str) -> BTreeSet<String> {
        let lower = text.to_lowercase();
        lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| w.len() > 3)
            .map(Into::into)
            .collect()
    }

    #[test]
    fn the_projects_rows_are_many_and_name_classes_that_exist() {
        let rows = read_rows(&project().join("training/bridge")).unwrap();
        assert!(rows.len() >= 600, "{} rows", rows.len());
        let names = fs::read_to_string(project().join("models/embedded/class_names.txt")).unwrap();
        let names: BTreeSet<&str> = names.lines().collect();
        for row in &rows {
            for name in &row.seen {
                assert!(names.contains(name.as_str()), "{name:?} in {:?}", row.scene);
            }
        }
    }

    #[test]
    fn no_two_rows_of_the_project_share_most_of_their_words() {
        let rows = read_rows(&project().join("training/bridge")).unwrap();
        let likeness = |a: &BTreeSet<String>, b: &BTreeSet<String>| {
            a.intersection(b).count() as f64 / a.union(b).count().max(1) as f64
        };
        for (side, most) in [("scene", 0.34), ("music", 0.67)] {
            let text = |r: &BridgeRow| words(if side == "scene" { &r.scene } else { &r.music });
            let sets: Vec<_> = rows.iter().map(text).collect();
            for i in 0..rows.len() {
                for j in 0..i {
                    let alike = likeness(&sets[i], &sets[j]);
                    assert!(
                        alike <= most,
                        "{side} {alike:.2}: {:?} / {:?}",
                        rows[i],
                        rows[j]
                    );
                }
            }
        }
    }

    #[test]
    fn the_parts_have_their_sizes_and_reach_every_theme_in_training() {
        let rows = read_rows(&project().join("training/bridge")).unwrap();
        let share = |p| rows.iter().filter(|r| part(r) == p).count() as f64 / rows.len() as f64;
        assert!(
            (0.11..0.19).contains(&share(Part::Test)),
            "test {}",
            share(Part::Test)
        );
        let validation = share(Part::Validation);
        assert!(
            (0.06..0.14).contains(&validation),
            "validation {validation}"
        );
        let themes: BTreeSet<_> = rows.iter().map(|r| &r.theme).collect();
        let trained: BTreeSet<_> = rows
            .iter()
            .filter(|r| part(r) == Part::Train)
            .map(|r| &r.theme)
            .collect();
        assert_eq!(themes, trained, "every theme has training rows");
    }

    #[test]
    fn a_bad_row_is_named_by_file_and_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("odd.jsonl");
        let cases = [
            ("not json", "expected"),
            (&GOOD.replace("[60,80]", "[80,60]"), "bpm"),
            (&GOOD.replace("\"light\":0", "\"light\":1.5"), "look"),
            (&GOOD.replace(",\"desk\"", ""), "seen"),
            (&GOOD.replace("A door.", "  "), "scene"),
            (&GOOD.replace("minor", "dorian"), "dorian"),
            (&GOOD.replace("\"mood\"", "\"moods\""), "moods"),
        ];
        for (line, reason) in cases {
            fs::write(&path, format!("{GOOD}\n\n{line}\n")).unwrap();
            let error = read_rows(dir.path()).unwrap_err();
            assert_eq!(error.code(), "bad_pairs", "{line}");
            let text = error.to_string();
            assert!(text.contains("line 3") && text.contains(reason), "{text}");
        }
    }

    #[test]
    fn a_folder_without_rows_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read_rows(dir.path()).unwrap_err().code(), "no_pairs");
        let missing = dir.path().join("none");
        assert_eq!(read_rows(&missing).unwrap_err().code(), "not_found");
    }
}
