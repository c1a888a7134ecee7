//! The analysis of a track: impossible values in the database are damage, not a panic, and a recording is offered once.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod common;

use common::{details, track};
use needledrop_catalog::{Catalog, CatalogError, DATABASE, Filter, NewTrack, Recording, Section};
use needledrop_ranking::Tempo;
use rusqlite::Connection;

fn fresh() -> (tempfile::TempDir, Catalog) {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::create(dir.path(), "space", 2, "test").unwrap();
    (dir, catalog)
}

fn whole(number: u64) -> NewTrack {
    let mut new = track(number, vec![1.0, 0.0]);
    new.details = details();
    new.facts.tempo = Some(Tempo {
        bpm: 120.0,
        confidence: 0.5,
        candidates: vec![(120.0, 1.0)],
        stretches: vec![(0.0, 120.0)],
    });
    new.sections = vec![Section {
        end_s: 10.0,
        vector: vec![1.0, 0.0],
        ..Section::default()
    }];
    new
}

fn read(catalog: &Catalog, id: &str) -> Result<(), CatalogError> {
    catalog.track(id)?;
    catalog.tracks(&Filter::default())?;
    catalog.details(id)?;
    catalog.sections(id)?;
    catalog.fingerprints_near(61.0, 1.0)?;
    catalog.vector(id)?;
    catalog.search(&[1.0, 0.0], 1, &Filter::default())?;
    Ok(())
}

#[test]
fn impossible_values_in_the_database_are_damage() {
    let (dir, mut catalog) = fresh();
    let id = catalog.put(&whole(1)).unwrap();
    read(&catalog, &id).unwrap();
    let other = Connection::open(dir.path().join(DATABASE)).unwrap();
    other
        .pragma_update(None, "ignore_check_constraints", true)
        .unwrap();
    for (table, change) in [
        ("tracks", "bpm_candidates = x'000102'"),
        ("tracks", "bpm_candidates = x'0000807f0000807f'"),
        ("tracks", "tempo_stretches = x'00'"),
        ("tracks", "tempo_stretches = x'0000803f00000000'"),
        ("tracks", "mood = x'0000803f'"),
        ("tracks", "mood = zeroblob(20000000)"),
        ("tracks", "ending = 9"),
        ("tracks", "ending_s = -1"),
        ("tracks", "climax_s = 9e999"),
        ("tracks", "energy = 1.5"),
        ("tracks", "vocal = -0.5"),
        ("tracks", "presence = 1.5"),
        ("tracks", "bpm_confidence = 7"),
        ("details", "beats = x'0000803f00'"),
        ("details", "beats = x'0000803f0000003f'"),
        ("details", "downbeats = x'ffffffff'"),
        ("details", "per_bar = 99"),
        ("details", "energy_hz = -1"),
        ("details", "onsets_hz = 9e999"),
        ("fingerprints", "fingerprint = x'0102030405'"),
        ("fingerprints", "fingerprint = zeroblob(40000)"),
        ("tracks", "duration_s = -1"),
        ("tracks", "duration_s = 9e999"),
        ("tracks", "preview_start_s = -9e999"),
        ("tracks", "bpm = -1"),
        ("tracks", "bpm = 9e999"),
        ("tracks", "key = 24"),
        ("tracks", "claimed_key = -1"),
        ("tracks", "title = printf('%.*c', 40000000, 'x')"),
        ("vectors", "vector = x'0000803f'"),
        ("vectors", "vector = x'0000803f0000803f'"),
        ("vectors", "vector = x'0000c07f00000000'"),
        ("sections", "start_s = -1"),
        ("sections", "end_s = 9e999"),
        ("sections", "kind = 77"),
        ("sections", "energy = -1"),
        ("sections", "vector = x'00'"),
    ] {
        other.execute_batch("BEGIN").unwrap();
        let sql = format!("UPDATE {table} SET {change}");
        assert_eq!(other.execute(&sql, []).unwrap(), 1, "{sql}");
        other.execute_batch("COMMIT").unwrap();
        let error = read(&catalog, &id).err();
        assert_eq!(
            error.as_ref().map(CatalogError::code),
            Some("catalog_damaged"),
            "{sql}: {error:?}"
        );
        catalog.put(&whole(1)).unwrap();
        read(&catalog, &id).unwrap();
    }
}

