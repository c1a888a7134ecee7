//! Fits the relation between cosines and people's choices, and measures confidence.
//!
//! Reads tab-separated lines `game weight chosen cosine…`: one picture each, the index of the track that a person chose
//! for it, and the cosines between the picture and all tracks.
//!
//! ```sh
//! cargo run --release -p needledrop-ranking --example calibration -- cosines.tsv
//! ```
//!
//! Prints the slope of [`Calibration`] with an interval over games, the slopes with a game left
//! out, the reliability of their predictions on the game left out with the expected calibration
//! error, the same for the first rows alone, and confidence on whole catalogs against catalogs of
//! the third of the tracks that fits a picture worst.

use std::collections::BTreeMap;
use std::error::Error;

use needledrop_ranking::{Calibration, confidence};

/// Width of a histogram bin of differences, in spreads.
const STEP: f64 = 0.02;
/// Number of bootstrap resamples of the games.
const DRAWS: usize = 2_000;

struct Choice {
    game: usize,
    /// Weight of the pair divided by the square root of its game's, so that no game dominates.
    weight: f64,
    /// Index of the chosen track.
    chosen: usize,
    cosines: Vec<f64>,
    /// Distances to the median in spreads.
    z: Vec<f64>,
    centre: f64,
    spread: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: calibration COSINES.tsv")?;
    let (games, choices) = read(&std::fs::read_to_string(path)?)?;
    println!("{} choices of {} games", choices.len(), games.len());
    let differences: Vec<Counts> = (0..games.len())
        .map(|game| counts(choices.iter().filter(|c| c.game == game)))
        .collect();
    let all: Vec<usize> = (0..games.len()).collect();
    let fitted = slope(&differences, &all);
    let (low, high) = interval(&differences);
    println!("\nslope {fitted:.3}, 95 of 100 resamples of games {low:.2} to {high:.2}");
    let mean = |of: fn(&Choice) -> f64| choices.iter().map(of).sum::<f64>() / choices.len() as f64;
    let (centre, spread) = (mean(|c| c.centre), mean(|c| c.spread));
    println!("centre {centre:.3}, spread {spread:.3}");
    let left_out: Vec<f64> = all
        .iter()
        .map(|out| {
            let others: Vec<usize> = all.iter().copied().filter(|g| g != out).collect();
            slope(&differences, &others)
        })
        .collect();
    println!("\n| game | choices | slope without it |\n|---|---|---|");
    for (at, name) in games.iter().enumerate() {
        let count = choices.iter().filter(|c| c.game == at).count();
        println!("| {name} | {count} | {:.2} |", left_out[at]);
    }
    reliability(&choices, &left_out);
    first_rows(&choices, &left_out);
    let calibration = Calibration {
        slope: fitted as f32,
        centre: centre as f32,
        spread: spread as f32,
    };
    answers(&choices, &calibration);
    Ok(())
}

fn read(text: &str) -> Result<(Vec<String>, Vec<Choice>), Box<dyn Error>> {
    let mut games: BTreeMap<String, usize> = BTreeMap::new();
    let mut choices = Vec::new();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let mut field = || {
            fields
                .next()
                .ok_or("expected game, weight, chosen and cosines")
        };
        let next = games.len();
        let game = *games.entry(field()?.to_owned()).or_insert(next);
        let (weight, chosen) = (field()?.parse()?, field()?.parse()?);
        let cosines: Vec<f64> = fields.map(str::parse).collect::<Result<_, _>>()?;
        if chosen >= cosines.len() {
            return Err("expected a cosine of the chosen track".into());
        }
        let centre = median(cosines.clone());
        let spread = 1.4826 * median(cosines.iter().map(|c| (c - centre).abs()).collect());
        choices.push(Choice {
            game,
            weight,
            chosen,
            z: cosines
                .iter()
                .map(|c| (c - centre) / spread.max(0.01))
                .collect(),
            cosines,
            centre,
            spread,
        });
    }
    let mut whole = vec![0.0; games.len()];
    choices.iter().for_each(|c| whole[c.game] += c.weight);
    choices
        .iter_mut()
        .for_each(|c| c.weight /= whole[c.game].sqrt());
    let mut names: Vec<(usize, String)> = games.into_iter().map(|(name, at)| (at, name)).collect();
    names.sort();
    Ok((names.into_iter().map(|(_, name)| name).collect(), choices))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 {
        values[half]
    } else {
        f64::midpoint(values[half - 1], values[half])
    }
}

