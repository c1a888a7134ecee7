//! The correlation of a track's energy with the arc of an edit, and of its climax with the strongest hit.

use super::edit_events::EditEvents;
use super::track::Track;

/// An arc whose standard deviation is below `FLAT` has no shape; from `WHOLE` on its shape is fully clear. The values are
/// from 0 to 1.
const FLAT: f64 = 0.04;
const WHOLE: f64 = 0.15;
/// Seconds of a curve that count as one independent observation: about one musical phrase.
const PHRASE_S: f64 = 6.0;
/// Largest number of independent observations.
const MOST_PHRASES: f64 = 12.0;
/// Expected correlation for a track that the edit follows.
const EXPECTED: f64 = 0.6;
/// Evidence of a climax on the strongest hit, and the standard deviation of their distance in seconds.
const CLIMAX: f64 = 1.0;
const CLIMAX_S: f64 = 0.1;

/// The arc of an edit beside the energy of a track.
pub(super) struct Shape {
    /// The arc, one value per second, with mean 0 and deviation 1; empty for an arc without shape.
    arc: Vec<f64>,
    /// Clearness of the shape, 0 to 1.
    clear: f64,
    /// Cumulative sums of the track's energy.
    sums: Vec<f64>,
    rate_hz: f64,
    /// Time of the strongest hit after the in-point, and time of the climax in the track, both in seconds.
    climax: Option<(f64, f64)>,
}

impl Shape {
    pub(super) fn of(edit: &EditEvents, track: &Track<'_>) -> Shape {
        let energy = &track.curves.energy;
        let rate_hz = f64::from(energy.rate_hz);
        let usable = rate_hz.is_finite() && rate_hz > 0.0 && !energy.values.is_empty();
        let (arc, deviation) = standard(&edit.arc);
        let has_shape = usable && arc.len() >= 8 && deviation > FLAT;
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        for value in &energy.values {
            sum += f64::from(*value) / 255.0;
            sums.push(sum);
        }
        let hardest = edit.hits.first().map(|hit| hit.at_s);
        let climax_s = track.form.climax_s.filter(|s| s.is_finite());
        Shape {
            arc: if has_shape { arc } else { Vec::new() },
            clear: (deviation / WHOLE).min(1.0),
            sums,
            rate_hz,
            climax: hardest.zip(climax_s),
        }
    }

    /// Whether arc and energy can be compared.
    pub(super) fn is_known(&self) -> bool {
        !self.arc.is_empty()
    }

    /// Evidence for a start: n · ln of the likelihood ratio of the found correlation, for two standardised Gaussian series
    /// with the expected correlation against two without correlation.
    pub(super) fn evidence(&self, start_s: f64) -> f64 {
        let mut evidence = 0.0;
        if let Some((hit_s, climax_s)) = self.climax {
            let off_s = start_s + hit_s - climax_s;
            evidence += CLIMAX * (-0.5 * (off_s / CLIMAX_S).powi(2)).exp();
        }
        if self.is_known() {
            let found = self.correlation(start_s);
            let rest = 1.0 - EXPECTED * EXPECTED;
            let each = -0.5 * rest.ln() - (EXPECTED * EXPECTED - EXPECTED * found) / rest;
            let phrases = (self.arc.len() as f64 / PHRASE_S).min(MOST_PHRASES);
            evidence += self.clear * phrases * each;
        }
        evidence
    }

    /// Pearson's correlation of the arc with the energy from `start_s` on, -1 to 1; 0 for constant energy.
    fn correlation(&self, start_s: f64) -> f64 {
        let last = self.sums.len() - 1;
        let place = |time_s: f64| ((time_s * self.rate_hz + 0.5) as usize).min(last);
        let (mut sum, mut squares, mut product) = (0.0, 0.0, 0.0);
        let step = 1.0 / self.rate_hz;
        let mut from = place(start_s);
        for (second, arc) in self.arc.iter().enumerate() {
            let to = place(start_s + second as f64 + 1.0);
            let energy = (self.sums[to] - self.sums[from]) * step;
            from = to;
            sum += energy;
            squares += energy * energy;
            product += energy * arc;
        }
        let n = self.arc.len() as f64;
        let variance = squares / n - (sum / n).powi(2);
        if variance < 1e-4 {
            return 0.0;
        }
        (product / n / variance.sqrt()).clamp(-1.0, 1.0)
    }
}

/// The values scaled to mean 0 and deviation 1, and their deviation before.
fn standard(values: &[f64]) -> (Vec<f64>, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let deviation = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt();
    let scaled = values.iter().map(|v| (v - mean) / deviation.max(1e-9));
    (scaled.collect(), deviation)
}
