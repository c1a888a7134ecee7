//! Numbers, tags and rows for the words of a brief.

use crate::common::track;
use crate::fresh;
use needledrop_catalog::{Filter, KeyEstimate, Tempo, TrackCredits};

#[test]
fn numbers_and_tags_of_all_tracks_are_read_in_the_order_of_their_rows() {
    let (_dir, mut catalog) = fresh(2);
    for number in 0..3_u64 {
        let mut new = track(number, vec![1.0, number as f32]);
        if number == 1 {
            new.facts.tempo = Some(Tempo {
                bpm: 128.0,
                confidence: 0.8,
                ..Tempo::default()
            });
            new.facts.key = Some(KeyEstimate {
                key: "Am".parse().unwrap(),
                confidence: 0.5,
                tuning_cents: 0.0,
            });
            new.facts.character.vocal = Some(0.25);
            new.facts.tags = vec![("Drums".into(), 0.75)];
        }
        catalog.put(&new).unwrap();
    }
    let measured = catalog.measured().unwrap();
    assert!(measured.windows(2).all(|w| w[0].0 < w[1].0));
    let (row, numbers) = measured[1];
    assert_eq!(numbers.bpm, Some(128.0));
    assert_eq!(
        numbers.mode.map(|mode| mode.to_string()).as_deref(),
        Some("minor")
    );
    assert_eq!(numbers.vocal, Some(0.25));
    assert_eq!(measured[0].1.bpm, None, "unknown stays unknown");
    assert_eq!(catalog.tag_scores("drums").unwrap(), [(row, 0.75)]);
    assert_eq!(catalog.tag_names().unwrap(), ["Drums"]);
    assert!(catalog.tag_scores("kazoo").unwrap().is_empty());
}

#[test]
fn a_search_among_rows_finds_only_those_that_the_filter_lets_through() {
    let (_dir, mut catalog) = fresh(2);
    for number in 0..6_u64 {
        catalog
            .put(&track(number, vec![1.0, 0.1 * number as f32]))
            .unwrap();
    }
    let rows: Vec<i64> = catalog.measured().unwrap().iter().map(|m| m.0).collect();
    let filter = Filter {
        exclude: vec![catalog.tracks_at(&[rows[3]]).unwrap()[0].id.clone()],
        ..Filter::default()
    };
    let among = [rows[2], rows[3], rows[5], 9_999];
    let hits = catalog.search_rows(&[1.0, 0.0], 9, &filter, &among);
    let found: Vec<i64> = hits.unwrap().iter().map(|hit| hit.row).collect();
    assert_eq!(found, [rows[2], rows[5]], "nearest first");
}

#[test]
fn every_write_is_another_state() {
    let (_dir, mut catalog) = fresh(2);
    let id = catalog.put(&track(1, vec![1.0, 0.0])).unwrap();
    let state = catalog.content_state().unwrap();
    catalog.measured().unwrap();
    assert_eq!(
        catalog.content_state().unwrap(),
        state,
        "reading changes nothing"
    );
    catalog.credit(&id, &TrackCredits::default()).unwrap();
    assert_ne!(catalog.content_state().unwrap(), state);
}
