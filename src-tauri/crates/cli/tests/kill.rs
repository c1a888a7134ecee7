//! An index run that is killed at any moment loses no written track and writes no track twice.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use common::{Sandbox, music};
use needledrop_catalog::{Catalog, Filter};
use rusqlite::Connection;

const FILES: usize = 24;
const KILLS: usize = 20;

/// SplitMix64: the same moments on every machine, as shares of a run.
struct Dice(u64);

impl Dice {
    /// A number from 0 to 1.
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn make_music(sandbox: &Sandbox) {
    fs::create_dir(sandbox.path("music")).unwrap();
    for at in 0..FILES {
        let path = sandbox.path(&format!("music/{at:02}.wav"));
        let bpm = 70.0 + 4.0 * at as f64;
        music(&path, 4.0, bpm, 200.0 + 9.0 * at as f64, at % 2 == 0);
    }
}

fn args(catalog: &str) -> [&str; 5] {
    ["index", "music", "--catalog", catalog, "--json"]
}

/// Starts an index run and kills it after `delay`. Returns whether it was still running.
fn kill_after(sandbox: &Sandbox, delay: Duration) -> bool {
    let mut child = sandbox
        .command(&args("catalog"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // The test is about random moments, so this waits for a time and not for an event.
    thread::sleep(delay);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

/// Checks that a catalog is consistent; returns the ids of its tracks.
fn whole(sandbox: &Sandbox) -> BTreeSet<String> {
    let dir = sandbox.path("catalog");
    if !dir.join(needledrop_catalog::DATABASE).exists() {
        return BTreeSet::new();
    }
    let catalog = Catalog::open(&dir).unwrap();
    let database = Connection::open(dir.join(needledrop_catalog::DATABASE)).unwrap();
    let answer: String = database
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(answer, "ok");
    let count = |sql: &str| -> i64 { database.query_row(sql, [], |row| row.get(0)).unwrap() };
    let tracks = count("SELECT count(*) FROM tracks");
    for table in ["files", "vectors", "details"] {
        assert_eq!(
            count(&format!("SELECT count(*) FROM {table}")),
            tracks,
            "{table} has one row per track"
        );
    }
    let found = catalog.tracks(&everything()).unwrap();
    assert_eq!(found.len() as i64, tracks, "each track has a file");
    for track in &found {
        assert_eq!(catalog.vector(&track.id).unwrap().len(), catalog.dim());
        assert!(!catalog.sections(&track.id).unwrap().is_empty());
        catalog.details(&track.id).unwrap();
    }
    found.into_iter().map(|track| track.id).collect()
}

fn everything() -> Filter {
    Filter {
        include_missing: true,
        include_duplicates: true,
        ..Filter::default()
    }
}

#[test]
fn an_index_run_that_is_killed_twenty_times_loses_and_repeats_no_track() {
    let sandbox = Sandbox::with_pack();
    make_music(&sandbox);
    let started = Instant::now();
    let undisturbed = sandbox.run(&args("undisturbed")).json();
    let run = started.elapsed();
    assert_eq!(undisturbed["added"], FILES, "{undisturbed}");

    let mut dice = Dice(7);
    let mut before = BTreeSet::new();
    let (mut killed, mut midst) = (0, 0);
    while killed < KILLS {
        let running = kill_after(&sandbox, run.mul_f64(0.6 * dice.part()));
        killed += usize::from(running);
        let now = whole(&sandbox);
        assert!(now.is_superset(&before), "no written track is lost");
        midst += usize::from(running && !now.is_empty() && now.len() < FILES);
        before = now;
        if before.len() == FILES {
            // The run was complete: the next one starts with an empty catalog.
            fs::remove_dir_all(sandbox.path("catalog")).unwrap();
            before = BTreeSet::new();
        }
    }
    println!("{midst} of {KILLS} kills left a part of the tracks");
    assert!(
        midst >= KILLS / 4,
        "most kills should come during a run: {midst}"
    );

    let rest = sandbox.run(&args("catalog"));
    assert_eq!(rest.code, 0, "{}{}", rest.stdout, rest.stderr);
    let (report, now) = (rest.json(), whole(&sandbox));
    assert!(now.is_superset(&before));
    assert_eq!(now.len(), FILES, "every file has a track");
    assert_eq!(report["unchanged"], before.len(), "{report}");
    assert_eq!(report["added"], FILES - before.len(), "{report}");
    let paths: BTreeSet<_> = Catalog::open(&sandbox.path("catalog"))
        .unwrap()
        .tracks(&everything())
        .unwrap()
        .into_iter()
        .map(|track| track.path)
        .collect();
    assert_eq!(paths.len(), FILES, "each track has its own file");
}
