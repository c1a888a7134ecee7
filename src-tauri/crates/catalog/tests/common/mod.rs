//! Tracks and vectors for the tests, made up from a seed.
#![allow(dead_code)]

use needledrop_catalog::search::{CellsWanted, Prepared};
use needledrop_catalog::{Catalog, Filter, NewTrack, SourceFile, TrackDetails, TrackFacts};
use needledrop_ranking::{Beats, Curve, Curves};
use tokio_util::sync::CancellationToken;

/// SplitMix64.
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// −1 to 1.
    pub fn number(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1 << 23) as f32 - 1.0
    }

    pub fn vector(&mut self, dim: usize) -> Vec<f32> {
        (0..dim).map(|_| self.number()).collect()
    }

    /// A vector near one of some centres.
    pub fn clustered(&mut self, centres: &[Vec<f32>], noise: f32) -> Vec<f32> {
        let centre = &centres[self.next() as usize % centres.len()];
        centre.iter().map(|x| x + noise * self.number()).collect()
    }
}

pub fn content(number: u64) -> [u8; 32] {
    let mut dice = Dice(number);
    let mut sha256 = [0; 32];
    for eight in sha256.as_chunks_mut::<8>().0 {
        *eight = dice.next().to_le_bytes();
    }
    sha256
}

pub fn track(number: u64, vector: Vec<f32>) -> NewTrack {
    NewTrack {
        file: SourceFile {
            path: format!("music/{number:05}.ogg").into(),
            bytes: 1_000 + number,
            modified_ns: 1_700_000_000_000_000_000,
            sha256: content(number),
        },
        facts: TrackFacts {
            title: format!("Track {number:05}"),
            duration_s: 60.0 + number as f64,
            preview_s: (15.0, 45.0),
            ..TrackFacts::default()
        },
        vector,
        sections: Vec::new(),
        details: TrackDetails::default(),
        analysis_version: 1,
        same_as: Vec::new(),
    }
}

/// Numbers in a vector of [`filled`] catalogs.
pub const DIM: usize = 40;

/// A catalog of the tracks with these numbers, and the vectors by row.
pub fn filled(numbers: std::ops::Range<u64>) -> (tempfile::TempDir, Catalog, Vec<(i64, Vec<f32>)>) {
    let dir = tempfile::tempdir().unwrap();
    let mut catalog = Catalog::create(dir.path(), "space", DIM, "search").unwrap();
    let mut vectors = Vec::new();
    for number in numbers {
        let vector = Dice(number + 1).vector(DIM);
        let id = catalog.put(&track(number, vector.clone())).unwrap();
        vectors.push((catalog.track(&id).unwrap().row, vector));
    }
    (dir, catalog, vectors)
}

/// Brings the cache files of a catalog up to date.
pub fn prepare(catalog: &mut Catalog, wanted: CellsWanted) {
    let ended = catalog
        .prepare(wanted, &CancellationToken::new(), &|_, _| {})
        .unwrap();
    assert_eq!(ended, Prepared::Ready);
}

/// Rows of the `k` tracks nearest to `query`, as the catalog finds them.
pub fn rows(catalog: &Catalog, query: &[f32], k: usize) -> Vec<i64> {
    catalog
        .search(query, k, &Filter::default())
        .unwrap()
        .iter()
        .map(|hit| hit.row)
        .collect()
}

/// The same as an exact search finds them.
pub fn exact(vectors: &[(i64, Vec<f32>)], query: &[f32], k: usize) -> Vec<i64> {
    oracle(vectors, query, k)
        .into_iter()
        .map(|(row, _)| row)
        .collect()
}

/// Beats, curves and a fingerprint.
pub fn details() -> TrackDetails {
    TrackDetails {
        beats: Some(Beats {
            times_s: (0..120).map(|beat| 0.25 + f64::from(beat) * 0.5).collect(),
            downbeats: (0..30).map(|bar| bar * 4).collect(),
            per_bar: 4,
            confidence: 0.75,
        }),
        curves: Curves {
            energy: Curve::new(2.0, (0..120).map(|at| at as f32 / 120.0)),
            onsets: Curve::new(25.0, (0..1500).map(|at| (at % 13) as f32 / 13.0)),
            peaks: Curve::new(4.0, [0.5; 240]),
            peaks_fine: Curve::default(),
        },
        fingerprint: (0..400)
            .map(|at| 0x9e37_79b9_u32.wrapping_mul(at))
            .collect(),
    }
}

/// Cosines in double precision, highest first: what every search is held against.
pub fn oracle(vectors: &[(i64, Vec<f32>)], query: &[f32], k: usize) -> Vec<(i64, f64)> {
    let length = |v: &[f32]| v.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt();
    let mut scored: Vec<(i64, f64)> = vectors
        .iter()
        .map(|(row, vector)| {
            let dot: f64 = vector
                .iter()
                .zip(query)
                .map(|(&x, &y)| f64::from(x) * f64::from(y))
                .sum();
            (*row, dot / length(vector) / length(query))
        })
        .collect();
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    scored.truncate(k);
    scored
}
