//! Every frame of a day has one label, and the label gives the frame back.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use needledrop_timebase::{Fields, FrameRate, Frames, TimebaseError, Timecode};
use proptest::prelude::*;

const COUNTINGS: [(FrameRate, bool); 12] = [
    (FrameRate::FPS_23_976, false),
    (FrameRate::FPS_24, false),
    (FrameRate::FPS_25, false),
    (FrameRate::FPS_29_97, true),
    (FrameRate::FPS_29_97, false),
    (FrameRate::FPS_30, false),
    (FrameRate::FPS_50, false),
    (FrameRate::FPS_59_94, true),
    (FrameRate::FPS_59_94, false),
    (FrameRate::FPS_60, false),
    (FrameRate::FPS_119_88, true),
    (FrameRate::FPS_119_88, false),
];

fn frames_per_day(rate: FrameRate, drop_frame: bool) -> i64 {
    let all = i64::from(rate.nominal()) * 86_400;
    let skipped = i64::from(rate.nominal()) / 15 * (1440 - 144);
    if drop_frame { all - skipped } else { all }
}

/// The labels of a day in the order of a counter that is stepped by hand.
fn step(fields: &mut Fields, rate: FrameRate, drop_frame: bool) {
    fields.frames += 1;
    if fields.frames < rate.nominal() {
        return;
    }
    fields.frames = 0;
    fields.seconds += 1;
    if fields.seconds == 60 {
        fields.seconds = 0;
        fields.minutes += 1;
        if drop_frame && !fields.minutes.is_multiple_of(10) {
            fields.frames = rate.nominal() / 15;
        }
    }
    if fields.minutes == 60 {
        fields.minutes = 0;
        fields.hours += 1;
    }
}

#[test]
fn each_frame_of_a_day_has_the_label_that_a_counter_gives_and_comes_back_from_it() {
    for (rate, drop_frame) in COUNTINGS {
        let mut expected = Fields {
            hours: 0,
            minutes: 0,
            seconds: 0,
            frames: 0,
        };
        for frame in 0..frames_per_day(rate, drop_frame) {
            let timecode = Timecode::new(Frames(frame), rate, drop_frame).unwrap();
            assert_eq!(timecode.fields(), expected, "frame {frame} at {rate}");
            assert_eq!(
                Timecode::from_fields(expected, rate, drop_frame),
                Ok(timecode),
                "frame {frame} at {rate}"
            );
            step(&mut expected, rate, drop_frame);
        }
        assert_eq!(expected.hours, 24, "the day at {rate} has all its frames");
    }
}

#[test]
fn the_text_of_each_frame_around_each_minute_is_read_back() {
    for (rate, drop_frame) in COUNTINGS {
        let day = frames_per_day(rate, drop_frame);
        let minute = i64::from(rate.nominal()) * 60;
        for around in 0..=1440 {
            // The minute's number at this rate is at most 8 labels an occurrence away.
            let skipped = if drop_frame {
                i64::from(rate.nominal()) / 15 * (around - around / 10)
            } else {
                0
            };
            let start = around * minute - skipped;
            for frame in start - 3..start + 10 {
                let timecode = Timecode::new(Frames(frame), rate, drop_frame).unwrap();
                let text = timecode.to_string();
                let read = Timecode::parse(&text, rate).unwrap();
                assert_eq!(read, timecode, "{text} at {rate}");
                assert_eq!(read.frames().0, frame.rem_euclid(day));
            }
        }
    }
}

#[test]
fn labels_equal_those_of_an_independent_crate() {
    for (rate, drop_frame) in COUNTINGS {
        let ntsc = rate.den() == 1001;
        let other = smpte_timecode::FrameRate::new(rate.nominal() as u8, ntsc, drop_frame).unwrap();
        assert_eq!(
            i64::from(other.frames_per_day()),
            frames_per_day(rate, drop_frame)
        );
        for frame in (0..other.frames_per_day()).step_by(997) {
            let theirs = smpte_timecode::Timecode::from_frames(frame, other).unwrap();
            let ours = Timecode::new(Frames(frame.into()), rate, drop_frame).unwrap();
            let fields = ours.fields();
            let label = theirs.fields();
            assert_eq!(
                [fields.hours, fields.minutes, fields.seconds, fields.frames],
                [label.hours, label.minutes, label.seconds, label.frames].map(u32::from),
                "frame {frame} at {rate}"
            );
            let nearest = smpte_timecode::Rounding::Nearest;
            let khz_48 = smpte_timecode::Ratio::from_integer(48_000);
            assert_eq!(
                rate.samples(ours.frames(), 48_000).unwrap(),
                theirs.to_samples(khz_48, nearest).unwrap() as i64,
                "samples of frame {frame} at {rate}"
            );
        }
    }
}

