//! A fixed random rotation that spreads the energy of a vector evenly over its numbers.
//!
//! Few bits a number are enough if no number is much larger than the others. Embeddings often have a few large
//! dimensions. After two rounds of random signs and a Walsh-Hadamard transform over blocks of 128 (Ailon and Chazelle,
//! 2009) the numbers are distributed alike, and dot products are unchanged.

use super::native::BLOCK;
use super::random;

/// Length of a rotated vector: `dim` rounded up to whole blocks.
pub(crate) fn padded(dim: usize) -> usize {
    dim.next_multiple_of(BLOCK)
}

/// `vector`, padded with zeros and rotated. Lengths and dot products stay the same.
pub(crate) fn rotate(vector: &[f32]) -> Vec<f32> {
    let mut numbers = vec![0.0; padded(vector.len())];
    numbers[..vector.len()].copy_from_slice(vector);
    let blocks = numbers.len() / BLOCK;
    mix(&mut numbers, 0x9e37_79b9_7f4a_7c15);
    // Each block of the second round has numbers from every block of the first.
    let mut spread = vec![0.0; numbers.len()];
    for (at, number) in numbers.iter().enumerate() {
        spread[at % blocks * BLOCK + at / blocks] = *number;
    }
    mix(&mut spread, 0xd1b5_4a32_d192_ed03);
    spread
}

fn mix(numbers: &mut [f32], seed: u64) {
    let mut state = seed;
    let scale = 1.0 / (BLOCK as f32).sqrt();
    for block in numbers.as_chunks_mut::<BLOCK>().0 {
        for signs in block.as_chunks_mut::<64>().0 {
            let bits = random::next(&mut state);
            for (bit, number) in signs.iter_mut().enumerate() {
                *number *= if bits >> bit & 1 == 0 { scale } else { -scale };
            }
        }
        let mut half = 1;
        while half < BLOCK {
            for pair in block.chunks_exact_mut(2 * half) {
                let (low, high) = pair.split_at_mut(half);
                for (x, y) in low.iter_mut().zip(high) {
                    (*x, *y) = (*x + *y, *x - *y);
                }
            }
            half *= 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn dot_products_stay_the_same(
            (a, b) in (1_usize..700).prop_flat_map(|n| {
                (prop::collection::vec(-1.0_f32..1.0, n), prop::collection::vec(-1.0_f32..1.0, n))
            })
        ) {
            let dot = |x: &[f32], y: &[f32]| -> f64 {
                x.iter().zip(y).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum()
            };
            prop_assert!((dot(&a, &b) - dot(&rotate(&a), &rotate(&b))).abs() < 1e-3);
        }
    }

    #[test]
    fn one_large_number_is_spread_over_all() {
        for dim in [384, 512, 640] {
            let mut vector = vec![0.0; dim];
            vector[17] = 1.0;
            let rotated = rotate(&vector);
            let loudest = rotated.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            assert!(
                loudest < 5.0 / (rotated.len() as f32).sqrt(),
                "{dim}: the loudest number is {loudest}"
            );
        }
    }
}
