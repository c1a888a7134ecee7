//! A catalog follows its folders: tracks of an older analysis are analysed again, moved files are recognised, and changes
//! in a watched folder are indexed.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};
use std::thread;
use std::time::Duration;

use common::{Sandbox, music};
use rusqlite::Connection;
use serde_json::Value;

fn make_music(sandbox: &Sandbox, count: u32) {
    fs::create_dir_all(sandbox.path("music")).unwrap();
    for at in 0..count {
        let path = sandbox.path(&format!("music/{at}.wav"));
        music(&path, 5.0, 80.0 + 20.0 * f64::from(at), 220.0, at % 2 == 0);
    }
}

fn index(sandbox: &Sandbox) -> Value {
    let ran = sandbox.run(&["index", "music", "--catalog", "catalog", "--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    ran.json()
}

fn database(sandbox: &Sandbox) -> Connection {
    Connection::open(sandbox.path("catalog/catalog.sqlite")).unwrap()
}

#[test]
fn tracks_of_an_older_version_are_analysed_again() {
    let sandbox = Sandbox::with_pack();
    make_music(&sandbox, 3);
    assert_eq!(index(&sandbox)["added"], 3);
    let ids = || -> Vec<String> {
        let database = database(&sandbox);
        let mut query = database
            .prepare("SELECT id FROM tracks ORDER BY id")
            .unwrap();
        let rows = query.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let before = ids();
    let older = "UPDATE tracks SET analysis_version = 0, duration_s = 1 WHERE row < 3";
    assert_eq!(database(&sandbox).execute(older, []).unwrap(), 2);
    let again = index(&sandbox);
    assert_eq!(
        (&again["renewed"], &again["unchanged"]),
        (&2.into(), &1.into()),
        "{again}"
    );
    assert_eq!(ids(), before, "the ids do not change");
    let short: i64 = database(&sandbox)
        .query_row(
            "SELECT count(*) FROM tracks WHERE duration_s < 4",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(short, 0);
    assert_eq!(index(&sandbox)["unchanged"], 3);
}

#[test]
fn a_renamed_folder_is_recognised_and_leaves_no_missing_files() {
    let sandbox = Sandbox::with_pack();
    make_music(&sandbox, 3);
    index(&sandbox);
    fs::create_dir(sandbox.path("other")).unwrap();
    fs::rename(sandbox.path("music"), sandbox.path("other/deep")).unwrap();
    fs::rename(sandbox.path("other"), sandbox.path("music")).unwrap();
    let moved = index(&sandbox);
    assert_eq!(
        (&moved["known"], &moved["added"], &moved["missing"]),
        (&3.into(), &0.into(), &0.into()),
        "{moved}"
    );
    fs::remove_file(sandbox.path("music/deep/0.wav")).unwrap();
    let gone = index(&sandbox);
    assert_eq!(
        (&gone["missing"], &gone["catalog"]["tracks"]),
        (&1.into(), &2.into())
    );
    let again = index(&sandbox);
    assert_eq!(
        again["missing"], 1,
        "a missing file is reported again: {again}"
    );
}

/// A running `index --watch`.
struct Watched {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Watched {
    fn start(sandbox: &Sandbox) -> Self {
        let mut child = sandbox
            .command(&[
                "index",
                "music",
                "--catalog",
                "catalog",
                "--watch",
                "--json",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Waits for the next report.
    fn report(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // After a successful test the process has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(unix)]
#[test]
fn changes_in_a_watched_folder_are_indexed() {
    let sandbox = Sandbox::with_pack();
    make_music(&sandbox, 2);
    let mut watched = Watched::start(&sandbox);
    assert_eq!(watched.report()["added"], 2);

    // A file that is copied in parts is indexed once, when it is complete.
    music(&sandbox.path("late.wav"), 8.0, 140.0, 330.0, true);
    let bytes = fs::read(sandbox.path("late.wav")).unwrap();
    fs::create_dir(sandbox.path("music/new")).unwrap();
    let mut copy = File::create(sandbox.path("music/new/late.wav")).unwrap();
    for part in bytes.chunks(bytes.len() / 5 + 1) {
        copy.write_all(part).unwrap();
        copy.flush().unwrap();
        // The pause is part of the test: a slow copy.
        thread::sleep(Duration::from_millis(700));
    }
    drop(copy);
    let report = watched.report();
    assert_eq!(
        (&report["added"], &report["unchanged"]),
        (&1.into(), &2.into()),
        "{report}"
    );
    assert_eq!(report["failed"].as_array().unwrap().len(), 0, "{report}");
    let tracks = sandbox
        .run(&["tracks", "--find", "late", "--catalog", "catalog", "--json"])
        .json();
    assert_eq!(tracks["tracks"][0]["duration_s"], 8.0, "{tracks}");

    fs::rename(
        sandbox.path("music/new/late.wav"),
        sandbox.path("music/early.wav"),
    )
    .unwrap();
    let report = watched.report();
    assert_eq!(
        (&report["known"], &report["added"], &report["missing"]),
        (&1.into(), &0.into(), &0.into()),
        "{report}"
    );

    music(&sandbox.path("music/early.wav"), 6.0, 100.0, 300.0, false);
    let report = watched.report();
    assert_eq!(
        (&report["added"], &report["catalog"]["tracks"]),
        (&1.into(), &3.into()),
        "{report}"
    );

    fs::remove_file(sandbox.path("music/0.wav")).unwrap();
    sandbox.write("music/broken.ogg", b"OggS this is not music");
    let report = watched.report();
    assert_eq!(report["missing"], 1, "{report}");
    let failed = |report: &Value| report["failed"].as_array().unwrap().len();
    // The broken file may be reported one pass later.
    let report = if failed(&report) == 0 {
        watched.report()
    } else {
        report
    };
    assert_eq!(
        (failed(&report), &report["catalog"]["tracks"]),
        (1, &2.into()),
        "{report}"
    );

    let interrupt = std::process::Command::new("kill")
        .args(["-INT", &watched.child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupt.success());
    assert!(
        watched.child.wait().unwrap().success(),
        "interrupting a watch is not a failure"
    );
}

#[test]
fn one_recording_in_three_encodings_is_offered_once() {
    let sandbox = Sandbox::with_pack();
    fs::create_dir(sandbox.path("music")).unwrap();
    music(&sandbox.path("walk.wav"), 30.0, 96.0, 220.0, true);
    music(&sandbox.path("music/other.wav"), 30.0, 132.0, 277.2, false);
    for (name, how) in [
        ("walk.flac", "flacenc"),
        (
            "quiet.ogg",
            "volume volume=0.5 ! vorbisenc quality=0.2 ! oggmux",
        ),
        ("walk.mp3", "lamemp3enc target=bitrate bitrate=96"),
    ] {
        let (from, to) = (sandbox.path("walk.wav"), sandbox.path("music").join(name));
        common::pipeline(&format!(
            "filesrc location={} ! wavparse ! audioconvert ! audioresample ! audio/x-raw,rate=44100 ! {how} \
             ! filesink location={}",
            from.display(),
            to.display()
        ));
    }
    let report = index(&sandbox);
    assert_eq!(
        (&report["added"], &report["catalog"]["tracks"]),
        (&4.into(), &4.into())
    );
    let groups = report["duplicates"].as_array().unwrap();
    assert_eq!(groups.len(), 1, "{report}");
    assert_eq!(groups[0]["others"].as_array().unwrap().len(), 2, "{report}");
    let listed = sandbox
        .run(&["tracks", "--catalog", "catalog", "--json"])
        .json();
    assert_eq!(listed["duplicates"], report["duplicates"]);
    let flac = &groups[0]["offered"];
    for track in listed["tracks"].as_array().unwrap() {
        let title = track["title"].as_str().unwrap();
        let lossy = track["path"].as_str().unwrap().ends_with(['g', '3']);
        let expected = if lossy { flac.clone() } else { Value::Null };
        assert_eq!(track["duplicate_of"], expected, "{title}");
    }
    let found = sandbox
        .run(&[
            "search",
            "--text",
            "music",
            "--catalog",
            "catalog",
            "--json",
        ])
        .json();
    assert_eq!(found["results"].as_array().unwrap().len(), 2, "{found}");
    let similar = sandbox
        .run(&["similar", "quiet", "--catalog", "catalog", "--json"])
        .json();
    let ids: Vec<&Value> = similar["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| &r["title"])
        .collect();
    assert_eq!(ids, ["other"], "its own encodings are left out");
}
