//! Properties that hold for every brief and every set of candidates.

use needledrop_ranking::{
    Brief, Candidate, Key, MOST_KIN, Mode, Mood, Obedience, PulseTempo, Ranked, Scores, TagWish,
    Weights, rank,
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
        alignment in maybe(0.0f32..1.0),
        landed in maybe((0usize..9, 0usize..9)),
        start_s in maybe(0.0f64..300.0),
        vocal in maybe(0.0f32..1.0),
        presence in maybe(0.0f32..1.0),
        kin in maybe(0u32..4),
        obeyed in maybe((0.0f64..1.0, any::<bool>())),
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
            alignment,
            cuts_landed: landed,
            start_s,
            vocal,
            presence,
            obedience: obeyed.map(|(score, refused)| Obedience {
                score,
                refused,
                reason: "fast: yes".to_owned(),
            }),
            kin,
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
        speech in 0.0f32..1.0,
        visual_slope in 0.05f32..2.0,
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
            obedience_share: 0.0,
            refuses: false,
            speech,
            visual_slope,
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
        (obedience_share, refuses) in (0.0f32..1.0, any::<bool>()),
    ) {
        let Ok(weights) = Weights::new(w[0], w[1], w[2], w[3]) else { return Ok(()); };
        let brief = Brief { obedience_share, refuses, ..brief };
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

    // A list skips the fourth near-duplicate and those after it while other tracks fill it. So a shorter list may skip
    // rows that a longer list holds, and is a prefix of it only if no candidate has kin. The longer list holds all rows
    // of the shorter one, in the same order, and each skipped row has three better kin.
    #[test]
    fn fewer_rows_are_a_prefix_of_more_but_for_kin(
        brief in brief(),
        all in candidates(),
        top in 0usize..40,
        more in 0usize..10,
    ) {
        let weights = Weights::default();
        let few = rank(&brief, &all, &weights, top);
        let many = rank(&brief, &all, &weights, top + more);
        let every = rank(&brief, &all, &weights, usize::MAX);
        prop_assert_eq!(few.len(), top.min(every.len()));
        for (at, row) in few.iter().enumerate() {
            prop_assert_eq!(row.rank, at + 1);
        }
        let few = ids(&few);
        let of_few: Vec<&str> = ids(&many).into_iter().filter(|id| few.contains(id)).collect();
        prop_assert_eq!(&of_few, &few, "the longer list holds the shorter one in its order");
        let Some(last) = every.iter().rposition(|row| few.contains(&row.candidate.id.as_str())) else {
            return Ok(());
        };
        for (at, passed) in every[..last].iter().enumerate() {
            if !few.contains(&passed.candidate.id.as_str()) {
                let kin = |row: &&Ranked<'_>| {
                    row.candidate.kin.is_some() && row.candidate.kin == passed.candidate.kin
                        && few.contains(&row.candidate.id.as_str())
                };
                prop_assert!(every[..at].iter().filter(kin).count() >= MOST_KIN, "{passed:?}");
            }
        }
        let alone: Vec<Candidate> = all.into_iter().map(|c| Candidate { kin: None, ..c }).collect();
        let every = rank(&brief, &alone, &weights, usize::MAX);
        let few = rank(&brief, &alone, &weights, top);
        prop_assert_eq!(ids(&few), ids(&every)[..few.len()].to_vec());
    }

    #[test]
    fn no_more_than_three_of_a_kin_while_others_fill_the_list(
        brief in brief(),
        all in candidates(),
        top in 0usize..20,
    ) {
        let rows = rank(&brief, &all, &Weights::default(), top);
        let every = rank(&brief, &all, &Weights::default(), usize::MAX);
        let count = |rows: &[Ranked<'_>], kin| rows.iter().filter(|r| r.candidate.kin == Some(kin)).count();
        let lone = every.iter().filter(|r| r.candidate.kin.is_none()).count();
        let fill = lone + (0..4).map(|kin| count(&every, kin).min(MOST_KIN)).sum::<usize>();
        for kin in 0..4 {
            prop_assert!(fill < top || count(&rows, kin) <= MOST_KIN);
        }
        prop_assert!(rows.windows(2).all(|w| w[0].score >= w[1].score), "in the order of scores");
    }

    #[test]
    fn numbers_that_are_not_finite_never_reach_a_score(
        mut one in candidate(),
        others in candidates(),
        mut brief in brief(),
        bad in prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY)],
    ) {
        one.cosine = Some(bad);
        one.text_cosine = Some(bad);
        one.bpm = Some(bad);
        one.bpm_confidence = bad;
        one.alignment = Some(bad);
        one.start_s = Some(f64::from(bad));
        one.duration_s = Some(f64::from(bad));
        one.vocal = Some(bad);
        one.presence = Some(bad);
        one.tags.push(("piano".to_owned(), bad));
        brief.speech = bad;
        brief.visual_slope = bad;
        brief.mode_confidence = bad;
        let all: Vec<Candidate> = others.into_iter().chain([one]).collect();
        for row in rank(&brief, &all, &Weights::default(), usize::MAX) {
            prop_assert!((0.0..=1.0 + 1e-12).contains(&row.score), "score {}", row.score);
            for term in all_terms(&row.scores) {
                prop_assert!((0.0..=1.0).contains(&term), "term {term}");
            }
        }
    }
}

/// Mean activation of "vocals" in the first ten of 200 candidates that have no other tag.
fn vocals_in_the_top_ten(seed: u32, minus: bool) -> f32 {
    let mut state = seed;
    let mut share = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1_u32 << 24) as f32
    };
    let all: Vec<Candidate> = (0..200)
        .map(|at| Candidate {
            cosine: Some(share() + share() + share()),
            mood: Some(Mood::from_strengths(
                [share(), share(), share(), share()],
                0.2,
            )),
            // Few tracks have a high activation, as with most tags.
            tags: vec![("vocals".to_owned(), share().powi(3))],
            ..Candidate::new(format!("{at:03}"))
        })
        .collect();
    let wish = TagWish {
        tag: "vocals".to_owned(),
        weight: -1.0,
    };
    let brief = Brief {
        mood: Some(Mood::from_strengths([0.6, 0.1, 0.2, 0.1], 0.2)),
        tags: if minus { vec![wish] } else { Vec::new() },
        ..Brief::default()
    };
    let rows = rank(&brief, &all, &Weights::default(), 10);
    rows.iter().map(|row| row.candidate.tags[0].1).sum::<f32>() / 10.0
}

#[test]
fn a_minus_word_lowers_its_tag_in_the_top_ten() {
    let mean = |minus| {
        (1..=40)
            .map(|seed| vocals_in_the_top_ten(seed, minus))
            .sum::<f32>()
            / 40.0
    };
    let (with, without) = (mean(true), mean(false));
    assert!(with < 0.7 * without, "{with:.3} where it was {without:.3}");
}

#[test]
fn values_that_are_not_finite_count_as_missing() {
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
