//! Selecting the highest scores.

/// Higher scores first, lower slots first among equals.
fn better(a: &(u32, f32), b: &(u32, f32)) -> std::cmp::Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

/// Keeps the `k` highest scores, highest first.
pub(crate) fn keep_best(scored: &mut Vec<(u32, f32)>, k: usize) {
    if k < scored.len() {
        if k > 0 {
            scored.select_nth_unstable_by(k - 1, better);
        }
        scored.truncate(k);
    }
    scored.sort_unstable_by(better);
}

/// A slot whose score is known up to an error.
#[derive(Clone, Copy)]
pub(crate) struct Near {
    pub(crate) slot: u32,
    pub(crate) score: f32,
    pub(crate) error: f32,
}

impl Near {
    fn lowest(&self) -> f32 {
        self.score - self.error
    }

    fn highest(&self) -> f32 {
        self.score + self.error
    }
}

/// Collects the slots that may have one of the `k` highest scores: those whose highest possible score reaches the `k`-th
/// highest of the lowest possible ones.
pub(crate) struct Nearest {
    k: usize,
    bar: f32,
    room: usize,
    held: Vec<Near>,
}

impl Nearest {
    pub(crate) fn new(k: usize) -> Self {
        let room = (k * 4).max(256);
        Self {
            k,
            bar: f32::NEG_INFINITY,
            room,
            held: Vec::with_capacity(room),
        }
    }

    /// Whether a slot may be among the highest, as far as is known.
    pub(crate) fn wants(&self, near: Near) -> bool {
        near.highest() >= self.bar
    }

    pub(crate) fn offer(&mut self, near: Near) {
        if self.wants(near) {
            self.held.push(near);
            if self.held.len() >= self.room {
                self.raise();
                // Where most scores are within their errors, the next selection comes later.
                self.room = self.room.max(self.held.len() * 2);
            }
        }
    }

    fn raise(&mut self) {
        if self.k == 0 || self.held.len() < self.k {
            return;
        }
        let (_, last, _) = self
            .held
            .select_nth_unstable_by(self.k - 1, |a, b| b.lowest().total_cmp(&a.lowest()));
        self.bar = last.lowest();
        let bar = self.bar;
        self.held.retain(|near| near.highest() >= bar);
    }

    /// The slots that were collected, the `most` highest if there are more, in ascending order.
    pub(crate) fn finish(mut self, most: usize) -> Vec<Near> {
        if self.k == 0 {
            return Vec::new();
        }
        self.raise();
        if most < self.held.len() {
            self.held
                .select_nth_unstable_by(most, |a, b| b.score.total_cmp(&a.score));
            self.held.truncate(most);
        }
        self.held.sort_unstable_by_key(|near| near.slot);
        self.held
    }
}
