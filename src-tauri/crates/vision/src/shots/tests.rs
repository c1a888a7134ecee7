//! Shot detection on synthetic clips.

use needledrop_ranking::{Cut, CutKind};

use super::*;

pub(super) const WIDE: u32 = 160;
pub(super) const HIGH: u32 = 90;

/// A scene of soft blobs and fine texture that depends on its number, moved by `dx` pixels.
pub(super) fn scene(number: u32, dx: f32) -> Vec<f32> {
    let seed = |n: u32| {
        let mut x = (number * 7919 + n * 104_729 + 12_345).wrapping_mul(2_654_435_761);
        x ^= x >> 15;
        x = x.wrapping_mul(2_246_822_519);
        ((x ^ (x >> 13)) & 0xffff) as f32 / 65_535.0
    };
    let blobs: Vec<[f32; 7]> = (0..14)
        .map(|b| std::array::from_fn(|k| seed(b * 7 + k as u32)))
        .collect();
    let mut picture = Vec::with_capacity((WIDE * HIGH * 3) as usize);
    for y in 0..HIGH {
        for x in 0..WIDE {
            let (u, v) = ((x as f32 + dx) / WIDE as f32, y as f32 / HIGH as f32);
            let mut colour = [seed(200), seed(201), seed(202)].map(|c| 60.0 + 110.0 * c);
            for blob in &blobs {
                let (du, dv) = (u - (blob[0] * 2.0 - 0.5), v - blob[1]);
                let size = 0.004 + 0.03 * blob[2];
                let near = (-(du * du + dv * dv) / size).exp();
                for (c, tint) in colour.iter_mut().zip(&blob[3..6]) {
                    *c += near * (220.0 * tint - 110.0);
                }
            }
            let grain = 8.0 * ((u * 90.0 + number as f32).sin() * (v * 70.0).cos());
            picture.extend(colour.map(|c| (c + grain).clamp(0.0, 255.0)));
        }
    }
    picture
}

fn mix(a: &[f32], b: &[f32], share: f32) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + share * (b - a)).collect()
}

fn detected(frames: impl IntoIterator<Item = Vec<f32>>, fps: f64) -> ShotCurve {
    let mut detector = ShotDetector::new();
    for (n, frame) in frames.into_iter().enumerate() {
        push(&mut detector, n as f64 / fps, &frame);
    }
    detector.finish()
}

fn push(detector: &mut ShotDetector, time_s: f64, frame: &[f32]) {
    let rgb: Vec<u8> = frame.iter().map(|v| v.round() as u8).collect();
    let picture = Picture {
        width: WIDE,
        height: HIGH,
        rgb: &rgb,
    };
    detector.push(time_s, &picture).unwrap();
}

pub(super) fn cuts(frames: impl IntoIterator<Item = Vec<f32>>) -> Vec<Cut> {
    detected(frames, 25.0).cuts(DEFAULT_SENSITIVITY)
}

/// `n` frames of a scene that drifts slowly.
fn shot(number: u32, n: usize) -> Vec<Vec<f32>> {
    (0..n).map(|k| scene(number, k as f32 * 0.2)).collect()
}

#[test]
fn a_hard_cut_is_found_at_the_first_frame_of_the_new_shot() {
    let found = cuts([shot(1, 30), shot(2, 30)].concat());
    assert_eq!(found.len(), 1, "one cut was made, got {found:?}");
    assert_eq!(
        found[0].time_s,
        30.0 / 25.0,
        "frame 30 is the first of the new shot"
    );
    assert_eq!(found[0].kind, CutKind::Cut, "it is sudden");
    assert_eq!(found[0].span_s, (1.2, 1.2), "a hard cut takes no time");
}

#[test]
fn a_flash_is_not_a_cut() {
    let mut frames = shot(1, 60);
    let white = vec![255.0; frames[0].len()];
    for frame in &mut frames[30..33] {
        *frame = mix(frame, &white, 0.9);
    }
    let found = cuts(frames);
    assert!(
        found.is_empty(),
        "the picture comes back after three frames, got {found:?}"
    );
}

#[test]
fn a_change_of_brightness_and_back_is_not_a_cut() {
    let mut frames = shot(1, 60);
    for frame in &mut frames[25..38] {
        frame
            .iter_mut()
            .for_each(|v| *v = (*v * 1.3 + 15.0).min(255.0));
    }
    let found = cuts(frames);
    assert!(found.is_empty(), "the same things are seen, got {found:?}");
}

#[test]
fn with_every_second_frame_missing_a_cut_is_at_the_next_present_frame() {
    let frames = [shot(1, 31), shot(2, 31)].concat();
    let found = detected(frames.into_iter().step_by(2), 12.5).cuts(DEFAULT_SENSITIVITY);
    assert_eq!(found.len(), 1, "one cut was made, got {found:?}");
    assert_eq!(
        found[0].time_s,
        32.0 / 25.0,
        "frame 31 is left out, 32 is the next"
    );
}