/// Weight of each difference (chosen minus other), by histogram bin.
type Counts = BTreeMap<i64, f64>;

fn counts<'a>(choices: impl Iterator<Item = &'a Choice>) -> Counts {
    let mut counts = Counts::new();
    for choice in choices {
        let share = choice.weight / (choice.z.len() - 1) as f64;
        for (at, z) in choice.z.iter().enumerate() {
            if at != choice.chosen {
                let step = ((choice.z[choice.chosen] - z) / STEP).round() as i64;
                *counts.entry(step).or_insert(0.0) += share;
            }
        }
    }
    counts
}

fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Newton's method on the likelihood of Bradley and Terry's model over these games.
fn slope(differences: &[Counts], games: &[usize]) -> f64 {
    let mut slope = 0.3;
    for _ in 0..30 {
        let (mut first, mut second) = (0.0, 1e-9);
        for &game in games {
            for (&step, weight) in &differences[game] {
                let d = step as f64 * STEP;
                let p = logistic(slope * d);
                first += weight * (1.0 - p) * d;
                second += weight * p * (1.0 - p) * d * d;
            }
        }
        slope += first / second;
    }
    slope
}

/// 95 % interval of the slope over resampled games.
fn interval(differences: &[Counts]) -> (f64, f64) {
    let mut state = 1_u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % differences.len()
    };
    let mut slopes: Vec<f64> = (0..DRAWS)
        .map(|_| {
            let games: Vec<usize> = (0..differences.len()).map(|_| draw()).collect();
            slope(differences, &games)
        })
        .collect();
    slopes.sort_by(f64::total_cmp);
    (slopes[DRAWS / 40], slopes[DRAWS - 1 - DRAWS / 40])
}

/// Predicted and observed share of pairs in which the chosen track has the higher cosine.
fn reliability(choices: &[Choice], slopes: &[f64]) {
    let mut bins = [(0.0, 0.0, 0.0); 10];
    for choice in choices {
        let share = choice.weight / (choice.z.len() - 1) as f64;
        for (at, z) in choice.z.iter().enumerate() {
            if at == choice.chosen {
                continue;
            }
            let p = logistic(slopes[choice.game] * (choice.z[choice.chosen] - z));
            let (p, right) = if p >= 0.5 { (p, 1.0) } else { (1.0 - p, 0.0) };
            let bin = &mut bins[(((p - 0.5) * 20.0) as usize).min(9)];
            bin.0 += share;
            bin.1 += share * p;
            bin.2 += share * right;
        }
    }
    println!("\nOf two tracks, the one nearer to the picture is the chosen one (game left out):");
    println!("\n| predicted | observed | share of pairs |\n|---|---|---|");
    let whole: f64 = bins.iter().map(|b| b.0).sum();
    let mut error = 0.0;
    for (count, predicted, observed) in bins {
        if count > 0.0 {
            let (p, o) = (predicted / count, observed / count);
            println!("| {p:.3} | {o:.3} | {:.3} |", count / whole);
            error += count / whole * (p - o).abs();
        }
    }
    println!("\nexpected calibration error {error:.3}");
}

