//! The plan: which ranges are wanted, and in which order.

use std::collections::BTreeSet;

use super::*;

fn playback() -> Playback {
    Playback {
        starts: vec![0, 10 * SECOND, 20 * SECOND, 30 * SECOND],
        selected: Some(2),
        recent: Vec::new(),
        range: (5 * SECOND, 65 * SECOND),
        looping: false,
        playhead: 15 * SECOND,
        rate: 1.0,
    }
}

fn thirty() -> Playback {
    Playback {
        starts: vec![5 * SECOND; 30],
        selected: Some(9),
        ..playback()
    }
}

fn ranks(wanted_ranges: &[WantedRange]) -> Vec<SoundId> {
    wanted_ranges.iter().map(|p| p.sound).collect()
}

/// Whether a range of that sound holds the frame of its recording.
fn is_wanted(wanted_ranges: &[WantedRange], sound: SoundId, frame: i64) -> bool {
    let mut of_sound = wanted_ranges.iter().filter(|r| r.sound == sound);
    of_sound.any(|r| r.frames.contains(&frame))
}

#[test]
fn the_selected_cue_comes_first_at_the_playhead() {
    let wanted_ranges = wanted_ranges(&playback());
    assert!(wanted_ranges[0].urgent && wanted_ranges[1].urgent);
    assert_eq!(ranks(&wanted_ranges[..2]), [SoundId::Cue(2), SoundId::Clip]);
    assert!(
        wanted_ranges[0].frames.contains(&(30 * SECOND)),
        "20 s of track at in, 10 s on"
    );
    assert!(wanted_ranges[1].frames.contains(&(15 * SECOND)));
    assert!(wanted_ranges[2..].iter().all(|p| !p.urgent));
}

#[test]
fn the_other_cues_follow_by_distance_from_the_selected_one() {
    let wanted_ranges = wanted_ranges(&playback());
    assert_eq!(
        ranks(&wanted_ranges[6..9]),
        [SoundId::Cue(3), SoundId::Cue(1), SoundId::Cue(0)]
    );
    for (wanted, at_s) in wanted_ranges[6..9].iter().zip([40, 20, 10]) {
        assert!(wanted.frames.contains(&(at_s * SECOND)), "{wanted:?}");
    }
}

#[test]
fn near_and_recent_cues_are_wanted_at_the_playhead() {
    let playback = Playback {
        recent: vec![25, 10, 3],
        ..thirty()
    };
    let wanted_ranges = wanted_ranges(&playback);
    let at = |cue: &usize| is_wanted(&wanted_ranges, SoundId::Cue(*cue), 24 * SECOND);
    let wanted: Vec<usize> = (0..30).filter(at).collect();
    assert_eq!(wanted, [6, 7, 8, 9, 10, 11, 12, 25]);
    assert_eq!(playback.likely()[..3], [25, 10, 8], "recent ones first");
}

#[test]
fn the_selected_cue_and_the_clip_are_wanted_around_the_playhead() {
    let playback = Playback {
        playhead: 45 * SECOND,
        range: (5 * SECOND, 3_600 * SECOND),
        ..thirty()
    };
    let wanted_ranges = wanted_ranges(&playback);
    for sound in [SoundId::Cue(9), SoundId::Clip] {
        for at_s in [5, 25, 45, 84] {
            assert!(
                is_wanted(&wanted_ranges, sound, at_s * SECOND),
                "{sound:?} at {at_s} s"
            );
        }
        assert!(!is_wanted(&wanted_ranges, sound, 120 * SECOND));
    }
}

#[test]
fn backwards_the_frames_before_the_playhead_are_wanted_first() {
    let mut playback = playback();
    playback.rate = -2.0;
    let first = &wanted_ranges(&playback)[0];
    assert!(first.frames.contains(&(28 * SECOND)) && !first.frames.contains(&(31 * SECOND)));
}

