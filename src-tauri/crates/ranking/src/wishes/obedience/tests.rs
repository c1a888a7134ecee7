use super::*;
use crate::music::Mode;
use crate::wishes::population::Measured;
use crate::wishes::wish::Edges;

fn wish(measure: Measure, stance: Stance) -> Wish {
    Wish {
        text: "asked".to_owned(),
        measure,
        stance,
        weight: 1.0,
    }
}

fn fast() -> Wish {
    let edges = Edges::over(118.0);
    wish(
        Measure::Tempo {
            edges,
            counted: false,
        },
        Stance::Wanted,
    )
}

fn at_bpm(bpm: f32) -> Measured {
    Measured {
        bpm: Some(bpm),
        bpm_confidence: 1.0,
        ..Measured::default()
    }
}

/// Twenty tracks whose number rises with their place.
fn rising(of: fn(f32) -> Measured) -> Population {
    let mut all = Population::new((0..20).map(|at| of(at as f32 / 19.0)).collect());
    all.add_tags("drums", (0..20).map(|at| (at, at as f32 / 19.0)));
    all
}

fn scores(all: &Population, wishes: &[Wish]) -> Vec<f64> {
    let obeying = Obeying::new(all, wishes);
    (0..all.len()).map(|at| obeying.score(at).0).collect()
}

#[test]
fn what_is_not_known_is_neutral() {
    let all = Population::new(vec![Measured::default(); 3]);
    for measure in [
        fast().measure,
        Measure::Energy(Edges::over(0.6)),
        Measure::Valence(Edges::under(0.4)),
        Measure::Mode(Mode::Minor),
        Measure::Voices,
    ] {
        let wishes = [wish(measure, Stance::Wanted)];
        let found = Obeying::new(&all, &wishes).obedience(1);
        assert!((found.score - NEUTRAL).abs() < 1e-12, "{found:?}");
        assert_eq!(found.reason, "asked: not known");
    }
    let unknown = [wish(Measure::Tags("kazoo".to_owned()), Stance::Refused)];
    let obeying = Obeying::new(&all, &unknown);
    assert!(obeying.is_empty() && !obeying.refuses());
    assert!((obeying.score(0).0 - NEUTRAL).abs() < 1e-12);
}

#[test]
fn scores_rise_with_what_is_wanted_and_fall_with_what_is_refused() {
    let of = |share: f32| Measured {
        energy: Some(share),
        valence: Some(share),
        vocal: Some(share),
        ..at_bpm(60.0 + 100.0 * share)
    };
    let all = rising(of);
    let drums = || Measure::Tags("drums".to_owned());
    for (measure, stance, rises) in [
        (fast().measure, Stance::Wanted, true),
        (Measure::Energy(Edges::over(0.6)), Stance::Wanted, true),
        (Measure::Valence(Edges::under(0.4)), Stance::Wanted, false),
        (Measure::Voices, Stance::Wanted, true),
        (Measure::Voices, Stance::Refused, false),
        (drums(), Stance::Wanted, true),
        (drums(), Stance::Less, false),
        (drums(), Stance::Refused, false),
    ] {
        let wishes = [wish(measure, stance)];
        let found = scores(&all, &wishes);
        assert!(found.iter().all(|score| (0.0..=1.0).contains(score)));
        let ordered = found
            .windows(2)
            .all(|w| if rises { w[0] <= w[1] } else { w[0] >= w[1] });
        assert!(ordered, "{wishes:?}: {found:?}");
        let gap = (found[19] - found[0]).abs();
        assert!(gap > 0.7, "{wishes:?}: {found:?}");
    }
}

#[test]
fn low_confidence_moves_a_tempo_and_a_mode_towards_neutral() {
    let track = |confidence| Measured {
        bpm_confidence: confidence,
        mode: Some(Mode::Minor),
        key_confidence: confidence,
        ..at_bpm(60.0)
    };
    let all = Population::new([0.0, 0.3, 1.0].map(track).to_vec());
    for measure in [fast().measure, Measure::Mode(Mode::Major)] {
        let found = scores(&all, &[wish(measure, Stance::Wanted)]);
        assert!((found[0] - NEUTRAL).abs() < 1e-9, "{found:?}");
        assert!(found[0] > found[1] && found[1] > found[2], "{found:?}");
    }
}

#[test]
fn all_wishes_are_asked_for_together() {
    let track = |bpm, energy| Measured {
        energy: Some(energy),
        ..at_bpm(bpm)
    };
    let all = Population::new(vec![track(150.0, 0.1), track(125.0, 0.8), track(60.0, 0.9)]);
    let energetic = wish(Measure::Energy(Edges::over(0.4)), Stance::Wanted);
    let found = scores(&all, &[fast(), energetic]);
    assert!(found[1] > found[0] && found[1] > found[2], "{found:?}");
}

#[test]
fn clear_carriers_of_what_is_refused_are_apart() {
    let all = rising(|_| Measured::default());
    let wishes = [wish(Measure::Tags("drums".to_owned()), Stance::Refused)];
    let obeying = Obeying::new(&all, &wishes);
    assert!(obeying.refuses());
    let held = |at: usize| {
        let (score, refused) = obeying.score(at);
        (refused, Obedience::held_apart(score, refused))
    };
    let (clear, clean): (Vec<_>, Vec<_>) = (0..20).map(held).partition(|(refused, _)| *refused);
    assert!(clear.len() >= 8 && clean.len() >= 8);
    let best = clear.iter().map(|c| c.1).fold(0.0, f64::max);
    let worst = clean.iter().map(|c| c.1).fold(1.0, f64::min);
    assert!(best <= worst, "{best} {worst}");
}

#[test]
fn the_reason_names_what_was_found() {
    let all = rising(|share| at_bpm(60.0 + 100.0 * share));
    let wishes = [
        fast(),
        wish(Measure::Tags("drums".to_owned()), Stance::Refused),
    ];
    let found = Obeying::new(&all, &wishes).obedience(19);
    assert_eq!(
        found.reason,
        "asked: yes, 160 BPM; asked: no, more than 98 % of the catalog"
    );
    assert!(found.refused);
}

#[test]
fn a_measured_word_counts_more_than_all_vague_ones() {
    let obeys = words_score(0.9, 2.0, Some(0.3));
    let sounds = words_score(0.3, 2.0, Some(0.9));
    assert!(obeys > sounds, "{obeys} {sounds}");
    assert_eq!(words_score(0.4, 2.0, None), 0.4);
    assert_eq!(words_score(0.4, 0.0, None), NEUTRAL);
    assert!((words_score(0.1, 0.0, Some(0.8)) - 0.8).abs() < 1e-12);
}

#[test]
fn the_share_of_the_obedience_follows_the_slider() {
    assert_eq!(obedience_share(0.0, 2.0, true), 0.0);
    assert_eq!(obedience_share(1.0, 2.0, false), 1.0);
    assert_eq!(obedience_share(0.5, 0.0, false), 0.0, "nothing is measured");
    assert!(obedience_share(0.5, 2.0, true) > 0.5);
    assert!(obedience_share(0.3, 2.0, true) < obedience_share(0.6, 2.0, true));
}
