//! The program is killed while it saves, and runs twice at once.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

mod common;

use common::{clip, open, track};
use needledrop_projects::{FILE, Projects};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const DIR: &str = "NEEDLEDROP_PROJECTS_DIR";
const FIRST: &str = "NEEDLEDROP_PROJECTS_FIRST";
const COUNT: &str = "NEEDLEDROP_PROJECTS_COUNT";

/// Saves picks in the child process and prints a line after each.
fn save_picks(dir: &Path) {
    let number = |name| std::env::var(name).unwrap().parse::<u32>().unwrap();
    let (first, count) = (number(FIRST), number(COUNT));
    let mut projects = open(dir);
    let clip = clip(&mut projects, "a.mov");
    for number in first..first.saturating_add(count) {
        projects.save_pick(clip, &track(number), 1).unwrap();
        println!("in {number}");
    }
}

#[test]
fn child() {
    if let Some(dir) = std::env::var_os(DIR) {
        save_picks(dir.as_ref());
    }
}

fn start(dir: &Path, first: u32, count: u32) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(DIR, dir)
        .env(FIRST, first.to_string())
        .env(COUNT, count.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn acknowledged_pick(line: &str) -> Option<u32> {
    line.strip_prefix("in ")
        .map(|number| number.parse().unwrap())
}

#[test]
fn no_acknowledged_pick_is_lost_when_the_program_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    let mut dice = 12_345_u64;
    let mut next = 0;
    for round in 0..20 {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let moment = Duration::from_micros((dice >> 33) % 60_000);
        let mut child = start(dir.path(), next, 1_000_000);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut since: Option<Instant> = None;
        while since.is_none_or(|since| since.elapsed() < moment) {
            if let Some(number) = acknowledged_pick(&lines.next().unwrap().unwrap()) {
                acknowledged.push(number);
                since.get_or_insert_with(Instant::now);
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // Lines that were printed before the kill and not read yet.
        acknowledged.extend(
            lines
                .map_while(Result::ok)
                .filter_map(|line| acknowledged_pick(&line)),
        );

        let projects = open(dir.path());
        projects.check().unwrap();
        let saved: Vec<String> = projects
            .picks(1)
            .unwrap()
            .into_iter()
            .map(|pick| pick.saved.track)
            .collect();
        for number in &acknowledged {
            let id = track(*number).track;
            assert!(
                saved.contains(&id),
                "round {round}: {number} was acknowledged"
            );
        }
        assert!(
            saved.len() <= acknowledged.len() + round + 1,
            "at most one unacknowledged pick a round"
        );
        next = acknowledged.last().unwrap() + 2;
    }
    assert!(acknowledged.len() > 100, "{} picks", acknowledged.len());
    let mut projects = Projects::open_or_create(&dir.path().join(FILE), 0).unwrap();
    let before = projects.picks(1).unwrap().len();
    projects.undo().unwrap().unwrap();
    assert_eq!(
        projects.picks(1).unwrap().len(),
        before - 1,
        "undo still works"
    );
}

#[test]
fn programs_that_start_and_save_at_once_wait_for_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let children: Vec<Child> = (0..3).map(|n| start(dir.path(), n * 1_000, 60)).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }
    let projects = open(dir.path());
    assert_eq!(
        projects.projects().unwrap().len(),
        1,
        "only one of them made the first project"
    );
    let picks = projects.picks(1).unwrap();
    assert_eq!(picks.len(), 180);
    for pair in picks.windows(2) {
        assert_ne!(pair[0].track, pair[1].track);
    }
}
