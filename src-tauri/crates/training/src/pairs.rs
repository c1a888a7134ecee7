//! Real pairs: a picture and the track that a person chose for it.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::{Array2, ArrayView2, Axis, Zip, s};
use serde::Deserialize;

use crate::TrainingError;
use crate::linear::ridge_towards;
use crate::network::Network;
use crate::ranks::ranks;
use crate::yardstick::places::{Place, place};
use crate::yardstick::rows::{Row, fault_of_path};

/// One line of a pair file.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct PairRow {
    /// The game, film or production of the pair. Pairs of the same one are not independent.
    #[serde(alias = "source")]
    pub game: String,
    /// Name of the pair within the game.
    pub title: String,
    /// Paths of the pictures, relative to the pair file.
    pub pictures: Vec<String>,
    /// Path of the chosen track, relative to the pair file.
    pub music: String,
    /// Weight of the pair, above 0 and at most 1; below 1 if the picture has several tracks.
    #[serde(default = "one")]
    pub weight: f64,
}

fn one() -> f64 {
    1.0
}

impl Row for PairRow {
    fn source(&self) -> &str {
        &self.game
    }

    fn fault(&self) -> Option<String> {
        if self.pictures.is_empty() {
            return Some("expected at least one picture".to_owned());
        }
        if !(self.weight > 0.0 && self.weight <= 1.0) {
            return Some(format!("expected a weight in (0, 1], got {}", self.weight));
        }
        let files = self.pictures.iter().chain([&self.music]);
        files.filter_map(|file| fault_of_path(file)).next()
    }
}

/// A pair as vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The game; see [`PairRow::game`].
    pub game: String,
    /// Visual vector, scaled to length 1.
    pub picture: Vec<f32>,
    /// Index of the chosen track.
    pub track: usize,
    /// The weight; see [`PairRow::weight`].
    pub weight: f64,
}

/// Pairs, and the tracks that each picture ranks.
#[derive(Clone, Debug)]
pub struct PairSet {
    pub(crate) games: Vec<String>,
    /// Game of each pair, as an index into `games`.
    pub(crate) game: Vec<usize>,
    /// Visual vectors, `[pairs, inputs]`.
    pub(crate) pictures: Array2<f32>,
    /// Audio vectors as unit rows, `[tracks, outputs]`.
    pub(crate) tracks: Array2<f32>,
    pub(crate) track: Vec<usize>,
    pub(crate) weight: Vec<f64>,
}

impl PairSet {
    /// Makes a set of pairs and tracks (audio vectors of length 1).
    ///
    /// # Errors
    /// `TooFew` for fewer than two pairs or tracks; `Shape` for vectors of different lengths or a wrong
    /// index of a track.
    pub fn new(pairs: &[Pair], tracks: &[Vec<f32>]) -> Result<PairSet, TrainingError> {
        for (what, got) in [("pairs", pairs.len()), ("tracks", tracks.len())] {
            if got < 2 {
                return Err(TrainingError::TooFew {
                    what,
                    least: 2,
                    got,
                });
            }
        }
        if let Some(pair) = pairs.iter().find(|p| p.track >= tracks.len()) {
            let what = "track that a pair names".to_owned();
            let (expected, actual) = (tracks.len() - 1, pair.track);
            return Err(TrainingError::Shape {
                what,
                expected,
                actual,
            });
        }
        let mut games: Vec<String> = pairs.iter().map(|p| p.game.clone()).collect();
        games.sort();
        games.dedup();
        let index: BTreeMap<&String, usize> =
            games.iter().enumerate().map(|(i, g)| (g, i)).collect();
        Ok(PairSet {
            game: pairs.iter().map(|p| index[&p.game]).collect(),
            pictures: stack("visual vectors", pairs.iter().map(|p| &p.picture))?,
            tracks: stack("audio vectors", tracks.iter())?,
            track: pairs.iter().map(|p| p.track).collect(),
            weight: pairs.iter().map(|p| p.weight).collect(),
            games,
        })
    }

    /// Number of pairs, over all games.
    pub fn len(&self) -> usize {
        self.track.len()
    }

