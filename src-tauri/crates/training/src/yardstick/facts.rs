//! The facts of the part's tracks, and whether a track is as a brief asks.

use super::words::{BriefRow, EnergyAsked, TrackMode, TrackRow};

/// Share of the tracks that count as of low, and of high energy.
const ENERGY_SHARE: f64 = 0.4;

/// A track of the part with what the product says about it.
#[derive(Clone, Copy, Debug)]
pub struct HeardTrack<'a> {
    /// The facts.
    pub row: &'a TrackRow,
    /// Valence as the catalog has it.
    pub valence: Option<f64>,
    /// Energy as the catalog has it.
    pub energy: f64,
    /// Mode of the key in the catalog.
    pub mode: Option<TrackMode>,
}

/// Judges a track by a brief: each ask of the kind gives a verdict, `None` where the fact is not known.
pub(super) type Judge<'a> = fn(&Facts<'a>, &BriefRow, usize) -> Vec<Option<bool>>;

/// The facts of the part's tracks.
pub(super) struct Facts<'a> {
    pub(super) tracks: &'a [HeardTrack<'a>],
    /// Bounds of low and of high energy.
    low: f64,
    high: f64,
}

impl<'a> Facts<'a> {
    pub(super) fn new(tracks: &'a [HeardTrack<'a>]) -> Facts<'a> {
        let mut energies: Vec<f64> = tracks.iter().filter_map(|t| t.row.energy).collect();
        energies.retain(|e| e.is_finite());
        energies.sort_by(f64::total_cmp);
        let last = energies.len().saturating_sub(1) as f64;
        let at = |share: f64| energies.get((share * last).round() as usize).copied();
        Facts {
            tracks,
            low: at(ENERGY_SHARE).unwrap_or(f64::NAN),
            high: at(1.0 - ENERGY_SHARE).unwrap_or(f64::NAN),
        }
    }

    fn row(&self, track: usize) -> Option<&TrackRow> {
        self.tracks.get(track).map(|t| t.row)
    }

    pub(super) fn tempo(&self, brief: &BriefRow, track: usize) -> Vec<Option<bool>> {
        self.tempi(brief, track, &[1.0])
    }

    pub(super) fn tempo_or_octave(&self, brief: &BriefRow, track: usize) -> Vec<Option<bool>> {
        self.tempi(brief, track, &[0.5, 1.0, 2.0])
    }

    fn tempi(&self, brief: &BriefRow, track: usize, counts: &[f64]) -> Vec<Option<bool>> {
        let asked = brief.asks.tempo.into_iter();
        let bpm = self.row(track).and_then(|row| row.bpm);
        asked
            .map(|asked| bpm.map(|bpm| counts.iter().any(|count| asked.is_met(count * bpm))))
            .collect()
    }

    pub(super) fn energy(&self, brief: &BriefRow, track: usize) -> Vec<Option<bool>> {
        let asked = brief.asks.energy.into_iter();
        let energy = self.row(track).and_then(|row| row.energy);
        asked
            .map(|asked| {
                energy.map(|energy| match asked {
                    EnergyAsked::Low => energy <= self.low,
                    EnergyAsked::High => energy >= self.high,
                })
            })
            .collect()
    }

    pub(super) fn mode(&self, brief: &BriefRow, track: usize) -> Vec<Option<bool>> {
        let asked = brief.asks.mode.into_iter();
        let mode = self.row(track).and_then(|row| row.mode);
        asked.map(|asked| mode.map(|mode| mode == asked)).collect()
    }

    pub(super) fn has(&self, brief: &BriefRow, track: usize) -> Vec<Option<bool>> {
        let row = self.row(track);
        let asked = brief.asks.has.iter();
        asked
            .map(|name| row.and_then(|row| row.has(name)))
            .collect()
    }

    pub(super) fn lacks(&self, brief: &BriefRow, track: usize) -> Vec<Option<bool>> {
        let row = self.row(track);
        let asked = brief.asks.lacks.iter();
        asked
            .map(|name| row.and_then(|row| row.has(name)).map(|has| !has))
            .collect()
    }
}
