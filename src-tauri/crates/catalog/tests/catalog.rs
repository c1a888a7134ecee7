//! What the indexer writes comes back, and what is wrong is said.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use common::{content, details, track};
use needledrop_catalog::{
    Catalog, DATABASE, FileState, Filter, KeyEstimate, KeyFilter, Section, SourceFile, TagFilter,
    Tempo, track_id,
};
use needledrop_ranking::{Character, Ending, Form, Key, Loudness, Mode, Mood, SectionKind};

const SPACE: &str = "embedded-audio-1";

fn fresh(dim: usize) -> (tempfile::TempDir, Catalog) {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::create(dir.path(), SPACE, dim, "test").unwrap();
    (dir, catalog)
}

fn titles(catalog: &Catalog, filter: &Filter) -> Vec<String> {
    catalog
        .tracks(filter)
        .unwrap()
        .into_iter()
        .map(|track| track.facts.title)
        .collect()
}

#[test]
fn a_track_comes_back_as_it_was_written() {
    let (_dir, mut catalog) = fresh(4);
    let mut written = track(1, vec![0.0, 3.0, 0.0, 4.0]);
    written.facts.artist = Some("Ada".into());
    written.facts.album = Some("Loops".into());
    written.facts.licence = Some("CC-BY-4.0".into());
    written.facts.attribution = Some("Loops by Ada, CC BY 4.0".into());
    written.facts.source = Some("some-data 1.2".into());
    written.facts.tempo = Some(Tempo {
        bpm: 120.25,
        confidence: 0.75,
        candidates: vec![(60.1, 0.5), (240.5, 0.25)],
        stretches: vec![(0.0, 120.25), (30.5, 121.0)],
    });
    written.facts.key = Some(KeyEstimate {
        key: "C#m".parse().unwrap(),
        confidence: 0.5,
        tuning_cents: -12.5,
    });
    written.facts.loudness = Loudness {
        integrated_lufs: Some(-14.5),
        range_lu: Some(6.5),
        true_peak_dbtp: Some(-1.0),
    };
    written.facts.isrc = Some("DEXX12600001".into());
    written.facts.claimed_bpm = Some(60.0);
    written.facts.claimed_key = Some("E".parse().unwrap());
    written.facts.form = Form {
        ending: Ending::Fade,
        ending_s: Some(50.5),
        climax_s: Some(31.25),
        loop_s: Some((8.0, 24.0)),
    };
    written.facts.character = Character {
        mood: Some(Mood {
            action: 0.5,
            sad: 0.25,
            happy: 0.125,
            calm: 0.125,
        }),
        energy: 0.75,
        valence: Some(0.5),
        vocal: Some(0.25),
        presence: Some(0.625),
    };
    written.details = details();
    written.facts.tags = vec![("piano".into(), 0.9), ("calm".into(), 0.25)];
    written.sections = vec![
        Section {
            start_s: 0.0,
            end_s: 10.0,
            vector: vec![1.0, 0.0, 0.0, 0.0],
            kind: SectionKind::Intro,
            energy: 0.25,
            vocal: Some(0.5),
        },
        Section {
            start_s: 10.0,
            end_s: 20.0,
            vector: vec![0.0; 4],
            ..Section::default()
        },
    ];
    let id = catalog.put(&written).unwrap();
    assert_eq!(id, track_id(&content(1)), "the id follows from the content");
    let read = catalog.track(&id).unwrap();
    assert_eq!(read.facts, written.facts);
    assert_eq!(read.path, written.file.path);
    assert!(!read.missing);
    assert_eq!(
        catalog.vector(&id).unwrap(),
        [0.0, 0.6, 0.0, 0.8],
        "vectors have length one"
    );
    assert_eq!(
        catalog.sections(&id).unwrap(),
        written.sections,
        "silence keeps its place"
    );
    assert_eq!(catalog.details(&id).unwrap(), written.details);
    assert_eq!(
        catalog.tag_counts().unwrap(),
        [("calm".to_owned(), 1), ("piano".to_owned(), 1)]
    );
    assert_eq!(
        catalog.tracks_at(&[99, read.row]).unwrap(),
        [read],
        "unknown rows are left out"
    );
}

