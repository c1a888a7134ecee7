//! Writing the file of vectors, in the memory that a part of them takes.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use rayon::prelude::*;

use super::matrix::{KIND, Origin};
use super::quantise::{FineRow, Row};
use super::rotate::{padded, rotate};
use super::sealed::Sealer;
use crate::vector::from_f32_bytes;

/// Vectors that are read and quantised at once.
const AT_ONCE: usize = 2_048;

/// Collects vectors in ascending order of rows and writes them to a file. The vectors wait in an unnamed file: a million
/// of 512 numbers take 2 GB.
pub(crate) struct MatrixWriter {
    dim: usize,
    rows: Vec<i64>,
    sums: Vec<f64>,
    floats: BufWriter<File>,
}

/// The 4-bit rows of the vectors.
#[derive(Default)]
struct QuantisedRows {
    nibbles: Vec<u8>,
    /// As many for each row as [`QuantisedRows::push`] gets.
    numbers: Vec<f32>,
}

impl QuantisedRows {
    fn push(&mut self, nibbles: &[u8], numbers: &[f32]) {
        self.nibbles.extend(nibbles);
        self.numbers.extend(numbers);
    }

    /// Writes two parts.
    fn write(&self, sealer: &mut Sealer) -> io::Result<()> {
        sealer.begin()?;
        for number in &self.numbers {
            sealer.add(&number.to_le_bytes())?;
        }
        sealer.part(&self.nibbles)
    }
}

/// Standard deviation of the scores of a row of `dim` numbers whose error has the length `loss`. The rounding of the query
/// adds 0.01.
fn deviation(loss: f32, dim: usize) -> f32 {
    loss.hypot(0.01) / (padded(dim) as f32).sqrt()
}

impl MatrixWriter {
    /// A writer whose unnamed file is in `dir`.
    pub(crate) fn new(dir: &Path, dim: usize) -> io::Result<Self> {
        Ok(Self {
            dim,
            rows: Vec::new(),
            sums: vec![0.0; dim],
            floats: BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(dir)?),
        })
    }

    /// Appends a vector of length one.
    pub(crate) fn push(&mut self, row: i64, vector: &[f32]) -> io::Result<()> {
        self.rows.push(row);
        for (sum, &x) in self.sums.iter_mut().zip(vector) {
            *sum += f64::from(x);
        }
        vector
            .iter()
            .try_for_each(|x| self.floats.write_all(&x.to_le_bytes()))
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Writes the file at `path` in `dir`, whole or not at all.
    pub(crate) fn write(self, dir: &Path, path: &Path, origin: &Origin) -> io::Result<()> {
        let count = self.rows.len().max(1) as f64;
        let mean: Vec<f32> = self.sums.iter().map(|sum| (sum / count) as f32).collect();
        let floats = self.floats.into_inner();
        let mut floats = floats.map_err(io::IntoInnerError::into_error)?;
        let (mut coarse, mut fine) = (QuantisedRows::default(), QuantisedRows::default());
        for rows in [&mut coarse, &mut fine] {
            rows.nibbles.reserve(self.rows.len() * padded(self.dim) / 2);
        }
        each_part(&mut floats, self.dim, |bytes| {
            for (row, more) in quantised(bytes, &mean) {
                let of = |loss| deviation(loss, self.dim);
                coarse.push(&row.nibbles, &[row.scale, of(row.loss)]);
                fine.push(&more.nibbles, &[more.scale, more.factor, of(more.loss)]);
            }
            Ok(())
        })?;
        let mut sealer = Sealer::new(dir, KIND)?;
        sealer.begin()?;
        sealer.add(&(self.dim as u64).to_le_bytes())?;
        sealer.add(&origin.last_row.to_le_bytes())?;
        sealer.part(origin.catalog.as_bytes())?;
        sealer.part(origin.last_id.as_bytes())?;
        sealer.begin()?;
        for row in &self.rows {
            sealer.add(&row.to_le_bytes())?;
        }
        coarse.write(&mut sealer)?;
        fine.write(&mut sealer)?;
        sealer.begin()?;
        each_part(&mut floats, self.dim, |bytes| sealer.add(bytes))?;
        sealer.finish(path)
    }
}

