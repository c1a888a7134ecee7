//! Units of form: bars where there are any, else stretches of two seconds.

use needledrop_ranking::Beats;

/// Numbers that describe the sound of a unit: chroma, then timbre.
const CHROMA: usize = 12;
const TIMBRE: usize = 12;
/// Length of a unit where there are no bars, and the shortest unit, seconds.
const PLAIN_S: f64 = 2.0;
const LEAST_S: f64 = 1.2;

/// Consecutive units with the features of their sound.
pub struct Units {
    /// Starts of the units in ascending order, then the end of the track.
    pub bounds_s: Vec<f64>,
    /// Whether the bounds are bar lines.
    pub on_bars: bool,
    chroma: Vec<[f64; CHROMA]>,
    timbre: Vec<[f64; TIMBRE]>,
}

impl Units {
    /// Divides a track. `chroma` and `timbre`: frames at one rate, from the start.
    pub fn new(
        duration_s: f64,
        beats: Option<&Beats>,
        rate_hz: f64,
        chroma: &[[f32; CHROMA]],
        timbre: &[[f32; TIMBRE]],
    ) -> Units {
        let bars = beats.map(|beats| bar_lines(beats, duration_s));
        let bars = bars.filter(|bounds| bounds.len() > 4);
        let on_bars = bars.is_some();
        let plain = || {
            let count = (duration_s / PLAIN_S).floor().max(1.0) as usize;
            let mut bounds: Vec<f64> = (0..count).map(|i| i as f64 * PLAIN_S).collect();
            bounds.push(duration_s);
            bounds
        };
        let bounds_s = bars.unwrap_or_else(plain);
        let frame = |s: f64| (s * rate_hz).round() as usize;
        let spans: Vec<(usize, usize)> = bounds_s
            .windows(2)
            .map(|pair| (frame(pair[0]), frame(pair[1]).max(frame(pair[0]) + 1)))
            .collect();
        let mut timbre = means(timbre, &spans);
        standardise(&mut timbre);
        let mut chroma = means(chroma, &spans);
        chroma.iter_mut().for_each(to_unit_length);
        Units {
            bounds_s,
            on_bars,
            chroma,
            timbre,
        }
    }

    /// Number of units that the track has.
    pub fn len(&self) -> usize {
        self.chroma.len()
    }

    /// Similarity of the sound of two units, 0 to 1.
    pub fn alike(&self, a: usize, b: usize) -> f64 {
        let harmony: f64 = self.chroma[a]
            .iter()
            .zip(&self.chroma[b])
            .map(|(x, y)| x * y)
            .sum();
        let pairs = self.timbre[a].iter().zip(&self.timbre[b]);
        let distance: f64 = pairs.map(|(x, y)| (x - y) * (x - y)).sum();
        0.5 * harmony.clamp(0.0, 1.0) + 0.5 * (-distance / TIMBRE as f64).exp()
    }
}

/// Bar lines from the start to the end of the track; short bars are joined in pairs.
fn bar_lines(beats: &Beats, duration_s: f64) -> Vec<f64> {
    let bars: Vec<f64> = beats.downbeats_s().collect();
    let mean = match bars.as_slice() {
        [first, .., last] => (last - first) / (bars.len() - 1) as f64,
        _ => return Vec::new(),
    };
    let step = if mean < LEAST_S { 2 } else { 1 };
    let mut bounds: Vec<f64> = bars.into_iter().step_by(step).collect();
    if bounds[0] > LEAST_S / 2.0 {
        bounds.insert(0, 0.0);
    } else {
        bounds[0] = 0.0;
    }
    // The last bar may ring on; more than one bar is cut off there.
    let last = bounds[bounds.len() - 1];
    if duration_s - last > 1.5 * mean * step as f64 {
        bounds.push(last + mean * step as f64);
    }
    bounds.push(duration_s);
    bounds
}

fn means<const N: usize>(frames: &[[f32; N]], spans: &[(usize, usize)]) -> Vec<[f64; N]> {
    let mean = |&(from, to): &(usize, usize)| {
        let to = to.min(frames.len());
        let within = &frames[from.min(to.saturating_sub(1))..to];
        let mut sums = [0.0; N];
        for frame in within {
            sums.iter_mut()
                .zip(frame)
                .for_each(|(s, x)| *s += f64::from(*x));
        }
        sums.map(|s| s / within.len().max(1) as f64)
    };
    spans.iter().map(mean).collect()
}

fn standardise<const N: usize>(rows: &mut [[f64; N]]) {
    let n = rows.len().max(1) as f64;
    for column in 0..N {
        let mean = rows.iter().map(|r| r[column]).sum::<f64>() / n;
        let square = rows.iter().map(|r| (r[column] - mean).powi(2)).sum::<f64>() / n;
        // A band that never changes carries no information.
        let spread = square.sqrt().max(0.1);
        rows.iter_mut()
            .for_each(|r| r[column] = (r[column] - mean) / spread);
    }
}

fn to_unit_length<const N: usize>(row: &mut [f64; N]) {
    let norm = row.iter().map(|x| x * x).sum::<f64>().sqrt();
    if norm > 1e-9 {
        row.iter_mut().for_each(|x| *x /= norm);
    }
}
