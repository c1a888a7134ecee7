//! Ranks of the chosen tracks, step by step; each game is tested with a projector that was fitted to the other games.

use std::fmt::Write;

use ndarray::{Array2, Axis, s};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::error::TrainingError;
use crate::network::{Network, unit_rows};
use crate::pairs::{PairSet, Ridge};
use crate::progress::Progress;
use crate::ranks::{Interval, bootstrap};

/// Options of an evaluation on pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct PairOptions {
    /// Ridges of the fits that are averaged.
    pub ridges: Vec<Ridge>,
    /// Number of resamples of the bootstrap.
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
    /// Name of the game; see `PairRow::game`.
    pub game: String,
    /// Number of the game's pairs.
    pub pairs: usize,
    /// Mean percentile, with its interval over pairs.
    pub percentile: Interval,
}

/// The percentiles of one projection from pictures to music.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PairStep {
    /// Name in the report, such as `bridge + look`.
    pub name: String,
    /// Mean percentile over all pairs, with its interval over pairs.
    pub percentile: Interval,
    /// The same mean with its interval over games, which is wider because pairs of a game are similar.
    pub percentile_by_game: Interval,
    /// One entry per game, by name.
    pub games: Vec<GameScore>,
}

/// Percentiles of the chosen tracks: 0 is best, 0.5 is chance.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct PairsReport {
    /// Name of the model pack.
    pub pack: String,
    /// Number of pairs, over all games.
    pub pairs: usize,
    /// Number of tracks that each picture ranks.
    pub tracks: usize,
    /// The steps of [`eval_pairs`], the simplest first.
    pub steps: Vec<PairStep>,
}

/// Evaluates `bridge`, a projector that was not trained on pairs, and the same with its skip fitted to the pairs of the
/// other games. `Ok(None)` when cancelled.
///
/// Steps: class names alone (if the inputs start with a sentence vector of the outputs' length), the bridge on class names,
/// the bridge on class names and look, the bridge fitted to the other games.
///
/// # Errors
/// `Shape` for pairs and projector of different packs, `TooFew` for fewer than 3 games, `Singular`.
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
    bridge.check_sizes(set)?;
    let inputs = set.pictures.ncols();
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

/// Fits the skip of `bridge` to all pairs; this is the projector to publish.
///
/// # Errors
/// Those of [`Network::tuned_on_average`].
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
    /// The report as Markdown tables.
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