#[test]
fn tags_of_a_file_that_cannot_be_right_are_ignored() {
    let (dir, mut catalog) = fresh();
    let mut new = whole(1);
    new.facts.tags = vec![("piano".into(), 0.5), ("calm".into(), 0.25)];
    let id = catalog.put(&new).unwrap();
    let other = Connection::open(dir.path().join(DATABASE)).unwrap();
    other
        .execute_batch(
            "UPDATE tracks SET claimed_bpm = 9e999, loudness_lufs = -9e999;
             UPDATE tags SET score = 9e999 WHERE score = 0.25;",
        )
        .unwrap();
    let facts = catalog.track(&id).unwrap().facts;
    assert_eq!(facts.claimed_bpm, None);
    assert_eq!(facts.loudness.integrated_lufs, None);
    assert_eq!(facts.tags, [("piano".to_owned(), 0.5)]);
}

#[test]
fn values_that_reading_would_refuse_are_not_written() {
    let (_dir, mut catalog) = fresh();
    let wrong: [fn(&mut NewTrack); 11] = [
        |new| new.facts.duration_s = 1e9,
        |new| new.facts.preview_s.1 = f64::NAN,
        |new| new.facts.tempo.as_mut().unwrap().bpm = f32::INFINITY,
        |new| new.sections[0].start_s = -1.0,
        |new| new.details.beats.as_mut().unwrap().times_s[3] = f64::NAN,
        |new| new.details.beats.as_mut().unwrap().downbeats[3] = 1_000,
        |new| new.details.curves.energy.rate_hz = f32::INFINITY,
        |new| new.facts.character.energy = 2.0,
        |new| new.facts.character.presence = Some(-0.1),
        |new| new.facts.form.climax_s = Some(-1.0),
        |new| new.facts.tempo.as_mut().unwrap().stretches = vec![(5.0, 90.0), (0.0, 90.0)],
    ];
    for (at, spoil) in wrong.into_iter().enumerate() {
        let mut new = whole(1);
        spoil(&mut new);
        let error = catalog.put(&new).unwrap_err();
        assert_eq!(error.code(), "invalid_value", "number {at}: {error}");
    }
    assert_eq!(catalog.info().unwrap().tracks, 0);
}

/// Writes a track of `duration_s` seconds at `path`, the same recording as the tracks `same_as`.
fn put(
    catalog: &mut Catalog,
    number: u64,
    path: &str,
    duration_s: f64,
    same_as: &[&str],
) -> String {
    let mut new = track(number, vec![1.0, number as f32 / 100.0]);
    new.file.path = path.into();
    new.facts.duration_s = duration_s;
    new.same_as = same_as.iter().map(|id| (*id).to_owned()).collect();
    catalog.put(&new).unwrap()
}

fn offered(catalog: &Catalog) -> Vec<String> {
    let filter = Filter::default();
    let listed: Vec<String> = catalog
        .tracks(&filter)
        .unwrap()
        .into_iter()
        .map(|t| t.id)
        .collect();
    let hits = catalog.search(&[1.0, 0.0], 99, &filter).unwrap();
    let rows: Vec<i64> = hits.iter().map(|hit| hit.row).collect();
    let mut found: Vec<String> = catalog
        .tracks_at(&rows)
        .unwrap()
        .into_iter()
        .map(|t| t.id)
        .collect();
    found.sort();
    let mut sorted = listed.clone();
    sorted.sort();
    assert_eq!(found, sorted, "lists and searches agree");
    listed
}

