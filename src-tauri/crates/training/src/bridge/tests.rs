use super::*;
use crate::network::unit_rows;
use crate::rows::{Look, RowMode, RowMood};

use ndarray::Array1;

const WORDS: usize = 12;

/// Rows whose music depends on scene and look by a law that is not linear.
fn world(n: usize) -> (Vec<BridgeRow>, Encoded) {
    let mut random = Random::new(6);
    let mut draw = |r: usize, c: usize| {
        let mut m = Array2::from_shape_simple_fn((r, c), || random.normal());
        unit_rows(&mut m);
        m
    };
    let (scenes, look) = (draw(n, WORDS), draw(n, 2));
    let (first, second) = (draw(WORDS, WORDS), draw(WORDS, WORDS));
    let mut music = scenes.dot(&first.t()) + (scenes.dot(&second.t()) * 3.0).mapv(f32::sin);
    unit_rows(&mut music);
    let row = |i: usize| BridgeRow {
        scene: format!("scene number {i}"),
        seen: vec!["a".into(), "b".into()],
        look: Look {
            light: 0.0,
            warmth: 0.0,
            saturation: 0.0,
            contrast: 0.0,
        },
        music: format!("music number {i}"),
        bpm: [60 + (i % 90) as u16, 80 + (i % 90) as u16],
        mode: [RowMode::Major, RowMode::Minor, RowMode::Either][i % 3],
        mood: [RowMood::Action, RowMood::Sad, RowMood::Happy, RowMood::Calm][i % 4],
        theme: format!("theme {}", i % 5),
    };
    let encoded = Encoded {
        seen: (0..n).map(|i| scenes.select(Axis(0), &[i, i])).collect(),
        classes: scenes.clone(),
        look: look * 0.1,
        look_scale: Array1::from_elem(2, 0.1),
        tagged: music.clone(),
        shared: false,
        scenes,
        music,
    };
    ((0..n).map(row).collect(), encoded)
}

fn quick(epochs: usize) -> TrainOptions {
    TrainOptions {
        hidden: 48,
        epochs,
        patience: epochs,
        rate: 3e-3,
        ..TrainOptions::default()
    }
}

fn train(n: usize, options: &TrainOptions) -> Trained {
    let (rows, encoded) = world(n);
    let cancel = CancellationToken::new();
    train_on("test", &rows, &encoded, options, &mut |_| {}, &cancel)
        .unwrap()
        .unwrap()
}

#[test]
fn training_reproduces_a_tiny_set() {
    let (_, encoded) = world(24);
    let all: Vec<usize> = (0..24).collect();
    let options = TrainOptions {
        dropout: 0.0,
        noise: 0.0,
        scene_share: 1.0,
        ..quick(300)
    };
    let mut draw = |batch: &[usize], random: &mut Random| {
        (
            inputs(&encoded, batch, &options, random),
            targets(&encoded, batch, &options, random),
        )
    };
    let x = frames_from(&encoded, &all, false);
    let validate = |n: &Network| {
        let cosines = n.project(x.view()) * &encoded.music;
        let cosines = cosines.sum_axis(Axis(1));
        cosines.iter().map(|c| f64::from(*c)).collect::<Vec<_>>()
    };
    let mean = |scores: Vec<f64>| scores.iter().sum::<f64>() / scores.len() as f64;
    let start = start(&encoded, &all, &options).unwrap();
    let before = mean(validate(&start));
    let cancel = CancellationToken::new();
    let fitted = fit(
        start,
        24,
        &options,
        &mut draw,
        &validate,
        &mut |_| {},
        &cancel,
    )
    .unwrap()
    .unwrap();
    let after = mean(validate(&fitted.network));
    assert!(
        after > 0.97 && after > before,
        "cosine {before:.3} before, {after:.3} after"
    );
}

#[test]
fn test_rows_rank_far_above_chance() {
    let report = train(400, &quick(60)).report;
    let scores = &report.scores[0].projected;
    assert!(
        scores.recall_10 > 3.0 * report.chance.recall_10,
        "{scores:?} {:?}",
        report.chance
    );
    assert!(scores.percentile < 0.15, "{scores:?}");
}

#[test]
fn the_same_seed_gives_the_same_projector() {
    let of = |seed| train(80, &TrainOptions { seed, ..quick(4) }).network;
    assert_eq!(of(1), of(1), "the same seed repeats to the last bit");
    assert_ne!(of(1), of(2), "another seed does not");
}

#[test]
fn cancelling_stops_after_the_epoch_without_an_error() {
    let (rows, encoded) = world(80);
    let cancel = CancellationToken::new();
    let mut epochs = 0;
    let mut stop = |_: Progress| {
        epochs += 1;
        cancel.cancel();
    };
    let trained = train_on("test", &rows, &encoded, &quick(50), &mut stop, &cancel).unwrap();
    assert!(trained.is_none(), "cancelled");
    assert_eq!(epochs, 1, "no further epoch");
}

#[test]
fn too_few_rows_are_an_error_that_says_how_many_are_needed() {
    let (rows, encoded) = world(10);
    let cancel = CancellationToken::new();
    let result = train_on("test", &rows, &encoded, &quick(1), &mut |_| {}, &cancel);
    let error = result.err().unwrap();
    assert_eq!(error.code(), "too_few_pairs");
    assert!(error.to_string().contains("40"), "{error}");
}

#[test]
fn a_projector_for_other_vectors_is_refused() {
    let (rows, encoded) = world(60);
    let other = Network::new(WORDS, 4, WORDS, None, &mut Random::new(1));
    let error = evaluate("test", &other, &rows, &encoded).unwrap_err();
    assert_eq!(error.code(), "space_mismatch");
}

#[test]
fn the_report_is_written_beside_the_projector() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("projector.safetensors");
    let trained = train(80, &quick(2));
    trained.report.save(&out).unwrap();
    let json = std::fs::read_to_string(dir.path().join("bridge-report.json")).unwrap();
    let read: BridgeReport = serde_json::from_str(&json).unwrap();
    assert_eq!(read.test_rows, trained.report.test_rows);
    let text = std::fs::read_to_string(dir.path().join("bridge-report.md")).unwrap();
    assert!(
        text.contains("chance") && text.contains("theme 3"),
        "{text}"
    );
}
