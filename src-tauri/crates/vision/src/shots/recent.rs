//! The last few seconds as thumbnails, with the products of every pair of them.

use std::{collections::VecDeque, sync::Arc};

use super::{apart, sight::Sight};

/// Seconds that are kept: a fade of 1.7 s either side of its middle.
pub(super) const KEPT_S: f64 = 3.6;
/// Frames nearer to the last kept one are passed over, seconds.
const STEP_S: f64 = 0.03;
/// Frames kept, at most.
const KEPT: usize = 128;
/// Longest dissolve, in kept frames.
const REACH: usize = 80;

struct Kept {
    sight: Arc<Sight>,
    /// Products with itself, the one before, and so on.
    products: VecDeque<i32>,
}

/// A window that slides over the clip.
#[derive(Default)]
pub(super) struct Recent {
    kept: VecDeque<Kept>,
}

impl Recent {
    /// Adds a frame, unless it follows the last too closely.
    pub fn push(&mut self, sight: &Arc<Sight>) {
        if let Some(last) = self.kept.back()
            && sight.time_s - last.sight.time_s < STEP_S
        {
            return;
        }
        let full = |kept: &VecDeque<Kept>| {
            kept.len() >= KEPT
                || kept
                    .front()
                    .is_some_and(|k| sight.time_s - k.sight.time_s > KEPT_S)
        };
        while full(&self.kept) {
            self.kept.pop_front();
        }
        let products = std::iter::once(sight)
            .chain(self.kept.iter().rev().take(REACH).map(|k| &k.sight))
            .map(|other| apart::product(&sight.thumb, &other.thumb))
            .collect();
        self.kept.push_back(Kept {
            sight: sight.clone(),
            products,
        });
    }

    pub fn len(&self) -> usize {
        self.kept.len()
    }

    pub fn sight(&self, at: usize) -> &Arc<Sight> {
        &self.kept[at].sight
    }

    pub fn time_s(&self, at: usize) -> f64 {
        self.kept[at].sight.time_s
    }

    /// Whether the product of the two is known.
    pub fn reaches(&self, a: usize, b: usize) -> bool {
        a.abs_diff(b) < self.kept[a.max(b)].products.len()
    }

    /// Product of two thumbnails, each at most `REACH` from the other.
    pub fn product(&self, a: usize, b: usize) -> f32 {
        self.kept[a.max(b)].products[a.abs_diff(b)] as f32
    }

    /// Squared distance of two thumbnails.
    pub fn squared(&self, a: usize, b: usize) -> f32 {
        (self.product(a, a) + self.product(b, b) - 2.0 * self.product(a, b)).max(0.0)
    }

    /// First kept frame at or after a time.
    pub fn after(&self, time_s: f64) -> usize {
        self.kept.partition_point(|k| k.sight.time_s < time_s)
    }
}
