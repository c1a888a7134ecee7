//! The beats of a track with their places in the bar.

use super::kernel::Shares;
use super::track::Track;
use crate::track_analysis::Beats;

/// Largest number of beats per second; closer beats are dropped.
const FASTEST_HZ: f64 = 8.0;

/// One beat of a track.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beat {
    pub(super) time_s: f64,
    /// Place in the bar, 0 for the first.
    pub(super) place: usize,
}

/// The beats of a track; empty for a track without beats.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    pub(super) beats: Vec<Beat>,
    /// Beats in a bar, 1 to 12.
    pub(super) per_bar: usize,
    /// False for a track without known downbeats, whose places are counted from the first beat.
    pub(super) has_bars: bool,
    /// Confidence of the beats, 0 to 1.
    confidence: f64,
}

impl Grid {
    pub(super) fn of(track: &Track<'_>) -> Grid {
        let end_s = track.usable_s();
        track
            .beats
            .map_or_else(Grid::default, |beats| Grid::within(beats, end_s))
    }

    fn within(beats: &Beats, end_s: f64) -> Grid {
        let per_bar = match beats.per_bar {
            given @ 1..=12 => usize::from(given),
            _ => 4,
        };
        let mut downbeats = beats.downbeats.iter().map(|&at| at as usize).peekable();
        let first = downbeats.peek().copied();
        let mut last = None;
        let mut found = Vec::with_capacity(beats.times_s.len());
        for (at, &time_s) in beats.times_s.iter().enumerate() {
            while downbeats.next_if(|&down| down <= at).is_some_and(|down| {
                last = Some(down);
                true
            }) {}
            let place = match (last, first) {
                (Some(down), _) => (at - down) % per_bar,
                (None, Some(first)) => (per_bar - (first - at) % per_bar) % per_bar,
                (None, None) => at % per_bar,
            };
            if time_s.is_finite() && (0.0..end_s).contains(&time_s) {
                found.push(Beat { time_s, place });
            }
        }
        found.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
        found.dedup_by(|a, b| a.time_s - b.time_s < 0.5 / FASTEST_HZ);
        if found.len() < 4 {
            return Grid::default();
        }
        Grid {
            beats: found,
            per_bar,
            has_bars: first.is_some(),
            confidence: if beats.confidence.is_finite() {
                f64::from(beats.confidence.clamp(0.0, 1.0))
            } else {
                0.5
            },
        }
    }

    /// The shares of events scaled by the confidence of the beats: unchanged at 1, halved at 0.
    pub(super) fn trusted(&self, shares: Shares) -> Shares {
        let trust = 0.5 + 0.5 * self.confidence;
        Shares {
            on_bars: shares.on_bars * trust,
            on_beats: shares.on_beats * trust,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.beats.is_empty()
    }

    /// Mean number of beats per second.
    pub(super) fn rate_hz(&self) -> f64 {
        let (Some(first), Some(last)) = (self.beats.first(), self.beats.last()) else {
            return 0.0;
        };
        (self.beats.len() - 1) as f64 / (last.time_s - first.time_s).max(0.1)
    }

    /// The beat nearest to a time.
    pub(super) fn nearest(&self, time_s: f64) -> Option<&Beat> {
        let after = self.beats.partition_point(|beat| beat.time_s < time_s);
        let near = [after.checked_sub(1), Some(after)];
        let near = near
            .into_iter()
            .flatten()
            .filter_map(|at| self.beats.get(at));
        near.min_by(|a, b| {
            (a.time_s - time_s)
                .abs()
                .total_cmp(&(b.time_s - time_s).abs())
        })
    }
}
