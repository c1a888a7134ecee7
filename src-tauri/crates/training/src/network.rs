//! The projector in training: parameters, forward pass and backward pass.

use ndarray::{Array1, Array2, ArrayView2, Axis, Zip};

use crate::random::Random;

/// `o = skip(x) + fc3(gelu(fc2(gelu(fc1 x))))`, `y = o / |o|`, with the exact GELU.
///
/// Without `skip` the residual is the identity, and inputs and outputs have the same length.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The linear part, `[outputs, inputs]`; `None` for the identity.
    pub(crate) skip: Option<Array2<f32>>,
    /// fc1 `[hidden, inputs]`, fc2 `[hidden, hidden]`, fc3 `[outputs, hidden]`.
    pub(crate) weights: [Array2<f32>; 3],
    /// One bias vector per layer.
    pub(crate) biases: [Array1<f32>; 3],
}

/// What the backward pass needs from the forward pass.
pub(crate) struct Trace {
    inputs: Array2<f32>,
    /// Values of each hidden layer before the GELU, `[n, hidden]`.
    pre: [Array2<f32>; 2],
    /// Values of each hidden layer after GELU and dropout, `[n, hidden]`.
    post: [Array2<f32>; 2],
    /// Factors of the dropout: 0 for a dropped value, 1 / (1 − rate) for the others.
    masks: [Array2<f32>; 2],
    norms: Array1<f32>,
    /// Outputs as unit rows, `[n, outputs]`.
    pub(crate) outputs: Array2<f32>,
}

impl Network {
    /// A network whose output is its skip's: the hidden layers are He-scaled, the last layer is 0. `skip` is
    /// `[outputs, inputs]`; `None` for the identity.
    pub(crate) fn new(
        inputs: usize,
        hidden: usize,
        outputs: usize,
        skip: Option<Array2<f32>>,
        random: &mut Random,
    ) -> Network {
        let mut layer = |rows: usize, columns: usize| {
            let scale = (2.0 / columns as f32).sqrt();
            Array2::from_shape_simple_fn((rows, columns), || random.normal() * scale)
        };
        let weights = [
            layer(hidden, inputs),
            layer(hidden, hidden),
            Array2::zeros((outputs, hidden)),
        ];
        let biases = [
            Array1::zeros(hidden),
            Array1::zeros(hidden),
            Array1::zeros(outputs),
        ];
        Network {
            skip,
            weights,
            biases,
        }
    }

    /// Length of an input.
    pub fn inputs(&self) -> usize {
        self.weights[0].ncols()
    }

    /// Length of an output.
    pub fn outputs(&self) -> usize {
        self.weights[2].nrows()
    }

    /// A network of the same shapes with all parameters 0.
    pub(crate) fn zeros_like(&self) -> Network {
        Network {
            skip: self.skip.as_ref().map(|s| Array2::zeros(s.dim())),
            weights: self.weights.each_ref().map(|w| Array2::zeros(w.dim())),
            biases: self.biases.each_ref().map(|b| Array1::zeros(b.dim())),
        }
    }

    /// Skip plus perceptron, before the scaling to length 1. `x` is `[n, inputs]`, the result `[n, outputs]`.
    pub(crate) fn sums(&self, x: ArrayView2<'_, f32>) -> Array2<f32> {
        let mut hidden = x.to_owned();
        for layer in 0..2 {
            hidden = hidden.dot(&self.weights[layer].t()) + &self.biases[layer];
            hidden.mapv_inplace(gelu);
        }
        let sum = hidden.dot(&self.weights[2].t()) + &self.biases[2];
        match &self.skip {
            Some(skip) => sum + x.dot(&skip.t()),
            None => sum + x,
        }
    }

    /// The outputs for `x` `[n, inputs]`: unit rows `[n, outputs]`.
    pub fn project(&self, x: ArrayView2<'_, f32>) -> Array2<f32> {
        let mut outputs = self.sums(x);
        unit_rows(&mut outputs);
        outputs
    }

