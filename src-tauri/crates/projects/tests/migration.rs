//! A file of schema 1 is brought up to date: ranges get frames, and no seconds are lost.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod common;

use std::path::Path;

use common::{facts, open, track};
use needledrop_projects::{ClipFacts, ClipRange, FILE, Identity, Projects};
use needledrop_timebase::{FrameRange, FrameRate, Frames};
use rusqlite::Connection;

const OPENING: i64 = 1;
const NIGHT_DRIVE: i64 = 2;
const OPENING_RANGE_S: (f64, f64) = (10.01, 69.986_583_333_333_33);

fn old_file(dir: &Path) -> Projects {
    let old = Connection::open(dir.join(FILE)).unwrap();
    old.execute_batch(include_str!("schema_1.sql")).unwrap();
    drop(old);
    open(dir)
}

/// Opens the clip `OPENING`, whose file has not changed, at `rate`.
fn open_opening(projects: &mut Projects, rate: FrameRate) -> ClipRange {
    let identity = Identity {
        bytes: 900,
        modified_ns: 9_000,
    };
    let facts = ClipFacts {
        rate,
        ..facts(identity)
    };
    let opened = projects.open_clip(1, "/edit/opening.mov".as_ref(), facts, 9_000);
    let clip = opened.unwrap().clip;
    assert_eq!((clip.id, clip.rate), (OPENING, Some(rate)));
    clip.settings.range.unwrap()
}

#[test]
fn an_old_file_keeps_its_seconds_and_has_no_frames_before_its_clips_are_opened() {
    let dir = tempfile::tempdir().unwrap();
    let projects = old_file(dir.path());
    projects.check().unwrap();
    let clip = projects.clip(OPENING).unwrap();
    assert_eq!((clip.rate, clip.duration_s), (None, 61.5));
    let range = clip.settings.range.unwrap();
    assert_eq!((range.seconds(), range.frames()), (OPENING_RANGE_S, None));
    assert_eq!(clip.settings.weights, Some([0.6, 0.25, 0.1, 1.0 / 3.0]));
    assert_eq!(projects.clip(NIGHT_DRIVE).unwrap().settings.range, None);
    let pick = &projects.picks(OPENING).unwrap()[0];
    assert_eq!(pick.start_s, 100.0 / 3.0);
    assert_eq!(
        (pick.range.seconds(), pick.range.frames()),
        (OPENING_RANGE_S, None)
    );
    assert_eq!(pick.note, "for the storm");
    assert_eq!(projects.bins(1).unwrap()[0].clips, [NIGHT_DRIVE, OPENING]);
}

#[test]
fn opening_a_clip_fills_the_frames_of_its_range_and_picks_only() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = old_file(dir.path());
    let rate = FrameRate::FPS_23_976;
    let range = open_opening(&mut projects, rate);
    let frames = FrameRange::new(rate, Frames(240), Frames(1678)).unwrap();
    assert_eq!(
        (range.seconds(), range.frames()),
        (OPENING_RANGE_S, Some(frames))
    );
    let pick = &projects.picks(OPENING).unwrap()[0];
    assert_eq!(
        (pick.range.seconds(), pick.range.frames()),
        (OPENING_RANGE_S, Some(frames))
    );
    let other = &projects.picks(NIGHT_DRIVE).unwrap()[0];
    assert_eq!(
        (other.range.seconds(), other.range.frames()),
        ((30.0, 90.0), None)
    );
    drop(projects);
    let projects = open(dir.path());
    assert_eq!(
        projects.picks(OPENING).unwrap()[0].range.frames(),
        Some(frames)
    );
}

#[test]
fn steps_of_an_old_file_are_undone_and_their_picks_get_frames() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = old_file(dir.path());
    open_opening(&mut projects, FrameRate::FPS_23_976);
    for expected in [
        "took ‘night drive.mxf’ off the recent clips",
        "removed ‘Night Train’ from the picks",
    ] {
        assert_eq!(projects.undo().unwrap().unwrap().what, expected);
    }
    let restored = &projects.picks(OPENING).unwrap()[1];
    assert_eq!(restored.title, "Night Train");
    assert_eq!(restored.range.seconds(), (0.0, 61.5));
    let frames = restored.range.frames().unwrap();
    assert_eq!((frames.start(), frames.end()), (Frames(0), Frames(1475)));
    let mut undone = 0;
    while projects.undo().unwrap().is_some() {
        undone += 1;
    }
    assert_eq!(undone, 5, "the remaining steps");
    while projects.redo().unwrap().is_some() {}
    assert_eq!(projects.picks(OPENING).unwrap().len(), 1);
}

#[test]
fn a_clip_exported_at_another_rate_counts_its_range_anew_and_its_picks_as_before() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = old_file(dir.path());
    open_opening(&mut projects, FrameRate::FPS_23_976);
    let range = open_opening(&mut projects, FrameRate::FPS_25);
    let frames = range.frames().unwrap();
    assert_eq!(frames.rate(), FrameRate::FPS_25);
    assert_eq!((frames.start(), frames.end()), (Frames(250), Frames(1750)));
    assert_eq!(range.seconds(), OPENING_RANGE_S);
    let picked = projects.picks(OPENING).unwrap()[0].range.frames().unwrap();
    assert_eq!(picked.rate(), FrameRate::FPS_23_976);
    let new = projects.save_pick(OPENING, &track(1), 9_001).unwrap();
    assert_eq!(new.range.frames().unwrap().rate(), FrameRate::FPS_25);
    assert_eq!(projects.picks(OPENING).unwrap()[1], new);
}

#[test]
fn a_range_in_frames_is_saved_with_its_own_rate() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = old_file(dir.path());
    let frames = FrameRange::new(FrameRate::FPS_59_94, Frames(1), Frames(61)).unwrap();
    let mut new = track(1);
    new.range = ClipRange::of_frames(frames);
    let saved = projects.save_pick(NIGHT_DRIVE, &new, 9_000).unwrap();
    assert_eq!(saved.range.frames(), Some(frames));
    assert_eq!(saved.range.seconds(), frames.seconds());
    assert_eq!(projects.picks(NIGHT_DRIVE).unwrap()[1], saved);
}
