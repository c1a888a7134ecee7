//! Ranks of the chosen tracks, step by step; each game is tested with a projector that was fitted to the other games.

use std::fmt::Write;

use ndarray::{Array2, Axis, s};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::error::TrainingError;
use crate::network::{Network, unit_rows};
use crate::pairs::{PairSet, Ridge};
use crate::preferences::preferences;
use crate::progress::Progress;
use crate::ranks::{Interval, bootstrap};
use crate::yardstick::calibration::{CalibrationTable, calibration};
use crate::yardstick::figures::{Figure, Sample, text};
use crate::yardstick::hubs::Hubs;
use crate::yardstick::places::Place;

/// Options of an evaluation on pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct PairOptions {
    /// Ridges of the fits that are averaged.
    pub ridges: Vec<Ridge>,
    /// Number of resamples of the bootstrap.
    pub draws: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Whether to fit to the other games, too; not on locked pairs, which nothing is fitted to.
    pub fit: bool,
    /// Whether the inputs are class names, as a sentence vector of the outputs' length, and then the look.
    pub named: bool,
    /// Log odds of a preference per spread of cosine that the product claims; 1 for a pack without calibration.
    pub slope: f64,
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
            fit: true,
            named: true,
            slope: 1.0,
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
    /// Mean of the games' means, every game counting once, with its interval over games.
    pub mean_of_games: Option<Figure>,
    /// Share of pictures whose chosen track is in the top tenth, with its interval over games; chance is 0.1.
    pub top_tenth: Option<Figure>,
    /// Mean percentile among the tracks of the same game, with its interval over games; 0.5 is chance.
    pub within_game: Option<Figure>,
    /// How the first places are shared among tracks.
    pub hubs: Option<Hubs>,
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
    /// Of two tracks, the one nearer to the picture is the chosen one: said and found, for the bridge as it is.
    pub calibration: Option<CalibrationTable>,
}

/// Evaluates `bridge`, a projector that was not trained on pairs, and the same with its skip fitted to the pairs of the
/// other games. `Ok(None)` when cancelled.
///
/// Steps: class names alone and the bridge on class names (if the inputs are named so), the bridge on class names
/// the bridge on class names and look, the bridge fitted to the other games.
///
/// # Errors
/// `Shape` for pairs and projector of different packs, `TooFew` for a fit to fewer than 3 games, `Singular`.
pub fn eval_pairs(
    pack: &str,
    set: &PairSet,
    bridge: &Network,
    options: &PairOptions,
    progress: &mut dyn FnMut(Progress),
    cancel: &CancellationToken,
) -> Result<Option<PairsReport>, TrainingError> {
    if options.fit && set.games.len() < 3 {
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
    let full = bridge.project(set.pictures.view());
    if options.named && inputs > words {
        let mut plain = set.pictures.slice(s![.., ..words]).to_owned();
        unit_rows(&mut plain);
        steps.push(step(set, "class names alone", &plain, options));
        let mut bare = set.pictures.clone();
        bare.slice_mut(s![.., words..]).fill(0.0);
        unit_rows(&mut bare);
        steps.push(step(set, "bridge", &bridge.project(bare.view()), options));
        steps.push(step(set, "bridge + look", &full, options));
    } else {
        steps.push(step(set, "bridge", &full, options));
    }
    let calibration = calibration(&preferences(set, &full, options.slope));
    let games = if options.fit { set.games.len() } else { 0 };
    let mut tuned = Array2::zeros((set.len(), words));
    for game in 0..games {
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
    if options.fit {
        steps.push(step(set, "fitted, tested game left out", &tuned, options));
    }
    Ok(Some(PairsReport {
        pack: pack.to_owned(),
        pairs: set.len(),
        tracks: set.tracks.nrows(),
        steps,
        calibration,
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
    let places = set.places(queries.view());
    let sample = |of: fn(&Place) -> Option<f64>| {
        let rows = places.iter().enumerate();
        Sample::new(rows.filter_map(move |(row, place)| {
            let value = of(place.as_ref()?)?;
            Some((set.games[set.game[row]].as_str(), value))
        }))
    };
    let percentile = sample(|place| Some(place.percentile));
    let first: Vec<usize> = places.iter().flatten().map(|place| place.first).collect();
    PairStep {
        name: name.to_owned(),
        percentile: interval(&alone(set.of_games(|_| true))),
        percentile_by_game: interval(&by_game),
        mean_of_games: percentile.mean_over_sources(),
        top_tenth: percentile.share_up_to(0.1),
        within_game: sample(|place| place.within).mean(),
        hubs: Hubs::of(&first, set.tracks.nrows()),
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
        writeln!(
            f,
            "\nTop tenth: chance 0.1. Within game: among the tracks of the same game. Hubs: share of first places of \
             the ten most frequent tracks, of the most frequent one. Intervals resample games.\n\n\
             | step | mean of games | top tenth | within game | hubs |\n|---|---|---|---|---|"
        )?;
        for step in &self.steps {
            writeln!(
                f,
                "| {} | {} | {} | {} | {} |",
                step.name,
                text(step.mean_of_games.as_ref()),
                text(step.top_tenth.as_ref()),
                text(step.within_game.as_ref()),
                step.hubs.map_or_else(|| "–".to_owned(), |hubs| hubs.text()),
            )?;
        }
        if let Some(table) = &self.calibration {
            writeln!(
                f,
                "\nOf two tracks the one nearer to the picture is the chosen one; expected calibration error {:.3}.\n\n{}",
                table.error,
                table.to_markdown()
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