#[test]
fn a_dissolve_before_a_gap_in_the_times_is_found() {
    let mut frames = shot(1, 40);
    frames.extend((1..20).map(|k| mix(&scene(1, 8.0), &scene(2, 0.0), k as f32 / 20.0)));
    frames.extend(shot(2, 20));
    let mut detector = ShotDetector::new();
    let last = frames.len() - 1;
    for (n, frame) in frames.iter().enumerate() {
        let time_s = n as f64 / 25.0 + if n == last { 60.0 } else { 0.0 };
        push(&mut detector, time_s, frame);
    }
    let found = detector.finish().cuts(DEFAULT_SENSITIVITY);
    assert_eq!(found.len(), 1, "one dissolve was made, got {found:?}");
}

#[test]
fn a_detector_can_move_to_another_thread() {
    fn goes<T: Send>(_: &T) {}
    goes(&ShotDetector::new());
}

#[test]
fn a_pan_is_not_a_cut() {
    let found = cuts((0..60).map(|k| scene(3, k as f32 * 2.5)));
    assert!(found.is_empty(), "the picture only moves, got {found:?}");
}

#[test]
fn a_fade_through_black_is_one_fade() {
    let black = vec![0.0; (WIDE * HIGH * 3) as usize];
    let mut frames = shot(1, 40);
    frames.extend((1..=12).map(|k| mix(&scene(1, 8.0), &black, k as f32 / 12.0)));
    frames.extend(vec![black.clone(); 4]);
    frames.extend((1..=12).map(|k| mix(&black, &scene(2, 0.0), k as f32 / 12.0)));
    frames.extend(shot(2, 40));
    let found = cuts(frames);
    assert_eq!(found.len(), 1, "one fade was made, got {found:?}");
    assert_eq!(found[0].kind, CutKind::Fade, "it goes through black");
    assert!(
        (1.6..2.8).contains(&found[0].time_s),
        "its middle lies within, got {found:?}"
    );
}

#[test]
fn a_dissolve_is_one_dissolve() {
    let mut frames = shot(1, 40);
    frames.extend((1..20).map(|k| mix(&scene(1, 8.0), &scene(2, 0.0), k as f32 / 20.0)));
    frames.extend(shot(2, 40));
    let found = cuts(frames);
    assert_eq!(found.len(), 1, "one dissolve was made, got {found:?}");
    assert_eq!(
        found[0].kind,
        CutKind::Dissolve,
        "one picture lies over the other"
    );
    let (from, to) = found[0].span_s;
    assert!(
        from > 1.3 && to < 2.7 && to - from > 0.4,
        "frames 40 to 59, got {found:?}"
    );
}

#[test]
fn a_higher_sensitivity_keeps_the_cuts_of_a_lower_one() {
    let black = vec![0.0; (WIDE * HIGH * 3) as usize];
    let mut frames = [shot(1, 15), shot(2, 9), shot(3, 15)].concat();
    frames.extend((1..15).map(|k| mix(&scene(3, 3.0), &scene(4, 0.0), k as f32 / 15.0)));
    frames.extend((0..25).map(|k| scene(4, k as f32 * 9.0)));
    frames.extend((1..=9).map(|k| mix(&scene(4, 216.0), &black, k as f32 / 9.0)));
    frames.extend((1..=9).map(|k| mix(&black, &scene(5, 0.0), k as f32 / 9.0)));
    frames.extend(shot(5, 20));
    let curve = detected(frames, 25.0);
    let mut before = Vec::new();
    for step in 0..=20 {
        let now = curve.cuts(step as f32 / 20.0);
        assert!(
            before.iter().all(|c| now.contains(c)),
            "step {step} lost some of {before:?}"
        );
        before = now;
    }
    assert!(
        before.len() >= 4,
        "two cuts, a dissolve and a fade, got {before:?}"
    );
}

#[test]
fn no_frames_and_one_frame_give_no_cuts() {
    assert!(
        ShotDetector::new().finish().cuts(1.0).is_empty(),
        "no frames, no cuts"
    );
    assert!(
        detected(shot(1, 1), 25.0).cuts(1.0).is_empty(),
        "one frame, no cuts"
    );
}

#[test]
fn a_clip_of_one_picture_has_no_cuts_at_any_sensitivity() {
    let found = detected(vec![scene(1, 0.0); 80], 25.0).cuts(1.0);
    assert!(found.is_empty(), "nothing changes, got {found:?}");
}

