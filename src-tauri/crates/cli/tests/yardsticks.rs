//! The yardsticks: evaluation on labelled pictures and clips, and the ledger of the locked part.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;
mod yard;

use std::fs;
use std::path::Path;

use common::Sandbox;
use serde_json::{Value, json};
use yard::{choices, pictures, words, write_rows};

#[test]
fn pictures_rank_the_briefs_of_their_part_and_locked_readings_are_recorded() {
    let sandbox = Sandbox::with_pack();
    write_rows(&sandbox, "yard/pictures.jsonl", &pictures(&sandbox));
    let run = |more: &[&str]| {
        let args = [&["eval", "pictures", "yard", "--json"], more].concat();
        let ran = sandbox.run(&args);
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        ran.json()
    };
    let development = run(&[]);
    let report = &development["report"];
    assert_eq!(
        (&report["part"], &report["briefs"]),
        (&json!("development"), &json!(8))
    );
    let kind = |name: &str| {
        let kinds = report["kinds"].as_array().unwrap();
        kinds
            .iter()
            .find(|kind| kind["kind"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(
        (&kind("all")["items"], &kind("all")["sources"]),
        (&json!(7), &json!(3))
    );
    assert_eq!(kind("clips, live action")["items"], 1);
    let percentile = kind("all")["percentile"]["value"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&percentile), "{percentile}");
    assert!(kind("all")["arousal"]["interval"].is_array(), "{report}");
    assert_eq!(development["unreadable"], json!(["b: gone"]));
    assert_eq!(development["use_number"], Value::Null);
    assert!(
        !sandbox.path("uses.jsonl").exists(),
        "a development reading is not recorded"
    );

    let refused = sandbox.error(&["eval", "pictures", "yard", "--locked"], 2);
    assert_eq!(refused["code"], "usage", "the locked part needs a ledger");
    for number in 1..=2 {
        let locked = run(&["--locked", "--uses", "uses.jsonl"]);
        assert_eq!(locked["use_number"], number);
        assert_eq!(locked["report"]["briefs"], 2);
        let uses = fs::read_to_string(sandbox.path("uses.jsonl")).unwrap();
        let last: Value = serde_json::from_str(uses.lines().last().unwrap()).unwrap();
        assert_eq!(
            (&last["number"], &last["yardstick"]),
            (&json!(number), &json!("pictures"))
        );
        let noted = &last["figures"]["all: percentile"];
        let shown = locked["report"]["kinds"][0]["percentile"]["value"]
            .as_f64()
            .unwrap();
        assert!((noted.as_f64().unwrap() - shown).abs() < 1e-4, "{last}");
        for digest in ["labels", "pack_digest"] {
            assert_eq!(last[digest].as_str().unwrap().len(), 64, "{digest}");
        }
    }
}

#[test]
fn a_bad_row_of_a_yardstick_is_named() {
    let sandbox = Sandbox::with_pack();
    fs::create_dir(sandbox.path("yard")).unwrap();
    let row =
        json!({"source": "A", "item": "1", "file": "x.png", "style": "drawn", "brief": "calm"});
    write_rows(&sandbox, "yard/pictures.jsonl", &[row]);
    let error = sandbox.error(&["eval", "pictures", "yard"], 2);
    assert_eq!(error["code"], "bad_pairs");
    assert!(
        error["message"].as_str().unwrap().contains("line 1"),
        "{error}"
    );
    assert_eq!(
        sandbox.error(&["eval", "pictures", "nowhere"], 3)["code"],
        "not_found"
    );
}

#[test]
fn briefs_are_searched_among_the_tracks_of_their_part() {
    let sandbox = Sandbox::with_pack();
    words(&sandbox);
    let ran = sandbox.run(&["eval", "words", "yard", "--json"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let report = ran.json()["report"].clone();
    assert_eq!(
        (&report["tracks"], &report["briefs"]),
        (&json!(3), &json!(3))
    );
    let asks = report["asks"].as_array().unwrap();
    let ask = |name: &str| asks.iter().find(|a| a["ask"] == name).unwrap();
    for name in [
        "tempo",
        "tempo, or its half or double",
        "energy",
        "mode",
        "has",
        "lacks",
    ] {
        assert_eq!(ask(name)["briefs"], 3, "{name}");
        // All three tracks are among the ten best, so what is met is the level of chance.
        assert_eq!(
            ask(name)["met"]["value"],
            ask(name)["chance"]["value"],
            "{name}"
        );
    }
    assert_eq!(ask("has")["met"]["value"], 1.0);
    let third = ask("tempo")["met"]["value"].as_f64().unwrap();
    assert!((third - 1.0 / 3.0).abs() < 1e-9, "{third}");
    let again = sandbox.run(&["eval", "words", "yard", "--locked", "--uses", "uses.jsonl"]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert!(
        again.stdout.contains("reading 1 of the locked part"),
        "{}",
        again.stdout
    );
    assert!(
        again.stdout.contains("| mode | 1 | 0.000 | 0.000 | 1.00 |"),
        "{}",
        again.stdout
    );
}

#[test]
fn locked_choices_are_read_three_times_and_nothing_is_fitted_to_them() {
    let sandbox = Sandbox::with_pack();
    choices(&sandbox);
    let run = |more: &[&str]| {
        let args = [&["eval", "pairs", "yard/choices", "--json"], more].concat();
        let ran = sandbox.run(&args);
        assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
        ran.json()
    };
    let development = run(&[]);
    let steps = |document: &Value| document["report"]["steps"].as_array().unwrap().len();
    assert_eq!(
        (&development["part"], &development["report"]["pairs"]),
        (&json!("development"), &json!(4))
    );
    assert_eq!(
        steps(&development),
        4,
        "the last one is fitted to the other games"
    );
    assert!(development["report"]["steps"][0]["hubs"]["ten_share"].is_number());
    assert!(development["report"]["calibration"]["error"].is_number());
    for part in ["locked", "all"] {
        let error = sandbox.error(&["eval", "pairs", "yard/choices", "--part", part], 2);
        assert_eq!(error["code"], "usage", "{part} needs a ledger");
    }
    let all = run(&["--part", "all", "--uses", "uses.jsonl"]);
    assert_eq!(
        (&all["use_number"], &all["report"]["pairs"]),
        (&json!(1), &json!(6))
    );
    assert_eq!(steps(&all), 3, "nothing is fitted");
    let fitted = sandbox.run(&[
        "train",
        "pairs",
        "yard/choices",
        "--out",
        "fitted.safetensors",
        "--json",
    ]);
    assert_eq!(fitted.code, 0, "{}{}", fitted.stdout, fitted.stderr);
    let bytes = fs::read(sandbox.path("fitted.safetensors")).unwrap();
    let head = String::from_utf8_lossy(&bytes[..600]).replace('\\', "");
    assert!(
        head.contains(r#"["choices:a","choices:b","choices:f","choices:wesnoth"]"#),
        "{head}"
    );
}

#[test]
fn the_fourth_reading_of_locked_choices_is_refused() {
    let sandbox = Sandbox::with_pack();
    choices(&sandbox);
    let reading = json!({
        "date": "2026-11-30", "yardstick": "choices", "labels": "", "pack": "embedded", "pack_digest": "",
        "figures": {}, "number": 1,
    });
    write_rows(
        &sandbox,
        "uses.jsonl",
        &[reading.clone(), reading.clone(), reading],
    );
    let args = [
        "eval",
        "pairs",
        "yard/choices",
        "--locked",
        "--uses",
        "uses.jsonl",
    ];
    let error = sandbox.error(&args, 4);
    assert_eq!(error["code"], "locked_part_used_up");
    assert!(
        error["message"].as_str().unwrap().contains("3 times"),
        "{error}"
    );
    let lines = fs::read_to_string(sandbox.path("uses.jsonl"))
        .unwrap()
        .lines()
        .count();
    assert_eq!(lines, 3, "a refused reading is not recorded");
}

/// The SHA-256 of a file, as `sha256sum` prints it.
fn digest(path: &Path) -> String {
    let printed = std::process::Command::new("sha256sum")
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(printed.stdout).unwrap()[..64].to_owned()
}

#[test]
fn planted_leaks_are_found() {
    let sandbox = Sandbox::with_pack();
    let rows = pictures(&sandbox);
    let kept: Vec<Value> = rows
        .into_iter()
        .filter(|row| row["item"] != "gone")
        .collect();
    write_rows(&sandbox, "yard/pictures.jsonl", &kept);
    let listed: String = (0..2)
        .map(|number| {
            format!(
                "{} pictures -\n",
                digest(&sandbox.path(&format!("yard/files/c-{number}.png")))
            )
        })
        .collect();
    fs::write(sandbox.path("locked.sha256"), listed).unwrap();
    let check = |more: &[&str], exit: i32| {
        let args = [
            "eval",
            "check",
            "yard",
            "--locked-contents",
            "locked.sha256",
            "--json",
        ];
        let ran = sandbox.run(&[&args, more].concat());
        assert_eq!(ran.code, exit, "{}{}", ran.stdout, ran.stderr);
        ran.json()["leaks"].clone()
    };
    assert_eq!(check(&[], 0), json!([]), "an honest split");
    // The locked source under the name of a development source.
    let renamed: Vec<Value> = kept
        .iter()
        .cloned()
        .map(|mut row| {
            if row["source"] == "c" {
                row["source"] = json!("f");
            }
            row
        })
        .collect();
    write_rows(&sandbox, "yard/pictures.jsonl", &renamed);
    let found = check(&[], 4);
    assert_eq!(found.as_array().unwrap().len(), 2, "{found}");
    assert_eq!(
        (&found[0]["fault"], &found[0]["source"]),
        (&json!("locked_content"), &json!("f"))
    );
    // A locked source in the metadata of weights.
    write_rows(&sandbox, "yard/pictures.jsonl", &kept);
    let header = br#"{"__metadata__":{"sources":"a, c"}}"#;
    let weights = [&(header.len() as u64).to_le_bytes()[..], header].concat();
    fs::write(sandbox.path("fitted.safetensors"), weights).unwrap();
    let found = check(&["--trained", "fitted.safetensors"], 4);
    assert_eq!(
        found,
        json!([{"fault": "fitted_to_locked", "source": "c", "file": "fitted.safetensors"}])
    );
}

#[test]
fn one_report_holds_all_yardsticks() {
    let sandbox = Sandbox::with_pack();
    fs::create_dir(sandbox.path("yard")).unwrap();
    assert_eq!(
        sandbox.error(
            &["eval", "report", "--data", "yard", "--out", "report.md"],
            2
        )["code"],
        "no_pairs"
    );
    words(&sandbox);
    choices(&sandbox);
    write_rows(&sandbox, "yard/pictures.jsonl", &pictures(&sandbox));
    let args = [
        "eval",
        "report",
        "--data",
        "yard",
        "--out",
        "report.md",
        "--json",
    ];
    let ran = sandbox.run(&args);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let page = fs::read_to_string(sandbox.path("report.md")).unwrap();
    for line in [
        "# Yardsticks: pack `embedded`, development part",
        "| pictures | percentile, all | ",
        "| words | tempo, met | 0.333 [",
        "| choices | mean of games, bridge + look | ",
        "## Pictures and their briefs",
        "## Briefs and the music they ask for",
        "## Pairs report",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
}
