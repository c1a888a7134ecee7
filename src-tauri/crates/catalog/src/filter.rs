//! Conditions that tracks must meet, and their translation to SQL.

use needledrop_ranking::{Key, Mode};
use rusqlite::types::Value;

use crate::sql::placeholders;
use crate::track::key_number;

/// Conditions that a track must meet, all of them. A track whose value is unknown does not meet the condition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Range of the tempo, beats per minute, both ends included.
    pub bpm: Option<(f32, f32)>,
    /// A key, and how far from it on the Camelot wheel.
    pub key: Option<KeyFilter>,
    /// Mode of the key: major or minor.
    pub mode: Option<Mode>,
    /// Tags, each with a lowest score.
    pub tags: Vec<TagFilter>,
    /// Range of the duration in seconds, both ends included.
    pub duration_s: Option<(f64, f64)>,
    /// Range of the share of voices, 0 to 1, both ends included.
    pub vocal: Option<(f32, f32)>,
    /// Licences, one of which the track must have; case is ignored. One without a version stands for each version: `CC-BY`
    /// includes `CC-BY-4.0`, not `CC-BY-SA-4.0`.
    pub licences: Vec<String>,
    /// Ids of tracks that are left out.
    pub exclude: Vec<String>,
    /// Includes tracks whose files did not exist when the indexer last looked.
    pub include_missing: bool,
    /// Includes every track of a recording in several encodings, not only the best.
    pub include_duplicates: bool,
}

/// A key, and the greatest distance from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyFilter {
    /// The key from which the distance is counted.
    pub key: Key,
    /// Greatest distance on the Camelot wheel ([`needledrop_ranking::Camelot::distance`]), 0 for the key alone.
    pub max_distance: u8,
}

/// A tag with its lowest score.
#[derive(Clone, Debug, PartialEq)]
pub struct TagFilter {
    /// Name of the tag; case is ignored.
    pub tag: String,
    /// Lowest score that meets the condition, 0 to 1.
    pub min_score: f32,
}

impl Filter {
    /// Whether there is no condition beside those of missing files and duplicates.
    pub fn is_open(&self) -> bool {
        *self
            == Self {
                include_missing: self.include_missing,
                include_duplicates: self.include_duplicates,
                ..Self::default()
            }
    }

    /// The conditions as SQL over `tracks t`, and the values of its placeholders. Missing files and duplicates are left to
    /// the caller.
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

/// Puts `[`, `*` and `?`, which have a meaning in GLOB, in brackets.
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