/// Calls `take` with the bytes of at most [`AT_ONCE`] vectors at a time, from the start of `file` to its end.
fn each_part(
    file: &mut File,
    dim: usize,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    file.rewind()?;
    let most = AT_ONCE * dim * 4;
    let mut file = BufReader::with_capacity(1 << 18, file);
    let mut part = Vec::with_capacity(most);
    loop {
        part.clear();
        if (&mut file).take(most as u64).read_to_end(&mut part)? == 0 {
            return Ok(());
        }
        take(&part)?;
    }
}

/// The rows of the vectors in `bytes`, each less the mean and rotated.
fn quantised(bytes: &[u8], mean: &[f32]) -> Vec<(Row, FineRow)> {
    bytes
        .par_chunks_exact(mean.len() * 4)
        .map(|vector| {
            let mut centred = from_f32_bytes(vector);
            for (x, m) in centred.iter_mut().zip(mean) {
                *x -= m;
            }
            let rotated = rotate(&centred);
            let row = Row::coarse(&rotated);
            let fine = row.fine(&rotated);
            (row, fine)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::matrix::Matrix;
    use super::super::native::Simd;
    use super::super::top::{Near, Nearest, keep_best};
    use super::*;
    use crate::search::random;

    const DIM: usize = 200;

    /// Vectors of length one around twenty centres.
    fn vectors() -> Vec<Vec<f32>> {
        let mut state = 5;
        let mut numbers = |spread: f32| -> Vec<f32> {
            let mut number = || (random::next(&mut state) >> 40) as f32 / (1 << 23) as f32 - 1.0;
            (0..DIM).map(|_| spread * number()).collect()
        };
        let centres: Vec<Vec<f32>> = (0..20).map(|_| numbers(1.0)).collect();
        (0..3_000)
            .map(|at| {
                let pairs = centres[at % 20].iter().zip(numbers(0.7));
                let vector: Vec<f32> = pairs.map(|(c, x)| c + x).collect();
                crate::vector::unit(&vector, DIM).unwrap()
            })
            .collect()
    }

    #[test]
    fn fine_rows_leave_the_nearest_and_few_others() {
        let dir = tempfile::tempdir().unwrap();
        let mut writer = MatrixWriter::new(dir.path(), DIM).unwrap();
        for (row, vector) in (1..).zip(vectors()) {
            writer.push(row, &vector).unwrap();
        }
        let path = dir.path().join("vectors");
        let origin = Origin {
            catalog: String::new(),
            last_row: 3_000,
            last_id: String::new(),
        };
        writer.write(dir.path(), &path, &origin).unwrap();
        let matrix = Matrix::open(&path, Simd::detect()).unwrap();
        let (mut coarse, mut fine) = (0, 0);
        for vector in vectors().iter().step_by(100) {
            let query = matrix.query(vector);
            let near = || {
                let mut near = Nearest::new(20);
                matrix
                    .all_rows()
                    .score(matrix.kernel(), &query.bytes, |at, score| {
                        near.offer(Near {
                            slot: at as u32,
                            score,
                            error: 3.0 * matrix.deviations()[at],
                        });
                    });
                near
            };
            coarse += near().finish(usize::MAX).len() - 20;
            fine += matrix.worth_comparing(&query, 20, near()).len() - 20;
            let found = matrix.exactly(&query, 20, near());
            let mut every: Vec<(u32, f32)> = (0..3_000)
                .map(|slot| {
                    let other = matrix.vector(slot as usize);
                    let pairs = vector.iter().zip(&other);
                    (slot, pairs.map(|(x, y)| x * y).sum())
                })
                .collect();
            keep_best(&mut every, 20);
            let slots = |found: &[(u32, f32)]| -> Vec<u32> {
                found.iter().map(|(slot, _)| *slot).collect()
            };
            assert_eq!(slots(&found), slots(&every));
        }
        assert!(fine * 2 < coarse, "{fine} of {coarse}");
    }
}
