//! Which tracks may be offered.

use needledrop_ranking::{Key, Mode};
use rusqlite::types::Value;

use crate::sql::placeholders;
use crate::track::key_number;

/// Conditions that a track must meet, all of them. A track of which a condition's signal is unknown does not meet it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Tempo from … to, beats per minute, both included.
    pub bpm: Option<(f32, f32)>,
    /// Key within some steps of the Camelot wheel.
    pub key: Option<KeyFilter>,
    /// Mode of the key.
    pub mode: Option<Mode>,
    /// Tags, each with the score it needs at least.
    pub tags: Vec<TagFilter>,
    /// Length from … to in seconds, both included.
    pub duration_s: Option<(f64, f64)>,
    /// Share of voices from … to, 0 to 1, both included.
    pub vocal: Option<(f32, f32)>,
    /// Licences, one of which it must have, whatever the case of the letters. One without a version stands for each
    /// version: `CC-BY` lets `CC-BY-4.0` through, not `CC-BY-SA-4.0`.
    pub licences: Vec<String>,
    /// Ids that are left out.
    pub exclude: Vec<String>,
    /// Lets through tracks whose files were gone when the indexer last looked.
    pub include_missing: bool,
    /// Lets through every track of a recording that is there in several encodings, not only the best.
    pub include_duplicates: bool,
}

/// A key and how far from it is still fitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyFilter {
    /// The key.
    pub key: Key,
    /// Greatest distance on the Camelot wheel ([`needledrop_ranking::Camelot::distance`]), 0 for the key alone.
    pub max_distance: u8,
}

/// A tag and the score it needs.
#[derive(Clone, Debug, PartialEq)]
pub struct TagFilter {
    /// The tag, whatever the case of the letters.
    pub tag: String,
    /// Lowest score that counts, 0 to 1.
    pub min_score: f32,
}

impl Filter {
    /// No condition but perhaps that a file is there, and that there is no better one of the same recording.
    pub fn is_open(&self) -> bool {
        *self
            == Self {
                include_missing: self.include_missing,
                include_duplicates: self.include_duplicates,
                ..Self::default()
            }
    }

    /// The same in SQL over `tracks t`, with its values in order; whether files are missing is left to the caller.
    pub(crate) fn condition(&self) -> (String, Vec<Value>) {
        let mut terms = vec![String::from("1")];
        let mut values = Vec::new();
        if let Some((from, to)) = self.bpm {
            terms.push("t.bpm BETWEEN ? AND ?".into());
            values.extend([Value::Real(from.into()), Value::Real(to.into())]);
        }
        if self.key.is_some() || self.mode.is_some() {
            let fitting = self.fitting_keys();
            terms.push(format!("t.key IN ({})", placeholders(fitting.len())));
            values.extend(
                fitting
                    .into_iter()
                    .map(|number| Value::Integer(number.into())),
            );
        }
        for TagFilter { tag, min_score } in &self.tags {
            terms.push(
                "t.row IN (SELECT x.track FROM tags x JOIN tag_names n ON n.number = x.tag
                 WHERE n.name = ? AND x.score >= ?)"
                    .into(),
            );
            values.extend([Value::Text(tag.clone()), Value::Real((*min_score).into())]);
        }
        if let Some((from, to)) = self.duration_s {
            terms.push("t.duration_s BETWEEN ? AND ?".into());
            values.extend([Value::Real(from), Value::Real(to)]);
        }
        if let Some((from, to)) = self.vocal {
            terms.push("t.vocal BETWEEN ? AND ?".into());
            values.extend([Value::Real(from.into()), Value::Real(to.into())]);
        }
        if !self.licences.is_empty() {
            let each = "lower(t.licence) = lower(?) OR lower(t.licence) GLOB lower(?)";
            terms.push(format!(
                "({})",
                vec![each; self.licences.len()].join(" OR ")
            ));
            for licence in &self.licences {
                values.extend([
                    Value::Text(licence.clone()),
                    Value::Text(format!("{}-[0-9]*", escape_glob(licence))),
                ]);
            }
        }
        for part in self.exclude.chunks(1_000) {
            terms.push(format!("t.id NOT IN ({})", placeholders(part.len())));
            values.extend(part.iter().cloned().map(Value::Text));
        }
        (terms.join(" AND "), values)
    }

    fn fitting_keys(&self) -> Vec<u8> {
        (0..12)
            .flat_map(|tonic| [Key::new(tonic, Mode::Major), Key::new(tonic, Mode::Minor)])
            .filter(|key| self.mode.is_none_or(|mode| key.mode() == mode))
            .filter(|key| {
                self.key.is_none_or(|near| {
                    key.camelot().distance(near.key.camelot()) <= near.max_distance
                })
            })
            .map(key_number)
            .collect()
    }
}

/// `[`, `*` and `?` mean something to GLOB; in brackets they stand for themselves.
fn escape_glob(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '[' | '*' | '?') {
            escaped.extend(['[', letter, ']']);
        } else {
            escaped.push(letter);
        }
    }
    escaped
}
