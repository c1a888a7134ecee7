//! Undo and redo, compared with a model that keeps every state.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod common;

use common::{clip, open, track};
use needledrop_projects::{Bin, ClipRange, MOST_STEPS, Pick, Projects};
use needledrop_timebase::{FrameRange, FrameRate, Frames};
use proptest::prelude::*;

/// The lists as the user sees them.
#[derive(Clone, Debug, PartialEq)]
struct State {
    picks: Vec<Vec<Pick>>,
    recent: Vec<i64>,
    name: String,
    bins: Vec<Bin>,
}

const CLIPS: usize = 2;

fn state(projects: &Projects) -> State {
    let project = projects.current().unwrap();
    let picks = (1..=CLIPS as i64).map(|c| projects.picks(c).unwrap());
    let recent = projects.recent_clips(None, 100).unwrap();
    State {
        picks: picks.collect(),
        recent: recent.iter().map(|r| r.clip.id).collect(),
        bins: projects.bins(project.id).unwrap(),
        name: project.name,
    }
}

#[derive(Clone, Debug)]
enum Act {
    Save(i64, u32),
    Remove(i64, usize),
    Note(i64, usize, String),
    Reorder(i64, usize),
    Forget(i64),
    Rename(String),
    MakeBin(String),
    RenameBin(usize, String),
    SetBin(usize, Vec<i64>),
    RemoveBin(usize),
    Undo,
    Redo,
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let clip = 1..=CLIPS as i64;
    let name = "[a-c]{1,2}";
    prop_oneof![
        6 => (clip.clone(), 0..6_u32).prop_map(|(c, t)| Act::Save(c, t)),
        3 => (clip.clone(), 0..6_usize).prop_map(|(c, t)| Act::Remove(c, t)),
        2 => (clip.clone(), 0..6_usize, "[a-c]{0,2}").prop_map(|(c, t, n)| Act::Note(c, t, n)),
        2 => (clip.clone(), 1..6_usize).prop_map(|(c, by)| Act::Reorder(c, by)),
        1 => clip.clone().prop_map(Act::Forget),
        1 => name.prop_map(Act::Rename),
        1 => name.prop_map(Act::MakeBin),
        1 => (0..3_usize, name).prop_map(|(b, n)| Act::RenameBin(b, n)),
        2 => (0..3_usize, prop::collection::vec(clip, 0..3)).prop_map(|(b, c)| Act::SetBin(b, c)),
        1 => (0..3_usize).prop_map(Act::RemoveBin),
        8 => Just(Act::Undo),
        5 => Just(Act::Redo),
        1 => Just(Act::Restart),
    ]
}

