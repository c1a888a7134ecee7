//! Words that are obeyed: a search over a small catalog whose numbers are known, with the shipped pack.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::path::Path;

use needledrop_catalog::{
    Catalog, Filter, KeyEstimate, NewTrack, SourceFile, Tempo, TrackDetails, TrackFacts,
};
use needledrop_engine::catalog as needledrop_catalog;
use needledrop_engine::library::search::SearchReport;
use needledrop_engine::words::BecameDoc;
use needledrop_engine::{Library, Places};

const TRACKS: u8 = 24;

/// Tempo rises with the number; odd ones have drums, every third is sung, every fourth is in minor. Vectors differ a
/// little, so that sentence space alone gives another order.
fn library(dir: &Path) -> Library {
    let places = Places {
        config: dir.join("config"),
        data: dir.join("data"),
        cache: dir.join("cache"),
        packs: vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models")],
        checkout: None,
        default_catalog: dir.join("catalog"),
    };
    let mut catalog =
        Catalog::create(&places.default_catalog, "embedded-audio-1", 384, "small").unwrap();
    for number in 0..TRACKS {
        let drums = if number % 2 == 1 { 0.7 } else { 0.02 };
        let mut facts = TrackFacts {
            title: number.to_string(),
            duration_s: 100.0,
            preview_s: (0.0, 30.0),
            tempo: Some(Tempo {
                bpm: 60.0 + 5.0 * f32::from(number),
                confidence: 1.0,
                ..Tempo::default()
            }),
            key: Some(KeyEstimate {
                key: if number % 4 == 0 { "Am" } else { "C" }.parse().unwrap(),
                confidence: 0.9,
                tuning_cents: 0.0,
            }),
            tags: vec![("drums".to_owned(), drums), ("piano".to_owned(), 0.3)],
            ..TrackFacts::default()
        };
        facts.character.vocal = Some(if number % 3 == 0 { 0.9 } else { 0.05 });
        facts.character.energy = f32::from(number % 8) / 8.0;
        let mut vector = vec![0.05; 384];
        vector[usize::from(number * 7 % TRACKS)] = 1.0;
        let track = NewTrack {
            file: SourceFile {
                path: format!("{number}.ogg").into(),
                bytes: 1,
                modified_ns: 1,
                sha256: [number + 1; 32],
            },
            facts,
            vector,
            sections: Vec::new(),
            details: TrackDetails::default(),
            analysis_version: 1,
            same_as: Vec::new(),
        };
        catalog.put(&track).unwrap();
    }
    drop(catalog);
    Library::open(&places, "embedded", &places.default_catalog).unwrap()
}

/// Numbers of the found tracks.
fn numbers(found: &SearchReport) -> Vec<u8> {
    let titles = found.results.iter().map(|row| &row.track.title);
    titles.map(|title| title.parse().unwrap()).collect()
}

#[test]
fn a_search_by_words_obeys_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = library(dir.path());
    let mut search = |words: &str| {
        let found = library.search(words, &Filter::default(), TRACKS.into());
        found.unwrap()
    };

    let fast = search("fast");
    let by_tempo: Vec<u8> = (0..TRACKS).rev().collect();
    assert_eq!(numbers(&fast), by_tempo, "the fastest first");
    assert_eq!(fast.words[0].became, BecameDoc::Tempo);
    assert_eq!(fast.words[0].target.as_deref(), Some("over 118 BPM"));
    assert!(fast.results.windows(2).all(|w| w[0].score >= w[1].score));
    assert!(fast.results[0].why.as_ref().unwrap().contains("175 BPM"));

    let slow = numbers(&search("very slow"));
    assert!(slow[..6].iter().all(|number| *number < 8), "{slow:?}");

    let played = numbers(&search("warm piano, fast, no drums, instrumental"));
    let clean = |number: &&u8| number.is_multiple_of(2) && !number.is_multiple_of(3);
    let first_clear = played.iter().position(|number| !clean(&number)).unwrap();
    let count = (0..TRACKS).filter(|number| clean(&number)).count();
    assert_eq!(first_clear, count, "refused tracks lie below: {played:?}");

    let minor = numbers(&search("in minor"));
    assert!(minor[..6].iter().all(|number| number % 4 == 0), "{minor:?}");

    let calm = numbers(&search("calm"));
    assert!(calm[..6].iter().all(|number| number % 8 < 3), "{calm:?}");
    let range = numbers(&search("95-105 bpm"));
    assert!(range[..3].iter().all(|n| (7..=9).contains(n)), "{range:?}");
}

#[test]
fn an_unknown_word_is_read_through_its_neighbour_and_said_to_be_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut library = library(dir.path());
    let mut words = |text: &str| library.search(text, &Filter::default(), 5).unwrap().words;
    let gleeful = words("gleeful");
    assert_eq!(gleeful[0].became, BecameDoc::Valence);
    assert!(gleeful[0].through.is_some(), "{gleeful:?}");
    let unknown = words("xqzzt");
    assert_eq!(unknown[0].became, BecameDoc::Vague);
    assert_eq!(words("").len(), 0);
}
