//! Refused files stay unchanged; refused values change nothing.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod common;

use common::{clip, facts, open, track};
use needledrop_projects::{ClipRange, FILE, Identity, Projects};
use rusqlite::Connection;
use std::{fs, path::Path};

fn code(path: &Path) -> &'static str {
    let error = Projects::open_or_create(path, 0).unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("moved aside"),
        "says what to do: {message}"
    );
    error.code()
}

#[test]
fn damaged_foreign_and_newer_files_are_refused_and_not_changed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rubbish.sqlite");
    fs::write(
        &path,
        "not a database, but a text of the user. ".repeat(100),
    )
    .unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(code(&path), "projects_damaged");
    assert_eq!(fs::read(&path).unwrap(), before);

    let path = dir.path().join("other.sqlite");
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("CREATE TABLE mails (a); INSERT INTO mails VALUES (1)")
        .unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    assert_eq!(code(&path), "projects_foreign");
    assert_eq!(fs::read(&path).unwrap(), before);

    drop(open(dir.path()));
    let path = dir.path().join(FILE);
    let later = Connection::open(&path).unwrap();
    later.pragma_update(None, "user_version", 99).unwrap();
    later
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    drop(later);
    let before = fs::read(&path).unwrap();
    assert_eq!(code(&path), "projects_newer");
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn damaged_pages_are_found_on_opening() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let clip = clip(&mut projects, "a.mov");
    for number in 0..300 {
        projects.save_pick(clip, &track(number), 1).unwrap();
    }
    drop(projects);
    let path = dir.path().join(FILE);
    let mut bytes = fs::read(&path).unwrap();
    assert!(bytes.len() > 60_000, "{} bytes", bytes.len());
    for at in (4096..bytes.len()).step_by(4096) {
        bytes[at..at + 64].fill(0xa5);
    }
    fs::write(&path, &bytes).unwrap();
    assert_eq!(code(&path), "projects_damaged");
    assert_eq!(fs::read(&path).unwrap(), bytes, "not changed");

    let aside = Projects::move_aside(&path, 5).unwrap().unwrap();
    assert_eq!(fs::read(&aside).unwrap(), bytes, "moved aside unchanged");
    let fresh = open(dir.path());
    assert_eq!(fresh.projects().unwrap().len(), 1);
    drop(fresh);
    let second = Projects::move_aside(&path, 5).unwrap().unwrap();
    assert_ne!(second, aside, "the first file is not overwritten");
    assert_eq!(Projects::move_aside(&path, 5).unwrap(), None);
}

#[test]
fn a_file_cut_short_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let clip = clip(&mut projects, "a.mov");
    for number in 0..300 {
        projects.save_pick(clip, &track(number), 1).unwrap();
    }
    drop(projects);
    let path = dir.path().join(FILE);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(code(&path), "projects_damaged");
}

#[test]
fn values_out_of_bounds_are_refused_and_leave_no_step() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let id = clip(&mut projects, "a.mov");
    let long = "x".repeat(100_000);
    let with = |change: &dyn Fn(&mut needledrop_projects::NewPick)| {
        let mut new = track(1);
        change(&mut new);
        new
    };
    for (new, expected) in [
        (with(&|p| p.title = long.clone()), "value_too_long"),
        (with(&|p| p.artist = Some(long.clone())), "value_too_long"),
        (with(&|p| p.track = String::new()), "invalid_value"),
        (with(&|p| p.start_s = f64::NAN), "invalid_value"),
        (with(&|p| p.score = f64::INFINITY), "invalid_value"),
        (with(&|p| p.title = "a\0b".into()), "invalid_value"),
    ] {
        let error = projects.save_pick(id, &new, 1).unwrap_err();
        assert_eq!(error.code(), expected, "{error}");
    }
    let settings = projects.clip(id).unwrap().settings;
    let mut bad = settings.clone();
    bad.filters = "{".into();
    assert_eq!(
        projects.set_clip(id, &bad).unwrap_err().code(),
        "invalid_value"
    );
    bad = settings.clone();
    bad.brief = long.clone();
    assert_eq!(
        projects.set_clip(id, &bad).unwrap_err().code(),
        "value_too_long"
    );
    bad = settings;
    bad.range = Some(ClipRange::of_seconds((3.0, 2.0)));
    assert_eq!(
        projects.set_clip(id, &bad).unwrap_err().code(),
        "invalid_value"
    );
    assert_eq!(
        projects.rename_project(1, " ", 1).unwrap_err().code(),
        "invalid_value"
    );
    assert_eq!(
        projects.save_pick(99, &track(1), 1).unwrap_err().code(),
        "not_found"
    );
    assert_eq!(
        projects.remove_pick(id, "none", 1).unwrap_err().code(),
        "not_found"
    );
    assert_eq!(
        projects.reorder_picks(id, &["none"], 1).unwrap_err().code(),
        "invalid_value"
    );
    assert_eq!(
        projects
            .make_bin(1, "b", None, &[77], 1)
            .unwrap_err()
            .code(),
        "not_found"
    );
    let identity = Identity {
        bytes: 1,
        modified_ns: 1,
    };
    let error = projects
        .open_clip(1, "".as_ref(), facts(identity), 1)
        .unwrap_err();
    assert_eq!(error.code(), "invalid_value");
    assert_eq!(projects.next_undo().unwrap(), None, "no step");
    assert!(projects.picks(id).unwrap().is_empty());
}

#[test]
fn a_step_that_does_not_match_the_lists_is_refused_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut projects = open(dir.path());
    let id = clip(&mut projects, "a.mov");
    projects.save_pick(id, &track(1), 1).unwrap();
    let other_program = Connection::open(dir.path().join(FILE)).unwrap();
    other_program.execute("DELETE FROM picks", []).unwrap();
    assert_eq!(projects.undo().unwrap_err().code(), "projects_damaged");
    other_program
        .execute("UPDATE steps SET change = '{'", [])
        .unwrap();
    assert_eq!(projects.undo().unwrap_err().code(), "projects_damaged");
    projects.save_pick(id, &track(2), 1).unwrap();
    assert_eq!(
        projects.picks(id).unwrap().len(),
        1,
        "the lists can still be changed"
    );
}
