//! Text towers: models that turn texts into unit vectors.

pub(crate) mod tokenizer;

use ort::session::Session;
use ort::value::Tensor;
use tokenizers::Tokenizer;

use crate::manifest::TextModel;
use crate::runtime::{self, ProviderChoice, SessionOptions};
use crate::{ModelError, Pack};

/// Number of texts per run.
const BATCH: usize = 32;

/// A model that turns texts into unit vectors.
pub trait TextTower: Send {
    /// Length of a vector.
    fn dim(&self) -> usize;

    /// One unit vector for each text, in the same order. Texts may be empty.
    ///
    /// # Errors
    /// `Inference`.
    fn embed(&mut self, texts: &[&str]) -> Result<Vec<Vec<f32>>, ModelError>;

    /// The provider that runs the model.
    fn provider(&self) -> &ProviderChoice;
}

/// How the vector of a text is computed from the model's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pooling {
    /// Mean of the token vectors under the attention mask (sentence-transformers).
    Mean,
    /// The model outputs one vector for each text.
    Model,
}

/// A sentence encoder: the mean of token vectors under the mask, scaled to length 1.
pub struct SentenceEncoder(Tower);

/// CLIP's text tower with its projection.
pub struct ClipText(Tower);

/// CLAP's text tower with its projection.
pub struct ClapText(Tower);

macro_rules! tower {
    ($name:ident, $section:ident, $pooling:expr, $max_tokens:expr) => {
        impl $name {
            /// Opens the tower of a pack.
            ///
            /// # Errors
            /// `BadManifest` if the pack has no such tower; those of [`Pack::file`] and
            /// [`runtime::session`]; `BadTokenizer`.
            pub fn open(pack: &Pack, options: &SessionOptions) -> Result<Self, ModelError> {
                let Some(model) = &pack.manifest.text.$section else {
                    return Err(ModelError::BadManifest {
                        path: pack.dir.join(crate::pack::MANIFEST_FILE),
                        reason: concat!("the pack has no ", stringify!($section), " text tower")
                            .to_owned(),
                    });
                };
                Tower::open(pack, model, $pooling, $max_tokens, options).map($name)
            }
        }

        impl TextTower for $name {
            fn dim(&self) -> usize {
                self.0.dim
            }

            fn embed(&mut self, texts: &[&str]) -> Result<Vec<Vec<f32>>, ModelError> {
                self.0.embed(texts)
            }

            fn provider(&self) -> &ProviderChoice {
                &self.0.provider
            }
        }
    };
}

tower!(SentenceEncoder, sentence, Pooling::Mean, 256);
tower!(ClipText, clip, Pooling::Model, 77);
tower!(ClapText, clap, Pooling::Model, 512);

/// The common part of all towers.
struct Tower {
    session: Session,
    provider: ProviderChoice,
    tokenizer: Tokenizer,
    pooling: Pooling,
    output: String,
    dim: usize,
}

impl Tower {
    fn open(
        pack: &Pack,
        model: &TextModel,
        pooling: Pooling,
        most_tokens: usize,
        options: &SessionOptions,
    ) -> Result<Tower, ModelError> {
        let path = pack.file(&model.file)?;
        let tokenizer_path = pack.file(&model.tokenizer)?;
        let max_tokens = model.max_tokens.unwrap_or(most_tokens).min(most_tokens);
        let tokenizer = tokenizer::open(&tokenizer_path, max_tokens)?;
        let (session, provider) = runtime::session(&path, options)?;
        let bad = |reason: String| ModelError::BadModel {
            path: path.clone(),
            reason,
        };
        for input in session.inputs() {
            if !["input_ids", "attention_mask", "token_type_ids"].contains(&input.name()) {
                return Err(bad(format!("unexpected input {}", input.name())));
            }
        }
        let wanted: &[&str] = match pooling {
            Pooling::Mean => &["last_hidden_state", "token_embeddings"],
            Pooling::Model => &["text_embeds", "embeds"],
        };
        let names: Vec<&str> = session.outputs().iter().map(|o| o.name()).collect();
        let output = wanted
            .iter()
            .find(|w| names.contains(w))
            .copied()
            .or(if names.len() == 1 {
                Some(names[0])
            } else {
                None
            })
            .ok_or_else(|| bad(format!("expected an output {wanted:?}, found {names:?}")))?
            .to_owned();
        Ok(Tower {
            session,
            provider,
            tokenizer,
            pooling,
            output,
            dim: model.dim,
        })
    }

