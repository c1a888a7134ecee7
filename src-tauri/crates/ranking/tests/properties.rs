//! Properties that hold for every brief and every set of candidates.

use needledrop_ranking::{
    Brief, Candidate, Key, Mode, Mood, PulseTempo, Ranked, Scores, TagWish, Weights, rank,
};
use proptest::prelude::*;

fn maybe<S: Strategy + 'static>(of: S) -> impl Strategy<Value = Option<S::Value>>
where
    S::Value: Clone + 'static,
{
    prop_oneof![1 => Just(()).prop_map(|()| None), 3 => of.prop_map(Some)]
}

fn key() -> impl Strategy<Value = Key> {
    (0u8..12, any::<bool>())
        .prop_map(|(tonic, major)| Key::new(tonic, if major { Mode::Major } else { Mode::Minor }))
}

fn mood() -> impl Strategy<Value = Mood> {
    prop::array::uniform4(-1.0f32..1.0).prop_map(|s| Mood::from_strengths(s, 0.1))
}

prop_compose! {
    fn candidate()(
        cosine in maybe(-1.0f32..1.0),
        text_cosine in maybe(-1.0f32..1.0),
        bpm in maybe(30.0f32..260.0),
        bpm_confidence in 0.0f32..1.0,
        key in maybe(key()),
        key_confidence in 0.0f32..1.0,
        piano in 0.0f32..1.0,
        rock in 0.0f32..0.2,
        mood in maybe(mood()),
        title in "[ab]?",
        duration_s in maybe(30.0f64..34.0),
    ) -> Candidate {
        Candidate {
            id: String::new(),
            title,
            artist: "x".to_owned(),
            duration_s,
            cosine,
            text_cosine,
            bpm,
            bpm_confidence,
            key,
            key_confidence,
            tags: vec![("piano".to_owned(), piano), ("Rock".to_owned(), rock)],
            mood,
        }
    }
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    prop::collection::vec(candidate(), 0..40).prop_map(|mut all| {
        for (at, one) in all.iter_mut().enumerate() {
            one.id = format!("t{at:03}");
        }
        all
    })
}

prop_compose! {
    fn brief()(
        bpm in maybe(40.0f32..220.0),
        confidence in 0.0f32..1.0,
        range in maybe((40.0f32..220.0, 40.0f32..220.0)),
        mode in maybe(any::<bool>()),
        mode_confidence in 0.0f32..1.0,
        mood in maybe(mood()),
        piano in -2.0f32..2.0,
        key in maybe(key()),
        reference_key in maybe(key()),
    ) -> Brief {
        Brief {
            tempo: bpm.map(|bpm| PulseTempo { bpm, confidence }),
            bpm_range: range,
            mode: mode.map(|major| if major { Mode::Major } else { Mode::Minor }),
            mode_confidence,
            mood,
            tags: vec![TagWish { tag: "PIANO".to_owned(), weight: piano }],
            key,
            reference_key,
            text: None,
        }
    }
}

