//! A small learned score: one hidden layer, fitted by `benches/cuts/fit.py`.

/// `N` inputs, `H` hidden units.
pub(super) struct Net<const N: usize, const H: usize> {
    /// Mean of each input.
    pub mean: [f32; N],
    /// 1 over the standard deviation of each input.
    pub scale: [f32; N],
    /// Weights of each hidden unit.
    pub hidden: [[f32; N]; H],
    /// Bias of each hidden unit.
    pub bias: [f32; H],
    /// Weight of each hidden unit in the score.
    pub out: [f32; H],
    /// Bias of the score.
    pub lift: f32,
}

/// Score from 0 to 1. Inputs are limited to 4 standard deviations from their mean.
pub(super) fn score<const N: usize, const H: usize>(net: &Net<N, H>, clues: &[f32; N]) -> f32 {
    let mut sum = net.lift;
    let clues: [f32; N] =
        std::array::from_fn(|i| ((clues[i] - net.mean[i]) * net.scale[i]).clamp(-4.0, 4.0));
    for ((weights, bias), out) in net.hidden.iter().zip(&net.bias).zip(&net.out) {
        let lean: f32 = weights.iter().zip(&clues).map(|(w, c)| w * c).sum();
        sum += out * libm::tanhf(lean + bias);
    }
    1.0 / (1.0 + libm::expf(-sum))
}
