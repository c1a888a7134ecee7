//! Several index runs on one catalog.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::fs;
use std::process::Stdio;

use common::{Sandbox, music};
use serde_json::Value;

#[test]
fn runs_that_begin_at_once_on_a_new_catalog_all_end_well_and_one_adds_the_music() {
    let sandbox = Sandbox::with_pack();
    fs::create_dir(sandbox.path("music")).unwrap();
    music(&sandbox.path("music/walk.wav"), 4.0, 96.0, 220.0, true);
    for round in 0..3 {
        let catalog = format!("new {round}/catalog");
        let args = ["index", "music", "--catalog", &catalog, "--json"];
        let start = |_| {
            let mut command = sandbox.command(&args);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().unwrap()
        };
        let running: Vec<_> = (0..3).map(start).collect();
        let reports: Vec<Value> = running
            .into_iter()
            .map(|run| {
                let output = run.wait_with_output().unwrap();
                let stderr = String::from_utf8_lossy(&output.stderr);
                assert!(output.status.success(), "{stderr}");
                serde_json::from_slice(&output.stdout).unwrap()
            })
            .collect();
        let count = |name: &str| -> u64 { reports.iter().map(|r| r[name].as_u64().unwrap()).sum() };
        assert_eq!((count("added"), count("unchanged")), (1, 2), "{reports:?}");
    }
}
