//! The committed part of the yardsticks: names of sources, the list of locked contents, the ledger, and the sources of the
//! weights that the packs ship.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

use std::fs;
use std::path::{Path, PathBuf};

use needledrop_training::yardstick::fitted::fitted_sources;
use needledrop_training::yardstick::leaks::{Fitted, fitted_leaks, read_locked};
use needledrop_training::yardstick::split::{Yardstick, fault_of_name};
use needledrop_training::yardstick::uses::Ledger;

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// All files below a folder with this extension.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|end| end == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn shipped_weights_are_fitted_to_no_locked_source() {
    let weights = files(&checkout().join("models"), "safetensors");
    assert!(!weights.is_empty(), "the embedded pack has weights");
    let fitted: Vec<Fitted> = weights
        .iter()
        .map(|path| Fitted {
            file: path.display().to_string(),
            sources: fitted_sources(path).unwrap(),
        })
        .collect();
    assert_eq!(fitted_leaks(&fitted), []);
}

#[test]
fn the_list_of_locked_contents_and_the_ledger_can_be_read() {
    let folder = checkout().join("training/yardsticks");
    read_locked(&folder.join("locked.sha256")).unwrap();
    let uses = Ledger::new(&folder.join("uses.jsonl")).read().unwrap();
    for yardstick in Yardstick::ALL {
        let of: Vec<usize> = uses
            .iter()
            .filter(|reading| reading.yardstick == yardstick)
            .map(|reading| reading.number)
            .collect();
        assert_eq!(
            of,
            (1..=of.len()).collect::<Vec<_>>(),
            "{}",
            yardstick.as_str()
        );
        assert!(yardstick.most_uses().is_none_or(|most| of.len() <= most));
    }
}

#[test]
fn labelled_sources_have_names_of_one_spelling() {
    for path in files(&checkout().join("training/yardsticks"), "jsonl") {
        for (at, line) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let Some(source) = row["source"].as_str() else {
                continue;
            };
            let place = format!("{}, line {}", path.display(), at + 1);
            assert_eq!(fault_of_name(source), None, "{place}");
        }
    }
}