#[test]
fn the_best_track_of_a_recording_is_offered() {
    let (_dir, mut catalog) = fresh();
    let mp3 = put(&mut catalog, 1, "a.mp3", 60.0, &[]);
    let other = put(&mut catalog, 2, "other.mp3", 60.0, &[]);
    assert_eq!(catalog.recordings().unwrap(), []);
    let ogg = put(&mut catalog, 3, "b.ogg", 61.0, &[&mp3, "0000000000000000"]);
    assert_eq!(
        offered(&catalog),
        [other.clone(), ogg.clone()],
        "the longer"
    );
    let flac = put(&mut catalog, 4, "c.FLAC", 60.0, &[&ogg]);
    assert_eq!(
        offered(&catalog),
        [other.clone(), flac.clone()],
        "the lossless"
    );
    assert_eq!(
        catalog.recordings().unwrap(),
        [Recording {
            offered: flac.clone(),
            others: vec![ogg.clone(), mp3.clone()],
        }]
    );
    let all = Filter {
        include_duplicates: true,
        ..Filter::default()
    };
    assert_eq!(catalog.tracks(&all).unwrap().len(), 4);
    assert_eq!(catalog.search(&[1.0, 0.0], 99, &all).unwrap().len(), 4);

    catalog.mark_missing(&["c.FLAC"]).unwrap();
    assert_eq!(
        offered(&catalog),
        [other.clone(), ogg.clone()],
        "one that is there"
    );
    catalog.mark_present(&["c.FLAC"]).unwrap();
    assert_eq!(offered(&catalog), [other.clone(), flac.clone()]);
    catalog.remove(&flac).unwrap();
    catalog.remove(&ogg).unwrap();
    assert_eq!(offered(&catalog), [mp3, other], "alone again");
    assert_eq!(catalog.recordings().unwrap(), []);
}

#[test]
fn a_track_that_is_the_same_as_two_recordings_merges_them() {
    let (_dir, mut catalog) = fresh();
    let a = put(&mut catalog, 1, "a.mp3", 60.0, &[]);
    let b = put(&mut catalog, 2, "b.mp3", 60.0, &[&a]);
    let c = put(&mut catalog, 3, "c.mp3", 60.0, &[]);
    let d = put(&mut catalog, 4, "d.mp3", 60.0, &[&c]);
    assert_eq!(catalog.recordings().unwrap().len(), 2);
    let e = put(&mut catalog, 5, "e.mp3", 60.0, &[&b, &d]);
    let joined = catalog.recordings().unwrap();
    assert_eq!(joined.len(), 1);
    assert_eq!(joined[0].offered, a);
    assert_eq!(joined[0].others, [b, c, d, e]);
}

#[test]
fn new_credits_change_nothing_else() {
    let (_dir, mut catalog) = fresh();
    let id = catalog.put(&whole(1)).unwrap();
    let before = catalog.track(&id).unwrap();
    let mut facts = before.facts.clone();
    facts.artist = Some("Ada".into());
    facts.licence = Some("CC0-1.0".into());
    catalog.credit(&id, &facts.credits()).unwrap();
    let after = catalog.track(&id).unwrap();
    assert_eq!(after.facts, facts);
    assert_eq!(after.row, before.row, "its vector stays where it is");
    assert_eq!(catalog.details(&id).unwrap(), details());
    let error = catalog.credit("nobody", &facts.credits()).unwrap_err();
    assert_eq!(error.code(), "track_not_found");
}

#[test]
fn the_old_path_of_a_moved_file_is_forgotten_and_a_missing_file_is_not() {
    let (_dir, mut catalog) = fresh();
    let new = whole(1);
    catalog.put(&new).unwrap();
    put(&mut catalog, 2, "lost.ogg", 60.0, &[]);
    let mut moved = new.file.clone();
    moved.path = "moved.ogg".into();
    catalog.adopt(&moved, 1).unwrap();
    let gone = [new.file.path.to_str().unwrap(), "lost.ogg"];
    catalog.mark_missing(&gone).unwrap();
    assert_eq!(catalog.forget_moved(&gone).unwrap(), 1);
    let left = ["lost.ogg", "moved.ogg"].map(std::path::PathBuf::from);
    assert_eq!(catalog.known_paths().unwrap(), left);
    assert_eq!(catalog.info().unwrap().tracks, 2);
}
