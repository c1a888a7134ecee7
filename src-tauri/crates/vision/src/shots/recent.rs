//! The last few seconds as thumbnails, with the products of every pair of them.

use std::{collections::VecDeque, sync::Arc};

use super::{apart, digest::FrameDigest};

/// Seconds that are kept: a fade of 1.7 s either side of its middle.
pub(super) const KEPT_S: f64 = 3.6;
/// Frames nearer to the last kept one are passed over, seconds.
const STEP_S: f64 = 0.03;
/// Frames kept, at most.
const KEPT: usize = 128;
/// Longest dissolve, in kept frames.
const REACH: usize = 80;

struct Entry {
    digest: Arc<FrameDigest>,
    /// Products with itself, the one before, and so on.
    products: VecDeque<i32>,
}

/// A window that slides over the clip.
#[derive(Default)]
pub(super) struct Recent {
    entries: VecDeque<Entry>,
}

impl Recent {
    /// Adds a frame, unless it follows the last too closely.
    pub fn push(&mut self, digest: &Arc<FrameDigest>) {
        if let Some(last) = self.entries.back()
            && digest.time_s - last.digest.time_s < STEP_S
        {
            return;
        }
        let full = |kept: &VecDeque<Entry>| {
            kept.len() >= KEPT
                || kept
                    .front()
                    .is_some_and(|k| digest.time_s - k.digest.time_s > KEPT_S)
        };
        while full(&self.entries) {
            self.entries.pop_front();
        }
        let products = std::iter::once(digest)
            .chain(self.entries.iter().rev().take(REACH).map(|k| &k.digest))
            .map(|other| apart::product(&digest.thumb, &other.thumb))
            .collect();
        self.entries.push_back(Entry {
            digest: digest.clone(),
            products,
        });
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn digest(&self, at: usize) -> &Arc<FrameDigest> {
        &self.entries[at].digest
    }

    pub fn time_s(&self, at: usize) -> f64 {
        self.entries[at].digest.time_s
    }

    /// Whether the product of the two is known.
    pub fn reaches(&self, a: usize, b: usize) -> bool {
        a.abs_diff(b) < self.entries[a.max(b)].products.len()
    }

    /// Product of two thumbnails, each at most `REACH` from the other.
    pub fn product(&self, a: usize, b: usize) -> f32 {
        self.entries[a.max(b)].products[a.abs_diff(b)] as f32
    }

    /// Squared distance of two thumbnails.
    pub fn squared(&self, a: usize, b: usize) -> f32 {
        (self.product(a, a) + self.product(b, b) - 2.0 * self.product(a, b)).max(0.0)
    }

    /// First kept frame at or after a time.
    pub fn after(&self, time_s: f64) -> usize {
        self.entries.partition_point(|k| k.digest.time_s < time_s)
    }
}
