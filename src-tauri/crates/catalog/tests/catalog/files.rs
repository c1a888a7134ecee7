//! A track is read as it was written, and follows its files: renamed, copied, changed, failed.

use std::path::PathBuf;

use crate::common::{content, details, track};
use crate::{fresh, titles};
use needledrop_catalog::{FileState, Filter, KeyEstimate, Section, SourceFile, Tempo, track_id};
use needledrop_ranking::{Character, Ending, Form, Loudness, Mood, SectionKind};

#[test]
fn a_track_is_read_as_it_was_written() {
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
        intensity: Some(0.625),
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
        ["elsewhere/a.ogg", "music/00001.ogg"].map(PathBuf::from)
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
fn a_file_with_new_content_replaces_its_old_track() {
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
        ["copy.ogg", "music/00001.ogg"].map(PathBuf::from)
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
    let gone = path.clone();
    catalog.forget_failures(&[gone]).unwrap();
    assert_eq!(catalog.failures().unwrap(), [], "it is gone");
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_is_no_unicode_is_found_again_under_its_name() {
    use std::os::unix::ffi::OsStrExt;
    let (_dir, mut catalog) = fresh(2);
    let path = PathBuf::from(std::ffi::OsStr::from_bytes(b"/music/bad\xff\xfe.mp3"));
    let mut written = track(1, vec![1.0, 0.0]);
    written.file.path.clone_from(&path);
    let id = catalog.put(&written).unwrap();
    assert_eq!(catalog.track(&id).unwrap().path, path);
    let known = catalog.known_paths().unwrap();
    assert_eq!(known.as_slice(), std::slice::from_ref(&path));
    catalog.mark_missing(&[&path]).unwrap();
    let known = catalog.known_files().unwrap();
    assert_eq!((&known[0].path, known[0].missing), (&path, true));
    catalog.record_failure(&path, 1, 2, "code", "text").unwrap();
    assert_eq!(catalog.failures().unwrap()[0].path, path);
}
