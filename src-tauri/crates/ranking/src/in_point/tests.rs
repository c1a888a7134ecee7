use super::*;
use crate::edit::{Cut, CutKind, Hit};
use crate::track_analysis::{Beats, Curve, Curves, Form, Section, SectionKind};

const BPM: f64 = 100.0;

fn beats(bpm: f64, first_s: f64, end_s: f64) -> Beats {
    let step = 60.0 / bpm;
    let count = ((end_s - first_s) / step) as u32;
    Beats {
        times_s: (0..count).map(|i| first_s + step * f64::from(i)).collect(),
        downbeats: (0..count).step_by(4).collect(),
        per_bar: 4,
        confidence: 0.9,
    }
}

/// A clip of 40 s with hard cuts at these seconds of it.
fn cuts(times_s: impl IntoIterator<Item = f64>) -> Edit {
    let cut = |time_s| Cut {
        time_s,
        span_s: (time_s, time_s),
        kind: CutKind::Cut,
        score: 1.0,
    };
    Edit {
        range_s: (0.0, 40.0),
        cuts: times_s.into_iter().map(cut).collect(),
        ..Edit::default()
    }
}

/// Cuts on some bars of `bpm`, irregular so that only the right phase meets them all.
fn on_bars(bpm: f64) -> Edit {
    let bar = 240.0 / bpm;
    let bars = [1.0, 2.0, 4.0, 5.0, 7.0, 8.0, 10.0, 11.0, 13.0];
    cuts(bars.map(|b| b * bar).into_iter().filter(|s| *s < 40.0))
}

struct Music {
    beats: Option<Beats>,
    curves: Curves,
    form: Form,
    sections: Vec<Section>,
    fit: Vec<f32>,
}

impl Music {
    fn of(bpm: f64) -> Music {
        Music {
            beats: Some(beats(bpm, 0.2, 180.0)),
            curves: Curves::default(),
            form: Form::default(),
            sections: Vec::new(),
            fit: Vec::new(),
        }
    }

    fn in_point_for(&self, edit: &Edit) -> InPoint {
        in_point(
            edit,
            &Track {
                duration_s: 181.0,
                beats: self.beats.as_ref(),
                curves: &self.curves,
                form: &self.form,
                sections: &self.sections,
                section_fit: &self.fit,
            },
        )
    }

    fn with_sections(mut self, starts_s: &[f64], fit: &[f32]) -> Music {
        let ends = starts_s.iter().skip(1).copied().chain([181.0]);
        self.sections = starts_s
            .iter()
            .zip(ends)
            .map(|(&start_s, end_s)| Section {
                start_s,
                end_s,
                kind: SectionKind::Body,
                ..Section::default()
            })
            .collect();
        self.fit = fit.to_vec();
        self
    }
}

fn on_a_bar(start_s: f64, bpm: f64) -> bool {
    let bars = (start_s - 0.2) / (240.0 / bpm);
    (bars - bars.round()).abs() < 1e-6
}

#[test]
fn cuts_on_bars_fit_the_right_tempo_and_not_one_2_percent_off() {
    let edit = on_bars(BPM);
    let right = Music::of(BPM).in_point_for(&edit);
    assert!(right.score > 0.95, "{}", right.score);
    assert_eq!(right.cuts_landed, right.cuts, "all land");
    assert!(
        right.landings.iter().all(|l| l.on == LandsOn::Bar),
        "{right:?}"
    );
    assert!(on_a_bar(right.start_s, BPM), "{}", right.start_s);
    let off = Music::of(BPM * 1.02).in_point_for(&edit);
    assert!(off.score < 0.5, "2 % drifts by 0.7 s: {}", off.score);
}

#[test]
fn many_beats_gain_nothing_by_chance() {
    // Cuts at irregular times.
    let edit = cuts([2.83, 5.11, 9.42, 13.77, 17.2, 22.91, 26.05, 31.48, 36.66]);
    for bpm in [60.0, 100.0, 150.0, 200.0] {
        let found = Music::of(bpm).in_point_for(&edit);
        assert!(found.score < 0.5, "{bpm} BPM: {}", found.score);
    }
}

#[test]
fn the_double_tempo_scores_no_higher() {
    let edit = on_bars(BPM);
    let plain = Music::of(BPM).in_point_for(&edit).score;
    let double = Music::of(2.0 * BPM).in_point_for(&edit).score;
    assert!(plain >= double, "{plain} against {double}");
}

