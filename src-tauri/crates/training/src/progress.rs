//! Progress of a training or an evaluation.

/// Progress of a training or an evaluation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// `"reading"`: embeds texts, `"training"`: runs epochs.
    pub phase: &'static str,
    /// Texts or epochs that are complete.
    pub done: u64,
    /// Texts or epochs of the whole phase.
    pub total: u64,
    /// Score on the validation rows, which decide when to stop; higher is better.
    pub score: Option<f64>,
}
