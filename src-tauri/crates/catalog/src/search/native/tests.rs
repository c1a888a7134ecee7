//! Every instruction set against plain arithmetic.

use super::*;
use proptest::prelude::*;

fn bytes(length: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), length)
}

proptest! {
    #[test]
    fn scan_and_gather_agree_with_plain_arithmetic(
        blocks in 1_usize..6,
        rows in 1_usize..5,
        data in bytes(5 * 5 * 64),
        query in prop::collection::vec(-127_i8..=127, 5 * 128),
    ) {
        let query = &query[..blocks * BLOCK];
        let matrix = &data[..rows * blocks * 64];
        let expected: Vec<i32> = matrix
            .chunks_exact(blocks * 64)
            .map(|row| {
                (0..blocks * BLOCK)
                    .map(|j| {
                        let byte = row[j / BLOCK * 64 + j % 64];
                        let number = if j % BLOCK < 64 { byte & 15 } else { byte >> 4 };
                        i32::from(number) * i32::from(query[j])
                    })
                    .sum()
            })
            .collect();
        for simd in Simd::available() {
            let kernel = Kernel::new(simd);
            let mut out = vec![0; rows];
            kernel.scan(matrix, query, &mut out);
            prop_assert_eq!(&out, &expected, "scan with {:?}", simd);
            let backwards: Vec<u32> = (0..rows as u32).rev().collect();
            kernel.gather(matrix, query, &backwards, &mut out);
            out.reverse();
            prop_assert_eq!(&out, &expected, "gather with {:?}", simd);
        }
    }

    #[test]
    fn float_products_agree_with_double_precision(a in prop::collection::vec(-1.0_f32..1.0, 0..200)) {
        let row: Vec<u8> = a.iter().rev().flat_map(|x| x.to_le_bytes()).collect();
        let expected: f64 = a.iter().zip(a.iter().rev()).map(|(&x, &y)| f64::from(x) * f64::from(y)).sum();
        for simd in Simd::available() {
            let found = Kernel::new(simd).dot_f32(&a, &row);
            prop_assert!((f64::from(found) - expected).abs() < 1e-4, "{:?}: {} {}", simd, found, expected);
        }
    }
}
