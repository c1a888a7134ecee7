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

/// Collects the slots whose approximate score is at most `margin` below the `k`-th highest.
pub(crate) struct Nearest {
    k: usize,
    margin: f32,
    bar: f32,
    room: usize,
    held: Vec<(u32, f32)>,
}

impl Nearest {
    pub(crate) fn new(k: usize, margin: f32) -> Self {
        let room = (k * 4).max(256);
        Self {
            k,
            margin,
            bar: f32::NEG_INFINITY,
            room,
            held: Vec::with_capacity(room),
        }
    }

    /// Lower scores are ignored.
    pub(crate) fn bar(&self) -> f32 {
        self.bar
    }

    pub(crate) fn offer(&mut self, slot: u32, score: f32) {
        if score >= self.bar {
            self.held.push((slot, score));
            if self.held.len() >= self.room {
                self.raise();
                // Where most scores are within the margin, the next selection comes later.
                self.room = self.room.max(self.held.len() * 2);
            }
        }
    }

    fn raise(&mut self) {
        if self.k == 0 || self.held.len() < self.k {
            return;
        }
        let (_, last, _) = self.held.select_nth_unstable_by(self.k - 1, better);
        self.bar = last.1 - self.margin;
        let bar = self.bar;
        self.held.retain(|(_, score)| *score >= bar);
    }

    /// The slots that were collected and their scores, the `most` highest if there are more.
    pub(crate) fn finish(mut self, most: usize) -> Vec<(u32, f32)> {
        if self.k == 0 {
            return Vec::new();
        }
        self.raise();
        if self.held.len() > most {
            keep_best(&mut self.held, most);
        }
        self.held
    }
}
