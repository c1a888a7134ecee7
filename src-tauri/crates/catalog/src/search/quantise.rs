//! Quantisation: rows of 4-bit numbers, and queries of 8-bit numbers to compare them with.

use super::native::BLOCK;

/// Best step of a uniform quantiser with sixteen levels for a normal distribution of deviation one (Max, 1960).
const BEST_STEP: f32 = 0.3352;

/// A level `n` from 0 to 15 stands for `scale · (n − 7.5)`.
pub(crate) const MIDDLE: f32 = 7.5;

/// Appends `rotated` to `matrix` at four bits a number. Returns the scale and the length of the quantisation error.
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
    // With this scale the error is orthogonal to the vector, so that dot products have no bias (Gao and Long, 2024,
    // arXiv 2405.12497, do this for one bit a number).
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

/// Adds the numbers of a 4-bit row of `scale` to `sums`.
pub(crate) fn add_row(nibbles: &[u8], scale: f32, sums: &mut [f32]) {
    let number = |level: u8| scale * (f32::from(level) - MIDDLE);
    let blocks = nibbles.as_chunks::<{ BLOCK / 2 }>().0;
    for (bytes, sums) in blocks.iter().zip(sums.as_chunks_mut::<BLOCK>().0) {
        let (low, high) = sums.split_at_mut(BLOCK / 2);
        for ((&byte, low), high) in bytes.iter().zip(low).zip(high) {
            *low += number(byte & 15);
            *high += number(byte >> 4);
        }
    }
}

/// A query of 8-bit numbers.
pub(crate) struct ByteQuery {
    /// Numbers from −127 to 127.
    pub(crate) numbers: Vec<i8>,
    /// A number `n` stands for `scale · n`.
    pub(crate) scale: f32,
    /// `MIDDLE` times the sum of the numbers: what the offset of the levels adds to a product.
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

    /// The approximate score of a row with this `scale`, whose levels have this dot product with the numbers.
    pub(crate) fn score(&self, scale: f32, product: i32) -> f32 {
        scale * self.scale * (product as f32 - self.offset)
    }
}
