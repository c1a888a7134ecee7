//! Network inputs and targets, made from encoded rows.

use ndarray::{Array2, ArrayView1, Axis, s};

use crate::fit::TrainOptions;
use crate::network::unit_rows;
use crate::random::Random;
use crate::spaces::Encoded;

/// Softmax weights of class names are `exp(SPREAD · normal)`, so that one class often dominates.
const SPREAD: f32 = 1.2;
/// Probability that a wrong class name is mixed in, because classifiers make mistakes.
const MISTAKE: f32 = 0.35;
/// Standard deviation of the noise on picture features, in standard deviations of the feature.
const LOOK_NOISE: f32 = 0.7;

/// Inputs without random parts: scenes in words or, if `mixed`, the mean of their class names, each with the expected
/// look. Unit rows `[rows, inputs]`.
pub(crate) fn frames_from(encoded: &Encoded, rows: &[usize], mixed: bool) -> Array2<f32> {
    let words = encoded.scenes.ncols();
    let mut x = Array2::zeros((rows.len(), encoded.inputs()));
    for (mut x, &row) in x.rows_mut().into_iter().zip(rows) {
        x.slice_mut(s![words..]).assign(&encoded.look.row(row));
        match encoded.seen[row].mean_axis(Axis(0)) {
            Some(mut mix) if mixed => {
                let norm = mix.dot(&mix).sqrt().max(1e-9);
                mix /= norm;
                x.slice_mut(s![..words]).assign(&mix);
            }
            _ => x.slice_mut(s![..words]).assign(&encoded.scenes.row(row)),
        }
    }
    unit_rows(&mut x);
    x
}

/// Training inputs: words or class-name mixes at random, the look with noise, then noise on the whole row. Unit rows.
pub(crate) fn inputs(
    encoded: &Encoded,
    batch: &[usize],
    options: &TrainOptions,
    random: &mut Random,
) -> Array2<f32> {
    let words = encoded.scenes.ncols();
    let mut x = Array2::zeros((batch.len(), encoded.inputs()));
    for (mut x, &row) in x.rows_mut().into_iter().zip(batch) {
        let seen = &encoded.seen[row];
        if seen.nrows() == 0 || random.uniform() < options.scene_share {
            x.slice_mut(s![..words]).assign(&encoded.scenes.row(row));
        } else {
            let mut mix = x.slice_mut(s![..words]);
            let mut add =
                |vector: ArrayView1<'_, f32>, weight: f32| mix.scaled_add(weight, &vector);
            for name in seen.rows() {
                add(name, (SPREAD * random.normal()).exp());
            }
            if random.uniform() < MISTAKE {
                let wrong = random.below(encoded.classes.nrows());
                add(encoded.classes.row(wrong), (SPREAD * random.normal()).exp());
            }
            let norm = mix.dot(&mix).sqrt().max(1e-9);
            mix /= norm;
        }
        let spread = encoded
            .look_scale
            .mapv(|scale| LOOK_NOISE * scale * random.normal());
        let look = &encoded.look.row(row) + &spread;
        x.slice_mut(s![words..]).assign(&look);
    }
    unit_rows(&mut x);
    let spread = options.noise / (x.ncols().max(1) as f32).sqrt();
    x.mapv_inplace(|v| v + spread * random.normal());
    unit_rows(&mut x);
    x
}

/// Training targets: music in words or as tags, at random. Unit rows.
pub(crate) fn targets(
    encoded: &Encoded,
    batch: &[usize],
    options: &TrainOptions,
    random: &mut Random,
) -> Array2<f32> {
    let mut t = Array2::zeros((batch.len(), encoded.outputs()));
    for (mut t, &row) in t.rows_mut().into_iter().zip(batch) {
        let words = random.uniform() < options.text_share;
        t.assign(&if words {
            encoded.music.row(row)
        } else {
            encoded.tagged.row(row)
        });
    }
    t
}
