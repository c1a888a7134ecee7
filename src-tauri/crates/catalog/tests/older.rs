//! A catalog of an older schema is migrated in place.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use common::{content, details, track};
use needledrop_catalog::{Catalog, DATABASE, Filter, TrackDetails, track_id};
use needledrop_ranking::{Character, Form, SectionKind, TrackSound};
use rusqlite::{Connection, params};

const SPACE: &str = "embedded-audio-1";
const TRACKS: u64 = 3;

fn bytes(floats: &[f32]) -> Vec<u8> {
    floats.iter().flat_map(|x| x.to_le_bytes()).collect()
}

fn halves(floats: &[f32]) -> Vec<u8> {
    let half = |x: &f32| half::f16::from_f32(*x).to_le_bytes();
    floats.iter().flat_map(half).collect()
}

/// Writes a catalog as the first version of the program did.
fn first_catalog(dir: &std::path::Path) {
    let connection = Connection::open(dir.join(DATABASE)).unwrap();
    connection
        .execute_batch(include_str!("../src/schema/first.sql"))
        .unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection
        .pragma_update(None, "application_id", 0x4e64_7270)
        .unwrap();
    connection
        .execute(
            "INSERT INTO catalog (one, id, epoch, space, dim) VALUES (1, 'old', 0, ?1, 2)",
            [SPACE],
        )
        .unwrap();
    for number in 0..TRACKS {
        put_first(&connection, number);
    }
    connection
        .execute(
            "INSERT INTO failures VALUES ('music/broken.ogg', 5, 6, 'not_audio', 'no music')",
            [],
        )
        .unwrap();
}

/// Writes a catalog as the second version of the program did.
fn second_catalog(dir: &std::path::Path) {
    first_catalog(dir);
    let connection = Connection::open(dir.join(DATABASE)).unwrap();
    connection
        .execute_batch(include_str!("../src/schema/second.sql"))
        .unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    connection
        .execute(
            "UPDATE tracks SET energy = 0.75, vocal = 0.25, analysis_version = 1",
            [],
        )
        .unwrap();
}

fn put_first(connection: &Connection, number: u64) {
    let sha256 = content(number);
    connection
        .execute(
            "INSERT INTO tracks (id, sha256, title, artist, album, licence, attribution, source, duration_s,
                preview_start_s, preview_end_s, bpm, bpm_confidence, bpm_candidates, key, key_confidence,
                loudness_lufs, true_peak_dbtp)
             VALUES (?1, ?2, ?3, 'Ada', NULL, 'CC0-1.0', NULL, NULL, 61.5, 15, 45, 120, 0.5, ?4, 9, 0.75, -14, -1)",
            params![
                track_id(&sha256),
                &sha256[..],
                format!("Old {number}"),
                bytes(&[120.0, 0.75, 60.0, 0.25]),
            ],
        )
        .unwrap();
    let row = connection.last_insert_rowid();
    connection
        .execute(
            "INSERT INTO files VALUES (?1, 9, 10, ?2, 0)",
            params![format!("music/{number}.ogg"), row],
        )
        .unwrap();
    connection
        .execute(
            "INSERT INTO vectors VALUES (?1, ?2)",
            params![row, bytes(&[0.6, 0.8])],
        )
        .unwrap();
    connection
        .execute(
            "INSERT INTO sections VALUES (?1, 0, 10, ?2)",
            params![row, halves(&[1.0, 0.0])],
        )
        .unwrap();
    connection
        .execute("INSERT OR IGNORE INTO tag_names (name) VALUES ('calm')", [])
        .unwrap();
    connection
        .execute("INSERT INTO tags VALUES (?1, 1, 0.5)", [row])
        .unwrap();
}

