//! Metres other than 4/4, cross-rhythms, and music without a pulse.

use super::super::Estimate;
use super::super::metre::Metre;
use super::{hear, within};
use crate::synth::Drum::{self, Click, Hat, Kick, Snare};
use crate::synth::{pads, strokes};

fn named(heard: &Estimate) -> Option<String> {
    let sure = heard.metre.filter(Metre::is_sure);
    sure.map(|metre| metre.to_string())
}

/// Asserts that the tempo is `bpm` times one of the factors, and the metre one of the names.
fn check(heard: &Estimate, bpm: f64, factors: &[f64], names: &[&str]) {
    let tempo = heard.tempo.as_ref().unwrap();
    let near = factors.iter().any(|f| within(tempo.bpm, bpm * f, 0.01));
    assert!(near, "{bpm} in {names:?} read as {:?}", tempo.candidates);
    let metre = named(heard).unwrap_or_default();
    assert!(
        names.contains(&metre.as_str()),
        "{bpm} in {names:?} read as {:?}",
        heard.metre
    );
}

#[test]
fn compound_metres_are_named() {
    let six: [(Drum, &str); 3] = [(Kick, "x....."), (Snare, "...x.."), (Hat, "xxxxxx")];
    for bpm in [66.0, 72.5] {
        let heard = hear(&strokes(bpm, 3, &six, 2, 30.0));
        check(&heard, bpm, &[1.0, 2.0, 3.0], &["6/8"]);
    }
    let twelve = [
        (Kick, "x.....x..x.."),
        (Snare, "...x.....x.."),
        (Hat, "xxxxxxxxxxxx"),
    ];
    let heard = hear(&strokes(58.0, 3, &twelve, 4, 30.0));
    check(&heard, 58.0, &[1.0, 2.0, 3.0], &["12/8", "6/8"]);
}

#[test]
fn five_and_seven_are_named() {
    let five = [
        (Kick, "x.....x..."),
        (Snare, "....x...x."),
        (Hat, "x.x.x.x.x."),
    ];
    let heard = hear(&strokes(140.0, 2, &five, 5, 30.0));
    check(&heard, 140.0, &[1.0], &["5/4"]);
    let seven = [
        (Kick, "x.....x......."),
        (Snare, "....x...x....."),
        (Hat, "x.x.x.x.x.x.x."),
    ];
    let heard = hear(&strokes(160.0, 2, &seven, 7, 30.0));
    check(&heard, 160.0, &[1.0], &["7/4"]);
}

#[test]
fn a_waltz_is_in_three_at_either_speed() {
    let waltz = [(Kick, "x....."), (Hat, "x.x.x.")];
    for bpm in [90.0, 180.0] {
        let heard = hear(&strokes(bpm, 2, &waltz, 3, 30.0));
        check(&heard, bpm, &[1.0], &["3/4"]);
    }
}

#[test]
fn three_against_two_is_not_the_tempo() {
    // Three clicks in every two beats.
    let lines = [(Kick, "x..x.."), (Click, "x.x.x.")];
    let heard = hear(&strokes(110.0, 3, &lines, 4, 30.0));
    check(&heard, 110.0, &[1.0, 0.5], &["4/4"]);
}

#[test]
fn clicks_that_are_all_alike_have_a_tempo_and_no_metre() {
    let heard = hear(&strokes(100.0, 1, &[(Click, "x")], 0, 30.0));
    let tempo = heard.tempo.as_ref().unwrap();
    assert!(within(tempo.bpm, 100.0, 0.01), "{:?}", tempo.candidates);
    assert_eq!(named(&heard), None, "{:?}", heard.metre);
}

#[test]
fn sparse_clicks_are_not_counted_in_thirds() {
    let heard = hear(&strokes(72.0, 1, &[(Click, "xooo")], 0, 30.0));
    let tempo = heard.tempo.as_ref().unwrap();
    let near = [1.0, 2.0].iter().any(|f| within(tempo.bpm, 72.0 * f, 0.01));
    assert!(near, "{:?}", tempo.candidates);
}

#[test]
fn pads_without_a_pulse_are_unsure() {
    let heard = hear(&pads(40.0));
    let confidence = heard.tempo.as_ref().map_or(0.0, |t| t.confidence);
    assert!(confidence < 0.3, "confidence {confidence}");
    assert_eq!(named(&heard), None, "{:?}", heard.metre);
}