/// Observed and predicted share of pictures with the chosen track among the first rows.
fn first_rows(choices: &[Choice], slopes: &[f64]) {
    println!("\n| first rows | chosen among them | predicted | by chance |\n|---|---|---|---|");
    let whole: f64 = choices.iter().map(|c| c.weight).sum();
    for rows in [1, 3, 5, 10, 20, 30, 60] {
        let (mut found, mut predicted, mut chance) = (0.0, 0.0, 0.0);
        for choice in choices {
            let mut order: Vec<usize> = (0..choice.z.len()).collect();
            order.sort_by(|a, b| choice.z[*b].total_cmp(&choice.z[*a]));
            let weight = |&at: &usize| (slopes[choice.game] * choice.z[at]).exp();
            let first = &order[..rows.min(order.len())];
            if first.contains(&choice.chosen) {
                found += choice.weight;
            }
            let (some, all): (f64, f64) = (
                first.iter().map(weight).sum(),
                order.iter().map(weight).sum(),
            );
            predicted += choice.weight * some / all;
            chance += choice.weight * first.len() as f64 / order.len() as f64;
        }
        let [found, predicted, chance] = [found, predicted, chance].map(|v| v / whole);
        println!("| {rows} | {found:.3} | {predicted:.3} | {chance:.3} |");
    }
}

/// Confidence of the best track of parts of a catalog.
fn answers(choices: &[Choice], calibration: &Calibration) {
    let part = |from: f64, to: f64| -> Vec<f64> {
        let best = |choice: &Choice| {
            let mut sorted = choice.cosines.clone();
            sorted.sort_by(f64::total_cmp);
            let place = |share: f64| (share * sorted.len() as f64).round() as usize;
            let part = &sorted[place(from)..place(to)];
            confidence(part.last().copied().unwrap_or(f64::NAN), calibration)
        };
        choices.iter().map(best).collect()
    };
    let whole = part(0.0, 1.0);
    println!(
        "\n| catalog | confidence: mean | 5 of 100 below | 5 of 100 above | AUC of the whole against it |"
    );
    println!("|---|---|---|---|---|");
    for (name, from, to) in [
        ("whole", 0.0, 1.0),
        ("without the best tenth", 0.0, 0.9),
        ("without the best third", 0.0, 2.0 / 3.0),
        ("worse half", 0.0, 0.5),
        ("worst third", 0.0, 1.0 / 3.0),
    ] {
        let mut values = part(from, to);
        values.sort_by(f64::total_cmp);
        let n = values.len();
        let mean = values.iter().sum::<f64>() / n as f64;
        let (low, high) = (values[n / 20], values[n - 1 - n / 20]);
        println!(
            "| {name} | {mean:.3} | {low:.3} | {high:.3} | {:.3} |",
            auc(&whole, &values)
        );
    }
    let (mut hits, mut misses) = (Vec::new(), Vec::new());
    for (choice, confidence) in choices.iter().zip(&whole) {
        let nearer = |z: &&f64| **z > choice.z[choice.chosen];
        let among = choice.z.iter().filter(nearer).count() < 30;
        if among { &mut hits } else { &mut misses }.push(*confidence);
    }
    let foreseen = auc(&hits, &misses);
    println!("\nAUC for the chosen track being among the first thirty: {foreseen:.3}");
    let (worst, rest) = (part(0.0, 1.0 / 3.0), part(0.0, 2.0 / 3.0));
    println!(
        "\n| threshold | whole catalogs above | without the best third below | worst thirds below |"
    );
    println!("|---|---|---|---|");
    for threshold in [0.50, 0.52, 0.54, 0.56, 0.58, 0.60, 0.62, 0.64, 0.66] {
        let share = |values: &[f64], above: bool| {
            let count = values
                .iter()
                .filter(|v| (**v >= threshold) == above)
                .count();
            count as f64 / values.len() as f64
        };
        println!(
            "| {threshold:.2} | {:.3} | {:.3} | {:.3} |",
            share(&whole, true),
            share(&rest, false),
            share(&worst, false)
        );
    }
}

/// Probability that a value of `high` is above one of `low`; ties count half.
fn auc(high: &[f64], low: &[f64]) -> f64 {
    let mut sum = 0.0;
    for a in high {
        for b in low {
            sum += if a > b {
                1.0
            } else if a == b {
                0.5
            } else {
                0.0
            };
        }
    }
    sum / (high.len() * low.len()) as f64
}