#[test]
fn any_size_and_a_change_of_size_are_accepted() {
    let mut detector = ShotDetector::new();
    let sizes = [
        (1, 1),
        (16, 16),
        (90, 160),
        (3, 500),
        (160, 90),
        (640, 360),
        (1, 1),
    ];
    for n in 0..140u32 {
        let (width, height) = sizes[n as usize / 20];
        let rgb: Vec<u8> = (0..width * height * 3)
            .map(|i| (i * 31 + n) as u8)
            .collect();
        detector
            .push(
                f64::from(n) / 25.0,
                &Picture {
                    width,
                    height,
                    rgb: &rgb,
                },
            )
            .unwrap();
    }
    let found = detector.finish().cuts(1.0);
    assert!(
        found.iter().all(|c| c.score.is_finite() && c.time_s < 5.6),
        "got {found:?}"
    );
}

#[test]
fn an_unusable_picture_or_time_is_an_error_and_is_ignored() {
    let mut detector = ShotDetector::new();
    let broken = Picture {
        width: 4,
        height: 4,
        rgb: &[0; 5],
    };
    assert_eq!(
        detector.push(0.0, &broken).unwrap_err().code(),
        "bad_picture",
        "5 bytes for 4x4"
    );
    let sound = Picture {
        width: 1,
        height: 1,
        rgb: &[0; 3],
    };
    assert!(detector.push(f64::NAN, &sound).is_err(), "no time");
    assert!(detector.push(0.0, &sound).is_ok(), "the detector goes on");
}

#[test]
fn a_frame_that_is_not_later_is_ignored() {
    let mut detector = ShotDetector::new();
    for (number, time_s) in [(1, 0.0), (1, 0.04), (2, 0.04), (2, 0.02), (1, 0.08)] {
        push(&mut detector, time_s, &scene(number, 0.0));
    }
    assert!(
        detector.finish().cuts(1.0).is_empty(),
        "the other scene came at no time of its own"
    );
}

#[test]
fn a_clip_of_240_frames_a_second_is_cut_at_the_right_frame() {
    let frames = (0..480).map(|k| scene(1 + k / 240, (k % 240) as f32 * 0.02));
    let found = detected(frames, 240.0).cuts(DEFAULT_SENSITIVITY);
    assert_eq!(found.len(), 1, "one cut was made, got {found:?}");
    assert_eq!(found[0].time_s, 1.0, "frame 240 of 240 a second");
}

#[test]
fn a_curve_is_unchanged_by_json() {
    let curve = detected([shot(1, 20), shot(2, 20)].concat(), 25.0);
    let back: ShotCurve = serde_json::from_str(&serde_json::to_string(&curve).unwrap()).unwrap();
    assert_eq!(back, curve, "what is cached is what was seen");
    assert!(!curve.cuts(0.5).is_empty(), "there is something in it");
}

#[test]
fn a_cut_is_placed_among_pictures_that_come_later() {
    let frames = [shot(1, 33), shot(2, 31)].concat();
    let mut detector = ShotDetector::new();
    for n in (0..frames.len()).step_by(4) {
        push(&mut detector, n as f64 / 25.0, &frames[n]);
    }
    let mut curve = detector.finish();
    assert_eq!(
        curve.hard_cuts_s().first(),
        Some(&(36.0 / 25.0)),
        "the next that was seen"
    );
    let bytes: Vec<Vec<u8>> = frames
        .iter()
        .map(|f| f.iter().map(|v| v.round() as u8).collect())
        .collect();
    let pictures: Vec<(f64, Picture<'_>)> = (32..=36)
        .map(|n| {
            let rgb = &bytes[n];
            let (width, height) = (WIDE, HIGH);
            (n as f64 / 25.0, Picture { width, height, rgb })
        })
        .collect();
    curve.place(36.0 / 25.0, &pictures[1..2]).unwrap();
    curve.place(34.0 / 25.0, &pictures).unwrap();
    assert_eq!(
        curve.cuts(0.5)[0].time_s,
        36.0 / 25.0,
        "no such cut, or nothing between"
    );
    curve.place(36.0 / 25.0, &pictures).unwrap();
    let cut = curve.cuts(0.5)[0];
    assert_eq!(
        cut.time_s,
        33.0 / 25.0,
        "frame 33 is the first of the new shot"
    );
    assert_eq!(cut.span_s, (cut.time_s, cut.time_s), "it takes no time");
}

#[test]
fn a_black_frame_at_the_start_is_no_shot() {
    let black = vec![0.0; (WIDE * HIGH * 3) as usize];
    for flat in [1, 3] {
        let mut frames = vec![black.clone(); flat];
        frames.extend([shot(1, 30), shot(2, 30)].concat());
        let times: Vec<f64> = cuts(frames).iter().map(|c| c.time_s).collect();
        assert_eq!(
            times,
            [(30 + flat) as f64 / 25.0],
            "{flat} black frames first"
        );
    }
    let mut frames = vec![black; 25];
    frames.extend(shot(1, 30));
    assert_eq!(cuts(frames).len(), 1, "a second of black is one");
}
