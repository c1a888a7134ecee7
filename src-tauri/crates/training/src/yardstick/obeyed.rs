//! Yardstick of words: how much of what a brief asks for the ten best tracks meet.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::facts::{Facts, HeardTrack, Judge};
use super::figures::{Figure, Sample, text};
use super::hubs::Hubs;
use super::words::{BriefRow, TrackMode};

/// A brief with the tracks that the product found for it.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// The brief.
    pub brief: &'a BriefRow,
    /// The best tracks, best first, as indices of the part's tracks.
    pub best: Vec<usize>,
}

/// How one kind of ask is met.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct AskScores {
    /// The kind, such as `tempo`.
    pub ask: String,
    /// Number of briefs that ask so.
    pub briefs: usize,
    /// Share of the best tracks of known facts that meet it.
    pub met: Option<Figure>,
    /// Share of all tracks of known facts that meet it: the level of chance.
    pub chance: Option<Figure>,
    /// Mean share of the best tracks whose fact is known.
    pub known: Option<f64>,
}

/// Correlation of labels with what the catalog says of tracks.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct FeelingScores {
    /// The tracks, such as `major`.
    pub tracks: String,
    /// Spearman's correlation of the labels' valence with the catalog's.
    pub valence: Option<Figure>,
    /// Spearman's correlation of the labels' arousal with the catalog's energy.
    pub arousal: Option<Figure>,
}

/// Figures of the yardstick of words.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct WordsReport {
    /// Name of the model pack.
    pub pack: String,
    /// The part that was read: `development` or `locked`.
    pub part: String,
    /// Number of briefs.
    pub briefs: usize,
    /// Number of tracks that every brief ranks.
    pub tracks: usize,
    /// Number of best tracks that are looked at.
    pub best: usize,
    /// One entry per kind of ask.
    pub asks: Vec<AskScores>,
    /// How the first places are shared among tracks.
    pub hubs: Option<Hubs>,
    /// Valence and arousal of the tracks: of all, and within each mode.
    pub feelings: Vec<FeelingScores>,
}