    /// The forward pass with dropout at `rate`, with the values that [`gradient`](Self::gradient) needs.
    pub(crate) fn trace(&self, inputs: Array2<f32>, rate: f32, random: &mut Random) -> Trace {
        let mut layer = |x: &Array2<f32>, i: usize| {
            let pre = x.dot(&self.weights[i].t()) + &self.biases[i];
            let keep = 1.0 / (1.0 - rate);
            let mask = if rate > 0.0 {
                let draw = || if random.uniform() < rate { 0.0 } else { keep };
                Array2::from_shape_simple_fn(pre.dim(), draw)
            } else {
                Array2::ones(pre.dim())
            };
            let post = pre.mapv(gelu) * &mask;
            (pre, post, mask)
        };
        let (pre0, post0, mask0) = layer(&inputs, 0);
        let (pre1, post1, mask1) = layer(&post0, 1);
        let mut outputs = post1.dot(&self.weights[2].t()) + &self.biases[2];
        match &self.skip {
            Some(skip) => outputs += &inputs.dot(&skip.t()),
            None => outputs += &inputs,
        }
        let norms = unit_rows(&mut outputs);
        Trace {
            inputs,
            pre: [pre0, pre1],
            post: [post0, post1],
            masks: [mask0, mask1],
            norms,
            outputs,
        }
    }

    /// Gradient of a loss with respect to all parameters, from its gradient with respect to the outputs `[n, outputs]`.
    pub(crate) fn gradient(&self, trace: &Trace, outputs: Array2<f32>) -> Network {
        // y = o/|o|, so dL/do = (g − (g·y) y) / |o|.
        let mut sums = outputs;
        Zip::from(sums.rows_mut())
            .and(trace.outputs.rows())
            .and(&trace.norms)
            .for_each(|mut g, y, &norm| {
                let along = g.dot(&y);
                g.zip_mut_with(&y, |g, &y| *g = (*g - along * y) / norm);
            });
        let back = |upper: &Array2<f32>, weights: &Array2<f32>, layer: usize| {
            let mut g = upper.dot(weights) * &trace.masks[layer];
            g.zip_mut_with(&trace.pre[layer], |g, &z| *g *= gelu_slope(z));
            g
        };
        let second = back(&sums, &self.weights[2], 1);
        let first = back(&second, &self.weights[1], 0);
        Network {
            skip: self.skip.as_ref().map(|_| sums.t().dot(&trace.inputs)),
            weights: [
                first.t().dot(&trace.inputs),
                second.t().dot(&trace.post[0]),
                sums.t().dot(&trace.post[1]),
            ],
            biases: [
                first.sum_axis(Axis(0)),
                second.sum_axis(Axis(0)),
                sums.sum_axis(Axis(0)),
            ],
        }
    }

    /// True if every parameter is a finite number.
    pub(crate) fn is_finite(&self) -> bool {
        self.skip
            .iter()
            .chain(&self.weights)
            .all(|w| w.iter().all(|x| x.is_finite()))
            && self.biases.iter().all(|b| b.iter().all(|x| x.is_finite()))
    }
}

/// Scales rows to length 1 and returns their former lengths. A row of zeros stays as it is.
pub(crate) fn unit_rows(rows: &mut Array2<f32>) -> Array1<f32> {
    let norms = rows.map_axis(Axis(1), |row| row.dot(&row).sqrt().max(1e-9));
    Zip::from(rows.rows_mut())
        .and(&norms)
        .for_each(|mut row, &norm| row /= norm);
    norms
}

fn phi(x: f32) -> f32 {
    0.5 * (1.0 + libm::erff(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The exact GELU, `x Φ(x)`.
fn gelu(x: f32) -> f32 {
    x * phi(x)
}

/// The derivative of the exact GELU, `Φ(x) + x φ(x)`.
fn gelu_slope(x: f32) -> f32 {
    const INV_SQRT_TAU: f32 = 0.398_942_3;
    phi(x) + x * INV_SQRT_TAU * (-0.5 * x * x).exp()
}