#[test]
fn drop_frame_skips_labels_and_keeps_up_with_the_clock() {
    let text = |frame, rate| {
        Timecode::new(Frames(frame), rate, true)
            .unwrap()
            .to_string()
    };
    assert_eq!(text(1799, FrameRate::FPS_29_97), "00:00:59;29");
    assert_eq!(text(1800, FrameRate::FPS_29_97), "00:01:00;02");
    assert_eq!(text(17_982, FrameRate::FPS_29_97), "00:10:00;00");
    assert_eq!(text(3600, FrameRate::FPS_59_94), "00:01:00;04");
    assert_eq!(text(7200, FrameRate::FPS_119_88), "00:01:00;008");
    let rate = FrameRate::FPS_29_97;
    let last = Timecode::parse("23:59:59;29", rate).unwrap();
    let day_s = rate.start_s(last.frames() + Frames(1));
    assert!(
        (86_400.0 - day_s).abs() < 0.1,
        "a day of labels is {day_s} s"
    );
}

#[test]
fn labels_that_do_not_exist_are_refused_with_the_next_one() {
    let rate = FrameRate::FPS_29_97;
    let error = Timecode::parse("00:01:00;01", rate).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a timecode that exists, got 00:01:00;01: drop frame skips frames 0 to 1 of this \
         minute; use frame 2"
    );
    assert!(
        Timecode::parse("00:01:00:01", rate).is_ok(),
        "without drop frame"
    );
    assert!(
        Timecode::parse("00:10:00;01", rate).is_ok(),
        "a tenth minute"
    );
    assert_eq!(
        Timecode::parse("00:00:00;00", FrameRate::FPS_25),
        Err(TimebaseError::NoDropFrame { rate: "25".into() })
    );
    for text in [
        "",
        "1",
        "0:0:0",
        "0:0:0:0:0",
        "a:0:0:0",
        "0:0:0:-1",
        "0:0:0:",
        "0000:0:0:0",
        "0:0:0:é",
    ] {
        let error = Timecode::parse(text, rate).unwrap_err();
        assert!(
            matches!(error, TimebaseError::Malformed { .. }),
            "{text}: {error}"
        );
    }
    for text in ["24:00:00:00", "00:60:00:00", "00:00:60:00", "00:00:00:30"] {
        let error = Timecode::parse(text, rate).unwrap_err();
        assert!(
            matches!(error, TimebaseError::FieldTooLarge { .. }),
            "{text}: {error}"
        );
    }
}

#[test]
fn timecode_wraps_at_midnight() {
    let rate = FrameRate::FPS_25;
    let last = Timecode::parse("23:59:59:24", rate).unwrap();
    assert_eq!((last + Frames(1)).to_string(), "00:00:00:00");
    let first = Timecode::new(Frames(0), rate, false).unwrap();
    assert_eq!(first + Frames(-1), last);
    assert_eq!(Timecode::new(Frames(-1), rate, false), Ok(last));
    let day = frames_per_day(rate, false);
    assert_eq!(last + Frames(i64::MAX), last + Frames(i64::MAX % day));
}

proptest! {
    #[test]
    fn any_rate_gives_labels_that_are_read_back(
        num in 1..400_000_u32, den in 1..2_000_u32, part in 0.0..1.0_f64
    ) {
        let rate = FrameRate::new(num, den).unwrap();
        prop_assume!(rate.nominal() <= 1000);
        let frame = Frames((part * f64::from(rate.nominal()) * 86_400.0) as i64);
        let timecode = Timecode::new(frame, rate, false).unwrap();
        prop_assert_eq!(Timecode::parse(&timecode.to_string(), rate), Ok(timecode));
    }

    #[test]
    fn adding_frames_adds_labels(
        at in 0..COUNTINGS.len(), frame in 0..1_000_000_i64, more in -1_000_000..1_000_000_i64
    ) {
        let (rate, drop_frame) = COUNTINGS[at];
        let start = Timecode::new(Frames(frame), rate, drop_frame).unwrap();
        let sum = start + Frames(more);
        prop_assert_eq!(Timecode::new(Frames(frame + more), rate, drop_frame), Ok(sum));
        prop_assert_eq!(sum + Frames(-more), start);
    }

    #[test]
    fn any_text_is_refused_or_read_as_what_it_says(text in "[0-9:;. a]{0,14}|\\PC{0,20}") {
        if let Ok(timecode) = Timecode::parse(&text, FrameRate::FPS_29_97) {
            let again = Timecode::parse(&timecode.to_string(), FrameRate::FPS_29_97);
            prop_assert_eq!(again, Ok(timecode));
        }
    }
}