/// Performs an act if it is possible.
fn perform(projects: &mut Projects, act: &Act, at_ms: i64) {
    let id_of = |projects: &Projects, clip: i64, at: usize| {
        let picks = projects.picks(clip).unwrap();
        (!picks.is_empty()).then(|| picks[at % picks.len()].track.clone())
    };
    let bin_of = |projects: &Projects, at: usize| {
        let bins = projects.bins(1).unwrap();
        (!bins.is_empty()).then(|| bins[at % bins.len()].id)
    };
    match act {
        Act::Save(clip, number) => {
            let mut new = track(*number);
            new.score = at_ms as f64 / 3.0;
            projects.save_pick(*clip, &new, at_ms).unwrap();
        }
        Act::Remove(clip, at) => {
            if let Some(track) = id_of(projects, *clip, *at) {
                projects.remove_pick(*clip, &track, at_ms).unwrap();
            }
        }
        Act::Note(clip, at, note) => {
            if let Some(track) = id_of(projects, *clip, *at) {
                projects.note_pick(*clip, &track, note, at_ms).unwrap();
            }
        }
        Act::Reorder(clip, by) => {
            let picks = projects.picks(*clip).unwrap();
            let mut tracks: Vec<&str> = picks.iter().map(|p| p.track.as_str()).collect();
            if !tracks.is_empty() {
                let by = by % tracks.len();
                tracks.rotate_left(by);
            }
            projects.reorder_picks(*clip, &tracks, at_ms).unwrap();
        }
        Act::Forget(clip) => projects.forget_clip(*clip, at_ms).unwrap(),
        Act::Rename(name) => projects.rename_project(1, name, at_ms).unwrap(),
        Act::MakeBin(name) => {
            projects.make_bin(1, name, None, &[1], at_ms).unwrap();
        }
        Act::RenameBin(at, name) => {
            if let Some(bin) = bin_of(projects, *at) {
                projects.rename_bin(bin, name, at_ms).unwrap();
            }
        }
        Act::SetBin(at, clips) => {
            if let Some(bin) = bin_of(projects, *at) {
                projects.set_bin(bin, clips, at_ms).unwrap();
            }
        }
        Act::RemoveBin(at) => {
            if let Some(bin) = bin_of(projects, *at) {
                projects.remove_bin(bin, at_ms).unwrap();
            }
        }
        Act::Undo | Act::Redo | Act::Restart => unreachable!("the caller handles these"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn undo_and_redo_restore_exactly_the_earlier_states(
        acts in prop::collection::vec(act(), 1..60)
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut projects = open(dir.path());
        clip(&mut projects, "a.mov");
        clip(&mut projects, "b.mov");
        let mut states = vec![state(&projects)];
        let mut at = 0_usize;
        for (number, act) in acts.iter().enumerate() {
            match act {
                Act::Undo => {
                    let undone = projects.undo().unwrap();
                    prop_assert_eq!(undone.is_some(), at > 0, "there is a step to undo");
                    at = at.saturating_sub(1);
                }
                Act::Redo => {
                    let redone = projects.redo().unwrap();
                    prop_assert_eq!(redone.is_some(), at + 1 < states.len());
                    at = (at + 1).min(states.len() - 1);
                }
                Act::Restart => {
                    drop(projects);
                    projects = open(dir.path());
                }
                _ => {
                    perform(&mut projects, act, number as i64);
                    let now = state(&projects);
                    if now != states[at] {
                        states.truncate(at + 1);
                        states.push(now);
                        at += 1;
                    }
                }
            }
            prop_assert_eq!(&state(&projects), &states[at], "after step {}: {:?}", number, act);
            prop_assert_eq!(projects.next_undo().unwrap().is_some(), at > 0);
            prop_assert_eq!(projects.next_redo().unwrap().is_some(), at + 1 < states.len());
        }
        projects.check().unwrap();
    }
}

#[test]
fn an_undone_step_is_described_by_a_sentence_and_its_clip() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let clip = clip(&mut projects, "/edit/opening.mov");
    let mut new = track(1);
    new.title = "Tidewater Suite".into();
    projects.save_pick(clip, &new, 1).unwrap();
    projects
        .note_pick(clip, &new.track, "for the storm", 2)
        .unwrap();
    projects.save_pick(clip, &track(2), 3).unwrap();
    projects
        .reorder_picks(clip, &[&track(2).track, &new.track], 4)
        .unwrap();
    projects.remove_pick(clip, &new.track, 5).unwrap();
    projects.forget_clip(clip, 6).unwrap();
    projects.rename_project(1, "Storm", 7).unwrap();
    drop(projects);
    let mut projects = open(dir.path());
    let mut told = Vec::new();
    while let Some(undone) = projects.undo().unwrap() {
        told.push((undone.what, undone.clip));
    }
    let of_clip = |what: &str| (what.to_owned(), Some(clip));
    assert_eq!(
        told,
        [
            ("renamed ‘My project’ to ‘Storm’".to_owned(), None),
            of_clip("removed ‘opening.mov’ from the recent clips"),
            of_clip("removed ‘Tidewater Suite’ from the picks"),
            of_clip("changed the order of the picks of ‘opening.mov’"),
            of_clip("saved ‘Piece 2’ to the picks"),
            of_clip("changed the note of ‘Tidewater Suite’"),
            of_clip("saved ‘Tidewater Suite’ to the picks"),
        ]
    );
    assert_eq!(projects.redo().unwrap().unwrap().what, told[6].0);
}

#[test]
fn the_last_two_hundred_steps_can_be_undone() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let clip = clip(&mut projects, "a.mov");
    for number in 0..MOST_STEPS as u32 + 30 {
        projects.save_pick(clip, &track(number), 1).unwrap();
    }
    let mut undone = 0;
    while projects.undo().unwrap().is_some() {
        undone += 1;
    }
    assert_eq!(undone, MOST_STEPS);
    let left = projects.picks(clip).unwrap();
    assert_eq!(left.len(), 30, "the oldest steps can no longer be undone");
    assert_eq!(left[29].title, "Piece 29");
}

#[test]
fn opening_a_clip_and_changing_its_settings_are_not_steps() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let id = clip(&mut projects, "a.mov");
    projects.forget_clip(id, 1).unwrap();
    let mut settings = projects.clip(id).unwrap().settings;
    settings.brief = "slow strings".into();
    settings.weights = Some([0.6, 0.25, 0.1, 1.0 / 3.0]);
    let rate = FrameRate::FPS_23_976;
    let range = FrameRange::new(rate, Frames(8), Frames(218)).unwrap();
    settings.range = Some(ClipRange::of_frames(range));
    projects.set_clip(id, &settings).unwrap();
    assert_eq!(clip(&mut projects, "a.mov"), id, "the same clip");
    assert_eq!(
        projects.recent_clips(None, 9).unwrap().len(),
        1,
        "opened again"
    );
    projects.undo().unwrap().unwrap();
    assert_eq!(projects.recent_clips(None, 9).unwrap().len(), 1);
    assert_eq!(projects.clip(id).unwrap().settings, settings);
    projects.redo().unwrap().unwrap();
    assert_eq!(
        projects.recent_clips(None, 9).unwrap().len(),
        0,
        "removed from the list again"
    );
}