    /// True if the set has no pairs.
    pub fn is_empty(&self) -> bool {
        self.track.is_empty()
    }

    /// Percentile of each pair's track among all tracks for queries `[pairs, outputs]`: 0 is best, 0.5 is chance.
    pub(crate) fn percentiles(&self, queries: ArrayView2<'_, f32>) -> Vec<f64> {
        let last = (self.tracks.nrows() - 1) as f64;
        let scores = queries.dot(&self.tracks.t());
        ranks(&scores, &self.track)
            .into_iter()
            .map(|r| (r - 1.0) / last)
            .collect()
    }

    /// Place of each pair's track among all tracks for queries `[pairs, outputs]`, and among those of its game; `None` for
    /// a score that is not finite.
    pub(crate) fn places(&self, queries: ArrayView2<'_, f32>) -> Vec<Option<Place>> {
        let mut of_game = vec![BTreeSet::new(); self.games.len()];
        for (game, track) in self.game.iter().zip(&self.track) {
            of_game[*game].insert(*track);
        }
        let scores = queries.dot(&self.tracks.t());
        let rows = scores.rows().into_iter().zip(&self.game).zip(&self.track);
        rows.map(|((row, game), own)| {
            place(&row.to_vec(), *own, |track| of_game[*game].contains(&track))
        })
        .collect()
    }

    /// Weights of `rows`, each divided by the square root of its game's total weight in `rows`.
    fn balanced(&self, rows: &[usize]) -> Vec<f64> {
        let mut games = vec![0.0; self.games.len()];
        for &row in rows {
            games[self.game[row]] += self.weight[row];
        }
        rows.iter()
            .map(|&row| self.weight[row] / games[self.game[row]].sqrt())
            .collect()
    }

    /// Indices of the pairs whose game satisfies `wanted`.
    pub(crate) fn of_games(&self, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.len()).filter(|&i| wanted(self.game[i])).collect()
    }
}

/// Subtracts the weighted mean row from each row.
fn centre(rows: &mut Array2<f32>, weights: &[f64]) {
    let total: f64 = weights.iter().sum();
    let mut mean = ndarray::Array1::<f32>::zeros(rows.ncols());
    for (row, weight) in rows.rows().into_iter().zip(weights) {
        mean.scaled_add((weight / total) as f32, &row);
    }
    *rows -= &mean;
}

fn stack<'a>(
    what: &str,
    vectors: impl ExactSizeIterator<Item = &'a Vec<f32>> + Clone,
) -> Result<Array2<f32>, TrainingError> {
    let (rows, columns) = (vectors.len(), vectors.clone().next().map_or(0, Vec::len));
    let mut matrix = Array2::zeros((rows, columns));
    for (mut row, vector) in matrix.rows_mut().into_iter().zip(vectors) {
        if vector.len() != columns {
            let (what, actual) = (what.to_owned(), vector.len());
            return Err(TrainingError::Shape {
                what,
                expected: columns,
                actual,
            });
        }
        row.assign(&ndarray::ArrayView1::from(vector.as_slice()));
    }
    Ok(matrix)
}

/// Strength of the ridge towards the bridge in a fit to pairs.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Ridge {
    /// Ridge per pair on the content of the picture: as many of the first inputs as there are outputs.
    pub words: f64,
    /// Ridge per pair on the look of the picture: the other inputs.
    pub look: f64,
    /// Length of a target relative to the bridge's output; a larger one gives the pairs more influence.
    pub reach: f64,
}

impl Network {
    /// The mean of the fits with each of `ridges`. The best ridge differs from game to game by chance; the mean needs no
    /// choice and has better scores than a chosen ridge.
    ///
    /// # Errors
    /// Those of [`Network::tuned_on_pairs`], and `TooFew` if `ridges` is empty.
    pub fn tuned_on_average(
        &self,
        set: &PairSet,
        rows: &[usize],
        ridges: &[Ridge],
    ) -> Result<Network, TrainingError> {
        let mut skip: Option<Array2<f32>> = None;
        for &ridge in ridges {
            let fitted = self.tuned_on_pairs(set, rows, ridge)?.skip;
            skip = match (skip, fitted) {
                (Some(sum), Some(fitted)) => Some(sum + fitted),
                (sum, fitted) => sum.or(fitted),
            };
        }
        let Some(sum) = skip else {
            return Err(TrainingError::TooFew {
                what: "ridges",
                least: 1,
                got: 0,
            });
        };
        Ok(Network {
            skip: Some(sum / ridges.len() as f32),
            ..self.clone()
        })
    }

