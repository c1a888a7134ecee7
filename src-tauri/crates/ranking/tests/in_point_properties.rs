//! Properties of the in-point for any edit and any track, with numbers that make no sense too.

use needledrop_ranking::{
    Beats, Curve, Curves, Cut, CutKind, Edit, Ending, Form, Hit, InPoint, Section, Timing, Track,
    in_point,
};
use proptest::prelude::*;

/// Mostly seconds of a clip or track, sometimes not finite or out of range.
fn time() -> impl Strategy<Value = f64> {
    prop_oneof![
        20 => 0.0f64..200.0,
        1 => prop_oneof![
            Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-3.0), Just(1e300)
        ],
    ]
}

fn number() -> impl Strategy<Value = f32> {
    prop_oneof![
        10 => 0.0f32..1.0,
        1 => prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(-1.0f32), Just(7.0f32)],
    ]
}

fn curve() -> impl Strategy<Value = Curve> {
    let rate_hz = prop_oneof![
        8 => prop_oneof![Just(1.0f32), Just(2.0), Just(25.0)],
        1 => prop_oneof![Just(0.0f32), Just(-2.0), Just(f32::NAN), Just(f32::INFINITY)],
    ];
    (rate_hz, prop::collection::vec(any::<u8>(), 0..400))
        .prop_map(|(rate_hz, values)| Curve { rate_hz, values })
}

prop_compose! {
    fn edit()(
        range_s in (time(), time()),
        cuts in prop::collection::vec((time(), number(), any::<bool>()), 0..20),
        hits in prop::collection::vec((time(), number()), 0..20),
        arc in curve(),
    ) -> Edit {
        let cut = |(time_s, score, hard)| Cut {
            time_s,
            span_s: (time_s, time_s),
            kind: if hard { CutKind::Cut } else { CutKind::Dissolve },
            score,
        };
        Edit {
            range_s,
            cuts: cuts.into_iter().map(cut).collect(),
            hits: hits.into_iter().map(|(time_s, strength)| Hit { time_s, strength }).collect(),
            arc,
            speech_s: Vec::new(),
        }
    }
}

#[derive(Clone, Debug)]
struct Music {
    duration_s: f64,
    beats: Option<Beats>,
    curves: Curves,
    form: Form,
    sections: Vec<Section>,
    fit: Vec<f32>,
}

impl Music {
    fn track(&self) -> Track<'_> {
        Track {
            duration_s: self.duration_s,
            beats: self.beats.as_ref(),
            curves: &self.curves,
            form: &self.form,
            sections: &self.sections,
            section_fit: &self.fit,
        }
    }
}

fn beats() -> impl Strategy<Value = Beats> {
    let steady = (40.0f64..220.0, 0.0f64..1.0).prop_map(|(bpm, first_s)| {
        let times = (0..).map(|i| first_s + 60.0 / bpm * f64::from(i));
        times.take_while(|s| *s < 190.0).collect::<Vec<f64>>()
    });
    let any_times = prop::collection::vec(time(), 0..60);
    let downbeats = prop_oneof![
        Just((0u32..60).map(|i| 4 * i).collect()),
        prop::collection::vec(any::<u32>(), 0..9),
    ];
    (
        prop_oneof![3 => steady, 1 => any_times],
        downbeats,
        any::<u8>(),
        number(),
    )
        .prop_map(|(times_s, downbeats, per_bar, confidence)| Beats {
            times_s,
            downbeats,
            per_bar: if per_bar % 3 == 0 { per_bar } else { 4 },
            confidence,
        })
}

prop_compose! {
    fn music()(
        duration_s in prop_oneof![3 => Just(190.0), 1 => time()],
        beats in proptest::option::of(beats()),
        energy in curve(),
        onsets in curve(),
        (climax_s, ending_s) in (proptest::option::of(time()), proptest::option::of(time())),
        loop_s in proptest::option::of((time(), time())),
        sections in prop::collection::vec((time(), time()), 0..6),
        fit in prop::collection::vec(number(), 0..8),
    ) -> Music {
        let section = |(start_s, end_s)| Section { start_s, end_s, ..Section::default() };
        Music {
            duration_s,
            beats,
            curves: Curves { energy, onsets, ..Curves::default() },
            form: Form { ending: Ending::Real, ending_s, climax_s, loop_s },
            sections: sections.into_iter().map(section).collect(),
            fit,
        }
    }
}

fn holds(found: &InPoint, music: &Music) -> Result<(), TestCaseError> {
    let end_s = if music.duration_s.is_finite() {
        music.duration_s.max(0.0)
    } else {
        0.0
    };
    prop_assert!((0.0..=end_s).contains(&found.start_s), "{found:?}");
    prop_assert!((0.0..=1.0).contains(&found.score), "{found:?}");
    prop_assert!(found.cuts_landed <= found.cuts, "{found:?}");
    prop_assert!(found.cuts_by_chance <= found.cuts as f32 + 1e-3);
    for landing in &found.landings {
        prop_assert!(landing.clip_s.is_finite() && landing.track_s.is_finite());
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_start_lies_within_the_track_for_all_numbers(edit in edit(), music in music()) {
        holds(&in_point(&edit, &music.track()), &music)?;
    }

    #[test]
    fn a_prepared_edit_gives_the_same_in_points(edit in edit(), all in prop::collection::vec(music(), 1..4)) {
        let timing = Timing::of(&edit);
        for music in &all {
            let found = timing.in_point(&music.track());
            prop_assert_eq!(found, in_point(&edit, &music.track()));
        }
    }

    #[test]
    fn the_score_is_independent_of_the_ranges_place_in_the_clip(edit in edit(), music in music(), by_s in -50.0f64..50.0) {
        prop_assume!(edit.range_s.0.is_finite() && edit.range_s.0.abs() < 1e6);
        // Whole seconds keep the arithmetic exact enough to compare.
        let by_s = by_s.round();
        let mut moved = edit.clone();
        moved.range_s = (edit.range_s.0 + by_s, edit.range_s.1 + by_s);
        moved.cuts.iter_mut().for_each(|c| c.time_s += by_s);
        moved.hits.iter_mut().for_each(|h| h.time_s += by_s);
        let (a, b) = (in_point(&edit, &music.track()), in_point(&moved, &music.track()));
        prop_assert!((a.score - b.score).abs() < 0.05, "{} {}", a.score, b.score);
    }
}

#[test]
fn without_cuts_hits_or_arc_every_track_is_neutral() {
    let music = Music {
        duration_s: 60.0,
        beats: None,
        curves: Curves::default(),
        form: Form::default(),
        sections: Vec::new(),
        fit: Vec::new(),
    };
    let edit = Edit {
        range_s: (5.0, 35.0),
        ..Edit::default()
    };
    let found = in_point(&edit, &music.track());
    assert_eq!((found.score, found.start_s), (0.5, 0.0));
}