/// Computes the figures. `best` is the number of tracks that every answer was asked for.
pub fn report(
    pack: &str,
    part: &str,
    best: usize,
    tracks: &[HeardTrack<'_>],
    answers: &[Answer<'_>],
) -> WordsReport {
    let facts = Facts::new(tracks);
    let kinds: [(&str, Judge<'_>); 6] = [
        ("tempo", Facts::tempo),
        ("tempo, or its half or double", Facts::tempo_or_octave),
        ("energy", Facts::energy),
        ("mode", Facts::mode),
        ("has", Facts::has),
        ("lacks", Facts::lacks),
    ];
    let asks = kinds
        .into_iter()
        .filter_map(|(ask, judge)| scores(ask, judge, &facts, answers));
    let first: Vec<usize> = answers
        .iter()
        .filter_map(|a| a.best.first().copied())
        .collect();
    WordsReport {
        pack: pack.to_owned(),
        part: part.to_owned(),
        briefs: answers.len(),
        tracks: tracks.len(),
        best,
        asks: asks.collect(),
        hubs: Hubs::of(&first, tracks.len()),
        feelings: vec![
            feelings("all", tracks, |_| true),
            feelings("major", tracks, |mode| mode == Some(TrackMode::Major)),
            feelings("minor", tracks, |mode| mode == Some(TrackMode::Minor)),
        ],
    }
}

/// Share of verdicts that are yes among the known ones, and share of known ones; `None` without verdicts.
fn shares(verdicts: &[Option<bool>]) -> Option<(Option<f64>, f64)> {
    let known: Vec<bool> = verdicts.iter().copied().flatten().collect();
    let yes = known.iter().filter(|is| **is).count() as f64;
    let met = (!known.is_empty()).then(|| yes / known.len() as f64);
    (!verdicts.is_empty()).then(|| (met, known.len() as f64 / verdicts.len() as f64))
}

fn scores<'a>(
    ask: &str,
    judge: Judge<'a>,
    facts: &Facts<'a>,
    answers: &[Answer<'_>],
) -> Option<AskScores> {
    let (mut met, mut chance, mut known) = (Vec::new(), Vec::new(), Vec::new());
    for answer in answers {
        let over = |tracks: &mut dyn Iterator<Item = usize>| {
            let verdicts: Vec<Option<bool>> = tracks
                .flat_map(|track| judge(facts, answer.brief, track))
                .collect();
            shares(&verdicts)
        };
        let source = answer.brief.source.as_str();
        let best = over(&mut answer.best.iter().copied());
        let all = over(&mut (0..facts.tracks.len()));
        let (Some((best, best_known)), Some((all, _))) = (best, all) else {
            continue;
        };
        known.push(best_known);
        met.extend(best.map(|share| (source, share)));
        chance.extend(all.map(|share| (source, share)));
    }
    (!known.is_empty()).then(|| AskScores {
        ask: ask.to_owned(),
        briefs: known.len(),
        met: Sample::new(met).mean(),
        chance: Sample::new(chance).mean(),
        known: Some(known.iter().sum::<f64>() / known.len() as f64),
    })
}

/// The mode of a track is the known one, else the catalog's.
fn feelings(
    name: &str,
    tracks: &[HeardTrack<'_>],
    counts: fn(Option<TrackMode>) -> bool,
) -> FeelingScores {
    let counted = || tracks.iter().filter(|t| counts(t.row.mode.or(t.mode)));
    let valence =
        counted().filter_map(|t| Some((t.row.source.as_str(), (t.row.valence?, t.valence?))));
    let arousal =
        counted().filter_map(|t| Some((t.row.source.as_str(), (t.row.arousal?, t.energy))));
    FeelingScores {
        tracks: name.to_owned(),
        valence: Sample::new(valence).spearman(),
        arousal: Sample::new(arousal).spearman(),
    }
}

impl WordsReport {
    /// The report as Markdown tables.
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        self.write_markdown(&mut text)
            .expect("writing to a String cannot fail");
        text
    }

    fn write_markdown(&self, f: &mut String) -> std::fmt::Result {
        let (part, briefs, tracks, best) = (&self.part, self.briefs, self.tracks, self.best);
        writeln!(
            f,
            "# Briefs and the music they ask for: pack `{}`, {part} part\n",
            self.pack
        )?;
        writeln!(
            f,
            "{briefs} briefs, each a search by words over {tracks} tracks. Met: share of the {best} best that \
             meet what is asked, of those whose fact is known. Chance: the same share of all tracks. Intervals \
             hold 95 of 100 resamples of the briefs' sources.\n"
        )?;
        writeln!(
            f,
            "| ask | briefs | met | chance | known |\n|---|---|---|---|---|"
        )?;
        for ask in &self.asks {
            writeln!(
                f,
                "| {} | {} | {} | {} | {:.2} |",
                ask.ask,
                ask.briefs,
                text(ask.met.as_ref()),
                text(ask.chance.as_ref()),
                ask.known.unwrap_or(0.0)
            )?;
        }
        if let Some(hubs) = &self.hubs {
            let shares = hubs.text();
            writeln!(
                f,
                "\nHubs: share of first places of the ten most frequent tracks, of the most frequent one: {shares}."
            )?;
        }
        writeln!(
            f,
            "\nSpearman's correlation of labels with the catalog, over tracks:\n\n\
             | tracks | valence | arousal |\n|---|---|---|"
        )?;
        for feeling in &self.feelings {
            let (valence, arousal) = (
                text(feeling.valence.as_ref()),
                text(feeling.arousal.as_ref()),
            );
            writeln!(f, "| {} | {valence} | {arousal} |", feeling.tracks)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yardstick::words::{Asks, EnergyAsked, TempoAsked, TempoWord, TrackRow};

    fn track(at: usize) -> TrackRow {
        TrackRow {
            source: ["x", "y", "z"][at % 3].to_owned(),
            item: at.to_string(),
            file: format!("{at}.ogg"),
            bpm: (at != 9).then_some(50.0 + 10.0 * at as f64),
            mode: Some(if at.is_multiple_of(2) {
                TrackMode::Major
            } else {
                TrackMode::Minor
            }),
            energy: Some(at as f64),
            instruments: (at < 5).then(|| vec!["piano".to_owned()]),
            all_instruments: (at < 5).then(|| vec!["piano".to_owned()]),
            voices: None,
            valence: Some(at as f64 / 10.0),
            arousal: Some(-(at as f64) / 10.0),
        }
    }

    #[test]
    fn known_facts_count_beside_chance() {
        let rows: Vec<TrackRow> = (0..10).map(track).collect();
        let tracks: Vec<HeardTrack<'_>> = rows
            .iter()
            .map(|row| HeardTrack {
                row,
                valence: row.valence,
                energy: row.energy.unwrap(),
                mode: None,
            })
            .collect();
        let brief = BriefRow {
            brief: "slow quiet piano in major, no strings".to_owned(),
            source: "a".to_owned(),
            asks: Asks {
                tempo: Some(TempoAsked::Word(TempoWord::Slow)),
                energy: Some(EnergyAsked::Low),
                mode: Some(TrackMode::Major),
                has: vec!["piano".to_owned()],
                lacks: vec!["strings".to_owned()],
            },
        };
        let answers = [Answer {
            brief: &brief,
            best: vec![0, 1, 7, 9],
        }];
        let report = report("embedded", "development", 4, &tracks, &answers);
        let ask = |name: &str| report.asks.iter().find(|a| a.ask == name).unwrap().clone();
        let value = |figure: Option<Figure>| figure.unwrap().value;
        let tempo = ask("tempo");
        // 50 and 60 are slow, 120 is not, the last is not known; of all nine known, 50 to 80 are slow.
        assert!((value(tempo.met) - 2.0 / 3.0).abs() < 1e-12);
        assert!((value(tempo.chance) - 4.0 / 9.0).abs() < 1e-12);
        assert_eq!(tempo.known, Some(0.75));
        assert_eq!(
            value(ask("tempo, or its half or double").met),
            1.0,
            "120 is twice 60"
        );
        assert_eq!(value(ask("energy").met), 0.5);
        assert_eq!(value(ask("mode").met), 0.25);
        assert_eq!((value(ask("has").met), ask("has").known), (1.0, Some(0.5)));
        assert_eq!(value(ask("lacks").met), 1.0);
        assert_eq!(report.hubs.unwrap().largest_share, 1.0);
        let all = &report.feelings[0];
        assert!((value(all.valence) - 1.0).abs() < 1e-12);
        assert!((value(all.arousal) + 1.0).abs() < 1e-12);
        assert_eq!(report.feelings[1].valence.unwrap().items, 5, "within major");
        assert!(
            report
                .to_markdown()
                .contains("| mode | 1 | 0.250 | 0.500 | 1.00 |")
        );
    }
}