#[test]
fn an_unchanged_file_is_known_and_a_changed_one_is_not() {
    let (_dir, mut catalog) = fresh(2);
    let written = track(1, vec![1.0, 0.0]);
    let id = catalog.put(&written).unwrap();
    let file = &written.file;
    let state = |bytes, modified| catalog.file_state(&file.path, bytes, modified).unwrap();
    assert_eq!(
        state(file.bytes, file.modified_ns),
        FileState::Unchanged {
            track_id: id,
            analysis_version: 1
        }
    );
    assert_eq!(state(file.bytes + 1, file.modified_ns), FileState::Unknown);
    assert_eq!(state(file.bytes, file.modified_ns + 1), FileState::Unknown);
}

#[test]
fn a_renamed_file_keeps_its_track_and_a_copy_shares_it() {
    let (_dir, mut catalog) = fresh(2);
    let written = track(1, vec![1.0, 0.0]);
    let id = catalog.put(&written).unwrap();
    let moved = SourceFile {
        path: "elsewhere/a.ogg".into(),
        ..written.file.clone()
    };
    assert_eq!(catalog.adopt(&moved, 1).unwrap(), Some(id.clone()));
    assert_eq!(
        catalog.known_paths().unwrap(),
        ["elsewhere/a.ogg", "music/00001.ogg"]
    );
    catalog.mark_missing(&[&written.file.path]).unwrap();
    let read = catalog.track(&id).unwrap();
    assert_eq!(
        (read.path.to_str(), read.missing),
        (Some("elsewhere/a.ogg"), false)
    );
    catalog.mark_missing(&[&moved.path]).unwrap();
    assert!(
        catalog.track(&id).unwrap().missing,
        "no file holds it any more"
    );
    assert_eq!(
        titles(&catalog, &Filter::default()),
        [""; 0],
        "the missing are not offered"
    );
    let anyway = Filter {
        include_missing: true,
        ..Filter::default()
    };
    assert_eq!(titles(&catalog, &anyway), ["Track 00001"]);
    assert_eq!(catalog.info().unwrap().missing, 1);
    let back = catalog
        .file_state(&moved.path, moved.bytes, moved.modified_ns)
        .unwrap();
    assert_eq!(
        back,
        FileState::Unchanged {
            track_id: id.clone(),
            analysis_version: 1
        }
    );
    assert!(!catalog.track(&id).unwrap().missing, "it was seen again");
    let stranger = SourceFile {
        sha256: content(2),
        ..moved
    };
    assert_eq!(
        catalog.adopt(&stranger, 1).unwrap(),
        None,
        "other content is not adopted"
    );
}

#[test]
fn a_file_with_new_content_drops_its_old_track() {
    let (_dir, mut catalog) = fresh(2);
    let old = catalog.put(&track(1, vec![1.0, 0.0])).unwrap();
    let mut changed = track(2, vec![0.0, 1.0]);
    changed.file.path = "music/00001.ogg".into();
    let new = catalog.put(&changed).unwrap();
    assert_eq!(catalog.track(&old).unwrap_err().code(), "track_not_found");
    assert_eq!(
        catalog.track(&new).unwrap().path.to_str(),
        Some("music/00001.ogg")
    );
    assert_eq!(catalog.info().unwrap().tracks, 1);
}

#[test]
fn analysing_again_keeps_the_id_and_the_other_files() {
    let (_dir, mut catalog) = fresh(2);
    let mut written = track(1, vec![1.0, 0.0]);
    let id = catalog.put(&written).unwrap();
    let copy = SourceFile {
        path: "copy.ogg".into(),
        ..written.file.clone()
    };
    catalog.adopt(&copy, 1).unwrap();
    let before = catalog.track(&id).unwrap().row;
    written.facts.title = "Better".into();
    assert_eq!(catalog.put(&written).unwrap(), id);
    let after = catalog.track(&id).unwrap();
    assert_eq!(after.facts.title, "Better");
    assert!(after.row > before, "rows are never given twice");
    assert_eq!(
        catalog.known_paths().unwrap(),
        ["copy.ogg", "music/00001.ogg"]
    );
    assert_eq!(catalog.info().unwrap().tracks, 1);
}

