//! Form of a synthetic track: bars of two seconds, parts that differ in harmony and sound.

use needledrop_ranking::{Beats, Curve, SectionKind};

use super::{Units, climax_s, loop_s, parts};

const RATE_HZ: f64 = 10.0;
const BAR_S: f64 = 2.0;

/// A track from parts: number of bars, sound, energy.
fn track(form: &[(usize, usize, f32)]) -> (Units, Curve) {
    let bars: usize = form.iter().map(|part| part.0).sum();
    let (mut chroma, mut timbre, mut energy) = (Vec::new(), Vec::new(), Vec::new());
    for &(bars, sound, full) in form {
        for bar in 0..bars {
            for frame in 0..(BAR_S * RATE_HZ) as usize {
                // Four chords, one a bar, and a little of every other pitch.
                let tone = (sound * 2 + 5 * (bar % 4)) % 12;
                chroma.push(std::array::from_fn(|c| if c == tone { 1.0 } else { 0.1 }));
                let wobble = ((frame * 7 + bar * 3) % 5) as f32 * 0.02;
                timbre.push(std::array::from_fn(
                    |b| if b % 4 == sound { 2.0 * full } else { 0.5 } + wobble,
                ));
            }
            energy.extend([full; 4]);
        }
    }
    let beats = Beats {
        times_s: (0..bars * 4)
            .map(|beat| beat as f64 * BAR_S / 4.0)
            .collect(),
        downbeats: (0..bars as u32).map(|bar| bar * 4).collect(),
        per_bar: 4,
        confidence: 1.0,
    };
    let duration_s = bars as f64 * BAR_S;
    let units = Units::new(duration_s, Some(&beats), RATE_HZ, &chroma, &timbre);
    (units, Curve::new(2.0, energy))
}

#[test]
fn parts_begin_where_the_sound_changes_and_are_named() {
    let form = [
        (8, 0, 0.3),
        (16, 1, 0.7),
        (8, 2, 0.4),
        (16, 1, 0.95),
        (8, 0, 0.3),
    ];
    let (units, energy) = track(&form);
    let parts = parts(&units, &energy);
    let starts: Vec<f64> = parts.iter().map(|p| p.start_s).collect();
    for bound in [16.0, 48.0, 64.0, 96.0] {
        assert!(
            starts.contains(&bound),
            "a part begins at {bound}: {starts:?}"
        );
    }
    let kind_at = |s: f64| {
        parts
            .iter()
            .find(|p| (p.start_s..p.end_s).contains(&s))
            .unwrap()
            .kind
    };
    assert_eq!(kind_at(4.0), SectionKind::Intro);
    assert_eq!(kind_at(56.0), SectionKind::Break);
    assert_eq!(kind_at(108.0), SectionKind::Outro);
    assert!(
        parts
            .iter()
            .any(|p| p.kind == SectionKind::Climax && p.start_s >= 64.0)
    );
    assert!(
        parts.windows(2).all(|p| p[0].end_s == p[1].start_s),
        "no gaps"
    );
    assert_eq!(
        climax_s(&units, &parts, &energy),
        Some(64.0),
        "the strongest rise"
    );
}

#[test]
fn an_even_track_has_no_climax_and_no_part_is_too_long() {
    let (units, energy) = track(&[(90, 1, 0.8)]);
    let parts = parts(&units, &energy);
    assert!(
        parts.iter().all(|p| p.kind == SectionKind::Body),
        "{parts:?}"
    );
    assert!(
        parts.iter().all(|p| p.end_s - p.start_s <= 46.0),
        "{parts:?}"
    );
    assert_eq!(climax_s(&units, &parts, &energy), None);
}

#[test]
fn a_repeating_part_gives_a_loop() {
    let (units, energy) = track(&[(8, 0, 0.8), (40, 1, 0.8), (8, 2, 0.8)]);
    let (from, to) = loop_s(&units, &energy).unwrap();
    assert!(
        from >= 16.0 && to <= 96.0,
        "within the part that repeats: {from} to {to}"
    );
    assert_eq!(
        (to - from) % (4.0 * BAR_S),
        0.0,
        "whole turns of four chords"
    );
}

#[test]
fn a_track_without_bars_has_parts_but_no_loop() {
    let flat = vec![[0.5; 12]; 600];
    let units = Units::new(60.0, None, RATE_HZ, &flat, &flat);
    let energy = Curve::new(2.0, vec![0.5; 120]);
    assert_eq!(loop_s(&units, &energy), None);
    let parts = parts(&units, &energy);
    assert_eq!(
        (parts[0].start_s, parts[parts.len() - 1].end_s),
        (0.0, 60.0)
    );
}

#[test]
fn the_shortest_tracks_are_one_part() {
    for duration_s in [0.2, 1.0, 3.9] {
        let frames = vec![[0.1; 12]; (duration_s * RATE_HZ) as usize];
        let units = Units::new(duration_s, None, RATE_HZ, &frames, &frames);
        let parts = parts(&units, &Curve::new(2.0, [0.5]));
        assert_eq!((parts.len(), parts[0].end_s), (1, duration_s));
    }
}
