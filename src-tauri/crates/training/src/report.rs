//! Scores of a projector on written pairs that its training did not use.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use crate::TrainingError;
use crate::batches::frames_from;
use crate::network::{Network, unit_rows};
use crate::ranks::{Scores, mean, median, own_ranks};
use crate::rows::{BridgeRow, Part, RowMode, part};
use crate::spaces::Encoded;
use crate::weights::write_whole;

/// Smallest number of test rows for a report.
const LEAST_HELD_OUT: usize = 5;

/// Scores of one kind of query on one kind of target.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BridgeScores {
    /// `"scene in words"` or `"class names and look"`.
    pub query: String,
    /// `"music in words"` or `"music as tags"`.
    pub target: String,
    /// Scores with the projector.
    pub projected: Scores,
    /// Scores of the sentence vectors themselves; only in packs whose scenes and music share a sentence space.
    pub untrained: Option<Scores>,
}

/// Ranks of one theme's held-out rows among all held-out rows.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ThemeScores {
    /// Name of the rows' file without its extension.
    pub theme: String,
    /// Number of test rows of the theme.
    pub rows: usize,
    /// Share of queries with their own music in the first ten, over both kinds of query.
    pub recall_10: f64,
    /// Median rank, over both kinds of query.
    pub median_rank: f64,
}

/// Scores of a projector on the test rows of the written pairs.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct BridgeReport {
    /// Name of the model pack.
    pub pack: String,
    /// Number of rows in the three parts together.
    pub rows: usize,
    /// Number of rows that the network is trained on.
    pub train_rows: usize,
    /// Number of rows that decide when training stops.
    pub validation_rows: usize,
    /// Number of rows that this report is about; training does not use them.
    pub test_rows: usize,
    /// Seed of the training; absent in a report of `eval`, as the next three fields.
    pub seed: Option<u64>,
    /// Number of epochs until the stop.
    pub epochs: Option<usize>,
    /// The epoch of the network, from 1; 0 for the start.
    pub best_epoch: Option<usize>,
    /// Wall time of the training in seconds, without the embedding of the texts.
    pub train_s: Option<f64>,
    /// Expected scores of a random order.
    pub chance: Scores,
    /// One entry per kind of query and kind of target.
    pub scores: Vec<BridgeScores>,
    /// One entry per theme, for music in words.
    pub themes: Vec<ThemeScores>,
}

/// Scores `network` on the test rows.
///
/// # Errors
/// `Shape` where the network has other input or output lengths, `TooFew` for fewer than 5 test rows.
pub fn evaluate(
    pack: &str,
    network: &Network,
    rows: &[BridgeRow],
    encoded: &Encoded,
) -> Result<BridgeReport, TrainingError> {
    let sizes = [
        ("rows", rows.len(), encoded.len()),
        (
            "inputs of the projector",
            encoded.inputs(),
            network.inputs(),
        ),
        (
            "outputs of the projector",
            encoded.outputs(),
            network.outputs(),
        ),
    ];
    for (what, expected, actual) in sizes {
        if expected != actual {
            return Err(TrainingError::Shape {
                what: what.to_owned(),
                expected,
                actual,
            });
        }
    }
    let of = |wanted| {
        (0..rows.len())
            .filter(|&i| part(&rows[i]) == wanted)
            .collect::<Vec<_>>()
    };
    let test = of(Part::Test);
    if test.len() < LEAST_HELD_OUT {
        let what = "held-out rows";
        return Err(TrainingError::TooFew {
            what,
            least: LEAST_HELD_OUT,
            got: test.len(),
        });
    }
    let held: Vec<&BridgeRow> = test.iter().map(|&i| &rows[i]).collect();
    let gains = gains(&held);
    let targets = [
        ("music in words", encoded.music.select(Axis(0), &test)),
        ("music as tags", encoded.tagged.select(Axis(0), &test)),
    ];
    let mut queries = vec![("scene in words", frames_from(encoded, &test, false))];
    if encoded.classes.nrows() > 0 {
        queries.push(("class names and look", frames_from(encoded, &test, true)));
    }
    let mut scores = Vec::new();
    let mut ranks: Vec<Vec<f64>> = vec![Vec::new(); test.len()];
    for (query, x) in &queries {
        let y = network.project(x.view());
        for (place, rank) in own_ranks(y.view(), targets[0].1.view())
            .into_iter()
            .enumerate()
        {
            ranks[place].push(rank);
        }
        for (target, t) in &targets {
            let untrained = encoded.shared.then(|| {
                let mut plain = x.slice(ndarray::s![.., ..encoded.outputs()]).to_owned();
                unit_rows(&mut plain);
                Scores::of(plain.view(), t.view(), &gains)
            });
            let (query, target) = ((*query).to_owned(), (*target).to_owned());
            let projected = Scores::of(y.view(), t.view(), &gains);
            scores.push(BridgeScores {
                query,
                target,
                projected,
                untrained,
            });
            if !encoded.shared {
                break;
            }
        }
    }
    Ok(BridgeReport {
        pack: pack.to_owned(),
        rows: rows.len(),
        train_rows: of(Part::Train).len(),
        validation_rows: of(Part::Validation).len(),
        test_rows: test.len(),
        seed: None,
        epochs: None,
        best_epoch: None,
        train_s: None,
        chance: Scores::chance(&gains),
        scores,
        themes: themes(&held, &ranks),
    })
}

