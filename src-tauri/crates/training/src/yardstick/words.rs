//! Rows of the yardstick of words: tracks with what is known of them without the tagger, and briefs with what they ask
//! for.

use serde::Deserialize;

use super::rows::{Row, fault_of_label, fault_of_path, fault_of_text};

/// A tempo below this is slow, BPM.
const SLOW_BPM: f64 = 85.0;
/// A tempo above this is fast, BPM.
const FAST_BPM: f64 = 118.0;
/// Plausible tempi, BPM.
const TEMPI: std::ops::RangeInclusive<f64> = 10.0..=500.0;
/// Most names in a list of a row.
const MOST_NAMES: usize = 200;

/// A track with its facts. A fact that nobody knows is absent.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
pub struct TrackRow {
    /// Name of the package that it comes from.
    pub source: String,
    /// Name of the track within the source.
    pub item: String,
    /// Path of the file, relative to the file of rows.
    pub file: String,
    /// Tempo in beats per minute.
    #[serde(default)]
    pub bpm: Option<f64>,
    /// Mode of the key.
    #[serde(default)]
    pub mode: Option<TrackMode>,
    /// Measured energy; only its order among the tracks counts.
    #[serde(default)]
    pub energy: Option<f64>,
    /// Instruments that surely play; absent where none is known.
    #[serde(default)]
    pub instruments: Option<Vec<String>>,
    /// Every instrument that may play, so that any other is silent; absent where that is not known.
    #[serde(default)]
    pub all_instruments: Option<Vec<String>>,
    /// Whether somebody sings or speaks.
    #[serde(default)]
    pub voices: Option<bool>,
    /// Unpleasant (−1) to pleasant (1), by its title and description.
    #[serde(default)]
    pub valence: Option<f64>,
    /// Calm (−1) to excited (1), by its title and description.
    #[serde(default)]
    pub arousal: Option<f64>,
}

/// Mode of a track.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the modes are their own names")]
pub enum TrackMode {
    Major,
    Minor,
}

impl Row for TrackRow {
    fn source(&self) -> &str {
        &self.source
    }

    fn fault(&self) -> Option<String> {
        let bpm = self.bpm.filter(|bpm| !TEMPI.contains(bpm));
        let lists = self.instruments.iter().chain(&self.all_instruments);
        let names = lists.map(Vec::len).max().unwrap_or(0);
        fault_of_path(&self.file)
            .or_else(|| fault_of_text("item", &self.item))
            .or_else(|| fault_of_label("valence", self.valence))
            .or_else(|| fault_of_label("arousal", self.arousal))
            .or_else(|| bpm.map(|bpm| format!("expected bpm from 10 to 500, got {bpm}")))
            .or_else(|| fault_of_count("instruments", names))
    }
}

/// A brief with what it asks for.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct BriefRow {
    /// The words.
    pub brief: String,
    /// Source that decides the part, such as that of the picture that the brief was written for.
    pub source: String,
    /// What the words ask for.
    #[serde(default)]
    pub asks: Asks,
}

/// What a brief asks for, each with a counterpart in the facts of a track.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default)]
pub struct Asks {
    /// Tempo.
    pub tempo: Option<TempoAsked>,
    /// Energy.
    pub energy: Option<EnergyAsked>,
    /// Mode.
    pub mode: Option<TrackMode>,
    /// Instruments that play, or `voices`.
    pub has: Vec<String>,
    /// Instruments that do not play, or `voices`.
    pub lacks: Vec<String>,
}

/// An asked tempo.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum TempoAsked {
    /// In a word.
    Word(TempoWord),
    /// Lowest and highest tempo, BPM.
    Range([f64; 2]),
}

/// A tempo in a word.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words are their own names")]
pub enum TempoWord {
    Slow,
    Medium,
    Fast,
}

/// An asked energy: the lower or the upper 40 % of the tracks.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words are their own names")]
pub enum EnergyAsked {
    Low,
    High,
}

impl TempoAsked {
    /// Whether a tempo is as asked.
    pub fn is_met(self, bpm: f64) -> bool {
        match self {
            TempoAsked::Word(TempoWord::Slow) => bpm < SLOW_BPM,
            TempoAsked::Word(TempoWord::Medium) => (SLOW_BPM..=FAST_BPM).contains(&bpm),
            TempoAsked::Word(TempoWord::Fast) => bpm > FAST_BPM,
            TempoAsked::Range([low, high]) => (low..=high).contains(&bpm),
        }
    }
}

