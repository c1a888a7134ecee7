//! A killed indexer leaves each track that it has committed, once and whole.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use common::{Dice, track};
use needledrop_catalog::{Catalog, FileState, Filter, Section};

const DIM: usize = 64;
const CHILD: &str = "NEEDLEDROP_CATALOG_CRASH_DIR";

/// Writes tracks without end, and prints the number of each after its commit.
fn write_until_killed(dir: &std::path::Path) -> ! {
    let mut catalog = Catalog::open_or_create(dir, "space", DIM, "crash").unwrap();
    let mut number = 0;
    loop {
        let mut new = track(number, Dice(number + 1).vector(DIM));
        new.facts.tags = (0..20).map(|at| (format!("tag {at}"), 0.5)).collect();
        new.details.fingerprint = vec![7; 90];
        new.sections = vec![
            Section {
                start_s: 0.0,
                end_s: 10.0,
                vector: Dice(number).vector(DIM),
                ..Section::default()
            };
            1
        ];
        let file = &new.file;
        if catalog
            .file_state(&file.path, file.bytes, file.modified_ns)
            .unwrap()
            == FileState::Unknown
        {
            catalog.put(&new).unwrap();
        }
        println!("written {number}");
        number += 1;
    }
}

#[test]
fn a_killed_indexer_neither_loses_nor_repeats_tracks() {
    if let Some(dir) = std::env::var_os(CHILD) {
        write_until_killed(dir.as_ref());
    }
    let dir = tempfile::tempdir().unwrap();
    let mut most = 0;
    for round in 0..4_u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "a_killed_indexer_neither_loses_nor_repeats_tracks",
                "--nocapture",
            ])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let stop_at = 40 * (round + 1) + round;
        let mut said = 0;
        for line in lines.by_ref() {
            if let Some(number) = line.unwrap().strip_prefix("written ") {
                said = number.parse().unwrap();
                if said >= stop_at {
                    break;
                }
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        most = most.max(said);

        let catalog = Catalog::open(dir.path()).unwrap();
        catalog.check().unwrap();
        let tracks = catalog.tracks(&Filter::default()).unwrap();
        let mut numbers: Vec<u64> = tracks
            .iter()
            .map(|track| track.facts.title[6..].parse().unwrap())
            .collect();
        numbers.sort_unstable();
        assert!(
            numbers.iter().copied().eq(0..numbers.len() as u64),
            "each once, none left out: {numbers:?}"
        );
        assert!(
            numbers.len() as u64 > most,
            "every track that was reported is there"
        );
        for found in &tracks {
            assert_eq!(
                found.facts.tags.len(),
                20,
                "a track is whole: {}",
                found.facts.title
            );
            assert_eq!(catalog.vector(&found.id).unwrap().len(), DIM);
            assert_eq!(catalog.sections(&found.id).unwrap().len(), 1);
            let details = catalog.details(&found.id).unwrap();
            assert_eq!(details.fingerprint.len(), 90);
        }
        let hits = catalog
            .search(&Dice(1).vector(DIM), 10, &Filter::default())
            .unwrap();
        assert_eq!(
            catalog.tracks_at(&[hits[0].row]).unwrap()[0].facts.title,
            "Track 00000"
        );
    }
}
