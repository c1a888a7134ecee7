//! Walking the graph: the search half of HNSW (Malkov and Yashunin, 2016, arXiv 1603.09320) over 4-bit rows.
//!
//! `hnsw_rs` builds the graph. It is stored in a file of our own and walked here: `hnsw_rs` ends the process on a file
//! that it cannot read, a graph that it loads borrows its reader, and it measures 32-bit floats, which is eight times the
//! memory traffic.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::Path;

use super::bits::Bits;
use super::matrix::{Matrix, Query};
use super::sealed::{FileId, SealError, Sealed, Sealer};

const KIND: &[u8; 8] = b"ndgraph1";

/// Slots from which the walk of a level starts. A single one may lie in the wrong cluster.
const ENTRIES: usize = 32;

/// A graph over the slots of a [`Matrix`] as it is built: one list of neighbours for each level of a slot.
pub(crate) struct GraphParts {
    /// `levels[l]` holds `(slot, neighbours)` by ascending slot; level 0 has every slot.
    pub(crate) levels: Vec<Vec<(u32, Vec<u32>)>>,
    /// A slot of the highest level, where a walk begins.
    pub(crate) entry: u32,
    /// Candidates kept in a walk for 200 tracks to reach a recall of 0.99, see [`super::build`].
    pub(crate) ef: u32,
    /// Mean number of rows measured in such a walk.
    pub(crate) visited: u32,
}

impl GraphParts {
    pub(crate) fn write(&self, dir: &Path, path: &Path, matrix: &Matrix) -> std::io::Result<()> {
        let mut sealer = Sealer::new(dir, KIND)?;
        sealer.begin()?;
        let count = matrix.len() as u32;
        for number in [count, self.entry, self.ef, self.visited] {
            sealer.add(&number.to_le_bytes())?;
        }
        sealer.part(&matrix.origin.last_row.to_le_bytes())?;
        let upper: Vec<&(u32, Vec<u32>)> = self.levels.iter().skip(1).flatten().collect();
        let lists = || {
            self.levels
                .iter()
                .flatten()
                .map(|(_, neighbours)| neighbours)
        };
        // Where each level ends in the list of lists, slots of the upper levels, where each list ends, neighbours.
        sealer.begin()?;
        let mut end = 0_u32;
        for level in &self.levels {
            end += level.len() as u32;
            sealer.add(&end.to_le_bytes())?;
        }
        sealer.begin()?;
        for (slot, _) in upper {
            sealer.add(&slot.to_le_bytes())?;
        }
        sealer.begin()?;
        let mut end = 0_u64;
        sealer.add(&end.to_le_bytes())?;
        for neighbours in lists() {
            end += neighbours.len() as u64;
            sealer.add(&end.to_le_bytes())?;
        }
        sealer.begin()?;
        for neighbour in lists().flatten() {
            sealer.add(&neighbour.to_le_bytes())?;
        }
        sealer.finish(path)
    }
}

/// A mapped graph.
pub(crate) struct Graph {
    file: Sealed,
    /// Slots of the matrix that the graph belongs to.
    count: usize,
    entry: u32,
    level_ends: Vec<usize>,
    pub(crate) ef: usize,
    pub(crate) visited: usize,
}

/// The result of a walk.
pub(crate) struct Walk {
    /// Slots with approximate scores, highest first.
    pub(crate) found: Vec<(u32, f32)>,
    /// Number of rows that were scored.
    pub(crate) measured: usize,
}

#[derive(Clone, Copy, PartialEq)]
struct Scored(f32, u32);

impl Eq for Scored {}

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .as_chunks::<4>()
        .0
        .get(at)
        .map(|four| u32::from_le_bytes(*four))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let eight = bytes.as_chunks::<8>().0.get(at)?;
    usize::try_from(u64::from_le_bytes(*eight)).ok()
}

impl Graph {
    /// Opens a graph; whether it belongs to the matrix beside it is for [`Graph::fits`] to say.
    pub(crate) fn open(path: &Path) -> Result<Self, SealError> {
        let file = Sealed::open(path, KIND, 6)?;
        let damaged = || SealError::Damaged("the sizes of the parts do not agree");
        let head = |at| number(file.part(0), at).ok_or_else(damaged);
        let (count, entry, ef, visited) = (head(0)? as usize, head(1)?, head(2)?, head(3)?);
        let level_ends: Vec<usize> = file
            .part(2)
            .as_chunks::<4>()
            .0
            .iter()
            .map(|end| u32::from_le_bytes(*end) as usize)
            .collect();
        let lists = level_ends.last().copied().unwrap_or(0);
        let agrees = (entry as usize) < count
            && level_ends.first() == Some(&count)
            && level_ends.is_sorted()
            && file.part(3).len() == (lists - count) * 4
            && file.part(4).len() == (lists + 1) * 8;
        if !agrees {
            return Err(damaged());
        }
        Ok(Self {
            count,
            entry,
            level_ends,
            // A foreign file must not decide how much memory a walk takes.
            ef: (ef as usize).min(count),
            visited: visited as usize,
            file,
        })
    }