/// Gain of music j for scene i: 3 for its own music; for other music 1 for the same mood, ½ for tempo ranges that
/// overlap by at least half of the narrower one, and ½ for modes that agree.
fn gains(rows: &[&BridgeRow]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), rows.len()), |(i, j)| {
        if i == j {
            return 3.0;
        }
        let (a, b) = (rows[i], rows[j]);
        let overlap = f64::from(a.bpm[1].min(b.bpm[1])) - f64::from(a.bpm[0].max(b.bpm[0]));
        let width = f64::from((a.bpm[1] - a.bpm[0]).min(b.bpm[1] - b.bpm[0]));
        let modes = a.mode == b.mode || a.mode == RowMode::Either || b.mode == RowMode::Either;
        let yes = |is: bool, gain: f64| if is { gain } else { 0.0 };
        yes(a.mood == b.mood, 1.0) + yes(overlap >= 0.5 * width, 0.5) + yes(modes, 0.5)
    })
}

fn themes(rows: &[&BridgeRow], ranks: &[Vec<f64>]) -> Vec<ThemeScores> {
    let mut by_theme: BTreeMap<&str, Vec<&Vec<f64>>> = BTreeMap::new();
    for (row, ranks) in rows.iter().zip(ranks) {
        by_theme.entry(&row.theme).or_default().push(ranks);
    }
    by_theme
        .into_iter()
        .map(|(theme, lists)| {
            let all: Vec<f64> = lists.iter().flat_map(|r| r.iter().copied()).collect();
            ThemeScores {
                theme: theme.to_owned(),
                rows: lists.len(),
                recall_10: mean(all.iter().map(|r| f64::from(u8::from(*r <= 10.0)))),
                median_rank: median(&all),
            }
        })
        .collect()
}

impl BridgeReport {
    /// Writes `bridge-report.json` and `bridge-report.md` beside the projector `out`.
    ///
    /// # Errors
    /// `Io` where a file cannot be written.
    pub fn save(&self, out: &Path) -> Result<(), TrainingError> {
        let path = out.with_file_name("bridge-report.json");
        let mut json = serde_json::to_string_pretty(self)
            .map_err(|e| TrainingError::io("write the report", &path, e.into()))?;
        json.push('\n');
        write_whole(&path, json.as_bytes())?;
        write_whole(
            &out.with_file_name("bridge-report.md"),
            self.to_markdown().as_bytes(),
        )
    }

    /// The report as Markdown tables.
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        self.write_markdown(&mut text)
            .expect("writing to a String cannot fail");
        text
    }

    fn write_markdown(&self, f: &mut String) -> std::fmt::Result {
        let (rows, train, validation) = (self.rows, self.train_rows, self.validation_rows);
        let test = self.test_rows;
        writeln!(f, "# Bridge report: pack `{}`\n", self.pack)?;
        writeln!(
            f,
            "{rows} written scene → music pairs: {train} train, {validation} say when to stop, \
             {test} are held out for this report. Each held-out scene ranks the music of all {test}."
        )?;
        if let (Some(seed), Some(epochs), Some(best), Some(seconds)) =
            (self.seed, self.epochs, self.best_epoch, self.train_s)
        {
            writeln!(
                f,
                "Seed {seed}, {epochs} epochs, the one kept is {best}, {seconds:.0} s of training."
            )?;
        }
        writeln!(
            f,
            "Made by `needledrop train bridge`, remade by `needledrop eval bridge`.\n"
        )?;
        writeln!(
            f,
            "| query | target | | R@1 | R@5 | R@10 | median rank | percentile | nDCG@10 |\n\
             |---|---|---|---|---|---|---|---|---|"
        )?;
        let mut row = |query: &str, target: &str, how: &str, s: &Scores| {
            writeln!(
                f,
                "| {query} | {target} | {how} | {:.3} | {:.3} | {:.3} | {:.1} | {:.3} | {:.3} |",
                s.recall_1, s.recall_5, s.recall_10, s.median_rank, s.percentile, s.ndcg_10
            )
        };
        row("any", "any", "chance", &self.chance)?;
        for scores in &self.scores {
            if let Some(untrained) = &scores.untrained {
                row(&scores.query, &scores.target, "untrained", untrained)?;
            }
            row(
                &scores.query,
                &scores.target,
                "**projector**",
                &scores.projected,
            )?;
        }
        writeln!(
            f,
            "\nPercentile: 0 is best, 0.5 chance. nDCG counts other music too: 1 for the same mood, \
             ½ for a common tempo range, ½ for modes that agree, 3 for the own. *Untrained* compares \
             the sentence vectors as they are.\n"
        )?;
        writeln!(
            f,
            "| theme | held out | R@10 | median rank |\n|---|---|---|---|"
        )?;
        for theme in &self.themes {
            let (name, rows) = (&theme.theme, theme.rows);
            writeln!(
                f,
                "| {name} | {rows} | {:.2} | {:.1} |",
                theme.recall_10, theme.median_rank
            )?;
        }
        writeln!(f, "\nThemes: music in words, both kinds of query together.")
    }
}
