//! Adam with decoupled weight decay.

use ndarray::{ArrayBase, Data, DataMut, Dimension, Zip};

use crate::network::Network;

const BETA1: f32 = 0.9;
const BETA2: f32 = 0.98;
const EPSILON: f32 = 1e-8;

/// AdamW (Loshchilov and Hutter, arXiv 1711.05101). Only the perceptron's weights decay: the skip starts from a fit, and
/// there are few biases.
pub(crate) struct AdamW {
    first: Network,
    second: Network,
    decay: f32,
    steps: i32,
}

impl AdamW {
    pub(crate) fn new(network: &Network, decay: f32) -> AdamW {
        AdamW {
            first: network.zeros_like(),
            second: network.zeros_like(),
            decay,
            steps: 0,
        }
    }

    /// One step with learning rate `rate`; the skip's learning rate is `rate · skip_share`.
    pub(crate) fn step(
        &mut self,
        network: &mut Network,
        gradient: &Network,
        rate: f32,
        skip_share: f32,
    ) {
        self.steps += 1;
        let corrections = (1.0 - BETA1.powi(self.steps), 1.0 - BETA2.powi(self.steps));
        if let (Some(w), Some(g), Some(m), Some(v)) = (
            &mut network.skip,
            &gradient.skip,
            &mut self.first.skip,
            &mut self.second.skip,
        ) {
            update(w, g, m, v, rate * skip_share, 0.0, corrections);
        }
        for i in 0..3 {
            let (m, v) = (&mut self.first.weights[i], &mut self.second.weights[i]);
            let (w, g) = (&mut network.weights[i], &gradient.weights[i]);
            update(w, g, m, v, rate, self.decay, corrections);
            let (m, v) = (&mut self.first.biases[i], &mut self.second.biases[i]);
            let (w, g) = (&mut network.biases[i], &gradient.biases[i]);
            update(w, g, m, v, rate, 0.0, corrections);
        }
    }
}

fn update<S, T, D>(
    weights: &mut ArrayBase<S, D>,
    gradient: &ArrayBase<T, D>,
    first: &mut ArrayBase<S, D>,
    second: &mut ArrayBase<S, D>,
    rate: f32,
    decay: f32,
    (correct1, correct2): (f32, f32),
) where
    S: DataMut<Elem = f32>,
    T: Data<Elem = f32>,
    D: Dimension,
{
    Zip::from(weights)
        .and(gradient)
        .and(first)
        .and(second)
        .for_each(|w, &g, m, v| {
            *m = BETA1 * *m + (1.0 - BETA1) * g;
            *v = BETA2 * *v + (1.0 - BETA2) * g * g;
            let step = (*m / correct1) / ((*v / correct2).sqrt() + EPSILON);
            *w -= rate * (step + decay * *w);
        });
}