#[test]
fn a_catalog_of_the_first_schema_keeps_its_content() {
    let dir = tempfile::tempdir().unwrap();
    first_catalog(dir.path());
    let catalog = Catalog::open(dir.path()).unwrap();
    catalog.check().unwrap();
    let info = catalog.info().unwrap();
    assert_eq!((info.tracks, info.failures), (3, 1));
    let tracks = catalog.tracks(&Filter::default()).unwrap();
    assert_eq!(tracks.len(), 3);
    for found in &tracks {
        let facts = &found.facts;
        let tempo = facts.tempo.as_ref().unwrap();
        assert_eq!((tempo.bpm, tempo.confidence), (120.0, 0.5));
        assert_eq!(tempo.candidates, [(120.0, 0.75), (60.0, 0.25)]);
        assert_eq!(tempo.stretches, []);
        let key = facts.key.unwrap();
        assert_eq!((key.key.to_string().as_str(), key.confidence), ("A", 0.75));
        assert_eq!(key.tuning_cents, 0.0);
        assert_eq!(facts.loudness.integrated_lufs, Some(-14.0));
        assert_eq!(facts.loudness.range_lu, None);
        assert_eq!(facts.form, Form::default());
        assert_eq!(facts.character, Character::default());
        assert_eq!(facts.tags, [("calm".to_owned(), 0.5)]);
        let sections = catalog.sections(&found.id).unwrap();
        assert_eq!(sections[0].vector, [1.0, 0.0]);
        assert_eq!(sections[0].kind, SectionKind::Body);
        assert_eq!(catalog.details(&found.id).unwrap(), TrackDetails::default());
        assert_eq!(catalog.vector(&found.id).unwrap(), [0.6, 0.8]);
    }
    let hits = catalog.search(&[0.6, 0.8], 9, &Filter::default()).unwrap();
    assert_eq!(hits.len(), 3);
}

#[test]
fn tracks_of_the_first_schema_are_analysed_again() {
    let dir = tempfile::tempdir().unwrap();
    first_catalog(dir.path());
    let mut catalog = Catalog::open(dir.path()).unwrap();
    let known = catalog.known_files().unwrap();
    assert!(known.iter().all(|file| file.analysis_version == 0));
    let mut again = track(1, vec![0.0, 1.0]);
    again.file.path = "music/1.ogg".into();
    again.details = details();
    assert_eq!(
        catalog.adopt(&again.file, 1).unwrap(),
        None,
        "its analysis is too old to be taken over"
    );
    let id = catalog.put(&again).unwrap();
    assert_eq!(catalog.info().unwrap().tracks, 3, "it is replaced");
    assert_eq!(catalog.details(&id).unwrap(), again.details);
    assert_eq!(catalog.adopt(&again.file, 1).unwrap(), Some(id));
}

#[test]
fn a_migrated_catalog_opens_again() {
    let dir = tempfile::tempdir().unwrap();
    first_catalog(dir.path());
    drop(Catalog::open(dir.path()).unwrap());
    let catalog = Catalog::open(dir.path()).unwrap();
    assert_eq!(catalog.info().unwrap().tracks, 3);
}

#[test]
fn a_catalog_of_the_second_schema_keeps_its_content_and_is_analysed_again() {
    let dir = tempfile::tempdir().unwrap();
    second_catalog(dir.path());
    let mut catalog = Catalog::open(dir.path()).unwrap();
    catalog.check().unwrap();
    let tracks = catalog.tracks(&Filter::default()).unwrap();
    assert_eq!(tracks.len(), 3);
    for found in &tracks {
        let facts = &found.facts;
        let sound = TrackSound {
            intensity: Some(0.75),
            tempo: facts.tempo.as_ref(),
            key: facts.key,
            tags: &facts.tags,
        };
        let heard = Character {
            intensity: Some(0.75),
            energy: sound.energy(),
            valence: sound.valence(),
            vocal: Some(0.25),
            ..Character::default()
        };
        assert_eq!(found.facts.character, heard, "presence is not known");
        assert_eq!(catalog.vector(&found.id).unwrap(), [0.6, 0.8]);
    }
    let known = catalog.known_files().unwrap();
    assert!(
        known.iter().all(|file| file.analysis_version == 1),
        "what is older than the analysis is heard again"
    );
    let mut again = track(1, vec![0.0, 1.0]);
    again.file.path = "music/1.ogg".into();
    again.facts.character.presence = Some(0.5);
    again.analysis_version = 2;
    let id = catalog.put(&again).unwrap();
    assert_eq!(catalog.info().unwrap().tracks, 3, "it is replaced");
    let read = catalog.track(&id).unwrap();
    assert_eq!(read.facts.character.presence, Some(0.5));
}
