//! The mapped cells of an index: the rows of the vectors once more, in groups of near ones (an inverted file: Jégou,
//! Douze and Schmid, 2011). A search reads the groups whose centres are nearest to the query.

use std::ops::Range;
use std::path::Path;

use super::bits::Bits;
use super::matrix::{ERROR, Matrix, PROBE_ERROR, Query};
use super::native::{BLOCK, Kernel};
use super::rows::Rows;
use super::sealed::{FileId, SealError, Sealed, Sealer};
use super::top::{Near, Nearest};
use crate::vector::from_f32_bytes;

/// The first bytes of a file of cells: its kind and the version of its format.
const KIND: &[u8; 8] = b"ndcells2";

/// Largest number of cells; more of them are damage.
pub(crate) const MOST_CELLS: usize = 65_536;

/// Centres of cells, one after another, with what their order for a query needs.
#[derive(Clone, Copy)]
pub(crate) struct CellCentres<'a> {
    /// Little-endian 32-bit floats, rotated and less the mean of all vectors.
    pub(crate) numbers: &'a [u8],
    /// One for each cell: half the squared length of the whole centre, less that of the mean.
    pub(crate) biases: &'a [f32],
}

impl CellCentres<'_> {
    /// Numbers of the cells, the nearest to the query first.
    pub(crate) fn nearest(&self, kernel: Kernel, query: &Query) -> Vec<u32> {
        let mut scored: Vec<(u32, f32)> = self
            .numbers
            .chunks_exact(query.rotated.len() * 4)
            .zip(self.biases)
            .zip(0..)
            .map(|((centre, bias), cell)| (cell, kernel.dot_f32(&query.rotated, centre) - bias))
            .collect();
        super::top::keep_best(&mut scored, usize::MAX);
        scored.into_iter().map(|(cell, _)| cell).collect()
    }
}

/// Cells as they are built, before they are in a file.
pub(crate) struct CellParts {
    /// See [`CellCentres`].
    pub(crate) centres: Vec<u8>,
    pub(crate) biases: Vec<f32>,
    /// Number of rows up to the end of each cell.
    pub(crate) ends: Vec<u32>,
    /// Slots of the matrix, cell by cell, ascending in each.
    pub(crate) slots: Vec<u32>,
    /// Rows that a search for 200 tracks must score to reach a recall of 0.99, see [`super::tune`].
    pub(crate) wanted_rows: u32,
}

impl CellParts {
    pub(crate) fn centres(&self) -> CellCentres<'_> {
        CellCentres {
            numbers: &self.centres,
            biases: &self.biases,
        }
    }

    /// Writes the cells of `matrix` at `path` in `dir`, whole or not at all.
    pub(crate) fn write(&self, dir: &Path, path: &Path, matrix: &Matrix) -> std::io::Result<()> {
        let rows = matrix.all_rows();
        let row_bytes = rows.nibbles.len() / rows.scales.len().max(1);
        let mut sealer = Sealer::new(dir, KIND)?;
        sealer.part(&self.wanted_rows.to_le_bytes())?;
        sealer.part(matrix.digest())?;
        sealer.part(&self.centres)?;
        sealer.begin()?;
        for bias in &self.biases {
            sealer.add(&bias.to_le_bytes())?;
        }
        sealer.begin()?;
        for end in &self.ends {
            sealer.add(&end.to_le_bytes())?;
        }
        sealer.begin()?;
        for slot in &self.slots {
            sealer.add(&slot.to_le_bytes())?;
        }
        sealer.begin()?;
        for &slot in &self.slots {
            sealer.add(&rows.scales[slot as usize].to_le_bytes())?;
        }
        sealer.begin()?;
        for &slot in &self.slots {
            sealer.add(&matrix.deviations()[slot as usize].to_le_bytes())?;
        }
        sealer.begin()?;
        for &slot in &self.slots {
            let start = slot as usize * row_bytes;
            sealer.add(&rows.nibbles[start..start + row_bytes])?;
        }
        sealer.finish(path)
    }
}

/// Mapped cells.
pub(crate) struct Cells {
    file: Sealed,
    wanted_rows: usize,
    biases: Vec<f32>,
    ends: Vec<usize>,
    slots: Vec<u32>,
    scales: Vec<f32>,
    deviations: Vec<f32>,
    row_bytes: usize,
}

