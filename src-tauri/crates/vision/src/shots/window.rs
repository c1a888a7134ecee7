//! Thumbnails of the last few seconds, with the dot product of every pair.

use std::{collections::VecDeque, sync::Arc};

use super::{digest::FrameDigest, distance};

/// Length of the window, seconds: a fade of 1.7 s on either side of its middle.
pub(super) const KEPT_S: f64 = 3.6;
/// Frames closer than this to the last one in the window are skipped, seconds.
const STEP_S: f64 = 0.03;
/// Frames in the window, at most.
const KEPT: usize = 128;
/// Longest dissolve, in frames of the window.
const REACH: usize = 80;

struct Entry {
    digest: Arc<FrameDigest>,
    /// Products with itself, the frame before, and so on.
    products: VecDeque<i32>,
}

/// A window that slides over the clip.
#[derive(Default)]
pub(super) struct Window {
    entries: VecDeque<Entry>,
}

impl Window {
    /// Adds a frame, unless it follows the last one too closely.
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
            .map(|other| distance::product(&digest.thumb, &other.thumb))
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

    /// Whether the product of the two frames is stored.
    pub fn reaches(&self, a: usize, b: usize) -> bool {
        a.abs_diff(b) < self.entries[a.max(b)].products.len()
    }

    /// Product of two thumbnails; the frames must be at most `REACH` apart.
    pub fn product(&self, a: usize, b: usize) -> f32 {
        self.entries[a.max(b)].products[a.abs_diff(b)] as f32
    }

    /// Squared distance of two thumbnails.
    pub fn squared(&self, a: usize, b: usize) -> f32 {
        (self.product(a, a) + self.product(b, b) - 2.0 * self.product(a, b)).max(0.0)
    }

    /// First frame of the window at or after a time.
    pub fn after(&self, time_s: f64) -> usize {
        self.entries.partition_point(|k| k.digest.time_s < time_s)
    }
}
