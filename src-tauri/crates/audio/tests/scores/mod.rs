//! Music with known tempo, bars and key: composed by rule, played by a soundfont.
//!
//! `compose` writes a piece in one of twenty-one styles, `play` renders it. Nothing here is taken from
//! the code under test, and nothing in the code under test knows of this.

#![allow(dead_code, reason = "each user takes its part")]

pub mod compose;
pub mod metres;
pub mod midi;
pub mod parts;
pub mod play;
pub mod styles;

/// One message to the synthesizer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    pub time_s: f64,
    pub message: [u8; 3],
}

/// A piece and what is true of it.
#[derive(Clone, Debug)]
pub struct Piece {
    pub name: String,
    pub bpm: f64,
    pub beats_per_bar: u8,
    /// A beat has three equal parts.
    pub compound: bool,
    /// Pitch class of the tonic and whether the mode is minor, where known.
    pub key: Option<(u8, bool)>,
    pub events: Vec<Event>,
    pub beats_s: Vec<f64>,
    pub downbeats_s: Vec<f64>,
    pub length_s: f64,
}

/// Reproducible chance (Steele, Lea & Flood's SplitMix64).
#[derive(Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to below 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }
}
