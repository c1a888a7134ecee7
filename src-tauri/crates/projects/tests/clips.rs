//! Clips whose files move and change, the recent list, bins, projects.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod common;

use common::{facts, open, track};
use needledrop_projects::{FileState, Identity, Projects};
use std::{fs, path::Path};

fn opened(projects: &mut Projects, path: &Path, at_ms: i64) -> (i64, FileState) {
    let project = projects.current().unwrap().id;
    let identity = Identity::of(path).unwrap();
    let opened = projects.open_clip(project, path, facts(identity), at_ms);
    let opened = opened.unwrap();
    (opened.clip.id, opened.file)
}

#[test]
fn a_moved_file_keeps_its_picks_and_a_copy_does_not_get_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let old = dir.path().join("a b #1 100%.mov");
    fs::write(&old, "picture").unwrap();
    let (clip, state) = opened(&mut projects, &old, 1);
    assert_eq!(state, FileState::New);
    projects.save_pick(clip, &track(1), 2).unwrap();
    assert_eq!(opened(&mut projects, &old, 3), (clip, FileState::Same));

    let copy = dir.path().join("copy.mov");
    fs::copy(&old, &copy).unwrap();
    let modified = fs::metadata(&old).unwrap().modified().unwrap();
    fs::File::options()
        .write(true)
        .open(&copy)
        .unwrap()
        .set_modified(modified)
        .unwrap();
    let (other, state) = opened(&mut projects, &copy, 4);
    assert_eq!(state, FileState::New, "the original still exists");
    assert_ne!(other, clip);
    fs::remove_file(&copy).unwrap();

    let new = dir.path().join("moved.mov");
    fs::rename(&old, &new).unwrap();
    let (found, state) = opened(&mut projects, &new, 5);
    assert!(matches!(state, FileState::Moved { .. }), "{state:?}");
    assert_eq!(
        found, clip,
        "two files are gone; the one with picks is chosen"
    );
    assert_eq!(projects.clip(found).unwrap().path, new);
    assert_eq!(projects.picks(found).unwrap().len(), 1);

    fs::write(&new, "another picture").unwrap();
    assert_eq!(opened(&mut projects, &new, 6), (found, FileState::Changed));
    assert_eq!(opened(&mut projects, &new, 7), (found, FileState::Same));
}

#[test]
fn recent_clips_are_newest_first_and_marked_as_gone_or_changed() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let paths: Vec<_> = ["a", "b", "c"].iter().map(|n| dir.path().join(n)).collect();
    // The clock runs backwards: the order is that of the opening.
    for (at, path) in paths.iter().enumerate() {
        fs::write(path, path.to_string_lossy().as_bytes()).unwrap();
        fs::write(path, vec![0; 10 + at]).unwrap();
        opened(&mut projects, path, 100 - at as i64);
    }
    opened(&mut projects, &paths[0], 50);
    fs::remove_file(&paths[1]).unwrap();
    fs::write(&paths[2], "longer than it was before").unwrap();
    let told = |projects: &Projects| -> Vec<(String, bool, bool)> {
        let recent = projects.recent_clips(None, 10).unwrap();
        let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
        recent
            .iter()
            .map(|r| (name(&r.clip.path), r.gone, r.changed))
            .collect()
    };
    let line = |name: &str, gone, changed| (name.to_owned(), gone, changed);
    let (a, b, c) = (
        line("a", false, false),
        line("b", true, false),
        line("c", false, true),
    );
    assert_eq!(told(&projects), [a.clone(), c.clone(), b.clone()]);
    let gone = projects.recent_clips(None, 10).unwrap()[2].clip.id;
    projects.forget_clip(gone, 1).unwrap();
    assert_eq!(told(&projects), [a.clone(), c.clone()]);
    projects.undo().unwrap().unwrap();
    assert_eq!(told(&projects), [a, c, b]);
    assert_eq!(projects.recent_clips(None, 2).unwrap().len(), 2);
}

