//! Limits near-duplicates in a list.
//!
//! Two tracks by one artist or from one album with very similar vectors are kin: cues of one score, takes of one theme.
//! An editor who rejects the first has little use for the others. So a list holds the best [`MOST_KIN`] of each group,
//! and more only if there are not enough other tracks. Scores are unchanged, and the list stays in their order.

use std::collections::BTreeMap;

use crate::candidate::Candidate;

/// Rows of one group of kin in a list, unless there are not enough other tracks to fill it.
pub const MOST_KIN: usize = 3;

/// Smallest cosine between kin. Measured on the starter catalog: at 0.95 the largest group has four tracks, at 0.90 whole
/// soundtracks form one group.
const VERY_SIMILAR: f32 = 0.95;

/// The properties of a track that decide its kin.
#[derive(Clone, Copy, Debug)]
pub struct Kinship<'a> {
    /// Name of the artist; empty if unknown, which equals no other.
    pub artist: &'a str,
    /// Name of the album; empty if unknown, which equals no other.
    pub album: &'a str,
    /// Vector in the audio space of the pack, of length 1; empty if unknown.
    pub vector: &'a [f32],
}

impl Kinship<'_> {
    fn is_kin(&self, other: &Kinship<'_>) -> bool {
        let same = |a: &str, b: &str| !a.is_empty() && a == b;
        if !same(self.artist, other.artist) && !same(self.album, other.album) {
            return false;
        }
        let alike = self.vector.len() == other.vector.len();
        let cosine: f32 = self
            .vector
            .iter()
            .zip(other.vector)
            .map(|(a, b)| a * b)
            .sum();
        alike && cosine >= VERY_SIMILAR
    }
}

/// The group of each track for [`Candidate::kin`]. Tracks with the same artist or album and a cosine of at least 0.95 are
/// kin, and so are the kin of kin. `None` for a track without kin. The groups depend only on the set of tracks, their
/// numbers on its order.
///
/// The time grows with the square of the number of tracks of one artist or album.
pub fn kin(tracks: &[Kinship<'_>]) -> Vec<Option<u32>> {
    let mut by_name: BTreeMap<(bool, &str), Vec<usize>> = BTreeMap::new();
    for (at, track) in tracks.iter().enumerate() {
        for (album, name) in [(false, track.artist), (true, track.album)] {
            if !name.is_empty() {
                by_name.entry((album, name)).or_default().push(at);
            }
        }
    }
    let mut parent: Vec<usize> = (0..tracks.len()).collect();
    for same_name in by_name.values() {
        for (i, &a) in same_name.iter().enumerate() {
            for &b in &same_name[..i] {
                let (x, y) = (root(&parent, a), root(&parent, b));
                if x != y && tracks[a].is_kin(&tracks[b]) {
                    parent[x.max(y)] = x.min(y);
                }
            }
        }
    }
    let roots: Vec<usize> = (0..tracks.len()).map(|at| root(&parent, at)).collect();
    let mut sizes = vec![0; tracks.len()];
    for &root in &roots {
        sizes[root] += 1;
    }
    let number = |&root: &usize| {
        (sizes[root] > 1)
            .then(|| u32::try_from(root).ok())
            .flatten()
    };
    roots.iter().map(number).collect()
}

fn root(parent: &[usize], mut at: usize) -> usize {
    while parent[at] != at {
        at = parent[at];
    }
    at
}

/// Indices of the listed candidates, at most `top`, ascending.
pub(crate) fn listed(best_first: &[&Candidate], top: usize) -> Vec<usize> {
    let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
    let (mut listed, mut spare) = (Vec::new(), Vec::new());
    for (at, candidate) in best_first.iter().enumerate() {
        if listed.len() == top {
            break;
        }
        let before = candidate.kin.map_or(0, |kin| {
            let count = seen.entry(kin).or_insert(0);
            *count += 1;
            *count - 1
        });
        if before < MOST_KIN {
            listed.push(at);
        } else {
            spare.push(at);
        }
    }
    let room = top.saturating_sub(listed.len());
    listed.extend(spare.into_iter().take(room));
    listed.sort_unstable();
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track<'a>(artist: &'a str, album: &'a str, vector: &'a [f32]) -> Kinship<'a> {
        Kinship {
            artist,
            album,
            vector,
        }
    }

    #[test]
    fn kin_share_a_name_and_have_similar_vectors() {
        let (a, near, far) = ([1.0, 0.0], [0.995, 0.0998], [0.0, 1.0]);
        let groups = kin(&[
            track("x", "", &a),
            track("x", "", &near),
            track("x", "", &far),
            track("y", "", &a),
            track("", "", &a),
            track("", "", &a),
        ]);
        assert_eq!(groups, [Some(0), Some(0), None, None, None, None]);
    }

    #[test]
    fn kin_of_kin_are_kin_over_artist_and_album() {
        let (a, b) = ([1.0, 0.0], [0.97, 0.243_1]);
        let groups = kin(&[
            track("x", "suite", &a),
            track("y", "suite", &b),
            track("y", "other", &b),
        ]);
        assert_eq!(groups, [Some(0); 3]);
    }

    #[test]
    fn three_of_a_kin_are_listed_while_others_fill_the_rest() {
        let of = |kin| Candidate {
            kin,
            ..Candidate::default()
        };
        let all: Vec<Candidate> = [Some(1); 6].into_iter().chain([None; 3]).map(of).collect();
        let all: Vec<&Candidate> = all.iter().collect();
        assert_eq!(listed(&all, 5), [0, 1, 2, 6, 7]);
        assert_eq!(
            listed(&all, 7),
            [0, 1, 2, 3, 6, 7, 8],
            "a fourth one, because there is no other track"
        );
        assert_eq!(listed(&all, usize::MAX).len(), 9);
    }
}
