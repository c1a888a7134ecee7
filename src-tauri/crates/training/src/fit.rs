//! The training loop: shuffled batches, AdamW, early stopping on validation scores.

use ndarray::Array2;
use tokio_util::sync::CancellationToken;

use crate::adamw::AdamW;
use crate::error::TrainingError;
use crate::loss::Loss;
use crate::network::Network;
use crate::progress::Progress;
use crate::random::Random;
use crate::ranks::mean;

/// Training must improve on the start by this many standard errors. Validation rows are written in the same way as
/// training rows and pictures are not, so a smaller gain may not hold for pictures.
const CLEAR: f64 = 2.0;

/// Options of a training on written pairs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainOptions {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Width of the two hidden layers.
    pub hidden: usize,
    /// Largest number of passes over the rows.
    pub epochs: usize,
    /// Passes without a better validation score before training stops.
    pub patience: usize,
    /// Rows per optimiser step.
    pub batch: usize,
    /// Highest learning rate; it rises over the first tenth of the steps, then falls as a cosine.
    pub rate: f32,
    /// Learning rate of the skip as a share of `rate`; 0 leaves the skip as it was fitted at the start.
    pub skip_share: f32,
    /// Ridge of the skip's fit at the start, per row.
    pub skip_ridge: f64,
    /// AdamW's weight decay, for the perceptron's weights only.
    pub decay: f32,
    /// Share of hidden values that dropout sets to 0.
    pub dropout: f32,
    /// Length of the noise that is added to unit inputs (C-MCR, arXiv 2305.14381: with noise, a projector that is trained
    /// on text works for pictures despite the modality gap).
    pub noise: f32,
    /// Share of inputs from the scene's words; the others are mixes of the row's class names.
    pub scene_share: f32,
    /// Share of targets from the music's words; the others are mixes of tags.
    pub text_share: f32,
    /// The loss that training minimises.
    pub loss: Loss,
}

impl Default for TrainOptions {
    fn default() -> Self {
        TrainOptions {
            seed: 1,
            hidden: 1024,
            epochs: 100,
            patience: 25,
            batch: 128,
            rate: 2e-4,
            skip_share: 0.1,
            skip_ridge: 0.01,
            decay: 0.05,
            dropout: 0.2,
            noise: 0.6,
            scene_share: 0.5,
            text_share: 0.5,
            loss: Loss {
                temperature: 0.07,
                soft_share: 0.2,
                soft_temperature: 0.07,
                cosine: 0.5,
            },
        }
    }
}

/// The result of [`fit`].
pub(crate) struct Fitted {
    pub(crate) network: Network,
    /// Number of epochs until the stop.
    pub(crate) epochs: usize,
    /// The epoch of `network`, from 1; 0 for the start.
    pub(crate) best_epoch: usize,
}

/// Makes inputs and targets from row numbers.
type Draw<'a> = dyn FnMut(&[usize], &mut Random) -> (Array2<f32>, Array2<f32>) + 'a;

/// Trains `network` on the batches of `draw` (inputs `[n, in]`, targets `[n, out]`, unit rows). `validate` gives one
/// score per validation row. Returns the state with the highest mean score, or the start if the gain is within [`CLEAR`]
/// standard errors (after Breiman et al., *Classification and Regression Trees*, 1984, 3.4.3: among models of
/// indistinguishable quality, take the simplest). `None` when cancelled.
pub(crate) fn fit(
    mut network: Network,
    rows: usize,
    options: &TrainOptions,
    draw: &mut Draw<'_>,
    validate: &dyn Fn(&Network) -> Vec<f64>,
    progress: &mut dyn FnMut(Progress),
    cancel: &CancellationToken,
) -> Result<Option<Fitted>, TrainingError> {
    let mut random = Random::new(options.seed);
    let mut adam = AdamW::new(&network, options.decay);
    let mut order: Vec<usize> = (0..rows).collect();
    let begun = (validate(&network), 0, network.clone());
    let mut best = begun.clone();
    let steps_an_epoch = rows.div_ceil(options.batch.max(2));
    let steps = (steps_an_epoch * options.epochs).max(1);
    let mut step = 0;
    let mut epochs = 0;
    for epoch in 1..=options.epochs {
        random.shuffle(&mut order);
        // All batches have nearly the same size: a small last batch would have few negatives.
        for i in 0..steps_an_epoch {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            let batch = &order[i * rows / steps_an_epoch..(i + 1) * rows / steps_an_epoch];
            let (x, t) = draw(batch, &mut random);
            let trace = network.trace(x, options.dropout, &mut random);
            let (loss, slope) = options.loss.value_and_gradient(&trace.outputs, &t);
            if !loss.is_finite() {
                return Err(TrainingError::Diverged { epoch });
            }
            let gradient = network.gradient(&trace, slope);
            step += 1;
            let rate = options.rate * schedule(step, steps);
            adam.step(&mut network, &gradient, rate, options.skip_share);
        }
        epochs = epoch;
        if !network.is_finite() {
            return Err(TrainingError::Diverged { epoch });
        }
        let scores = validate(&network);
        let score = average(&scores);
        let (done, total) = (epoch as u64, options.epochs as u64);
        progress(Progress {
            phase: "training",
            done,
            total,
            score: Some(score),
        });
        if score > average(&best.0) {
            best = (scores, epoch, network.clone());
        } else if epoch - best.1 >= options.patience {
            break;
        }
    }
    let gains: Vec<f64> = best.0.iter().zip(&begun.0).map(|(b, a)| b - a).collect();
    let clear = average(&gains) > CLEAR * standard_error(&gains);
    let (_, best_epoch, network) = if clear { best } else { begun };
    Ok(Some(Fitted {
        network,
        epochs,
        best_epoch,
    }))
}

/// Factor on the learning rate: rises to 1 over the first tenth of the steps, then falls as half a cosine to nearly 0.
fn schedule(step: usize, steps: usize) -> f32 {
    let warm = (steps / 10).max(1);
    if step <= warm {
        return step as f32 / warm as f32;
    }
    let way = (step - warm) as f32 / (steps - warm).max(1) as f32;
    0.5 + 0.5 * (std::f32::consts::PI * way).cos()
}

fn average(values: &[f64]) -> f64 {
    mean(values.iter().copied())
}

/// Standard error of the mean of `values`; infinite for fewer than two.
fn standard_error(values: &[f64]) -> f64 {
    let middle = average(values);
    let squares: f64 = values.iter().map(|v| (v - middle).powi(2)).sum();
    let n = values.len() as f64;
    if n < 2.0 {
        return f64::INFINITY;
    }
    (squares / (n - 1.0) / n).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_error_falls_with_the_root_of_the_number() {
        let four = standard_error(&[1.0, 3.0, 1.0, 3.0]);
        assert!((four - (4.0f64 / 3.0 / 4.0).sqrt()).abs() < 1e-12, "{four}");
        assert!(
            standard_error(&[1.0]).is_infinite(),
            "one value has no standard error"
        );
    }

    #[test]
    fn the_rate_rises_then_falls_to_nothing() {
        assert!(schedule(1, 100) < schedule(10, 100), "warm-up");
        assert!((schedule(10, 100) - 1.0).abs() < 1e-6, "full at a tenth");
        assert!(
            schedule(55, 100) < 0.6 && schedule(100, 100) < 1e-6,
            "cosine down"
        );
    }
}