#[test]
fn a_failed_file_is_left_alone_until_it_changes() {
    let (_dir, mut catalog) = fresh(2);
    let written = track(1, vec![1.0, 0.0]);
    let path = &written.file.path;
    catalog
        .record_failure(path, 10, 20, "not_audio", "expected audio, got a picture")
        .unwrap();
    match catalog.file_state(path, 10, 20).unwrap() {
        FileState::FailedBefore(failure) => assert_eq!(failure.code, "not_audio"),
        other => panic!("expected a failure, got {other:?}"),
    }
    assert_eq!(
        catalog.file_state(path, 11, 20).unwrap(),
        FileState::Unknown
    );
    assert_eq!(catalog.failures().unwrap().len(), 1);
    catalog.put(&written).unwrap();
    assert_eq!(
        catalog.failures().unwrap(),
        [],
        "a file that can be read now has not failed"
    );
    catalog
        .record_failure(path, 10, 20, "not_audio", "expected audio, got a picture")
        .unwrap();
    let gone = path.to_str().unwrap().to_owned();
    catalog.forget_failures(&[gone]).unwrap();
    assert_eq!(catalog.failures().unwrap(), [], "it is gone");
}

#[test]
fn filters_let_through_what_they_say() {
    let (_dir, mut catalog) = fresh(2);
    let keys = ["C", "Am", "G", "F#", "Em"];
    let licences = [
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
        "cc0-1.0",
        "GPL-2.0-or-later",
        "CC-BY-3.0",
    ];
    for number in 0..5_u64 {
        let at = number as usize;
        let mut new = track(number, vec![1.0, number as f32]);
        new.facts.tempo = Some(Tempo {
            bpm: 80.0 + 20.0 * number as f32,
            confidence: 1.0,
            ..Tempo::default()
        });
        new.facts.key = Some(KeyEstimate {
            key: keys[at].parse().unwrap(),
            confidence: 1.0,
            tuning_cents: 0.0,
        });
        new.facts.licence = Some(licences[at].into());
        new.facts.tags = vec![("Piano".into(), 0.2 * number as f32), ("all".into(), 1.0)];
        catalog.put(&new).unwrap();
    }
    catalog.put(&track(5, vec![1.0, 5.0])).unwrap();
    let found = |filter: Filter| -> Vec<u64> {
        let listed: Vec<u64> = titles(&catalog, &filter)
            .iter()
            .map(|title| title[6..].parse().unwrap())
            .collect();
        let mut searched: Vec<u64> = catalog
            .search(&[1.0, 0.0], 100, &filter)
            .unwrap()
            .iter()
            .map(|hit| {
                catalog.tracks_at(&[hit.row]).unwrap()[0].facts.title[6..]
                    .parse()
                    .unwrap()
            })
            .collect();
        searched.sort_unstable();
        assert_eq!(listed, searched, "lists and searches agree on {filter:?}");
        listed
    };
    let any = Filter::default;
    let key = |key: &str, max_distance| KeyFilter {
        key: key.parse::<Key>().unwrap(),
        max_distance,
    };
    let tag = |tag: &str, min_score| TagFilter {
        tag: tag.into(),
        min_score,
    };
    assert_eq!(found(any()), [0, 1, 2, 3, 4, 5]);
    assert_eq!(
        found(Filter {
            bpm: Some((100.0, 140.0)),
            ..any()
        }),
        [1, 2, 3]
    );
    assert_eq!(
        found(Filter {
            key: Some(key("C", 0)),
            ..any()
        }),
        [0]
    );
    assert_eq!(
        found(Filter {
            key: Some(key("C", 1)),
            ..any()
        }),
        [0, 1, 2],
        "8B, 8A and 9B"
    );
    assert_eq!(
        found(Filter {
            mode: Some(Mode::Minor),
            ..any()
        }),
        [1, 4]
    );
    assert_eq!(
        found(Filter {
            mode: Some(Mode::Minor),
            key: Some(key("C", 1)),
            ..any()
        }),
        [1]
    );
    assert_eq!(
        found(Filter {
            tags: vec![tag("piano", 0.5)],
            ..any()
        }),
        [3, 4],
        "whatever the case"
    );
    assert_eq!(
        found(Filter {
            tags: vec![tag("piano", 0.5), tag("none", 0.0)],
            ..any()
        }),
        [0_u64; 0]
    );
    assert_eq!(
        found(Filter {
            duration_s: Some((61.0, 62.0)),
            ..any()
        }),
        [1, 2]
    );
    assert_eq!(
        found(Filter {
            licences: vec!["cc-by".into()],
            ..any()
        }),
        [0, 4],
        "no share-alike"
    );
    assert_eq!(
        found(Filter {
            licences: vec!["CC0".into(), "GPL-2.0-or-later".into()],
            ..any()
        }),
        [2, 3]
    );
    assert_eq!(
        found(Filter {
            licences: vec!["*".into()],
            ..any()
        }),
        [0_u64; 0],
        "no patterns"
    );
    assert_eq!(
        found(Filter {
            exclude: vec![track_id(&content(0))],
            bpm: Some((0.0, 110.0)),
            ..any()
        }),
        [1]
    );
}