    fn embed(&mut self, texts: &[&str]) -> Result<Vec<Vec<f32>>, ModelError> {
        let encodings = tokenizer::encode(&self.tokenizer, texts)
            .map_err(|reason| ModelError::Inference { reason })?;
        // Texts of similar length share a run, so that there is little padding.
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&i| encodings[i].len());
        let mut vectors = vec![Vec::new(); texts.len()];
        for batch in order.chunks(BATCH) {
            let rows: Vec<&[u32]> = batch.iter().map(|&i| encodings[i].get_ids()).collect();
            for (&i, vector) in batch.iter().zip(self.run(&rows)?) {
                vectors[i] = vector;
            }
        }
        Ok(vectors)
    }

    /// Runs rows of tokens, padded to the longest.
    fn run(&mut self, rows: &[&[u32]]) -> Result<Vec<Vec<f32>>, ModelError> {
        let width = rows.iter().map(|r| r.len()).max().unwrap_or(0).max(1);
        let pad = self.tokenizer.get_padding().map_or(0, |p| p.pad_id);
        let mut ids = Vec::with_capacity(rows.len() * width);
        let mut mask = Vec::with_capacity(rows.len() * width);
        for row in rows {
            ids.extend(row.iter().map(|&id| i64::from(id)));
            ids.extend(std::iter::repeat_n(i64::from(pad), width - row.len()));
            mask.extend(std::iter::repeat_n(1i64, row.len()));
            mask.extend(std::iter::repeat_n(0i64, width - row.len()));
        }
        let shape = [rows.len(), width];
        let mut inputs = Vec::new();
        for input in self.session.inputs() {
            let data = match input.name() {
                "input_ids" => ids.clone(),
                "attention_mask" => mask.clone(),
                _ => vec![0; ids.len()],
            };
            let tensor = Tensor::from_array((shape, data)).map_err(runtime::run_failed)?;
            inputs.push((input.name().to_owned(), tensor));
        }
        let outputs = self.session.run(inputs).map_err(runtime::run_failed)?;
        let (got, data) = outputs[self.output.as_str()]
            .try_extract_tensor::<f32>()
            .map_err(runtime::run_failed)?;
        let got: Vec<usize> = got
            .iter()
            .map(|&n| usize::try_from(n).unwrap_or(0))
            .collect();
        let expected = match self.pooling {
            Pooling::Mean => vec![rows.len(), width, self.dim],
            Pooling::Model => vec![rows.len(), self.dim],
        };
        if got != expected {
            let reason = format!(
                "expected {} of shape {expected:?}, got {got:?}",
                self.output
            );
            return Err(ModelError::Inference { reason });
        }
        let per_text = data.len() / rows.len().max(1);
        data.chunks_exact(per_text)
            .zip(rows)
            .map(|(out, row)| match self.pooling {
                Pooling::Mean => unit(&mean_of(out, row.len(), self.dim)),
                Pooling::Model => unit(out),
            })
            .collect()
    }
}

/// Mean of the first `n` rows of length `dim`.
fn mean_of(rows: &[f32], n: usize, dim: usize) -> Vec<f32> {
    let mut sum = vec![0.0f64; dim];
    for row in rows.chunks_exact(dim).take(n) {
        for (s, x) in sum.iter_mut().zip(row) {
            *s += f64::from(*x);
        }
    }
    sum.iter().map(|s| (s / n.max(1) as f64) as f32).collect()
}

fn unit(vector: &[f32]) -> Result<Vec<f32>, ModelError> {
    let norm = vector
        .iter()
        .map(|x| f64::from(*x) * f64::from(*x))
        .sum::<f64>()
        .sqrt();
    if !norm.is_finite() || norm < 1e-12 {
        let reason = format!("expected a vector that is not zero, got one of length {norm}");
        return Err(ModelError::Inference { reason });
    }
    Ok(vector
        .iter()
        .map(|x| (f64::from(*x) / norm) as f32)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_ignores_padding() {
        let rows = [1.0, 2.0, 3.0, 4.0, 100.0, 100.0];
        assert_eq!(mean_of(&rows, 2, 2), [2.0, 3.0], "the third row is padding");
    }

    #[test]
    fn a_zero_vector_is_an_error() {
        assert!(unit(&[0.0, 0.0]).is_err(), "zero has no direction");
        assert!(unit(&[f32::NAN, 1.0]).is_err(), "NaN has none either");
        assert_eq!(unit(&[3.0, 4.0]).unwrap(), [0.6, 0.8]);
    }
}
