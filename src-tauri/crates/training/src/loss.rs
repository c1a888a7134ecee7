//! The training loss and its gradient.

use ndarray::{Array1, Array2, Axis, Zip};

/// Parameters of the training loss.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    /// Temperature of the contrastive term; a lower one is sharper.
    pub temperature: f32,
    /// Share of the contrastive target for music that is similar to the right one, because several pieces fit a scene; 0
    /// is plain InfoNCE.
    pub soft_share: f32,
    /// Temperature of that similarity.
    pub soft_temperature: f32,
    /// Weight of the term `1 − mean yᵢ·tᵢ`.
    pub cosine: f32,
}

impl Loss {
    /// Symmetric InfoNCE over the batch (van den Oord et al., arXiv 1807.03748; symmetric as in
    /// CLIP, arXiv 2103.00020) with softened targets, plus `cosine · (1 − mean yᵢ·tᵢ)`.
    ///
    /// `y` and `t` are `[n, d]` with unit rows; the second result is the gradient with respect to `y`.
    pub(crate) fn value_and_gradient(
        &self,
        y: &Array2<f32>,
        t: &Array2<f32>,
    ) -> (f32, Array2<f32>) {
        let n = y.nrows().max(1) as f32;
        let scores = y.dot(&t.t()) / self.temperature;
        let wanted = self.wanted(t);
        let rows = log_softmax_rows(&scores);
        // Music j among the scenes: the same softmax over the transposed scores.
        let columns = log_softmax_rows(&scores.t().to_owned());
        let contrast = -0.5 / n * ((&rows * &wanted).sum() + (&columns * &wanted).sum());
        let cosine = Zip::from(y.rows())
            .and(t.rows())
            .map_collect(|y, t| y.dot(&t))
            .sum()
            / n;
        let slope = (rows.mapv(f32::exp) - &wanted) + (columns.mapv(f32::exp) - &wanted).t();
        let slope = slope * (0.5 / (n * self.temperature));
        let gradient = slope.dot(t) - &(t * (self.cosine / n));
        (contrast + self.cosine * (1.0 - cosine), gradient)
    }

    /// Target distribution per row: `(1 − s) I + s softmax(t tᵀ / temperature)`.
    fn wanted(&self, t: &Array2<f32>) -> Array2<f32> {
        let mut wanted = if self.soft_share > 0.0 {
            let likeness = t.dot(&t.t()) / self.soft_temperature;
            log_softmax_rows(&likeness).mapv(f32::exp) * self.soft_share
        } else {
            Array2::zeros((t.nrows(), t.nrows()))
        };
        wanted
            .diag_mut()
            .mapv_inplace(|x| x + 1.0 - self.soft_share);
        wanted
    }
}

fn log_softmax_rows(scores: &Array2<f32>) -> Array2<f32> {
    let highest = scores.fold_axis(Axis(1), f32::NEG_INFINITY, |a, b| a.max(*b));
    let mut out = scores - &highest.insert_axis(Axis(1));
    let totals: Array1<f32> = out.map_axis(Axis(1), |row| row.mapv(f32::exp).sum().ln());
    out -= &totals.insert_axis(Axis(1));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Network, unit_rows};
    use crate::random::Random;

    const LOSS: Loss = Loss {
        temperature: 0.3,
        soft_share: 0.3,
        soft_temperature: 0.2,
        cosine: 0.7,
    };

    fn draw(rows: usize, columns: usize, random: &mut Random) -> Array2<f32> {
        Array2::from_shape_simple_fn((rows, columns), || random.normal())
    }

    fn units(rows: usize, columns: usize, random: &mut Random) -> Array2<f32> {
        let mut drawn = draw(rows, columns, random);
        unit_rows(&mut drawn);
        drawn
    }

    /// All parameters of a network, to change one at a time.
    fn parameter(network: &mut Network, which: usize, at: usize) -> &mut f32 {
        match which {
            0 => network
                .skip
                .as_mut()
                .unwrap()
                .as_slice_mut()
                .unwrap()
                .get_mut(at)
                .unwrap(),
            1..=3 => network.weights[which - 1]
                .as_slice_mut()
                .unwrap()
                .get_mut(at)
                .unwrap(),
            _ => network.biases[which - 4]
                .as_slice_mut()
                .unwrap()
                .get_mut(at)
                .unwrap(),
        }
    }

    #[test]
    fn the_gradient_is_the_slope_of_the_loss_in_every_layer() {
        let mut random = Random::new(11);
        let skip = draw(4, 5, &mut random);
        let mut network = Network::new(5, 6, 4, Some(skip), &mut random);
        network.weights[2] = draw(4, 6, &mut random);
        let (x, t) = (draw(7, 5, &mut random), units(7, 4, &mut random));
        let value = |network: &Network| {
            let trace = network.trace(x.clone(), 0.0, &mut Random::new(0));
            LOSS.value_and_gradient(&trace.outputs, &t)
        };
        let trace = network.trace(x.clone(), 0.0, &mut Random::new(0));
        let (_, slope) = LOSS.value_and_gradient(&trace.outputs, &t);
        let mut gradient = network.gradient(&trace, slope);
        let step = 5e-3;
        for which in 0..7 {
            for at in 0..4 {
                let analytic = *parameter(&mut gradient, which, at);
                *parameter(&mut network, which, at) += step;
                let above = value(&network).0;
                *parameter(&mut network, which, at) -= 2.0 * step;
                let below = value(&network).0;
                *parameter(&mut network, which, at) += step;
                let numeric = (above - below) / (2.0 * step);
                assert!(
                    (analytic - numeric).abs() < 2e-3 + 0.02 * numeric.abs(),
                    "tensor {which} at {at}: analytic {analytic}, numeric {numeric}"
                );
            }
        }
    }

    #[test]
    fn the_right_order_costs_less_than_a_wrong_one() {
        let t = units(6, 8, &mut Random::new(5));
        let mut wrong = t.clone();
        wrong.invert_axis(Axis(0));
        let right = LOSS.value_and_gradient(&t, &t).0;
        assert!(
            right < LOSS.value_and_gradient(&wrong.to_owned(), &t).0,
            "right order is best"
        );
    }
}
