//! Where the chosen track lands, step by step, with the tested game always left out of training.

use std::fmt::Write;

use ndarray::{Array2, Axis, s};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::error::TrainingError;
use crate::network::{Network, unit_rows};
use crate::pairs::{PairSet, Ridge};
use crate::progress::Progress;
use crate::ranks::{Interval, bootstrap};

/// How to evaluate on pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct PairOptions {
    /// Ridges whose fits are averaged.
    pub ridges: Vec<Ridge>,
    /// Resamples of the bootstrap.
    pub draws: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
}

impl Default for PairOptions {
    fn default() -> Self {
        let mut ridges = Vec::new();
        for reach in [1.25, 2.5, 5.0] {
            for words in [0.03, 0.1, 0.3] {
                ridges.extend([0.03, 0.1, 0.3].map(|look| Ridge { words, look, reach }));
            }
        }
        PairOptions {
            ridges,
            draws: 10_000,
            seed: 1,
        }
    }
}

/// Percentiles of one game.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct GameScore {
    /// The game.
    pub game: String,
    /// Its pairs.
    pub pairs: usize,
    /// Mean percentile, its interval over pairs.
    pub percentile: Interval,
}

/// One way from pictures to music.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PairStep {
    /// What it is.
    pub name: String,
    /// Mean percentile over all pairs, its interval over pairs.
    pub percentile: Interval,
    /// The same mean with an interval over games: wider, as pairs of a game are alike.
    pub percentile_by_game: Interval,
    /// Game by game.
    pub games: Vec<GameScore>,
}

/// Where the chosen tracks land: 0 is best, 0.5 chance.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PairsReport {
    /// Name of the pack.
    pub pack: String,
    /// Pairs.
    pub pairs: usize,
    /// Tracks that each picture ranks.
    pub tracks: usize,
    /// Steps, the simplest first.
    pub steps: Vec<PairStep>,
}

/// Evaluates `bridge`, a projector that has seen no pairs, and what fitting its skip to the other
/// games' pairs adds. `Ok(None)` when cancelled.
///
/// Steps: class names alone (where inputs start with a sentence vector of the outputs' length),
/// the bridge on class names, the bridge with the look, the bridge fitted to the other games.
///
/// # Errors
/// `Shape` where pairs and projector are of different packs, `TooFew` games, `Singular`.
pub fn eval_pairs(
    pack: &str,
    set: &PairSet,
    bridge: &Network,
    options: &PairOptions,
    progress: &mut dyn FnMut(Progress),
    cancel: &CancellationToken,
) -> Result<Option<PairsReport>, TrainingError> {
    if set.games.len() < 3 {
        let (what, got) = ("games", set.games.len());
        return Err(TrainingError::TooFew {
            what,
            least: 3,
            got,
        });
    }
    let inputs = set.pictures.ncols();
    if inputs != bridge.inputs() || set.tracks.ncols() != bridge.outputs() {
        let what = "inputs of the projector".to_owned();
        return Err(TrainingError::Shape {
            what,
            expected: bridge.inputs(),
            actual: inputs,
        });
    }
    let words = bridge.outputs();
    let mut steps = Vec::new();
    if inputs > words {
        let mut plain = set.pictures.slice(s![.., ..words]).to_owned();
        unit_rows(&mut plain);
        steps.push(step(set, "class names alone", &plain, options));
        let mut bare = set.pictures.clone();
        bare.slice_mut(s![.., words..]).fill(0.0);
        unit_rows(&mut bare);
        steps.push(step(set, "bridge", &bridge.project(bare.view()), options));
        let full = bridge.project(set.pictures.view());
        steps.push(step(set, "bridge + look", &full, options));
    } else {
        let full = bridge.project(set.pictures.view());
        steps.push(step(set, "bridge", &full, options));
    }
    let mut tuned = Array2::zeros((set.len(), words));
    for game in 0..set.games.len() {
        if cancel.is_cancelled() {
            return Ok(None);
        }
        let others = set.of_games(|g| g != game);
        let network = bridge.tuned_on_average(set, &others, &options.ridges)?;
        for row in set.of_games(|g| g == game) {
            let x = set.pictures.select(Axis(0), &[row]);
            tuned.row_mut(row).assign(&network.project(x.view()).row(0));
        }
        let (done, total) = (game as u64 + 1, set.games.len() as u64);
        progress(Progress {
            phase: "leaving games out",
            done,
            total,
            score: None,
        });
    }
    steps.push(step(set, "fitted, tested game left out", &tuned, options));
    Ok(Some(PairsReport {
        pack: pack.to_owned(),
        pairs: set.len(),
        tracks: set.tracks.nrows(),
        steps,
    }))
}

