//! The measured properties of all tracks of a catalog.

use std::collections::BTreeMap;

use crate::music::Mode;

/// What is measured of one track. `None` means unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// Tempo in beats per minute.
    pub bpm: Option<f32>,
    /// Confidence of the tempo, 0 to 1.
    pub bpm_confidence: f32,
    /// Mode of the key.
    pub mode: Option<Mode>,
    /// Confidence of the key, 0 to 1.
    pub key_confidence: f32,
    /// From 0 (calm) to 1 (excited).
    pub energy: Option<f32>,
    /// From 0 (unpleasant) to 1 (pleasant).
    pub valence: Option<f32>,
    /// Share of the track with singing or speech, 0 to 1.
    pub vocal: Option<f32>,
}

/// A tag's value and its percentile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tagged {
    /// Sum of the activations of a group of tags.
    pub(super) activation: f32,
    /// Percentile in the catalog, 0 to 1.
    pub(super) at: f32,
}

/// All tracks of a catalog by position, 0 to `len`, with the percentiles of what is measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Population {
    tracks: Vec<Measured>,
    energy: Vec<Option<f32>>,
    valence: Vec<Option<f32>>,
    vocal: Vec<Option<f32>>,
    tags: BTreeMap<String, Vec<Tagged>>,
}

impl Population {
    /// The tracks in a fixed order.
    pub fn new(tracks: Vec<Measured>) -> Self {
        let of = |value: fn(&Measured) -> Option<f32>| {
            let values: Vec<Option<f32>> = tracks.iter().map(value).collect();
            percentiles(&values)
        };
        Self {
            energy: of(|track| track.energy),
            valence: of(|track| track.valence),
            vocal: of(|track| track.vocal),
            tags: BTreeMap::new(),
            tracks,
        }
    }

    /// Number of tracks.
    pub fn len(&self) -> usize {
        self.tracks.len()
    }

    /// Whether there is no track.
    pub fn is_empty(&self) -> bool {
        self.tracks.is_empty()
    }

    /// Whether the group of tags is known.
    pub fn has_tags(&self, group: &str) -> bool {
        self.tags.contains_key(group)
    }

    /// Removes all groups of tags.
    pub fn forget_tags(&mut self) {
        self.tags.clear();
    }

    /// Adds a group of tags: activations by position, which are added up. A track without any has 0. Positions outside
    /// and numbers that are not finite are ignored.
    pub fn add_tags(
        &mut self,
        group: impl Into<String>,
        activations: impl IntoIterator<Item = (usize, f32)>,
    ) {
        let mut sums = vec![0.0_f32; self.tracks.len()];
        for (at, activation) in activations {
            if let Some(sum) = sums.get_mut(at).filter(|_| activation.is_finite()) {
                *sum += activation;
            }
        }
        let known: Vec<Option<f32>> = sums.iter().copied().map(Some).collect();
        let column = percentiles(&known)
            .into_iter()
            .zip(sums)
            .map(|(at, activation)| Tagged {
                activation,
                at: at.unwrap_or(0.5),
            })
            .collect();
        self.tags.insert(group.into(), column);
    }

    pub(super) fn track(&self, at: usize) -> Option<&Measured> {
        self.tracks.get(at)
    }

    pub(super) fn energy(&self, at: usize) -> Option<f64> {
        known(&self.energy, at)
    }

    pub(super) fn valence(&self, at: usize) -> Option<f64> {
        known(&self.valence, at)
    }

    pub(super) fn vocal(&self, at: usize) -> Option<f64> {
        known(&self.vocal, at)
    }

    /// A column of tags by position; empty for an unknown group.
    pub(super) fn tags(&self, group: &str) -> &[Tagged] {
        self.tags.get(group).map_or(&[], Vec::as_slice)
    }
}

fn known(percentiles: &[Option<f32>], at: usize) -> Option<f64> {
    percentiles.get(at).copied().flatten().map(f64::from)
}

/// The share of known values below each value, equal ones counting half; `None` where unknown.
fn percentiles(values: &[Option<f32>]) -> Vec<Option<f32>> {
    let mut sorted: Vec<(f32, usize)> = values
        .iter()
        .enumerate()
        .filter_map(|(at, value)| Some((value.filter(|v| v.is_finite())?, at)))
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found = vec![None; values.len()];
    let mut from = 0;
    for same in sorted.chunk_by(|a, b| a.0 == b.0) {
        let below = from as f32 + 0.5 * same.len() as f32;
        for (_, at) in same {
            found[*at] = Some(below / sorted.len() as f32);
        }
        from += same.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_shares_of_the_known_values() {
        let found = percentiles(&[Some(3.0), None, Some(1.0), Some(3.0), Some(f32::NAN)]);
        assert_eq!(found[1], None);
        assert_eq!(found[4], None);
        assert!((found[2].unwrap() - 1.0 / 6.0).abs() < 1e-6);
        assert_eq!(found[0], found[3]);
        assert!((found[0].unwrap() - 2.0 / 3.0).abs() < 1e-6);
    }

    #[test]
    fn tags_of_a_group_add_up() {
        let mut all = Population::new(vec![Measured::default(); 3]);
        all.add_tags(
            "strings",
            [(0, 0.2), (1, 0.3), (0, 0.2), (9, 1.0), (2, f32::NAN)],
        );
        let column = all.tags("strings");
        assert!((column[0].activation - 0.4).abs() < 1e-6);
        assert!(column[0].at > column[1].at && column[1].at > column[2].at);
        assert!(all.has_tags("strings") && all.tags("drums").is_empty());
    }
}