impl Row for BriefRow {
    fn source(&self) -> &str {
        &self.source
    }

    fn fault(&self) -> Option<String> {
        let tempo = self.asks.tempo.and_then(|tempo| match tempo {
            TempoAsked::Range([low, high]) if !(TEMPI.contains(&low) && low < high) => Some(
                format!("expected a rising range of tempi, got {low} to {high}"),
            ),
            _ => None,
        });
        fault_of_text("brief", &self.brief)
            .or(tempo)
            .or_else(|| fault_of_count("has", self.asks.has.len()))
            .or_else(|| fault_of_count("lacks", self.asks.lacks.len()))
    }
}

fn fault_of_count(name: &str, count: usize) -> Option<String> {
    (count > MOST_NAMES).then(|| format!("expected at most {MOST_NAMES} {name}, got {count}"))
}

impl TrackRow {
    /// Whether an instrument or `voices` is heard in the track; `None` where that is not known.
    pub fn has(&self, name: &str) -> Option<bool> {
        let wanted = plain(name);
        if ["voice", "vocal", "singing"].contains(&wanted.as_str()) {
            return self.voices;
        }
        let is_named = |instrument: &String| {
            let instrument = plain(instrument);
            instrument == wanted || instrument.split(' ').any(|word| word == wanted)
        };
        if self.instruments.iter().flatten().any(is_named) {
            return Some(true);
        }
        let every = self.all_instruments.as_ref()?;
        (!every.iter().any(is_named)).then_some(false)
    }
}

/// A name in lower case and singular.
fn plain(name: &str) -> String {
    let words = name.split_whitespace().map(|word| {
        let word = word.to_lowercase();
        match word.strip_suffix('s') {
            Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.to_owned(),
            _ => word,
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tempi_are_asked_in_words_and_in_ranges() {
        let asked = |json: &str| serde_json::from_str::<TempoAsked>(json).unwrap();
        for (json, slow, middle, fast) in [
            ("\"slow\"", true, false, false),
            ("\"medium\"", false, true, false),
            ("\"fast\"", false, false, true),
            ("[80, 100.5]", false, true, false),
        ] {
            let met = [70.0, 100.0, 140.0].map(|bpm| asked(json).is_met(bpm));
            assert_eq!(met, [slow, middle, fast], "{json}");
        }
        assert!(serde_json::from_str::<TempoAsked>("\"allegro\"").is_err());
    }

    #[test]
    fn what_is_not_known_is_neither_there_nor_absent() {
        let known = TrackRow {
            instruments: Some(vec!["Strings".into(), "acoustic guitar".into()]),
            all_instruments: Some(vec![
                "strings".into(),
                "acoustic guitar".into(),
                "bell".into(),
            ]),
            voices: Some(false),
            ..TrackRow::default()
        };
        assert_eq!(known.has("string"), Some(true));
        assert_eq!(known.has("guitars"), Some(true));
        assert_eq!(known.has("piano"), Some(false));
        assert_eq!(known.has("bells"), None, "they may play a little");
        let in_part = TrackRow {
            all_instruments: None,
            ..known.clone()
        };
        assert_eq!(
            in_part.has("piano"),
            None,
            "only some instruments are known"
        );
        assert_eq!(known.has("vocals"), Some(false));
        assert_eq!(TrackRow::default().has("piano"), None);
        assert_eq!(TrackRow::default().has("voices"), None);
    }

    #[test]
    fn bad_rows_are_refused() {
        let row = |json: &str| serde_json::from_str::<BriefRow>(json).unwrap();
        let good =
            row(r#"{"brief":"slow piano","source":"a","asks":{"tempo":"slow","has":["piano"]}}"#);
        assert_eq!(good.fault(), None);
        let bad = row(r#"{"brief":"slow piano","source":"a","asks":{"tempo":[100,80]}}"#);
        assert!(bad.fault().is_some());
        let track = TrackRow {
            item: "1".into(),
            file: "a.ogg".into(),
            ..TrackRow::default()
        };
        assert_eq!(track.fault(), None);
        let silly = TrackRow {
            bpm: Some(f64::NAN),
            ..track
        };
        assert!(silly.fault().is_some());
    }
}
