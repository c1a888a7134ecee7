//! The vector of a window from its tag probabilities. Pure.
//!
//! The tagger gives some tags to nearly all music ("ambient"). Each logit is therefore measured
//! against the tag's mean and spread over a corpus, and only tags above their mean count: `v = Σ_t
//! max(0, z_t) · (e_t − ē)`, scaled to length 1.

use needledrop_models::{ModelError, Tensors};

/// Probabilities are limited to this distance from 0 and 1 before the logit.
const LEAST_PROBABILITY: f32 = 1e-6;

/// The constants of the tag space.
#[derive(Clone, Debug)]
pub struct TagSpace {
    /// `[tags * dim]`: sentence vector of each tag less the mean over tags.
    vectors: Vec<f32>,
    prior_mean: Vec<f32>,
    prior_std: Vec<f32>,
    dim: usize,
}

impl TagSpace {
    /// Takes `vectors [tags, dim]`, `prior_mean [tags]` and `prior_std [tags]` from a file.
    ///
    /// # Errors
    /// `BadTensors` where one is missing or has another shape.
    pub fn from_tensors(file: &mut Tensors, tags: usize, dim: usize) -> Result<Self, ModelError> {
        Ok(TagSpace {
            vectors: file.take("vectors", &[Some(tags), Some(dim)])?.data,
            prior_mean: file.take("prior_mean", &[Some(tags)])?.data,
            prior_std: file.take("prior_std", &[Some(tags)])?.data,
            dim,
        })
    }

    /// Distance of each tag's logit from its corpus mean, in standard deviations. `probabilities`:
    /// `[tags]`, mean of the tagger's sigmoid over the patches of the window.
    pub fn standing_out(&self, probabilities: &[f32]) -> Vec<f32> {
        probabilities
            .iter()
            .zip(self.prior_mean.iter().zip(&self.prior_std))
            .map(|(&p, (&mean, &std))| (logit(p) - mean) / std.max(1e-3))
            .collect()
    }

    /// Unit vector of the window, `[dim]`.
    pub fn vector(&self, probabilities: &[f32]) -> Vec<f32> {
        let z = self.standing_out(probabilities);
        let mut weights: Vec<f32> = z.iter().map(|&z| z.max(0.0)).collect();
        if weights.iter().all(|&w| w == 0.0) {
            // No tag is above its mean: take the one that is nearest to it.
            let best = (0..z.len()).max_by(|&a, &b| z[a].total_cmp(&z[b]));
            best.into_iter().for_each(|b| weights[b] = 1.0);
        }
        let mut mix = vec![0.0; self.dim];
        for (&weight, vector) in weights.iter().zip(self.vectors.chunks_exact(self.dim)) {
            if weight > 0.0 {
                mix.iter_mut()
                    .zip(vector)
                    .for_each(|(m, v)| *m += weight * v);
            }
        }
        unit(mix)
    }
}

/// `ln(p / (1 − p))`, with `p` limited away from 0 and 1.
pub fn logit(p: f32) -> f32 {
    let p = f64::from(p.clamp(LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY));
    (p / (1.0 - p)).ln() as f32
}

/// Scales to length 1; a zero vector stays zero.
pub fn unit(mut v: Vec<f32>) -> Vec<f32> {
    let norm = v.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt() as f32;
    if norm > 0.0 {
        v.iter_mut().for_each(|x| *x /= norm);
    }
    v
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> TagSpace {
        TagSpace {
            vectors: vec![1.0, 0.0, 0.0, 1.0, -1.0, 0.0],
            prior_mean: vec![0.0, -2.0, 0.0],
            prior_std: vec![1.0, 1.0, 2.0],
            dim: 2,
        }
    }

    #[test]
    fn a_common_tag_adds_nothing_at_its_usual_level() {
        let usual = 1.0 / (1.0 + 2f32.exp());
        let v = space().vector(&[0.9, usual, 0.5]);
        assert!(
            v[0] > 0.999 && v[1].abs() < 1e-3,
            "only the first tag stands out: {v:?}"
        );
    }

    #[test]
    fn vectors_have_length_one_even_if_no_tag_is_above_its_mean() {
        for p in [[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.5, 0.01, 0.5]] {
            let v = space().vector(&p);
            let norm = (v[0] * v[0] + v[1] * v[1]).sqrt();
            assert!((norm - 1.0).abs() < 1e-5, "{p:?} gives {v:?}");
        }
    }
}