fn ids<'a>(rows: &'a [Ranked<'a>]) -> Vec<&'a str> {
    rows.iter().map(|r| r.candidate.id.as_str()).collect()
}

fn all_terms(s: &Scores) -> [f64; 4] {
    [s.visual, s.tempo, s.tags, s.key]
}

proptest! {
    #[test]
    fn scores_and_terms_lie_between_zero_and_one(
        brief in brief(),
        all in candidates(),
        w in prop::array::uniform4(0.0f64..100.0),
    ) {
        let Ok(weights) = Weights::new(w[0], w[1], w[2], w[3]) else { return Ok(()); };
        for row in rank(&brief, &all, &weights, 30) {
            prop_assert!((0.0..=1.0 + 1e-12).contains(&row.score), "score {}", row.score);
            for term in all_terms(&row.scores) {
                prop_assert!((0.0..=1.0).contains(&term), "term {term}");
            }
            for reason in [&row.reasons.visual, &row.reasons.tempo, &row.reasons.tags, &row.reasons.key] {
                prop_assert!(!reason.is_empty(), "every term has a reason");
            }
            prop_assert!(!row.why(&weights).is_empty());
        }
    }

    #[test]
    fn the_order_of_the_candidates_does_not_matter(
        (brief, all, shuffled) in (brief(), candidates()).prop_flat_map(|(b, c)| {
            (Just(b), Just(c.clone()), Just(c).prop_shuffle())
        }),
    ) {
        let weights = Weights::default();
        let a = rank(&brief, &all, &weights, 30);
        let b = rank(&brief, &shuffled, &weights, 30);
        prop_assert_eq!(ids(&a), ids(&b));
        for (x, y) in a.iter().zip(&b) {
            prop_assert_eq!(x.score.to_bits(), y.score.to_bits());
        }
    }

    #[test]
    fn a_single_weight_orders_strictly_by_its_term(
        brief in brief(),
        all in candidates(),
        only in 0usize..4,
        scale in 0.001f64..1000.0,
    ) {
        let mut w = [0.0; 4];
        w[only] = scale;
        let weights = Weights::new(w[0], w[1], w[2], w[3]).unwrap();
        let rows = rank(&brief, &all, &weights, usize::MAX);
        for pair in rows.windows(2) {
            let (a, b) = (all_terms(&pair[0].scores)[only], all_terms(&pair[1].scores)[only]);
            prop_assert!(a > b || (a == b && pair[0].candidate.id < pair[1].candidate.id));
        }
    }

    #[test]
    fn visual_order_is_cosine_order(all in candidates()) {
        let weights = Weights::new(1.0, 0.0, 0.0, 0.0).unwrap();
        let rows = rank(&Brief::default(), &all, &weights, usize::MAX);
        let cosines: Vec<f32> = rows.iter().filter_map(|r| r.candidate.cosine).collect();
        prop_assert!(cosines.windows(2).all(|w| w[0] >= w[1] - 1e-6), "{cosines:?}");
    }

    #[test]
    fn fewer_rows_are_a_prefix_of_more(brief in brief(), all in candidates(), top in 0usize..40) {
        let weights = Weights::default();
        let many = rank(&brief, &all, &weights, usize::MAX);
        let few = rank(&brief, &all, &weights, top);
        prop_assert_eq!(ids(&few), ids(&many)[..few.len()].to_vec());
        prop_assert_eq!(few.len(), top.min(many.len()));
    }
}

#[test]
fn numbers_that_are_not_numbers_are_treated_as_missing() {
    let strange = Candidate {
        cosine: Some(f32::NAN),
        text_cosine: Some(f32::INFINITY),
        bpm: Some(f32::NAN),
        tags: vec![("piano".to_owned(), f32::NAN)],
        bpm_confidence: f32::NAN,
        key_confidence: f32::NAN,
        ..Candidate::new("strange")
    };
    let brief = Brief {
        tempo: Some(PulseTempo {
            bpm: 120.0,
            confidence: 1.0,
        }),
        ..Brief::default()
    };
    let all = [strange, Candidate::new("plain")];
    let rows = rank(&brief, &all, &Weights::default(), 30);
    assert_eq!(rows.len(), 2, "both are listed");
    for row in rows {
        assert!((row.score - 0.5).abs() < 1e-9, "neutral, got {}", row.score);
    }
}

#[test]
fn the_same_recording_is_listed_once() {
    let one = Candidate {
        title: "Overture".to_owned(),
        artist: "Anyone".to_owned(),
        duration_s: Some(61.2),
        cosine: Some(0.4),
        ..Candidate::new("a")
    };
    let again = Candidate {
        id: "b".to_owned(),
        duration_s: Some(61.6),
        cosine: Some(0.5),
        ..one.clone()
    };
    let longer = Candidate {
        id: "c".to_owned(),
        duration_s: Some(120.0),
        ..one.clone()
    };
    let all = [one, again, longer];
    let rows = rank(&Brief::default(), &all, &Weights::default(), 30);
    assert_eq!(
        ids(&rows),
        ["b", "c"],
        "the better of the two and the longer version"
    );
}
