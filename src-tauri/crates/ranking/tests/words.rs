//! Words in a brief: their share of the score, and what they refuse.

use needledrop_ranking::{Brief, Candidate, Obedience, Weights, rank};

fn track(id: &str, cosine: f32, score: f64, refused: bool) -> Candidate {
    Candidate {
        cosine: Some(cosine),
        obedience: Some(Obedience {
            score,
            refused,
            reason: format!("fast: {score}"),
        }),
        ..Candidate::new(id)
    }
}

fn order(brief: &Brief, all: &[Candidate]) -> Vec<String> {
    rank(brief, all, &Weights::default(), 30)
        .iter()
        .map(|row| row.candidate.id.clone())
        .collect()
}

#[test]
fn the_share_of_the_words_decides_between_picture_and_words() {
    let all = [
        track("pictured", 0.6, 0.1, false),
        track("worded", 0.1, 0.9, false),
    ];
    let at = |obedience_share| Brief {
        obedience_share,
        ..Brief::default()
    };
    assert_eq!(order(&at(0.0), &all)[0], "pictured");
    assert_eq!(order(&at(0.6), &all)[0], "worded");
    let brief = at(0.6);
    let rows = rank(&brief, &all, &Weights::default(), 30);
    assert!(rows[0].why(&Weights::default()).contains("fast: 0.9"));
    assert_eq!(rows[0].scores.words, Some(0.9));
}

#[test]
fn what_is_refused_lies_below_all_others_whatever_the_picture_says() {
    let all = [
        track("sung", 0.9, 0.9, true),
        track("far", -0.4, 0.1, false),
        track("near", 0.2, 0.4, false),
    ];
    let brief = Brief {
        obedience_share: 0.2,
        refuses: true,
        ..Brief::default()
    };
    assert_eq!(order(&brief, &all), ["near", "far", "sung"]);
}

#[test]
fn without_measurable_words_nothing_changes() {
    let all = [
        Candidate {
            cosine: Some(0.5),
            ..Candidate::new("a")
        },
        Candidate {
            cosine: Some(0.1),
            ..Candidate::new("b")
        },
    ];
    let plain = rank(&Brief::default(), &all, &Weights::default(), 30);
    let shared = Brief {
        obedience_share: 1.0,
        ..Brief::default()
    };
    let asked = rank(&shared, &all, &Weights::default(), 30);
    assert_eq!(
        plain.iter().map(|r| r.score).collect::<Vec<_>>(),
        asked.iter().map(|r| r.score).collect::<Vec<_>>()
    );
}
