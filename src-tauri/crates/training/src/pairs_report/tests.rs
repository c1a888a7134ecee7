use super::*;
use crate::pairs::Pair;
use crate::random::Random;

const WORDS: usize = 6;
const LOOK: usize = 3;

/// Pairs whose track depends on the look by the same law in every game, and a projector that does not know the law.
fn world(law: bool) -> (PairSet, Network) {
    let mut random = Random::new(4);
    let mut draw = |r: usize, c: usize| {
        let mut m = Array2::from_shape_simple_fn((r, c), || random.normal());
        unit_rows(&mut m);
        m
    };
    let (pictures, mixing, noise) = (draw(120, WORDS + LOOK), draw(WORDS, LOOK), draw(120, WORDS));
    let mut tracks = noise.clone();
    if law {
        tracks = pictures.slice(s![.., WORDS..]).dot(&mixing.t()) + noise * 0.2;
        unit_rows(&mut tracks);
    }
    let pairs: Vec<Pair> = (0..120)
        .map(|i| Pair {
            game: format!("game {}", i % 6),
            picture: pictures.row(i).to_vec(),
            track: i,
            weight: 1.0,
        })
        .collect();
    let tracks: Vec<Vec<f32>> = tracks.rows().into_iter().map(|r| r.to_vec()).collect();
    let skip = Array2::eye(WORDS + LOOK).slice(s![..WORDS, ..]).to_owned();
    let network = Network::new(WORDS + LOOK, 8, WORDS, Some(skip), &mut Random::new(1));
    (PairSet::new(&pairs, &tracks).unwrap(), network)
}

fn options() -> PairOptions {
    let ridges = vec![
        Ridge {
            words: 1.0,
            look: 0.01,
            reach: 1.0,
        },
        Ridge {
            words: 10.0,
            look: 0.1,
            reach: 1.0,
        },
    ];
    PairOptions {
        ridges,
        draws: 500,
        seed: 1,
        fit: true,
        named: true,
        slope: 1.0,
    }
}

fn report(law: bool) -> PairsReport {
    let (set, network) = world(law);
    let cancel = CancellationToken::new();
    eval_pairs("test", &set, &network, &options(), &mut |_| {}, &cancel)
        .unwrap()
        .unwrap()
}

#[test]
fn a_law_that_holds_across_games_is_learned_from_the_others() {
    let report = report(true);
    let last = &report.steps.last().unwrap().percentile;
    assert!(last.high < 0.3, "fitted: {last:?}");
    let first = &report.steps[0].percentile;
    assert!(last.high < first.low, "better than {first:?}");
    let text = report.to_markdown();
    assert!(
        text.contains("| game 5 | 20 |"),
        "every game has its row:\n{text}"
    );
}

#[test]
fn nothing_is_fitted_to_locked_pairs_and_hubs_and_places_within_games_are_told() {
    let (set, network) = world(true);
    let options = PairOptions {
        fit: false,
        ..options()
    };
    let cancel = CancellationToken::new();
    let report = eval_pairs("test", &set, &network, &options, &mut |_| {}, &cancel);
    let report = report.unwrap().unwrap();
    let names: Vec<&str> = report.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["class names alone", "bridge", "bridge + look"]);
    for step in &report.steps {
        let hubs = step.hubs.unwrap();
        assert_eq!((hubs.queries, hubs.items), (120, 120));
        assert!(
            hubs.largest_share <= hubs.ten_share && hubs.ten_share < 0.5,
            "{hubs:?}"
        );
        assert_eq!(step.within_game.unwrap().sources, 6);
        let mean = step.mean_of_games.unwrap().value;
        assert!(
            (mean - step.percentile.mean).abs() < 1e-9,
            "equal games: {mean}"
        );
    }
    assert!(report.to_markdown().contains("expected calibration error"));
    assert!(report.calibration.unwrap().items > 10_000);
}

#[test]
fn without_a_law_the_interval_contains_chance() {
    let report = report(false);
    for step in &report.steps {
        let p = step.percentile;
        assert!(p.low < 0.5 && 0.5 < p.high, "{}: {p:?}", step.name);
    }
}

#[test]
fn the_pairs_of_the_tested_game_do_not_improve_its_score() {
    // The tracks of one game's pairs are exchanged; the game's own score must not improve.
    let (set, network) = world(true);
    let cancel = CancellationToken::new();
    let eval = |set: &PairSet| {
        let options = PairOptions {
            ridges: vec![options().ridges[0]],
            ..options()
        };
        let report = eval_pairs("test", set, &network, &options, &mut |_| {}, &cancel);
        report.unwrap().unwrap().steps.last().unwrap().games[2]
            .percentile
            .mean
    };
    let honest = eval(&set);
    let mut swapped = set.clone();
    let rows = swapped.of_games(|g| g == 2);
    for pair in rows.chunks_exact(2) {
        swapped.track.swap(pair[0], pair[1]);
    }
    assert!(honest < 0.3, "the law holds in that game, too: {honest}");
    assert!(
        eval(&swapped) > 0.4,
        "wrong tracks cannot be learned from the game itself"
    );
}

#[test]
fn a_heavy_ridge_keeps_the_bridge() {
    let (set, network) = world(true);
    let ridge = Ridge {
        words: 1e9,
        look: 1e9,
        reach: 1.0,
    };
    let kept = network
        .tuned_on_pairs(&set, &set.of_games(|_| true), ridge)
        .unwrap();
    let (a, b) = (kept.skip.unwrap(), network.skip.unwrap());
    let worst = (&a - &b).iter().fold(0.0f32, |w, d| w.max(d.abs()));
    assert!(worst < 1e-4, "worst difference {worst}");
}

#[test]
fn cancelling_is_no_error() {
    let (set, network) = world(true);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let report = eval_pairs("test", &set, &network, &options(), &mut |_| {}, &cancel).unwrap();
    assert!(report.is_none(), "cancelled");
}
