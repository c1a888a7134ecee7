use super::*;
use crate::brief::Mood;

fn tagged(id: &str, tags: &[(&str, f32)]) -> Candidate {
    Candidate {
        tags: tags.iter().map(|(t, s)| ((*t).to_owned(), *s)).collect(),
        ..Candidate::new(id)
    }
}

fn wish(tag: &str, weight: f32) -> Brief {
    Brief {
        tags: vec![TagWish {
            tag: tag.to_owned(),
            weight,
        }],
        ..Brief::default()
    }
}

#[test]
fn a_wanted_tag_raises_the_score_and_an_unwanted_one_lowers_it() {
    let all = [
        tagged("a", &[("piano", 0.30), ("rock", 0.4)]),
        tagged("b", &[("piano", 0.02), ("rock", 0.5)]),
    ];
    let wanted = wish("Piano", 1.0);
    let terms = Tags::new(&wanted, &all);
    assert!(terms.score(&all[0]) > terms.score(&all[1]));
    let unwanted = wish("piano", -1.0);
    let terms = Tags::new(&unwanted, &all);
    assert!(terms.score(&all[0]) < terms.score(&all[1]));
}

#[test]
fn a_tag_that_no_candidate_has_is_neutral_and_the_reason_names_it() {
    let all = [tagged("a", &[("piano", 0.3)])];
    let brief = wish("kazoo", 1.0);
    let terms = Tags::new(&brief, &all);
    assert!((terms.score(&all[0]) - NEUTRAL).abs() < 1e-12);
    assert_eq!(terms.reason(&all[0]), "no candidate is tagged kazoo");
}

#[test]
fn the_reason_names_a_common_mood() {
    let calm = Mood::from_strengths([0.0, 0.0, 0.0, 1.0], 0.2);
    let brief = Brief {
        mood: Some(calm),
        ..Brief::default()
    };
    let all = [Candidate {
        mood: Some(calm),
        ..Candidate::new("a")
    }];
    let terms = Tags::new(&brief, &all);
    assert!(terms.score(&all[0]) > 0.99);
    assert_eq!(terms.reason(&all[0]), "calm like the picture");
}

#[test]
fn a_good_mood_does_not_compensate_for_an_unwanted_tag() {
    let calm = Mood::from_strengths([0.0, 0.0, 0.0, 1.0], 0.1);
    let all: Vec<Candidate> = (0..20)
        .map(|i| Candidate {
            mood: Some(calm),
            ..tagged(&format!("{i}"), &[("vocals", 0.05 * i as f32)])
        })
        .collect();
    let brief = Brief {
        mood: Some(calm),
        ..wish("vocals", -1.0)
    };
    let terms = Tags::new(&brief, &all);
    assert!(terms.score(&all[19]) < 0.05, "{}", terms.score(&all[19]));
    assert!(terms.score(&all[2]) > 0.8, "{}", terms.score(&all[2]));
}

#[test]
fn singing_scores_lower_the_more_speech_the_clip_has() {
    let sung = Candidate {
        vocal: Some(0.9),
        ..Candidate::new("sung")
    };
    let played = Candidate {
        vocal: Some(0.0),
        ..Candidate::new("played")
    };
    let all = [sung, played];
    let gap = |speech: f32| {
        let brief = Brief {
            speech,
            ..Brief::default()
        };
        let terms = Tags::new(&brief, &all);
        terms.score(&all[1]) - terms.score(&all[0])
    };
    assert_eq!(gap(0.0), 0.0, "nobody speaks");
    assert!(gap(0.2) > 0.0 && gap(0.6) > gap(0.2));
    let brief = Brief {
        speech: 0.6,
        ..Brief::default()
    };
    let terms = Tags::new(&brief, &all);
    assert_eq!(terms.reason(&all[0]), "sung, and people speak in the clip");
    assert_eq!(terms.reason(&all[1]), "leaves room for the voices");
}
