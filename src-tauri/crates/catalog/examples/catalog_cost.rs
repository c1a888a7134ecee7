//! `catalog_cost DIR COUNT SPACE DIM`: fills a new catalog with made-up tracks, so that something can be measured on
//! a catalog of a given size, and prints what opening and searching it costs.

use std::path::Path;
use std::time::Instant;

use needledrop_catalog::search::{CellsWanted, Prepared};
use needledrop_catalog::{
    Catalog, Filter, KeyEstimate, KeyFilter, NewTrack, SourceFile, TagFilter, Tempo, TrackDetails,
    TrackFacts,
};
use needledrop_ranking::{Key, Loudness, Mode};
use tokio_util::sync::CancellationToken;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to 1.
    fn part(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 24) as f32
    }

    fn vector(&mut self, dim: usize) -> Vec<f32> {
        (0..dim).map(|_| self.part() - 0.5).collect()
    }
}

fn made_up(dice: &mut Dice, number: u64, centre: &[f32]) -> NewTrack {
    let mode = if dice.next() & 1 == 0 {
        Mode::Major
    } else {
        Mode::Minor
    };
    let bpm = 60.0 + 120.0 * dice.part();
    let mut sha256 = [0; 32];
    for eight in sha256.as_chunks_mut::<8>().0 {
        *eight = dice.next().to_le_bytes();
    }
    NewTrack {
        file: SourceFile {
            path: format!("synthetic/{number:07}.ogg").into(),
            bytes: number,
            modified_ns: 0,
            sha256,
        },
        facts: TrackFacts {
            title: format!("Synthetic {number:07}"),
            artist: Some(format!("Nobody {}", number % 500)),
            licence: Some("CC0-1.0".into()),
            duration_s: 60.0 + f64::from(240.0 * dice.part()),
            preview_s: (15.0, 45.0),
            tempo: Some(Tempo {
                bpm,
                confidence: dice.part(),
                candidates: vec![(bpm, 0.7), (bpm / 2.0, 0.3)],
                stretches: vec![(0.0, bpm)],
            }),
            key: Some(KeyEstimate {
                key: Key::new((dice.next() % 12) as u8, mode),
                confidence: dice.part(),
                tuning_cents: 0.0,
            }),
            loudness: Loudness {
                integrated_lufs: Some(-14.0),
                range_lu: Some(6.0),
                true_peak_dbtp: Some(-1.0),
            },
            tags: (0..20)
                .map(|at| (format!("tag {}", (number + at * at) % 100), dice.part()))
                .collect(),
            ..TrackFacts::default()
        },
        vector: centre
            .iter()
            .map(|x| x + 0.8 * (dice.part() - 0.5))
            .collect(),
        sections: Vec::new(),
        details: TrackDetails::default(),
        analysis_version: 1,
        same_as: Vec::new(),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, count, space, dim] = &arguments[..] else {
        return Err("usage: catalog_cost DIR COUNT SPACE DIM".into());
    };
    let (dir, count, dim) = (Path::new(dir), count.parse::<u64>()?, dim.parse::<usize>()?);
    let mut dice = Dice(1);
    let centres: Vec<Vec<f32>> = (0..400).map(|_| dice.vector(dim)).collect();
    let mut said = Instant::now();
    let mut timed = |what: &str| {
        println!("{what}: {:.1} ms", said.elapsed().as_secs_f64() * 1e3);
        said = Instant::now();
    };
    if !dir.join(needledrop_catalog::DATABASE).exists() {
        let mut catalog = Catalog::create(dir, space, dim, "synthetic")?;
        for number in 0..count {
            let centre = &centres[dice.next() as usize % centres.len()];
            catalog.put(&made_up(&mut dice, number, centre))?;
        }
        timed("filled");
        let never = CancellationToken::new();
        let ended = catalog.prepare(CellsWanted::WhereItPays, &never, &|_, _| {})?;
        assert_eq!(ended, Prepared::Ready);
        timed("prepared");
    }
    let catalog = Catalog::open(dir)?;
    catalog.require(space, dim)?;
    timed("opened");
    let query = &centres[0];
    catalog.search(query, 200, &Filter::default())?;
    timed("first search, the index opened");
    let hits = catalog.search(query, 200, &Filter::default())?;
    timed("second search");
    let rows: Vec<i64> = hits.iter().map(|hit| hit.row).collect();
    catalog.tracks_at(&rows)?;
    timed("200 tracks read");
    let filter = Filter {
        bpm: Some((90.0, 110.0)),
        key: Some(KeyFilter {
            key: Key::new(0, Mode::Major),
            max_distance: 2,
        }),
        tags: vec![TagFilter {
            tag: "tag 7".into(),
            min_score: 0.2,
        }],
        ..Filter::default()
    };
    let hits = catalog.search(query, 200, &filter)?;
    timed(&format!("filtered search, {} found", hits.len()));
    Ok(())
}
