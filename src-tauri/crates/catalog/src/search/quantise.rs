//! Rows of 4-bit numbers for scanning and walking, queries of 8 bits, and rows of 8 bits for building the graph.

use super::native::BLOCK;

/// Best step of a uniform quantiser with sixteen levels for a bell curve of deviation one (Max, 1960).
const BEST_STEP: f32 = 0.3352;

/// A row's numbers are `scale · (n − 7.5)` with `n` from 0 to 15.
pub(crate) const MIDDLE: f32 = 7.5;

/// Appends `rotated` to `matrix` at four bits a number; returns its scale and the length of what was lost.
pub(crate) fn push_nibbles(rotated: &[f32], matrix: &mut Vec<u8>) -> (f32, f32) {
    let energy: f32 = rotated.iter().map(|x| x * x).sum();
    let step = BEST_STEP * (energy / rotated.len() as f32).sqrt();
    if step <= f32::MIN_POSITIVE {
        matrix.resize(matrix.len() + rotated.len() / 2, 0x88);
        return (0.0, energy.sqrt());
    }
    let level = |x: f32| (x / step + MIDDLE).round().clamp(0.0, 15.0);
    let (mut along, mut own) = (0.0, 0.0);
    for &x in rotated {
        let n = level(x) - MIDDLE;
        along += x * n;
        own += n * n;
    }
    // With this scale what is lost stands at a right angle to the vector, so that no dot product is biased (Gao and
    // Long, 2024, arXiv 2405.12497, do so for one bit a number).
    let scale = energy / along;
    for block in rotated.as_chunks::<BLOCK>().0 {
        let (low, high) = block.split_at(BLOCK / 2);
        matrix.extend(
            low.iter()
                .zip(high)
                .map(|(&x, &y)| level(x) as u8 | (level(y) as u8) << 4),
        );
    }
    (scale, (scale * scale * own - energy).max(0.0).sqrt())
}

/// A query of 8-bit numbers.
pub(crate) struct ByteQuery {
    /// Numbers from −127 to 127.
    pub(crate) numbers: Vec<i8>,
    /// What one of them stands for.
    pub(crate) scale: f32,
    /// `MIDDLE` times their sum: what a row's offset adds to the product.
    pub(crate) offset: f32,
}

impl ByteQuery {
    pub(crate) fn new(rotated: &[f32]) -> Self {
        let most = rotated.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
        let numbers: Vec<i8> = rotated.iter().map(|x| (x / scale).round() as i8).collect();
        let sum: i32 = numbers.iter().map(|&x| i32::from(x)).sum();
        Self {
            offset: MIDDLE * sum as f32,
            numbers,
            scale,
        }
    }
}

/// Bytes that [`byte_row`] puts behind the numbers: scale, squared length, sum.
pub(crate) const TRAILER: usize = 12;

/// `rotated` at eight bits a number, offset by 128, with what a distance needs behind it.
pub(crate) fn byte_row(rotated: &[f32]) -> Vec<u8> {
    let query = ByteQuery::new(rotated);
    let mut row: Vec<u8> = query
        .numbers
        .iter()
        .map(|&x| (i16::from(x) + 128) as u8)
        .collect();
    let (sum, squares) = query
        .numbers
        .iter()
        .fold((0_i32, 0_i32), |(sum, squares), &x| {
            let x = i32::from(x);
            (sum + x, squares + x * x)
        });
    row.extend(query.scale.to_le_bytes());
    row.extend((query.scale * query.scale * squares as f32).to_le_bytes());
    row.extend(sum.to_le_bytes());
    row
}
