//! Tracks and vectors for the tests, made up from a seed.
#![allow(dead_code)]

use needledrop_catalog::{NewTrack, SourceFile, TrackFacts};

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
