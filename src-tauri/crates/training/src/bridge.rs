//! Training and evaluating on written pairs.

use std::path::Path;
use std::time::Instant;

use ndarray::{Array2, Axis, concatenate};
use needledrop_models::Pack;
use needledrop_models::runtime::SessionOptions;
use tokio_util::sync::CancellationToken;

use crate::batches::{frames_from, inputs, targets};
use crate::error::TrainingError;
use crate::fit::{TrainOptions, fit};
use crate::linear::ridge_towards;
use crate::network::Network;
use crate::progress::Progress;
use crate::random::Random;
use crate::report::{BridgeReport, evaluate};
use crate::rows::{BridgeRow, Part, part, read_rows};
use crate::spaces::{Encoded, encode};

/// Smallest number of rows that is split into training, validation and test.
const LEAST_ROWS: usize = 40;

/// The result of [`train_on`].
pub struct Trained {
    /// The trained projector, in f32.
    pub network: Network,
    /// Its scores on the test rows, which training did not use.
    pub report: BridgeReport,
}

/// Trains a projector for `pack` on the written pairs in `data` (a file or a folder of `*.jsonl`)
/// and writes it to `out` (safetensors) with `bridge-report.json` and `bridge-report.md` beside it.
/// `Ok(None)` when cancelled; then nothing is written.
///
/// # Errors
/// Those of [`read_rows`], [`encode`] and [`train_on`], `Io`.
pub fn train_bridge(
    pack: &Pack,
    data: &Path,
    out: &Path,
    options: &TrainOptions,
    progress: &mut dyn FnMut(Progress),
    cancel: &CancellationToken,
) -> Result<Option<BridgeReport>, TrainingError> {
    let rows = read_rows(data)?;
    let session = SessionOptions::default();
    let Some(encoded) = encode(pack, &rows, &session, progress, cancel)? else {
        return Ok(None);
    };
    let trained = train_on(
        &pack.manifest.name,
        &rows,
        &encoded,
        options,
        progress,
        cancel,
    )?;
    let Some(trained) = trained else {
        return Ok(None);
    };
    trained.network.save(out)?;
    trained.report.save(out)?;
    Ok(Some(trained.report))
}

/// Scores a projector on the held-out rows of `data`. `Ok(None)` when cancelled.
///
/// # Errors
/// Those of [`read_rows`] and [`encode`]; `Shape` for a projector of another pack.
pub fn eval_bridge(
    pack: &Pack,
    data: &Path,
    projector: &Path,
    progress: &mut dyn FnMut(Progress),
    cancel: &CancellationToken,
) -> Result<Option<BridgeReport>, TrainingError> {
    let rows = read_rows(data)?;
    let network = Network::load(projector)?;
    let session = SessionOptions::default();
    let Some(encoded) = encode(pack, &rows, &session, progress, cancel)? else {
        return Ok(None);
    };
    evaluate(&pack.manifest.name, &network, &rows, &encoded).map(Some)
}

/// Trains a projector on rows that [`encode`] has embedded. `Ok(None)` when cancelled.
///
/// # Errors
/// `TooFew` for fewer than 40 rows, `Diverged` for a loss or weight that is not finite, `Singular` for too
/// small a ridge in the first fit.
pub fn train_on(
    pack: &str,
    rows: &[BridgeRow],
    encoded: &Encoded,
    options: &TrainOptions,
    progress: &mut dyn FnMut(Progress),
    cancel: &CancellationToken,
) -> Result<Option<Trained>, TrainingError> {
    if rows.len() < LEAST_ROWS {
        let what = "written pairs";
        return Err(TrainingError::TooFew {
            what,
            least: LEAST_ROWS,
            got: rows.len(),
        });
    }
    let started = Instant::now();
    let of = |wanted| {
        (0..rows.len())
            .filter(|&i| part(&rows[i]) == wanted)
            .collect::<Vec<_>>()
    };
    let (train, validation) = (of(Part::Train), of(Part::Validation));
    let start = start(encoded, &train, options)?;
    let held = Held::new(encoded, &validation);
    let mut draw = |batch: &[usize], random: &mut Random| {
        let batch: Vec<usize> = batch.iter().map(|&i| train[i]).collect();
        (
            inputs(encoded, &batch, options, random),
            targets(encoded, &batch, options, random),
        )
    };
    let validate = |network: &Network| held.scores(network);
    let fitted = fit(
        start,
        train.len(),
        options,
        &mut draw,
        &validate,
        progress,
        cancel,
    )?;
    let Some(fitted) = fitted else {
        return Ok(None);
    };
    let mut report = evaluate(pack, &fitted.network, rows, encoded)?;
    report.seed = Some(options.seed);
    report.epochs = Some(fitted.epochs);
    report.best_epoch = Some(fitted.best_epoch);
    report.train_s = Some(started.elapsed().as_secs_f64());
    Ok(Some(Trained {
        network: fitted.network,
        report,
    }))
}

/// The network before training. Its skip is a ridge fit from scenes (in words and as class names) to music; its
/// perceptron adds 0.
fn start(
    encoded: &Encoded,
    train: &[usize],
    options: &TrainOptions,
) -> Result<Network, TrainingError> {
    let (inputs, outputs) = (encoded.inputs(), encoded.outputs());
    let scenes = frames_from(encoded, train, false);
    let mixes = frames_from(encoded, train, true);
    let x = concatenate![Axis(0), scenes, mixes];
    let music = encoded.music.select(Axis(0), train);
    let y = concatenate![Axis(0), music, music];
    let prior = Array2::zeros((outputs, inputs));
    let ridge = options.skip_ridge * x.nrows() as f64;
    let skip = ridge_towards(x.view(), y.view(), prior.view(), ridge)?;
    let mut random = Random::new(options.seed ^ 0x5eed);
    Ok(Network::new(
        inputs,
        options.hidden,
        outputs,
        Some(skip),
        &mut random,
    ))
}

/// The validation rows as network inputs (in words, as class names) and targets (in words, as tags).
struct Held {
    inputs: [Array2<f32>; 2],
    targets: [Array2<f32>; 2],
}

impl Held {
    fn new(encoded: &Encoded, rows: &[usize]) -> Held {
        Held {
            inputs: [
                frames_from(encoded, rows, false),
                frames_from(encoded, rows, true),
            ],
            targets: [
                encoded.music.select(Axis(0), rows),
                encoded.tagged.select(Axis(0), rows),
            ],
        }
    }

    /// One score per row: the cosine to the row's own music minus the mean cosine to all music, in standard deviations.
    /// On few rows it is smoother than recall.
    fn scores(&self, network: &Network) -> Vec<f64> {
        let mut rows = vec![0.0; self.targets[0].nrows()];
        for x in &self.inputs {
            let y = network.project(x.view());
            for t in &self.targets {
                let scores = y.dot(&t.t());
                let mean = f64::from(scores.mean().unwrap_or(0.0));
                let spread = f64::from(scores.std(1.0)).max(1e-6);
                for (row, own) in rows.iter_mut().zip(scores.diag()) {
                    *row += (f64::from(*own) - mean) / spread / 4.0;
                }
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests;
