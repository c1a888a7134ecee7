//! The data that is held for one frame while its neighbours are examined.

use crate::Picture;

/// Cells across and down in the fine grid.
pub(super) const WIDE: usize = 80;
pub(super) const HIGH: usize = 45;
/// A coarse cell is 5 × 5 fine ones; there are 16 × 9 of them.
const COARSE: usize = 5;
const COARSE_WIDE: usize = WIDE / COARSE;
/// Coarse cells in one plane.
pub(super) const PLANE: usize = COARSE_WIDE * (HIGH / COARSE);
/// Numbers of a thumbnail: luma, blue difference, red difference.
pub(super) const THUMB: usize = 3 * PLANE;
/// Levels of each channel in the colour histogram.
const LEVELS: usize = 8;
/// Colours in the histogram.
pub(super) const COLOURS: usize = LEVELS * LEVELS * LEVELS;

/// A frame in about 6 KB.
pub(super) struct FrameDigest {
    /// Stream time of the frame, seconds.
    pub time_s: f64,
    /// Luma of 80 × 45 cells.
    pub luma: [u8; WIDE * HIGH],
    /// Luma less 128, blue less luma, and red less luma of 16 × 9 cells.
    pub thumb: [i16; THUMB],
    /// Number of cells of each colour.
    pub colours: [u16; COLOURS],
    /// Mean of all luma cells.
    pub mean: f32,
    /// Root mean square distance of the thumbnail from its mean colour; 0 for a flat picture.
    pub contrast: f32,
}

impl FrameDigest {
    /// Area means of a picture of any size and shape; the picture must have passed
    /// [`Picture::check`].
    pub fn of(time_s: f64, picture: &Picture<'_>) -> Box<FrameDigest> {
        let mut digest = Box::new(FrameDigest {
            time_s,
            luma: [0; WIDE * HIGH],
            thumb: [0; THUMB],
            colours: [0; COLOURS],
            mean: 0.0,
            contrast: 0.0,
        });
        let (width, height) = (picture.width as usize, picture.height as usize);
        let columns: [(usize, usize); WIDE] = std::array::from_fn(|c| stretch(c, WIDE, width));
        let mut coarse = [[[0i32; 3]; COARSE_WIDE]; HIGH / COARSE];
        for y in 0..HIGH {
            let (top, bottom) = stretch(y, HIGH, height);
            let mut sums = [[0u32; 3]; WIDE];
            for row in top..bottom {
                let row = &picture.rgb[row * width * 3..(row + 1) * width * 3];
                for (sum, (left, right)) in sums.iter_mut().zip(columns) {
                    for pixel in row[left * 3..right * 3].as_chunks::<3>().0 {
                        sum[0] += u32::from(pixel[0]);
                        sum[1] += u32::from(pixel[1]);
                        sum[2] += u32::from(pixel[2]);
                    }
                }
            }
            for (x, (sum, (left, right))) in sums.into_iter().zip(columns).enumerate() {
                let pixels = ((bottom - top) * (right - left)) as u32;
                let [r, g, b] = sum.map(|s| (s + pixels / 2) / pixels);
                let luma = (77 * r + 150 * g + 29 * b + 128) >> 8;
                digest.luma[y * WIDE + x] = luma as u8;
                let colour = [r, g, b].map(|c| c as usize * LEVELS / 256);
                digest.colours[(colour[0] * LEVELS + colour[1]) * LEVELS + colour[2]] += 1;
                let cell = &mut coarse[y / COARSE][x / COARSE];
                cell[0] += luma as i32 - 128;
                cell[1] += b as i32 - luma as i32;
                cell[2] += r as i32 - luma as i32;
            }
        }
        for (at, cell) in coarse.iter().flatten().enumerate() {
            for (plane, sum) in cell.iter().enumerate() {
                digest.thumb[plane * PLANE + at] = (sum / (COARSE * COARSE) as i32) as i16;
            }
        }
        digest.finish();
        digest
    }

    fn finish(&mut self) {
        let sum: u32 = self.luma.iter().map(|l| u32::from(*l)).sum();
        self.mean = sum as f32 / self.luma.len() as f32;
        let spread: f32 = self.thumb.as_chunks::<PLANE>().0.iter().map(variance).sum();
        self.contrast = spread.sqrt();
    }
}

/// First pixel of a cell, and one past its last.
fn stretch(cell: usize, cells: usize, pixels: usize) -> (usize, usize) {
    let from = cell * pixels / cells;
    (from, ((cell + 1) * pixels / cells).max(from + 1))
}

fn variance(plane: &[i16; PLANE]) -> f32 {
    let n = PLANE as f32;
    let sum: i32 = plane.iter().map(|v| i32::from(*v)).sum();
    let squares: i32 = plane.iter().map(|v| i32::from(*v) * i32::from(*v)).sum();
    let mean = sum as f32 / n;
    (squares as f32 / n - mean * mean).max(0.0)
}
