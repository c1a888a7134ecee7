//! What cosines claim about people's choices, and what came true.

use ndarray::Array2;

use crate::pairs::PairSet;

/// Most other tracks that a chosen one is compared with, spread evenly over all.
const MOST_OTHERS: usize = 200;
/// Least spread of a picture's cosines.
const LEAST_SPREAD: f64 = 0.01;
/// Factor from the median absolute deviation to the standard deviation of normal values.
const TO_DEVIATION: f64 = 1.4826;

/// For each picture and each other track: the claimed chance, at least 0.5, that a person prefers the nearer one of the
/// chosen and the other track, by Bradley and Terry's model with the log odds `slope` per spread of the picture's
/// cosines, and 1 where the nearer one is the chosen one, else 0.
pub(crate) fn preferences(set: &PairSet, queries: &Array2<f32>, slope: f64) -> Vec<(f64, f64)> {
    let scores = queries.dot(&set.tracks.t());
    let step = scores.ncols().div_ceil(MOST_OTHERS).max(1);
    let mut found = Vec::new();
    for (row, &chosen) in scores.rows().into_iter().zip(&set.track) {
        let values: Vec<f64> = row.iter().map(|v| f64::from(*v)).collect();
        let centre = median(values.clone());
        let deviations = values.iter().map(|v| (v - centre).abs()).collect();
        let spread = (TO_DEVIATION * median(deviations)).max(LEAST_SPREAD);
        for other in (0..values.len()).step_by(step).filter(|at| *at != chosen) {
            let chance = 1.0 / (1.0 + (-slope * (values[chosen] - values[other]) / spread).exp());
            found.push(if chance >= 0.5 {
                (chance, 1.0)
            } else {
                (1.0 - chance, 0.0)
            });
        }
    }
    found
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[half],
        _ => f64::midpoint(values[half - 1], values[half]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pairs::Pair;
    use crate::random::Random;
    use crate::yardstick::calibration::calibration;

    /// Choices among random tracks that follow the model with a slope of 0.8.
    fn choices() -> (PairSet, Array2<f32>) {
        let mut random = Random::new(5);
        let mut tracks = Array2::from_shape_simple_fn((60, 12), || random.normal());
        crate::network::unit_rows(&mut tracks);
        let mut queries = Array2::from_shape_simple_fn((500, 12), || random.normal());
        crate::network::unit_rows(&mut queries);
        let scores = queries.dot(&tracks.t());
        let pairs = scores.rows().into_iter().map(|row| {
            let spread = (row.iter().map(|v| v * v).sum::<f32>() / 60.0).sqrt();
            let odds: Vec<f32> = row.iter().map(|v| (0.8 * v / spread).exp()).collect();
            let mut left = random.uniform() * odds.iter().sum::<f32>();
            let beyond = |odd: &f32| {
                left -= odd;
                left <= 0.0
            };
            Pair {
                game: "one".to_owned(),
                picture: vec![1.0],
                track: odds.iter().position(beyond).unwrap_or(0),
                weight: 1.0,
            }
        });
        let pairs: Vec<Pair> = pairs.collect();
        let tracks: Vec<Vec<f32>> = tracks.rows().into_iter().map(|r| r.to_vec()).collect();
        (PairSet::new(&pairs, &tracks).unwrap(), queries)
    }

    #[test]
    fn the_true_slope_is_calibrated_and_a_steeper_one_is_not() {
        let (set, queries) = choices();
        let error = |slope| {
            calibration(&preferences(&set, &queries, slope))
                .unwrap()
                .error
        };
        assert!(error(0.8) < 0.03, "true: {}", error(0.8));
        assert!(error(4.0) > 0.1, "steep: {}", error(4.0));
    }
}
