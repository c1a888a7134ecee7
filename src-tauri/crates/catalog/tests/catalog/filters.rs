//! Filters have the same effect in lists and in searches.

use crate::common::{content, track};
use crate::{fresh, titles};
use needledrop_catalog::{Filter, KeyEstimate, KeyFilter, TagFilter, Tempo, track_id};
use needledrop_ranking::{Key, Mode};

#[test]
fn each_condition_selects_the_tracks_that_meet_it() {
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
fn filter_choices_are_what_offered_tracks_carry() {
    let (_dir, mut catalog) = fresh(2);
    let facts = [
        (1, "CC0-1.0", "piano"),
        (2, "CC-BY-4.0", "Drums"),
        (3, "CC0-1.0", "calm"),
    ];
    for (number, licence, tag) in facts {
        let mut new = track(number, vec![1.0, number as f32]);
        new.facts.licence = Some(licence.into());
        new.facts.tags = vec![(tag.into(), 0.5), ("all".into(), 1.0)];
        catalog.put(&new).unwrap();
    }
    let choices = catalog.filter_choices().unwrap();
    assert_eq!(choices.tags, ["Drums", "all", "calm", "piano"]);
    assert_eq!(choices.licences, ["CC-BY-4.0", "CC0-1.0"]);
    catalog.mark_missing(&["music/00002.ogg"]).unwrap();
    let choices = catalog.filter_choices().unwrap();
    assert_eq!(choices.tags, ["all", "calm", "piano"], "no missing track");
    assert_eq!(choices.licences, ["CC0-1.0"]);
}
