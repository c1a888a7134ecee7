//! A perceptual hash: nearly the same pictures have nearly the same hash, whatever their size and encoding. Pure.

use super::picture_file::RgbPicture;

/// Columns and rows of cells.
const COLUMNS: usize = 9;
const ROWS: usize = 8;
/// Weights of red, green and blue in luma (BT.601), in thousandths.
const LUMA: [u64; 3] = [299, 587, 114];

/// The hash of a picture: for each of 9 by 8 cells but those of the last column, row by row from the lowest bit, whether
/// its mean luma is below that of its right neighbour. `None` for a picture with fewer pixels than cells.
pub(super) fn look_hash(picture: &RgbPicture) -> Option<u64> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    if width < COLUMNS || height < ROWS || picture.rgb.len() < width * height * 3 {
        return None;
    }
    let mean = |column: usize, row: usize| {
        let (left, right) = (column * width / COLUMNS, (column + 1) * width / COLUMNS);
        let (top, bottom) = (row * height / ROWS, (row + 1) * height / ROWS);
        let mut sum = 0_u64;
        for y in top..bottom {
            for pixel in picture.rgb[(y * width + left) * 3..(y * width + right) * 3]
                .as_chunks::<3>()
                .0
            {
                let parts = pixel.iter().zip(LUMA);
                sum += parts
                    .map(|(value, weight)| u64::from(*value) * weight)
                    .sum::<u64>();
            }
        }
        sum as f64 / ((right - left) * (bottom - top)) as f64
    };
    let mut hash = 0;
    for row in 0..ROWS {
        let means: Vec<f64> = (0..COLUMNS).map(|column| mean(column, row)).collect();
        for (column, pair) in means.windows(2).enumerate() {
            hash |= u64::from(pair[0] < pair[1]) << (row * (COLUMNS - 1) + column);
        }
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of waves, `scale` times as large as 90 by 80.
    fn waves(scale: u32, phase: f64) -> RgbPicture {
        let (width, height) = (90 * scale, 80 * scale);
        let mut rgb = Vec::new();
        for y in 0..height {
            for x in 0..width {
                // At the middle of the pixel, so that the size does not move the waves.
                let u = (f64::from(x) + 0.5) / f64::from(width);
                let v = (f64::from(y) + 0.5) / f64::from(height);
                let value = 127.0 + 120.0 * (9.0 * u + 4.0 * v * v + phase).sin();
                rgb.extend([value as u8, value as u8, 90]);
            }
        }
        RgbPicture { width, height, rgb }
    }

    #[test]
    fn the_size_does_not_change_the_hash_and_another_picture_does() {
        let hash = |scale, phase| look_hash(&waves(scale, phase)).unwrap();
        let distance = |a: u64, b: u64| (a ^ b).count_ones();
        assert!(distance(hash(1, 0.0), hash(3, 0.0)) <= 2);
        assert!(distance(hash(1, 0.0), hash(1, 2.0)) > 12);
    }

    #[test]
    fn bits_follow_rows_from_the_lowest_one() {
        // Dark left of each row but the last, whose cells fall from left to right.
        let mut picture = RgbPicture {
            width: 9,
            height: 8,
            rgb: Vec::new(),
        };
        for y in 0..8_u8 {
            for x in 0..9_u8 {
                let value = if y == 7 { 200 - 20 * x } else { 20 * x };
                picture.rgb.extend([value; 3]);
            }
        }
        assert_eq!(look_hash(&picture), Some(u64::MAX >> 8));
        picture.width = 8;
        assert_eq!(look_hash(&picture), None);
    }
}