    /// Checks that the vectors of `set` have the projector's lengths.
    pub(crate) fn check_sizes(&self, set: &PairSet) -> Result<(), TrainingError> {
        let sizes = [
            (
                "inputs of the projector",
                self.inputs(),
                set.pictures.ncols(),
            ),
            (
                "outputs of the projector",
                self.outputs(),
                set.tracks.ncols(),
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
        Ok(())
    }

    /// The network with its skip fitted to the pairs `rows`; the perceptron does not change. The fit minimises
    /// `Σ w |skip x + mlp(x) − r |o| t|²`, with the means of `x` and of the skip's target subtracted, and a ridge towards
    /// the present skip. The weight of a game's pairs together is the square root of their number, because they are
    /// similar.
    ///
    /// # Errors
    /// `Shape` for pairs of another pack, `Singular` for a ridge that is not above 0.
    pub fn tuned_on_pairs(
        &self,
        set: &PairSet,
        rows: &[usize],
        ridge: Ridge,
    ) -> Result<Network, TrainingError> {
        self.check_sizes(set)?;
        if !(ridge.words > 0.0 && ridge.look > 0.0) {
            return Err(TrainingError::Singular {
                ridge: ridge.words.min(ridge.look),
            });
        }
        let skip = self
            .skip
            .clone()
            .unwrap_or_else(|| Array2::eye(self.inputs()));
        let x = set.pictures.select(Axis(0), rows);
        let sums = self.sums(x.view());
        let tracks: Vec<usize> = rows.iter().map(|&i| set.track[i]).collect();
        let targets = set.tracks.select(Axis(0), &tracks);
        // The skip's target: `t`, scaled to the present output's length times the reach, minus the perceptron's output.
        let mut y = x.dot(&skip.t()) - &sums;
        Zip::from(y.rows_mut())
            .and(sums.rows())
            .and(targets.rows())
            .for_each(|mut y, sum, t| {
                y.scaled_add(ridge.reach as f32 * sum.dot(&sum).sqrt(), &t);
            });
        // Without the means: a part that all targets share does not favour any track.
        let mut x = x;
        let weights = set.balanced(rows);
        let total: f64 = weights.iter().sum();
        centre(&mut x, &weights);
        centre(&mut y, &weights);
        // Weighted least squares with a ridge per column: weights scale rows, ridges scale columns.
        for ((mut x, mut y), weight) in x.rows_mut().into_iter().zip(y.rows_mut()).zip(&weights) {
            let root = weight.sqrt() as f32;
            x *= root;
            y *= root;
        }
        let words = self.outputs().min(self.inputs());
        let scale = |ridge: f64| (1.0 / (ridge * total.max(1e-9)).sqrt()) as f32;
        let scale_columns = |matrix: &mut Array2<f32>, words_scale: f32, look_scale: f32| {
            matrix
                .slice_mut(s![.., ..words])
                .mapv_inplace(|v| v * words_scale);
            matrix
                .slice_mut(s![.., words..])
                .mapv_inplace(|v| v * look_scale);
        };
        let (words_scale, look_scale) = (scale(ridge.words), scale(ridge.look));
        scale_columns(&mut x, words_scale, look_scale);
        let mut prior = skip;
        scale_columns(&mut prior, 1.0 / words_scale, 1.0 / look_scale);
        let mut fitted = ridge_towards(x.view(), y.view(), prior.view(), 1.0)?;
        scale_columns(&mut fitted, words_scale, look_scale);
        Ok(Network {
            skip: Some(fitted),
            ..self.clone()
        })
    }
}
