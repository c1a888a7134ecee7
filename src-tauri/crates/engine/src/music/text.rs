//! Vectors of texts in the audio space of a pack.

use needledrop_models::runtime::SessionOptions;
use needledrop_models::{ClapText, Pack, SentenceEncoder, Tensors, TextKind, TextTower};

use crate::error::EngineError;

/// Turns descriptions of music into unit vectors of the pack's audio space.
///
/// In a `sentence` pack, the audio space is the sentence space of tags, centred on the mean tag; texts are centred on
/// the same mean. A `clip_clap` pack uses CLAP's text tower.
pub struct MusicText {
    tower: Box<dyn TextTower>,
    centre: Option<Vec<f32>>,
}

impl MusicText {
    /// Opens the pack's text tower on `threads` threads (0: one per core).
    ///
    /// # Errors
    /// [`EngineError::Model`] for a file that is missing, corrupt or unusable.
    pub fn open(pack: &Pack, threads: usize) -> Result<MusicText, EngineError> {
        let options = SessionOptions {
            threads,
            ..SessionOptions::default()
        };
        let text = &pack.manifest.text;
        if text.kind == TextKind::ClipClap {
            let tower = Box::new(ClapText::open(pack, &options)?);
            return Ok(MusicText {
                tower,
                centre: None,
            });
        }
        let tower = Box::new(SentenceEncoder::open(pack, &options)?);
        // The mean that the pack's audio vectors are centred on.
        let of_text = text.sentence.as_ref().and_then(|s| s.centre.as_deref());
        let centre = match of_text.or(pack.manifest.audio.tag_space.as_deref()) {
            Some(file) => {
                let mut tensors = Tensors::open(&pack.file(file)?)?;
                Some(tensors.take("mean", &[Some(tower.dim())])?.data)
            }
            None => None,
        };
        Ok(MusicText { tower, centre })
    }

    /// One unit vector per text.
    ///
    /// # Errors
    /// [`EngineError::Model`] when the model fails.
    pub fn embed(&mut self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EngineError> {
        let mut vectors = self.tower.embed(texts)?;
        if let Some(centre) = &self.centre {
            for vector in &mut vectors {
                for (x, mean) in vector.iter_mut().zip(centre) {
                    *x -= mean;
                }
                normalise(vector);
            }
        }
        Ok(vectors)
    }
}

/// Scales a vector to length 1; a vector of zeros is unchanged.
pub(crate) fn normalise(vector: &mut [f32]) {
    let norm = vector
        .iter()
        .map(|x| f64::from(*x).powi(2))
        .sum::<f64>()
        .sqrt();
    if norm > 1e-9 {
        let norm = norm as f32;
        for x in vector {
            *x /= norm;
        }
    }
}

/// Inner product; the cosine for unit vectors.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Blends two unit vectors, `share` of `b` and the rest of `a`, and scales the result to length 1.
pub(crate) fn blend(a: &[f32], b: &[f32], share: f32) -> Vec<f32> {
    let mut mixed: Vec<f32> = a
        .iter()
        .zip(b)
        .map(|(x, y)| x * (1.0 - share) + y * share)
        .collect();
    normalise(&mut mixed);
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blend_lies_between_its_parts() {
        let (a, b) = ([1.0, 0.0], [0.0, 1.0]);
        let half = blend(&a, &b, 0.5);
        assert!((dot(&half, &a) - dot(&half, &b)).abs() < 1e-6);
        assert!((dot(&half, &half) - 1.0).abs() < 1e-6);
        assert!((dot(&blend(&a, &b, 0.0), &a) - 1.0).abs() < 1e-6);
    }
}
