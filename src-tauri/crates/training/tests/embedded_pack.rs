//! The project's written pairs and the projector that was trained on them, with the real pack.

use std::path::{Path, PathBuf};

use needledrop_models::runtime::SessionOptions;
use needledrop_models::{Pack, SentenceEncoder, TextTower};
use needledrop_training::{eval_bridge, read_rows};
use tokio_util::sync::CancellationToken;

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../..")
        .join(path)
}

#[test]
fn no_two_rows_have_the_same_meaning() {
    let pack = Pack::open(&project("models/embedded")).unwrap();
    let rows = read_rows(&project("training/bridge")).unwrap();
    let mut tower = SentenceEncoder::open(&pack, &SessionOptions::default()).unwrap();
    let scenes: Vec<&str> = rows.iter().map(|r| r.scene.as_str()).collect();
    let music: Vec<&str> = rows.iter().map(|r| r.music.as_str()).collect();
    for (side, texts, most) in [("scene", scenes, 0.80), ("music", music, 0.92)] {
        let vectors = tower.embed(&texts).unwrap();
        for i in 0..texts.len() {
            for j in 0..i {
                let cosine: f32 = vectors[i].iter().zip(&vectors[j]).map(|(a, b)| a * b).sum();
                assert!(
                    cosine < most,
                    "{side} {cosine:.3}: {:?} / {:?}",
                    texts[i],
                    texts[j]
                );
            }
        }
    }
}

#[test]
fn the_committed_projector_ranks_unseen_scenes_far_above_chance() {
    let pack = Pack::open(&project("models/embedded")).unwrap();
    let report = eval_bridge(
        &pack,
        &project("training/bridge"),
        &pack.file(&pack.manifest.projector.file).unwrap(),
        &mut |_| {},
        &CancellationToken::new(),
    )
    .unwrap()
    .unwrap();
    assert!(report.test_rows >= 60, "{} held-out rows", report.test_rows);
    for scores in &report.scores {
        let (got, chance) = (&scores.projected, &report.chance);
        let what = format!("{} → {}: {got:?}", scores.query, scores.target);
        assert!(got.median_rank < 0.7 * chance.median_rank, "{what}");
        assert!(got.recall_10 > 1.8 * chance.recall_10, "{what}");
        assert!(got.ndcg_10 > chance.ndcg_10, "{what}");
    }
}