#[test]
fn a_track_with_wrong_bars_still_fits() {
    let mut music = Music::of(BPM);
    let beats = music.beats.as_mut().unwrap();
    beats.downbeats = (2..beats.times_s.len() as u32).step_by(4).collect();
    let found = music.in_point_for(&on_bars(BPM));
    assert!(found.score > 0.9, "{}", found.score);
    assert_eq!(found.cuts_landed, found.cuts);
}

#[test]
fn an_edit_without_events_is_neutral_and_starts_at_the_best_section() {
    let bar = 240.0 / BPM;
    let starts = [0.2, 0.2 + 12.0 * bar, 0.2 + 30.0 * bar];
    let music = Music::of(BPM).with_sections(&starts, &[0.2, 0.7, 0.5]);
    let found = music.in_point_for(&cuts([]));
    assert_eq!(found.score, 0.5);
    assert!(
        (found.start_s - starts[1]).abs() < 1e-9,
        "{}",
        found.start_s
    );
    assert_eq!((found.cuts, found.landings.len()), (0, 0));
}

#[test]
fn the_best_section_is_skipped_if_too_little_music_follows() {
    let bar = 240.0 / BPM;
    let late = 0.2 + 70.0 * bar;
    let music = Music::of(BPM).with_sections(&[0.2, late], &[0.6, 0.7]);
    let found = music.in_point_for(&cuts([]));
    assert!(found.start_s + 40.0 <= 182.0, "{}", found.start_s);
}

#[test]
fn the_arc_chooses_the_start_where_the_energy_rises_with_it() {
    let mut music = Music::of(BPM);
    // A rise between 95 and 105 s, flat elsewhere.
    let energy = |i: u32| if f64::from(i) / 2.0 < 100.0 { 0.2 } else { 0.9 };
    music.curves.energy = Curve::new(2.0, (0..362).map(energy));
    let mut edit = cuts([]);
    edit.arc = Curve::new(1.0, (0..40).map(|i| if i < 20 { 0.1 } else { 0.8 }));
    let found = music.in_point_for(&edit);
    assert!((found.start_s - 80.0).abs() < 2.5, "{}", found.start_s);
    assert!(found.score > 0.5, "arc and energy fit: {}", found.score);
}

#[test]
fn the_climax_falls_on_the_strongest_hit() {
    let bar = 240.0 / BPM;
    let mut music = Music::of(BPM);
    music.form.climax_s = Some(0.2 + 25.0 * bar);
    let mut edit = on_bars(BPM);
    let turn_s = 8.0 * bar;
    edit.hits = vec![Hit {
        time_s: turn_s,
        strength: 1.0,
    }];
    let found = music.in_point_for(&edit);
    assert!((found.start_s + turn_s - (0.2 + 25.0 * bar)).abs() < 0.01);
    assert!(found.landings.iter().any(|l| l.on == LandsOn::Climax));
}

#[test]
fn a_track_without_beats_starts_on_a_section_or_an_onset() {
    let mut music = Music::of(BPM).with_sections(&[0.0, 62.4], &[0.1, 0.9]);
    music.beats = None;
    let found = music.in_point_for(&cuts([]));
    assert_eq!((found.start_s, found.score), (62.4, 0.5));
    let onset = |i: u32| if i % 60 == 10 { 1.0 } else { 0.02 };
    music.curves.onsets = Curve::new(25.0, (0..4500).map(onset));
    let found = music.in_point_for(&cuts(
        [2.4, 4.8, 9.6, 12.0, 16.8, 19.2, 26.4].map(|s| s + 0.02),
    ));
    assert!(found.score > 0.6, "{found:?}");
    assert!(found.landings.iter().all(|l| l.on == LandsOn::Onset));
}

#[test]
fn a_track_shorter_than_the_range_scores_low() {
    let mut music = Music::of(BPM);
    music.beats = Some(beats(BPM, 0.2, 20.0));
    let track = Track {
        duration_s: 20.0,
        beats: music.beats.as_ref(),
        curves: &music.curves,
        form: &music.form,
        sections: &[],
        section_fit: &[],
    };
    let found = in_point(&on_bars(BPM), &track);
    assert!(found.score < 0.5, "{}", found.score);
}