#[test]
fn another_space_or_size_is_refused() {
    let (dir, catalog) = fresh(4);
    catalog.require(SPACE, 4).unwrap();
    for (space, dim) in [("clap-512", 4), (SPACE, 5)] {
        let error = catalog.require(space, dim).unwrap_err();
        assert_eq!(error.code(), "space_mismatch");
        assert!(
            error.to_string().contains("index the music again"),
            "it says what to do: {error}"
        );
        let error = Catalog::open_or_create(dir.path(), space, dim, "x")
            .err()
            .unwrap();
        assert_eq!(error.code(), "space_mismatch");
    }
}

#[test]
fn vectors_without_direction_are_refused_and_nothing_is_left() {
    let (_dir, mut catalog) = fresh(3);
    for vector in [vec![0.0; 3], vec![1e-9; 3], vec![f32::NAN, 1.0, 0.0]] {
        assert_eq!(
            catalog.put(&track(1, vector)).unwrap_err().code(),
            "no_direction"
        );
    }
    assert_eq!(
        catalog.put(&track(1, vec![1.0; 4])).unwrap_err().code(),
        "wrong_dimension"
    );
    assert_eq!(catalog.info().unwrap().tracks, 0);
    catalog.put(&track(1, vec![1.0; 3])).unwrap();
    assert_eq!(
        catalog
            .search(&[0.0; 3], 1, &Filter::default())
            .unwrap_err()
            .code(),
        "no_direction"
    );
}

#[test]
fn what_is_no_catalog_is_said_so() {
    let dir = tempfile::tempdir().unwrap();
    let open = || Catalog::open(dir.path()).err().unwrap().code();
    assert_eq!(open(), "catalog_missing");
    for bytes in [
        &b""[..],
        b"not a database, but long enough to be taken for the head of one by a hasty reader",
    ] {
        std::fs::write(dir.path().join(DATABASE), bytes).unwrap();
        assert_eq!(open(), "catalog_damaged");
    }
    std::fs::remove_file(dir.path().join(DATABASE)).unwrap();
    let catalog = Catalog::create(dir.path(), SPACE, 2, "test").unwrap();
    assert_eq!(
        catalog
            .search(&[1.0, 0.0], 5, &Filter::default())
            .unwrap_err()
            .code(),
        "catalog_empty"
    );
    assert_eq!(
        Catalog::create(dir.path(), SPACE, 2, "test")
            .err()
            .unwrap()
            .code(),
        "catalog_exists"
    );
    catalog.check().unwrap();
    drop(catalog);
    let connection = rusqlite::Connection::open(dir.path().join(DATABASE)).unwrap();
    connection
        .pragma_update(None, "user_version", 1_000)
        .unwrap();
    drop(connection);
    assert_eq!(open(), "catalog_newer");
}

#[test]
fn a_database_with_overwritten_pages_is_damaged_not_a_panic() {
    let (dir, mut catalog) = fresh(64);
    for number in 0..200 {
        catalog
            .put(&track(number, vec![1.0 + number as f32; 64]))
            .unwrap();
    }
    drop(catalog);
    let path = dir.path().join(DATABASE);
    let whole = std::fs::read(&path).unwrap();
    let mut noticed = 0;
    for page in 1..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096..page * 4096 + 4096].fill(0xa5);
        std::fs::write(&path, &bytes).unwrap();
        let outcome = Catalog::open(dir.path()).and_then(|catalog| {
            catalog
                .check()
                .and_then(|()| catalog.tracks(&Filter::default()))
        });
        match outcome {
            Err(error) => {
                assert_eq!(error.code(), "catalog_damaged", "page {page}: {error}");
                noticed += 1;
            }
            Ok(tracks) => assert_eq!(tracks.len(), 200, "page {page} is not in use"),
        }
    }
    assert!(
        noticed > 20,
        "most pages are in use, {noticed} were noticed"
    );
}
