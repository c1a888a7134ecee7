//! The meter on the signals of EBU Tech 3341 (loudness and true peak) and 3342 (range) that can be
//! synthesised.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

use needledrop_audio::{Meter, Speaker};
use needledrop_ranking::Loudness;

const RATE_HZ: u32 = 48_000;

fn amplitude(dbfs: f64) -> f64 {
    10f64.powf(dbfs / 20.0)
}

/// 1 kHz in two channels: seconds and dBFS, one after the other.
fn tones(rate_hz: u32, steps: &[(f64, f64)]) -> Loudness {
    let (mut meter, mut at) = (Meter::new(rate_hz, 2), 0.0);
    for &(seconds, dbfs) in steps {
        let step = std::f64::consts::TAU * 1000.0 / f64::from(rate_hz);
        let samples: Vec<f32> = (0..(seconds * f64::from(rate_hz)) as usize)
            .flat_map(|_| {
                at += step;
                [(amplitude(dbfs) * at.sin()) as f32; 2]
            })
            .collect();
        samples.chunks(4096).for_each(|block| meter.push(block));
    }
    meter.loudness()
}

#[test]
fn tech_3341_tone_programmes_have_their_loudness() {
    let quiet = [
        (10.0, -72.0),
        (10.0, -36.0),
        (60.0, -23.0),
        (10.0, -36.0),
        (10.0, -72.0),
    ];
    for (case, steps, want) in [
        ("1", &[(20.0, -23.0)][..], -23.0),
        ("2", &[(20.0, -33.0)], -33.0),
        ("3", &quiet[1..4], -23.0),
        ("4", &quiet, -23.0),
        ("5", &[(20.0, -26.0), (20.1, -20.0), (20.0, -26.0)], -23.0),
    ] {
        for rate in [44_100, RATE_HZ, 96_000] {
            let got = tones(rate, steps).integrated_lufs.unwrap();
            assert!(
                (got - want).abs() <= 0.1,
                "case {case} at {rate} Hz: {got} LUFS"
            );
        }
    }
}

/// A 1 kHz tone, each channel with its own level in dBFS, for 20 s.
fn channels(levels: &[f64], mut meter: Meter) -> Loudness {
    let samples: Vec<f32> = (0..20 * RATE_HZ)
        .flat_map(|i| {
            let x = (std::f64::consts::TAU * 1000.0 * f64::from(i) / f64::from(RATE_HZ)).sin();
            levels.iter().map(move |&dbfs| (amplitude(dbfs) * x) as f32)
        })
        .collect();
    meter.push(&samples);
    meter.loudness()
}

#[test]
fn tech_3341_surround_channels_have_their_weights() {
    // Case 6: L, R, C, Ls, Rs.
    let levels = [-28.0, -28.0, -24.0, -30.0, -30.0];
    let got = channels(&levels, Meter::new(RATE_HZ, 5))
        .integrated_lufs
        .unwrap();
    assert!((got + 23.0).abs() <= 0.1, "case 6: {got} LUFS");
    // And with a low-frequency channel that must not count, in its usual place and elsewhere.
    let levels = [-28.0, -28.0, -24.0, 0.0, -30.0, -30.0];
    let got = channels(&levels, Meter::new(RATE_HZ, 6))
        .integrated_lufs
        .unwrap();
    assert!((got + 23.0).abs() <= 0.1, "5.1: {got} LUFS");
    use Speaker::{Front, LowFrequency, Surround};
    let speakers = [LowFrequency, Surround, Surround, Front, Front, Front];
    let levels = [0.0, -30.0, -30.0, -24.0, -28.0, -28.0];
    let meter = Meter::with_speakers(RATE_HZ, &speakers);
    let got = channels(&levels, meter).integrated_lufs.unwrap();
    assert!(
        (got + 23.0).abs() <= 0.1,
        "5.1 in another order: {got} LUFS"
    );
}

#[test]
fn tech_3341_peaks_between_samples_are_found() {
    for (case, divisor, degrees, amplitude, want) in [
        ("15", 4.0, 0.0, 0.5, -6.0),
        ("16", 4.0, 45.0, 0.5, -6.0),
        ("17", 6.0, 60.0, 0.5, -6.0),
        ("18", 8.0, 67.5, 0.5, -6.0),
        ("19", 4.0, 45.0, 1.41, 3.0),
    ] {
        for rate in [44_100, RATE_HZ, 96_000] {
            // Faded in and out over 10 ms: the step of a sudden start has its own, higher peak.
            let n = rate as usize;
            let fade = n as f64 / 100.0;
            let samples: Vec<f32> = (0..n)
                .flat_map(|i| {
                    let edge = (i.min(n - 1 - i) as f64 / fade).min(1.0);
                    let phase =
                        std::f64::consts::TAU * i as f64 / divisor + f64::to_radians(degrees);
                    [(edge * amplitude * phase.sin()) as f32; 2]
                })
                .collect();
            let mut meter = Meter::new(rate, 2);
            samples.chunks(1000).for_each(|block| meter.push(block));
            let got = meter.loudness().true_peak_dbtp.unwrap();
            let allowed = want - 0.4..=want + 0.2;
            assert!(
                allowed.contains(&got),
                "case {case} at {rate} Hz: {got} dBTP"
            );
        }
    }
}

#[test]
fn tech_3342_tone_programmes_have_their_range() {
    for (case, levels, want) in [
        ("1", &[-20.0, -30.0][..], 10.0),
        ("2", &[-20.0, -15.0], 5.0),
        ("3", &[-40.0, -20.0], 20.0),
        ("4", &[-50.0, -35.0, -20.0, -35.0, -50.0], 15.0),
    ] {
        let steps: Vec<(f64, f64)> = levels.iter().map(|&dbfs| (20.0, dbfs)).collect();
        let got = tones(RATE_HZ, &steps).range_lu.unwrap();
        assert!((got - want).abs() <= 1.0, "case {case}: {got} LU");
    }
}

#[test]
fn less_than_three_seconds_has_no_range() {
    assert_eq!(tones(RATE_HZ, &[(2.9, -20.0)]).range_lu, None);
    let got = tones(RATE_HZ, &[(3.1, -20.0)]).range_lu.unwrap();
    assert!(got.abs() < 0.01, "got {got} LU");
}

#[test]
fn silence_and_no_samples_have_no_loudness() {
    let mut meter = Meter::new(44_100, 2);
    assert_eq!(meter.loudness(), Loudness::default(), "nothing yet");
    meter.push(&vec![0.0; 88_200]);
    assert_eq!(meter.loudness(), Loudness::default());
}