#[test]
fn in_a_loop_likely_cues_are_wanted_across_the_seam() {
    for (rate, playhead_s, wanted_s) in [(1.0, 64, [5, 8, 64]), (-1.0, 6, [5, 61, 64])] {
        let playback = Playback {
            looping: true,
            playhead: playhead_s * SECOND,
            rate,
            ..thirty()
        };
        let wanted_ranges = wanted_ranges(&playback);
        for (cue, at_s) in (6..13).flat_map(|cue| wanted_s.map(|at_s| (cue, at_s))) {
            assert!(
                is_wanted(&wanted_ranges, SoundId::Cue(cue), at_s * SECOND),
                "cue {cue} at {at_s} s, rate {rate}"
            );
        }
        let behind_the_range = 68 * SECOND;
        assert!(!is_wanted(
            &wanted_ranges,
            SoundId::Cue(9),
            behind_the_range
        ));
    }
}

#[test]
fn the_end_of_a_range_moves_in_steps() {
    let end = |playhead: i64, cue: usize| {
        let playback = Playback {
            playhead,
            range: (0, 3_600 * SECOND),
            ..thirty()
        };
        let wanted_ranges = wanted_ranges(&playback).into_iter();
        let of_cue = wanted_ranges.filter(|r| r.sound == SoundId::Cue(cue));
        of_cue.map(|r| r.frames.end).max()
    };
    let moments = |cue: usize| -> BTreeSet<_> {
        let playheads = (0..16).map(|i| 100 * SECOND + i * SECOND / 2);
        playheads.map(|playhead| end(playhead, cue)).collect()
    };
    assert_eq!(moments(10).len(), 2, "one step in 7.5 s");
    let steps = |cue: usize| end(100 * SECOND, cue).map(|e| e.rem_euclid(8 * SECOND));
    assert_ne!(steps(10), steps(11), "two cues step at different times");
}

#[test]
fn the_wanted_ranges_fit_into_the_budget() {
    let budget = (crate::audition::BUDGET_BYTES / 4) as i64;
    for playhead_s in (0..3_600).step_by(7) {
        let playback = Playback {
            playhead: playhead_s * SECOND,
            range: (0, 3_600 * SECOND),
            recent: vec![25, 27],
            ..thirty()
        };
        let mut frames = BTreeSet::new();
        for wanted in wanted_ranges(&playback) {
            // In tenths of a second, so that the set stays small.
            let (from, to) = (wanted.frames.start.max(0), wanted.frames.end);
            let sound = format!("{:?}", wanted.sound);
            frames.extend((from / 4_800..=to / 4_800).map(|tenth| (sound.clone(), tenth)));
        }
        let total = frames.len() as i64 * 4_800;
        assert!(total < budget * 15 / 16, "{total} of {budget} frames");
    }
}

#[test]
fn the_time_until_a_frame_plays_follows_the_loop() {
    let mut playback = Playback {
        looping: true,
        ..playback()
    };
    let until_s = |playback: &Playback, track_s: i64| {
        let frames = playback.frames_until(SoundId::Cue(2), track_s * SECOND);
        frames.map(|frames| frames / SECOND)
    };
    assert_eq!(until_s(&playback, 31), Some(1), "10 s into the range");
    assert_eq!(until_s(&playback, 29), Some(59), "after the seam");
    assert_eq!(until_s(&playback, 81), None, "behind the out-point");
    playback.looping = false;
    assert_eq!(until_s(&playback, 29), None);
    assert_eq!(until_s(&playback, 81), Some(51));
    playback.rate = -1.0;
    assert_eq!(until_s(&playback, 29), Some(1));
}

#[test]
fn without_a_selection_the_first_ranks_come_first() {
    let playback = Playback {
        selected: None,
        ..playback()
    };
    let cues: Vec<_> = ranks(&wanted_ranges(&playback))
        .into_iter()
        .filter(|s| *s != SoundId::Clip)
        .collect();
    assert_eq!(
        cues[..3],
        [SoundId::Cue(0), SoundId::Cue(1), SoundId::Cue(2)]
    );
}

#[test]
fn frames_before_the_start_of_a_track_are_not_wanted() {
    let playback = Playback {
        starts: vec![-100 * SECOND],
        selected: Some(0),
        ..playback()
    };
    assert!(
        wanted_ranges(&playback)
            .iter()
            .all(|p| p.sound == SoundId::Clip)
    );
}