impl Cells {
    /// Opens cells; whether they belong to the matrix beside them is for [`Cells::fit`] to say.
    pub(crate) fn open(path: &Path) -> Result<Self, SealError> {
        let file = Sealed::open(path, KIND, 9)?;
        let damaged = || SealError::Damaged("the sizes of the parts do not agree");
        let integers = |part| -> Vec<u32> {
            let fours = file.part(part).as_chunks::<4>().0;
            fours.iter().map(|four| u32::from_le_bytes(*four)).collect()
        };
        let (wanted_rows, slots) = (integers(0), integers(5));
        let ends: Vec<usize> = integers(4).into_iter().map(|end| end as usize).collect();
        let floats = |part| from_f32_bytes(file.part(part));
        let (biases, scales, deviations) = (floats(3), floats(6), floats(7));
        let (count, cells) = (slots.len(), ends.len());
        let dim = file.part(2).len() / 4 / cells.max(1);
        let agrees = (1..=MOST_CELLS).contains(&cells)
            && (BLOCK..=65_536).contains(&dim)
            && dim.is_multiple_of(BLOCK)
            && file.part(2).len() == cells * dim * 4
            && biases.len() == cells
            && ends.is_sorted()
            && ends.last() == Some(&count)
            && scales.len() == count
            && deviations.len() == count
            && file.part(8).len() == count * dim / 2;
        if !agrees {
            return Err(damaged());
        }
        let mut seen = Bits::empty(count);
        if !slots.iter().all(|&slot| seen.insert(slot as usize)) {
            return Err(SealError::Damaged("a row is in no cell or in two"));
        }
        Ok(Self {
            wanted_rows: wanted_rows.first().copied().ok_or_else(damaged)? as usize,
            biases,
            ends,
            slots,
            scales,
            deviations,
            row_bytes: dim / 2,
            file,
        })
    }

    /// Whether the cells were built over the rows of `matrix`.
    pub(crate) fn fit(&self, matrix: &Matrix) -> bool {
        let rows = matrix.all_rows();
        self.file.part(1) == matrix.digest()
            && self.slots.len() == matrix.len()
            && self.file.part(8).len() == rows.nibbles.len()
    }

    /// Identity of the mapped file.
    pub(crate) fn id(&self) -> &FileId {
        self.file.id()
    }

    pub(crate) fn count(&self) -> usize {
        self.ends.len()
    }

    /// Rows that a search for 200 tracks must score to reach a recall of 0.99, as measured when the cells were built.
    pub(crate) fn wanted_rows(&self) -> usize {
        self.wanted_rows
    }

    /// Where a cell is in `slots`, and its rows.
    fn cell(&self, cell: usize) -> (Range<usize>, Rows<'_>) {
        let start = cell.checked_sub(1).map_or(0, |before| self.ends[before]);
        let end = self.ends[cell];
        let nibbles = &self.file.part(8)[start * self.row_bytes..end * self.row_bytes];
        let scales = &self.scales[start..end];
        (start..end, Rows { nibbles, scales })
    }

    /// Reads cells, the nearest first, until `wanted` rows that `allowed` has were scored. Collects in `nearest` the slots
    /// that may be among the nearest. `allowed` is `None` where all rows are allowed.
    pub(crate) fn probe(
        &self,
        kernel: Kernel,
        query: &Query,
        wanted: usize,
        allowed: Option<&Bits>,
        nearest: &mut Nearest,
    ) {
        let centres = CellCentres {
            numbers: self.file.part(2),
            biases: &self.biases,
        };
        // A probe of all rows finds what a scan finds.
        let error = if wanted < self.slots.len() {
            PROBE_ERROR
        } else {
            ERROR
        };
        let mut scored = 0;
        for cell in centres.nearest(kernel, query) {
            if scored >= wanted {
                break;
            }
            let (places, rows) = self.cell(cell as usize);
            let (slots, deviations) = (&self.slots[places.clone()], &self.deviations[places]);
            rows.score(kernel, &query.bytes, |at, score| {
                let slot = slots[at];
                if allowed.is_none_or(|allowed| allowed.has(slot as usize)) {
                    scored += 1;
                    nearest.offer(Near {
                        slot,
                        score,
                        error: error * deviations[at],
                    });
                }
            });
        }
    }
}
