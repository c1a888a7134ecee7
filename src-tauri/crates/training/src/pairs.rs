//! Real pairs: a picture and the track that a person chose for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ndarray::{Array2, ArrayView2, Axis, Zip, s};
use serde::Deserialize;

use crate::TrainingError;
use crate::linear::ridge_towards;
use crate::network::Network;
use crate::ranks::ranks;

/// Larger pair files than this are refused.
const MOST_BYTES: u64 = 64 << 20;
/// More pairs than this are refused.
const MOST_PAIRS: usize = 100_000;

/// One line of a pair file.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct PairRow {
    /// The game, film or production that the choice was made in; pairs of one are not independent.
    pub game: String,
    /// What the pair is called there.
    pub title: String,
    /// Pictures, paths relative to the pair file.
    pub pictures: Vec<String>,
    /// The chosen track, path relative to the pair file.
    pub music: String,
    /// How much the pair counts, above 0; below 1 where a picture has several tracks.
    #[serde(default = "one")]
    pub weight: f64,
}

fn one() -> f64 {
    1.0
}

/// Reads a pair file: one JSON object a line, with more fields than [`PairRow`] allowed.
///
/// # Errors
/// `BadRow` with the line of the first bad one, `NoRows`, `Io`.
pub fn read_pairs(path: &Path) -> Result<Vec<PairRow>, TrainingError> {
    let io = |e| TrainingError::io("read the pairs", path, e);
    let bad = |line, reason| TrainingError::BadRow {
        path: path.to_owned(),
        line,
        reason,
    };
    let length = fs::metadata(path).map_err(io)?.len();
    if length > MOST_BYTES {
        return Err(bad(
            1,
            format!("expected at most {MOST_BYTES} bytes, found {length}"),
        ));
    }
    let mut rows = Vec::new();
    let text = fs::read_to_string(path).map_err(io)?;
    for (i, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        let row: PairRow = serde_json::from_str(line).map_err(|e| bad(i + 1, e.to_string()))?;
        if row.pictures.is_empty() {
            return Err(bad(i + 1, "expected at least one picture".to_owned()));
        }
        if !(row.weight > 0.0 && row.weight <= 1.0) {
            return Err(bad(
                i + 1,
                format!("expected a weight in (0, 1], got {}", row.weight),
            ));
        }
        if rows.len() == MOST_PAIRS {
            return Err(bad(i + 1, format!("expected at most {MOST_PAIRS} pairs")));
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(TrainingError::NoRows {
            path: path.to_owned(),
        });
    }
    Ok(rows)
}

/// A pair as vectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// As in [`PairRow::game`].
    pub game: String,
    /// Unit visual vector.
    pub picture: Vec<f32>,
    /// Which of the tracks was chosen.
    pub track: usize,
    /// As in [`PairRow::weight`].
    pub weight: f64,
}

/// Pairs with the tracks to choose among.
#[derive(Clone, Debug)]
pub struct PairSet {
    pub(crate) games: Vec<String>,
    /// Game of each pair, an index into `games`.
    pub(crate) game: Vec<usize>,
    /// `[pairs, inputs]`.
    pub(crate) pictures: Array2<f32>,
    /// `[tracks, outputs]`, unit rows.
    pub(crate) tracks: Array2<f32>,
    pub(crate) track: Vec<usize>,
    pub(crate) weight: Vec<f64>,
}

impl PairSet {
    /// Puts pairs and tracks (unit audio vectors) together.
    ///
    /// # Errors
    /// `TooFew` without two pairs and two tracks, `Shape` where lengths differ or a pair names a
    /// track that is not there.
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

    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.track.len()
    }

    /// True without pairs.
    pub fn is_empty(&self) -> bool {
        self.track.is_empty()
    }

    /// Percentile of each pair's track among all tracks for queries `[pairs, outputs]`: 0 best,
    /// 0.5 chance.
    pub(crate) fn percentiles(&self, queries: ArrayView2<'_, f32>) -> Vec<f64> {
        let last = (self.tracks.nrows() - 1) as f64;
        let scores = queries.dot(&self.tracks.t());
        ranks(&scores, &self.track)
            .into_iter()
            .map(|r| (r - 1.0) / last)
            .collect()
    }

    /// Weights of `rows`, each over the root of what its game's pairs among them weigh.
    fn balanced(&self, rows: &[usize]) -> Vec<f64> {
        let mut games = vec![0.0; self.games.len()];
        for &row in rows {
            games[self.game[row]] += self.weight[row];
        }
        rows.iter()
            .map(|&row| self.weight[row] / games[self.game[row]].sqrt())
            .collect()
    }

    /// Pairs whose game satisfies `wanted`.
    pub(crate) fn of_games(&self, wanted: impl Fn(usize) -> bool) -> Vec<usize> {
        (0..self.len()).filter(|&i| wanted(self.game[i])).collect()
    }
}

/// Takes the weighted mean row off each.
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

/// How strongly the bridge is kept where pairs pull away from it.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Ridge {
    /// On what the picture shows: the first inputs, as many as there are outputs. Per pair.
    pub words: f64,
    /// On how it looks: the inputs after those. Per pair.
    pub look: f64,
    /// Length of a target beside what the bridge gives: how far the pairs' say reaches.
    pub reach: f64,
}

impl Network {
    /// The mean of the fits with each of `ridges`. Which of them is best differs from game to
    /// game by luck; their mean needs no choice and does better than the one chosen.
    ///
    /// # Errors
    /// As [`Network::tuned_on_pairs`], and `TooFew` without a ridge.
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

    /// The network with its skip fitted to pairs, `Σ w |skip x + mlp(x) − r |o| t|²` least for `x`
    /// and what the skip should give both less their means, with a ridge towards the present skip;
    /// the perceptron stays. `rows` says which pairs are used. A game's pairs count together as
    /// the root of their number, for they are alike.
    ///
    /// # Errors
    /// `Shape` where the pairs are of another pack, `Singular` for a ridge that is not above 0.
    pub fn tuned_on_pairs(
        &self,
        set: &PairSet,
        rows: &[usize],
        ridge: Ridge,
    ) -> Result<Network, TrainingError> {
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
        // What the skip should give: the target, as long as the sum now is times the reach, less
        // what the perceptron gives.
        let mut y = x.dot(&skip.t()) - &sums;
        Zip::from(y.rows_mut())
            .and(sums.rows())
            .and(targets.rows())
            .for_each(|mut y, sum, t| {
                y.scaled_add(ridge.reach as f32 * sum.dot(&sum).sqrt(), &t);
            });
        // Without the means: what all of them share is no reason for one track over another.
        let mut x = x;
        let weights = set.balanced(rows);
        let total: f64 = weights.iter().sum();
        centre(&mut x, &weights);
        centre(&mut y, &weights);
        // Weights scale rows, ridges scale columns.
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
