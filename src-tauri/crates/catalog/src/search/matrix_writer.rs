//! Writing the file of vectors, in the memory that a part of them takes.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::Path;

use rayon::prelude::*;

use super::matrix::{KIND, Origin};
use super::quantise::push_nibbles;
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

/// The quantised form of some vectors.
#[derive(Default)]
struct Quantised {
    nibbles: Vec<u8>,
    scales: Vec<f32>,
    /// The largest length of a quantisation error.
    worst_loss: f32,
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
        let mut quantised = Quantised::default();
        quantised
            .nibbles
            .reserve(self.rows.len() * padded(self.dim) / 2);
        each_part(&mut floats, self.dim, |bytes| {
            quantised.append(bytes, &mean);
            Ok(())
        })?;
        let mut sealer = Sealer::new(dir, KIND)?;
        sealer.begin()?;
        sealer.add(&(self.dim as u64).to_le_bytes())?;
        sealer.add(&origin.last_row.to_le_bytes())?;
        sealer.add(&quantised.worst_loss.to_le_bytes())?;
        sealer.part(origin.catalog.as_bytes())?;
        sealer.part(origin.last_id.as_bytes())?;
        sealer.begin()?;
        for row in &self.rows {
            sealer.add(&row.to_le_bytes())?;
        }
        sealer.begin()?;
        for scale in &quantised.scales {
            sealer.add(&scale.to_le_bytes())?;
        }
        sealer.part(&quantised.nibbles)?;
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

impl Quantised {
    /// Appends the vectors in `bytes`, each less the mean and rotated.
    fn append(&mut self, bytes: &[u8], mean: &[f32]) {
        let rows: Vec<(Vec<u8>, (f32, f32))> = bytes
            .par_chunks_exact(mean.len() * 4)
            .map(|vector| {
                let mut centred = from_f32_bytes(vector);
                for (x, m) in centred.iter_mut().zip(mean) {
                    *x -= m;
                }
                let mut nibbles = Vec::with_capacity(padded(mean.len()) / 2);
                let quantised = push_nibbles(&rotate(&centred), &mut nibbles);
                (nibbles, quantised)
            })
            .collect();
        for (nibbles, (scale, loss)) in rows {
            self.nibbles.extend(nibbles);
            self.scales.push(scale);
            self.worst_loss = self.worst_loss.max(loss);
        }
    }
}
