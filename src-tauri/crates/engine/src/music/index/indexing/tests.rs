use needledrop_audio::Metadata;
use needledrop_catalog::Filter;
use needledrop_ranking::{Character, Curves, Form, Loudness};

use super::*;
use tokio_util::sync::CancellationToken;

fn analysis(duration_s: f64, fingerprint: Vec<u32>) -> TrackAnalysis {
    TrackAnalysis {
        duration_s,
        preview_s: (0.0, duration_s),
        tempo: None,
        key: None,
        loudness: Loudness::default(),
        beats: None,
        metre: None,
        curves: Curves::default(),
        form: Form::default(),
        character: Character::default(),
        tags: Vec::new(),
        vector: vec![1.0, 0.5],
        sections: Vec::new(),
        fingerprint,
        metadata: Metadata::default(),
        damaged_packets: 0,
    }
}

/// Numbers that change, as those of music do.
fn fingerprint(seed: u32) -> Vec<u32> {
    let mix = |at: u32| (at + 1000 * seed).wrapping_mul(0x9e37_79b9) ^ (at << 7);
    (0..400).map(|at| mix(at / 2)).collect()
}

fn file(path: &str) -> MusicFile {
    MusicFile {
        path: path.into(),
        bytes: 1,
        modified_ns: 1,
        credit: Credit::default(),
    }
}

#[test]
fn the_same_recording_in_two_encodings_is_one_group() {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::create(dir.path(), "space", 2, "test").unwrap();
    let mut indexing = Indexing::new(catalog).unwrap();
    let mut put = |at: u8, path: &str, duration_s, fingerprint| {
        let analysis = analysis(duration_s, fingerprint);
        indexing.put(&file(path), [at; 32], analysis).unwrap();
    };
    put(1, "a.mp3", 60.0, fingerprint(1));
    put(2, "other.mp3", 60.0, fingerprint(2));
    put(3, "none.mp3", 60.0, Vec::new());
    let mut nearly = fingerprint(1);
    nearly.iter_mut().for_each(|number| *number ^= 1 << 3);
    put(4, "a.flac", 60.03, nearly);
    put(5, "cut-down.flac", 30.0, fingerprint(1)[..200].to_vec());
    let recordings = indexing.catalog.recordings().unwrap();
    assert_eq!(recordings.len(), 1, "{recordings:?}");
    assert_eq!(
        recordings[0].offered,
        track_id(&[4; 32]),
        "the lossless one"
    );
    assert_eq!(recordings[0].others, [track_id(&[1; 32])]);
    let offered = indexing.catalog.tracks(&Filter::default()).unwrap();
    assert_eq!(offered.len(), 4, "a cut-down is a track of its own");
    assert_eq!(indexing.report.added, 5);
}

#[test]
fn a_build_of_cells_that_is_stopped_is_a_cancelled_outcome() {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::create(dir.path(), "space", 2, "test").unwrap();
    let mut indexing = Indexing::new(catalog).unwrap();
    for at in 1..=100_u8 {
        let mut analysis = analysis(60.0, Vec::new());
        analysis.vector = vec![f32::from(at), 1.0];
        indexing
            .put(&file(&format!("{at}.wav")), [at; 32], analysis)
            .unwrap();
    }
    let cancel = CancellationToken::new();
    cancel.cancel();
    let job = Job::new(cancel, &|_| ());
    let outcome = indexing
        .prepare_search(CellsWanted::Always, 100, &job)
        .unwrap();
    assert_eq!(outcome, Outcome::Cancelled(None));
}

#[test]
fn an_analysis_that_the_catalog_refuses_is_a_failed_file() {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::create(dir.path(), "space", 2, "test").unwrap();
    let mut indexing = Indexing::new(catalog).unwrap();
    let mut silent = analysis(60.0, Vec::new());
    silent.vector = vec![0.0, 0.0];
    indexing.put(&file("silent.wav"), [1; 32], silent).unwrap();
    assert_eq!(indexing.report.failed[0].code, "no_direction");
    assert_eq!(indexing.report.added, 0);
}

#[test]
fn a_job_that_is_stopped_while_it_builds_the_cells_keeps_its_tracks() {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::create(dir.path(), "space", 2, "test").unwrap();
    let mut indexing = Indexing::new(catalog).unwrap();
    // The build reports progress and checks the token after every 2,048 vectors.
    for at in 0..2_200_u32 {
        let mut sha256 = [0; 32];
        sha256[..4].copy_from_slice(&at.to_le_bytes());
        let mut analysis = analysis(60.0, Vec::new());
        analysis.vector = vec![1.0, at as f32];
        let file = file(&format!("{at}.wav"));
        indexing.put(&file, sha256, analysis).unwrap();
    }
    let cancel = CancellationToken::new();
    let stop = |_| cancel.cancel();
    let job = Job::new(cancel.clone(), &stop);
    let ended = indexing.finish(Instant::now(), CellsWanted::Always, &job);
    match ended.unwrap() {
        Outcome::Cancelled(Some(report)) => {
            assert_eq!(report.outcome, "cancelled");
            assert_eq!(report.catalog.tracks, 2_200, "all indexed tracks are kept");
        }
        other => panic!("expected a cancelled job, got {other:?}"),
    }
}

#[test]
fn copies_of_a_file_that_is_being_analysed_wait_for_its_result() {
    let dir = tempfile::tempdir().unwrap();
    let catalog = Catalog::create(dir.path(), "space", 2, "test").unwrap();
    let mut indexing = Indexing::new(catalog).unwrap();
    let todo = ["a.mp3", "copy.mp3", "bad.mp3", "bad copy.mp3"].map(file);
    let hashed = |indexing: &mut Indexing, at: usize, content: u8| {
        let (known, answer) = std::sync::mpsc::sync_channel(1);
        let sha256 = [content; 32];
        indexing
            .take(&todo, Event::Hashed { at, sha256, known })
            .unwrap();
        answer.recv().unwrap()
    };
    assert!(!hashed(&mut indexing, 0, 1), "it is new");
    assert!(hashed(&mut indexing, 1, 1), "it is being analysed");
    assert!(!hashed(&mut indexing, 2, 2));
    assert!(hashed(&mut indexing, 3, 2));
    let analysed = Event::Analysed {
        at: 0,
        sha256: [1; 32],
        analysis: Box::new(analysis(60.0, Vec::new())),
    };
    let failed = Event::Failed {
        at: 2,
        sha256: Some([2; 32]),
        code: "undecodable".into(),
        message: "it is damaged".into(),
    };
    indexing.take(&todo, analysed).unwrap();
    indexing.take(&todo, failed).unwrap();
    let report = &indexing.report;
    assert_eq!((report.added, report.known, report.failed.len()), (1, 1, 2));
    assert_eq!(indexing.catalog.known_paths().unwrap().len(), 2);
}