/// Fits the skip of `bridge` to all pairs: the projector to ship.
///
/// # Errors
/// `Shape`, `TooFew`, `Singular`.
pub fn train_pairs(
    set: &PairSet,
    bridge: &Network,
    options: &PairOptions,
) -> Result<Network, TrainingError> {
    bridge.tuned_on_average(set, &set.of_games(|_| true), &options.ridges)
}

fn step(set: &PairSet, name: &str, queries: &Array2<f32>, options: &PairOptions) -> PairStep {
    let percentiles = set.percentiles(queries.view());
    let value = |row: usize| (percentiles[row], set.weight[row]);
    let alone = |rows: Vec<usize>| rows.into_iter().map(|r| vec![value(r)]).collect::<Vec<_>>();
    let interval = |groups: &[Vec<(f64, f64)>]| bootstrap(groups, options.draws, options.seed);
    let by_game: Vec<Vec<(f64, f64)>> = (0..set.games.len())
        .map(|game| set.of_games(|g| g == game).into_iter().map(value).collect())
        .collect();
    let games = set.games.iter().enumerate().map(|(game, name)| {
        let rows = set.of_games(|g| g == game);
        GameScore {
            game: name.clone(),
            pairs: rows.len(),
            percentile: interval(&alone(rows)),
        }
    });
    PairStep {
        name: name.to_owned(),
        percentile: interval(&alone(set.of_games(|_| true))),
        percentile_by_game: interval(&by_game),
        games: games.collect(),
    }
}

impl PairsReport {
    /// The report for people.
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        self.write_markdown(&mut text)
            .expect("writing to a String cannot fail");
        text
    }

    fn write_markdown(&self, f: &mut String) -> std::fmt::Result {
        let (pairs, tracks) = (self.pairs, self.tracks);
        writeln!(f, "# Pairs report: pack `{}`\n", self.pack)?;
        writeln!(
            f,
            "{pairs} pairs; each picture ranks all {tracks} tracks. Mean percentile of the chosen \
             track: 0 is best, 0.5 chance. Intervals hold 95 of 100 resamples.\n"
        )?;
        writeln!(
            f,
            "| step | percentile | over pairs | over games |\n|---|---|---|---|"
        )?;
        for step in &self.steps {
            let (p, g) = (step.percentile, step.percentile_by_game);
            let name = &step.name;
            writeln!(
                f,
                "| {name} | {:.3} | {:.3}–{:.3} | {:.3}–{:.3} |",
                p.mean, p.low, p.high, g.low, g.high
            )?;
        }
        let Some(first) = self.steps.first() else {
            return Ok(());
        };
        let names: Vec<&str> = self.steps.iter().map(|s| s.name.as_str()).collect();
        writeln!(f, "\n| game | pairs | {} |", names.join(" | "))?;
        writeln!(f, "|---|---|{}", "---|".repeat(names.len()))?;
        for (i, game) in first.games.iter().enumerate() {
            write!(f, "| {} | {} |", game.game, game.pairs)?;
            for step in &self.steps {
                let p = step.games[i].percentile;
                write!(f, " {:.3} ({:.3}–{:.3}) |", p.mean, p.low, p.high)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
