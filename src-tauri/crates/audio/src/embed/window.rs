//! Windows: stretches of a signal with the encoder's output.

/// The output of an encoder for a stretch of the signal.
#[derive(Clone, Debug)]
pub struct Window {
    /// First moment of the stretch, seconds.
    pub start_s: f64,
    /// Last moment of the stretch, seconds.
    pub end_s: f64,
    /// musicnn: tag probabilities; CLAP: an embedding of length 1.
    pub values: Vec<f32>,
}

/// Mean of the values over windows, `[values]`; empty for no windows.
pub fn mean(windows: &[&Window]) -> Vec<f32> {
    let Some(first) = windows.first() else {
        return Vec::new();
    };
    let mut sum = vec![0.0f64; first.values.len()];
    for window in windows {
        sum.iter_mut()
            .zip(&window.values)
            .for_each(|(s, v)| *s += f64::from(*v));
    }
    sum.iter()
        .map(|s| (s / windows.len() as f64) as f32)
        .collect()
}

/// The windows whose middle lies in `start_s..end_s`; if there is none, the nearest one.
pub fn between(windows: &[Window], start_s: f64, end_s: f64) -> Vec<&Window> {
    let middle = |w: &Window| (w.start_s + w.end_s) / 2.0;
    let inside: Vec<&Window> = windows
        .iter()
        .filter(|w| (start_s..end_s).contains(&middle(w)))
        .collect();
    if !inside.is_empty() {
        return inside;
    }
    let wanted = (start_s + end_s) / 2.0;
    let distance = |w: &Window| (middle(w) - wanted).abs();
    windows
        .iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .into_iter()
        .collect()
}
