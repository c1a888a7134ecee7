//! Synthetic music through the whole estimation, network included.

mod loops;
mod metres;

use needledrop_ranking::{Beats, Tempo};

use super::activation::BeatNet;
use super::attacks::AttackStream;
use super::moments::Moments;
use super::onset::Onsets;
use super::{Estimate, estimate};
use crate::harmony::chroma::Chroma;
use crate::synth::{Noise, drums, plucks};

fn listen(samples: &[f32]) -> (Option<Tempo>, Option<Beats>) {
    let heard = hear(samples);
    (heard.tempo, heard.beats)
}

fn hear(samples: &[f32]) -> Estimate {
    let mut net = BeatNet::open().unwrap();
    net.begin();
    net.push(samples).unwrap();
    let mut onsets = Onsets::new();
    onsets.push(samples);
    onsets.finish();
    let mut chroma = Chroma::new();
    chroma.push(samples);
    let mut attacks = AttackStream::new();
    attacks.push(samples);
    let activations = net.finish().unwrap();
    let moments = Moments::new(&activations, onsets.envelopes(), &chroma.frames());
    estimate(&moments, &attacks.finish())
}

fn within(got: f32, want: f64, tolerance: f64) -> bool {
    (f64::from(got) / want - 1.0).abs() < tolerance
}

#[test]
fn the_tempo_of_drums_is_right_to_half_a_percent() {
    for bpm in [
        72.0, 80.0, 90.0, 97.3, 110.0, 120.0, 128.0, 133.7, 140.0, 150.0,
    ] {
        let got = listen(&drums(bpm, 40.0)).0.unwrap();
        assert!(
            within(got.bpm, bpm, 0.005),
            "{bpm} read as {:?}",
            got.candidates
        );
        assert!(
            got.confidence > 0.4,
            "{bpm}: a clear beat, confidence {}",
            got.confidence
        );
    }
}

#[test]
fn beats_of_drums_are_where_they_are_played() {
    for bpm in [84.0, 104.5, 126.0] {
        let beats = listen(&drums(bpm, 40.0)).1.unwrap();
        let beat_s = 60.0 / bpm;
        let off: Vec<f64> = beats
            .times_s
            .iter()
            .map(|t| (t / beat_s - (t / beat_s).round()) * beat_s)
            .collect();
        let worst = off.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        let mean = off.iter().sum::<f64>() / off.len() as f64;
        assert!(worst < 0.045, "{bpm}: off by {worst} s at worst");
        assert!(mean.abs() < 0.012, "{bpm}: off by {mean} s on the whole");
        assert_eq!(beats.per_bar, 4);
    }
}

#[test]
fn both_octaves_are_candidates_where_people_tap_either() {
    for bpm in [60.0, 65.0, 160.0, 170.0, 175.0, 180.0] {
        let got = listen(&drums(bpm, 40.0)).0.unwrap();
        let fits = [0.5, 1.0, 2.0]
            .iter()
            .any(|f| within(got.bpm, bpm * f, 0.01));
        assert!(fits, "{bpm} read as {:?}", got.candidates);
        let known = got.candidates.iter().any(|c| within(c.0, bpm, 0.01));
        assert!(known, "{bpm} is among the candidates {:?}", got.candidates);
    }
}

#[test]
fn a_pulse_without_drums_is_found_in_three_and_four() {
    for (bpm, bar) in [(84.0, 3), (100.0, 4), (120.0, 3), (144.0, 4)] {
        let tempo = listen(&plucks(bpm, bar, 40.0)).0.unwrap();
        assert!(
            within(tempo.bpm, bpm, 0.01),
            "{bpm} in {bar} read as {:?}",
            tempo.candidates
        );
    }
}

#[test]
fn a_change_of_tempo_gives_two_stretches() {
    let mut samples = drums(100.0, 40.0);
    samples.extend(drums(132.0, 48.0));
    let (tempo, beats) = listen(&samples);
    let tempo = tempo.unwrap();
    assert!(
        within(tempo.bpm, 132.0, 0.01),
        "of the longer stretch: {tempo:?}"
    );
    let [first, second] = tempo.stretches[..] else {
        panic!("two stretches, got {:?}", tempo.stretches);
    };
    assert!(within(first.1, 100.0, 0.01) && within(second.1, 132.0, 0.01));
    assert!((second.0 - 40.0).abs() < 4.5, "changes at {} s", second.0);
    let beats = beats.unwrap();
    assert!(
        beats.times_s.windows(2).all(|p| p[1] > p[0] + 0.2),
        "ascending and apart"
    );
    assert!(beats.downbeats.windows(2).all(|p| p[0] < p[1]));
}

#[test]
fn silence_has_no_tempo_and_noise_no_confidence() {
    assert_eq!(listen(&vec![0.0; 22_050 * 20]), (None, None));
    let mut noise = Noise::new(3);
    let hiss: Vec<f32> = (0..22_050 * 30)
        .map(|_| 0.1 * noise.next() as f32)
        .collect();
    let confidence = listen(&hiss).0.map_or(0.0, |t| t.confidence);
    assert!(confidence < 0.25, "steady noise: confidence {confidence}");
}

#[test]
fn candidate_weights_sum_to_one_best_first() {
    let got = listen(&drums(100.0, 30.0)).0.unwrap();
    let sum: f32 = got.candidates.iter().map(|c| c.1).sum();
    assert!((sum - 1.0).abs() < 1e-5, "sum {sum}");
    let sorted = got.candidates.windows(2).all(|w| w[0].1 >= w[1].1);
    assert!(sorted, "{:?}", got.candidates);
    assert!(
        (got.bpm / got.candidates[0].0 - 1.0).abs() < 0.02,
        "the first is the tempo"
    );
}
