//! Assigns pictures of any timing to frames of a constant rate. Pure.

use std::ops::Range;

/// The frames that are still empty.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    fps: (u32, u32),
    next: u64,
    most: u64,
}

impl Grid {
    pub fn new(fps: (u32, u32), most: u64) -> Self {
        Self {
            fps,
            next: 0,
            most: most.max(1),
        }
    }

    /// Number of filled frames.
    pub fn done(&self) -> u64 {
        self.next
    }

    /// Start of a frame and of the next one, ns.
    pub fn span_ns(&self, frame: u64) -> (u64, u64) {
        (self.start_ns(frame), self.start_ns(frame + 1))
    }

    fn start_ns(&self, frame: u64) -> u64 {
        let (num, den) = (u128::from(self.fps.0), u128::from(self.fps.1));
        (u128::from(frame) * 1_000_000_000 * den / num) as u64
    }

    /// The frames that the previous picture fills when the next one starts at `start_ns`: those
    /// that begin more than half a frame before it. Half a frame, because containers round times: a
    /// picture that comes slightly late must not appear twice while its neighbour is dropped.
    pub fn until(&mut self, start_ns: i64) -> Range<u64> {
        let from = self.next;
        self.next = self.before(start_ns).clamp(from, self.most.max(from));
        from..self.next
    }

    /// The frames that the last picture fills, which ends at `end_ns`; at least one in total.
    pub fn until_end(&mut self, end_ns: i64) -> Range<u64> {
        let from = self.next;
        let least = from.max(1);
        self.next = self.before(end_ns).clamp(least, self.most.max(least));
        from..self.next
    }

    /// The first frame that does not begin more than half a frame before `ns`.
    fn before(&self, ns: i64) -> u64 {
        let (num, den) = (i128::from(self.fps.0), i128::from(self.fps.1));
        // The smallest n with n * den / num >= ns - den / num / 2.
        let twice = 2 * i128::from(ns) * num - 1_000_000_000 * den;
        let unit = 2 * 1_000_000_000 * den;
        let frame = if twice <= 0 {
            0
        } else {
            (twice + unit - 1) / unit
        };
        u64::try_from(frame).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Index of the picture that each frame shows.
    fn laid(fps: (u32, u32), starts_ms: &[i64], end_ms: i64) -> Vec<usize> {
        let mut grid = Grid::new(fps, 10_000);
        let mut shown = Vec::new();
        for (picture, start) in starts_ms.iter().enumerate().skip(1) {
            shown.extend(grid.until(start * 1_000_000).map(|_| picture - 1));
        }
        let last = starts_ms.len() - 1;
        shown.extend(grid.until_end(end_ms * 1_000_000).map(|_| last));
        assert_eq!(grid.done(), shown.len() as u64);
        shown
    }

    #[test]
    fn each_picture_gets_its_frame_despite_rounded_times() {
        let starts: Vec<i64> = (0..60).map(|n| (n * 1001 + 15_000) / 30_000).collect();
        assert!(starts.iter().all(|s| *s < 3));
        let starts: Vec<i64> = (0..90)
            .map(|n| (n as f64 * 1001.0 / 30.0).round() as i64)
            .collect();
        let frames = laid((30_000, 1001), &starts, 3003);
        assert_eq!(frames, (0..90).collect::<Vec<_>>());
    }

    #[test]
    fn a_late_first_picture_shows_from_0_and_gaps_repeat_the_last() {
        assert_eq!(laid((10, 1), &[520, 600], 700), [0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(laid((10, 1), &[0, 100, 500], 600), [0, 1, 1, 1, 1, 2]);
        assert_eq!(laid((10, 1), &[0], 0), [0], "one picture is one frame");
        assert_eq!(
            laid((10, 1), &[-300, -200, 0, 100], 200),
            [2, 3],
            "before the clip"
        );
    }

    #[test]
    fn a_burst_is_thinned_and_each_picture_is_within_half_a_frame() {
        let starts: Vec<i64> = (0..400).map(|n| n * 7 + (n * n) % 11).collect();
        let frames = laid((25, 1), &starts, 2800);
        for (frame, picture) in frames.iter().enumerate() {
            let time = frame as i64 * 40;
            assert!(
                starts[*picture] <= time + 20,
                "frame {frame} shows {picture} too early"
            );
            if let Some(next) = starts.get(picture + 1) {
                assert!(
                    *next >= time + 20 - 1,
                    "frame {frame} shows {picture} too long"
                );
            }
        }
    }

    #[test]
    fn a_wrong_time_stamp_fills_at_most_the_length_of_the_clip() {
        let mut grid = Grid::new((25, 1), 100);
        assert_eq!(grid.until(i64::MAX), 0..100);
        assert_eq!(grid.until_end(i64::MAX), 100..100);
        assert_eq!(grid.until(5), 100..100, "time never runs backwards");
    }

    #[test]
    fn frame_spans_have_no_gaps() {
        let grid = Grid::new((24_000, 1001), 10);
        assert_eq!(grid.span_ns(24_000), (1_001_000_000_000, 1_001_041_708_333));
        assert_eq!(grid.span_ns(7).1, grid.span_ns(8).0);
    }
}