#[test]
fn a_clip_is_relinked_to_a_file_that_is_not_recognised() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let (a, b) = (dir.path().join("a"), dir.path().join("b"));
    fs::write(&a, "1").unwrap();
    fs::write(&b, "22").unwrap();
    let (clip, _) = opened(&mut projects, &a, 1);
    let identity = Identity::of(&b).unwrap();
    assert_eq!(projects.relink_clip(clip, &b, identity).unwrap().path, b);
    let (other, _) = opened(&mut projects, &a, 2);
    let error = projects.relink_clip(other, &b, identity).unwrap_err();
    assert_eq!(error.code(), "invalid_value", "{error}");
}

#[test]
fn each_project_has_its_own_clips_and_the_last_opened_is_current() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let first = projects.current().unwrap();
    assert_eq!(first.name, "My project");
    let film = dir.path().join("film.mov");
    fs::write(&film, "x").unwrap();
    let (clip, _) = opened(&mut projects, &film, 10);
    projects.save_pick(clip, &track(1), 11).unwrap();
    let second = projects.create_project("Night\ndrive", 5).unwrap();
    assert_eq!(second.name, "Night drive");
    assert_eq!(projects.current().unwrap().id, second.id);
    let (again, state) = opened(&mut projects, &film, 12);
    assert_ne!(again, clip, "a clip belongs to one project");
    assert_eq!(state, FileState::New);
    assert_eq!(projects.recent_clips(Some(first.id), 9).unwrap().len(), 1);
    assert_eq!(projects.recent_clips(None, 9).unwrap().len(), 2);
    projects.open_project(first.id, 3).unwrap();
    let current = projects.current().unwrap();
    assert_eq!((current.id, current.clips, current.picks), (first.id, 1, 1));
    assert_eq!(projects.projects().unwrap().len(), 2);
    assert_eq!(projects.project_picks(first.id).unwrap()[0].0, clip);
    assert!(projects.project_picks(second.id).unwrap().is_empty());
    assert_eq!(
        projects.open_project(99, 1).unwrap_err().code(),
        "not_found"
    );
}

#[test]
fn a_bin_holds_each_clip_once_and_only_those_of_its_project() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let first = projects.current().unwrap().id;
    let film = dir.path().join("film.mov");
    fs::write(&film, "x").unwrap();
    let (clip, _) = opened(&mut projects, &film, 1);
    let bin = projects
        .make_bin(first, " rushes ", Some(dir.path()), &[clip, clip], 2)
        .unwrap();
    assert_eq!((bin.name.as_str(), &bin.clips), ("rushes", &vec![clip]));
    assert_eq!(bin.folder.as_deref(), Some(dir.path()));
    let other = projects.create_project("other", 3).unwrap().id;
    let error = projects.make_bin(other, "b", None, &[clip], 4).unwrap_err();
    assert_eq!(error.code(), "not_found", "{error}");
    assert_eq!(projects.bins(first).unwrap(), [bin]);
    assert!(projects.bins(other).unwrap().is_empty());
}

#[test]
fn saving_a_pick_again_keeps_its_place_and_note() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let clip = common::clip(&mut projects, "a.mov");
    for number in 0..3 {
        projects.save_pick(clip, &track(number), 10).unwrap();
    }
    projects
        .note_pick(clip, &track(0).track, "louder", 11)
        .unwrap();
    let mut again = track(0);
    again.start_s = 12.5;
    let saved = projects.save_pick(clip, &again, 99).unwrap();
    assert_eq!((saved.note.as_str(), saved.saved_ms), ("louder", 10));
    let picks = projects.picks(clip).unwrap();
    assert_eq!(picks.len(), 3);
    assert_eq!(picks[0], saved);
    projects.save_pick(clip, &again, 100).unwrap();
    let last = projects.undo().unwrap().unwrap().what;
    assert_eq!(
        last, "changed ‘Piece 0’ in the picks",
        "saving the same again is not a step"
    );
}