    /// Whether the graph was built over the slots of `matrix`.
    pub(crate) fn fits(&self, matrix: &Matrix) -> bool {
        self.count == matrix.len() && self.file.part(1) == matrix.origin.last_row.to_le_bytes()
    }

    /// Identity of the mapped file.
    pub(crate) fn id(&self) -> &FileId {
        self.file.id()
    }

    /// The neighbours in list `at`; numbers beyond the last slot are left out.
    fn list(&self, at: usize) -> impl Iterator<Item = u32> + '_ {
        let ends = self.file.part(4);
        let start = long(ends, at).unwrap_or(0);
        let end = long(ends, at + 1).unwrap_or(0);
        self.file
            .part(5)
            .as_chunks::<4>()
            .0
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .map(|four| u32::from_le_bytes(*four))
            .filter(|&slot| (slot as usize) < self.count)
    }

    /// Number of the list with the neighbours of `slot` at `level`.
    fn place(&self, level: usize, slot: u32) -> Option<usize> {
        if level == 0 {
            return Some(slot as usize);
        }
        let (start, end) = (self.level_ends[level - 1], self.level_ends[level]);
        let slots = self.file.part(3).as_chunks::<4>().0;
        slots
            .get(start - self.count..end - self.count)?
            .binary_search_by_key(&slot, |four| u32::from_le_bytes(*four))
            .ok()
            .map(|at| start + at)
    }

    /// Walks from the highest level down to the `ef` nearest of the allowed slots.
    pub(crate) fn walk(
        &self,
        matrix: &Matrix,
        query: &Query,
        ef: usize,
        allowed: Option<&Bits>,
    ) -> Walk {
        let mut steps = Steps {
            graph: self,
            matrix,
            query,
            measured: 0,
            fresh: Vec::new(),
            products: Vec::new(),
            scores: Vec::new(),
        };
        let mut entries = vec![self.entry];
        for level in (1..self.level_ends.len()).rev() {
            let found = steps.level(level, &entries, ENTRIES, None);
            entries = found.into_iter().map(|Scored(_, slot)| slot).collect();
        }
        let found = steps.level(0, &entries, ef, allowed);
        Walk {
            found: found
                .into_iter()
                .map(|Scored(score, slot)| (slot, score))
                .collect(),
            measured: steps.measured,
        }
    }
}

/// A walk under way, with its buffers.
struct Steps<'a> {
    graph: &'a Graph,
    matrix: &'a Matrix,
    query: &'a Query,
    measured: usize,
    fresh: Vec<u32>,
    products: Vec<i32>,
    scores: Vec<f32>,
}

impl Steps<'_> {
    /// The `ef` allowed slots with the highest scores that can be reached at one level, highest first.
    fn level(
        &mut self,
        level: usize,
        entries: &[u32],
        ef: usize,
        allowed: Option<&Bits>,
    ) -> Vec<Scored> {
        let mut seen = Bits::empty(self.graph.count);
        let mut open = BinaryHeap::new();
        let mut best = BinaryHeap::with_capacity(ef + 1);
        self.fresh.clear();
        self.fresh.extend(
            entries
                .iter()
                .copied()
                .filter(|&slot| seen.insert(slot as usize)),
        );
        loop {
            self.matrix.scores(
                self.query,
                &self.fresh,
                &mut self.products,
                &mut self.scores,
            );
            self.measured += self.fresh.len();
            for (&slot, &score) in self.fresh.iter().zip(&self.scores) {
                let worst = match best.peek() {
                    Some(&Reverse(Scored(worst, _))) if best.len() >= ef => worst,
                    _ => f32::NEG_INFINITY,
                };
                if score <= worst {
                    continue;
                }
                open.push(Scored(score, slot));
                if allowed.is_none_or(|allowed| allowed.has(slot as usize)) {
                    best.push(Reverse(Scored(score, slot)));
                    if best.len() > ef {
                        best.pop();
                    }
                }
            }
            let Some(Scored(score, slot)) = open.pop() else {
                break;
            };
            if best.len() >= ef
                && best
                    .peek()
                    .is_some_and(|&Reverse(Scored(worst, _))| score < worst)
            {
                break;
            }
            self.fresh.clear();
            if let Some(at) = self.graph.place(level, slot) {
                self.fresh.extend(
                    self.graph
                        .list(at)
                        .filter(|&next| seen.insert(next as usize)),
                );
            }
        }
        best.into_sorted_vec()
            .into_iter()
            .map(|Reverse(scored)| scored)
            .collect()
    }
}
