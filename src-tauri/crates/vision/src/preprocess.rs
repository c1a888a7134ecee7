//! Preprocessing of a frame for a visual model, as in the reference processors: shortest side to
//! `resize_short`, central square, normalisation.
//!
//! The arithmetic follows Pillow's resampling, which the reference processors of both packs use:
//! antialiased convolution of rows, rounding to 8 bits, convolution of columns, rounding again.
//! Only the part within the crop is computed; the numbers are the same, and a very long picture
//! costs no more than a square one.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use needledrop_models::{Filter, Visual};

use crate::{Picture, VisionError};

/// Size and position of a picture after resize and central crop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// Size after the resize, pixels.
    pub resized: (u32, u32),
    /// Left and top of the crop in the resized picture, pixels.
    pub offset: (u32, u32),
}

/// Resize and crop of a picture of `width × height`. The short side becomes `short`, the long one
/// `short · long / short_before`, rounded down (transformers' shortest-edge rule). The offset of
/// the crop is half the rest, rounded down (transformers' centre crop).
pub fn fit(width: u32, height: u32, short: u32, crop: u32) -> Fit {
    let long = |long: u32, by: u32| {
        let scaled = u64::from(short) * u64::from(long) / u64::from(by.max(1));
        u32::try_from(scaled).unwrap_or(u32::MAX)
    };
    let resized = if width <= height {
        (short, long(height, width))
    } else {
        (long(width, height), short)
    };
    let half = |n: u32| n.saturating_sub(crop) / 2;
    Fit {
        resized,
        offset: (half(resized.0), half(resized.1)),
    }
}

/// Resizes, crops and normalises pictures; reuses its buffers.
pub struct Preprocess {
    size: u32,
    short: u32,
    filter: FilterType,
    /// Normalised value of every byte, for each channel.
    table: Box<[[f32; 256]; 3]>,
    resizer: Resizer,
    narrow: Vec<u8>,
    square: Vec<u8>,
}

impl Preprocess {
    /// For the visual model of a pack.
    pub fn new(visual: &Visual) -> Self {
        let mut table = Box::new([[0.0; 256]; 3]);
        for ((values, mean), std) in table.iter_mut().zip(visual.mean).zip(visual.std) {
            for (byte, value) in values.iter_mut().enumerate() {
                *value = ((byte as f64 - f64::from(mean)) / f64::from(std)) as f32;
            }
        }
        Preprocess {
            size: visual.input_size,
            short: visual.resize_short,
            filter: match visual.filter {
                Filter::Bicubic => FilterType::CatmullRom,
                Filter::Bilinear => FilterType::Bilinear,
            },
            table,
            resizer: Resizer::new(),
            narrow: Vec::new(),
            square: Vec::new(),
        }
    }

    /// Length of the output for one picture: `3 × size × size`.
    pub fn len(&self) -> usize {
        3 * self.size as usize * self.size as usize
    }

    /// Always false: a model's input is never empty.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Writes the numbers of a picture into `out`, channel by channel; its length must be
    /// [`len`](Self::len).
    ///
    /// # Errors
    /// `BadPicture`.
    pub fn write(&mut self, picture: &Picture<'_>, out: &mut [f32]) -> Result<(), VisionError> {
        self.cut_square(picture)?;
        let area = self.size as usize * self.size as usize;
        for ((plane, table), channel) in out.chunks_exact_mut(area).zip(self.table.iter()).zip(0..)
        {
            for (value, pixel) in plane.iter_mut().zip(self.square.chunks_exact(3)) {
                *value = table[usize::from(pixel[channel])];
            }
        }
        Ok(())
    }

    /// The resized and cropped picture, `size × size × 3` bytes.
    ///
    /// # Errors
    /// `BadPicture`.
    pub fn square(&mut self, picture: &Picture<'_>) -> Result<&[u8], VisionError> {
        self.cut_square(picture)?;
        Ok(&self.square)
    }

    fn cut_square(&mut self, picture: &Picture<'_>) -> Result<(), VisionError> {
        picture.check()?;
        let (width, height) = (picture.width, picture.height);
        let fit = fit(width, height, self.short, self.size);
        let across = Axis::new(width, fit.resized.0, fit.offset.0, self.size);
        let down = Axis::new(height, fit.resized.1, fit.offset.1, self.size);
        let (first, last) = down.rows(height);
        let rows = last - first;
        let source = TypedImageRef::<U8x3>::from_buffer(width, height, picture.rgb).map_err(bad)?;
        // Rows first, in two passes, because the library's own order is columns first.
        let size = self.size as usize;
        self.narrow.resize(size * rows as usize * 3, 0);
        self.square.resize(size * size * 3, 0);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(self.filter));
        let first_pass = options.crop(
            across.start,
            f64::from(first),
            across.length,
            f64::from(rows),
        );
        let mut narrow =
            TypedImage::<U8x3>::from_buffer(self.size, rows, &mut self.narrow).map_err(bad)?;
        self.resizer
            .resize_typed(&source, &mut narrow, &first_pass)
            .map_err(bad)?;
        let start = down.start - f64::from(first);
        let second_pass = options.crop(0.0, start, f64::from(self.size), down.length);
        let mut square =
            TypedImage::<U8x3>::from_buffer(self.size, self.size, &mut self.square).map_err(bad)?;
        self.resizer
            .resize_typed(&narrow, &mut square, &second_pass)
            .map_err(bad)?;
        Ok(())
    }
}

/// One axis of the crop, in pixels of the source.
struct Axis {
    start: f64,
    length: f64,
    /// Source pixels per pixel of the result.
    scale: f64,
}

impl Axis {
    fn new(source: u32, resized: u32, offset: u32, size: u32) -> Self {
        let scale = f64::from(source) / f64::from(resized);
        let start = f64::from(offset) * scale;
        // Rounding must not move the crop out of the picture.
        let length = (f64::from(size) * scale).min(f64::from(source) - start);
        Axis {
            start,
            length,
            scale,
        }
    }

    /// Rows that the second pass reads: the crop and the reach of the widest filter.
    fn rows(&self, height: u32) -> (u32, u32) {
        let reach = 2.0 * self.scale.max(1.0) + 2.0;
        let first = (self.start - reach).floor().max(0.0);
        let last = (self.start + self.length + reach)
            .ceil()
            .min(f64::from(height));
        (first as u32, last as u32)
    }
}

fn bad(error: impl std::fmt::Display) -> VisionError {
    VisionError::BadPicture {
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_side_rule_rounds_down() {
        let f = fit(1920, 1080, 336, 336);
        assert_eq!(f.resized, (597, 336), "336 · 1920 / 1080 = 597.33");
        assert_eq!(f.offset, (130, 0), "(597 − 336) / 2 = 130.5");
        assert_eq!(
            fit(1080, 1920, 336, 336).resized,
            (336, 597),
            "portrait likewise"
        );
        assert_eq!(
            fit(640, 480, 297, 260),
            Fit {
                resized: (396, 297),
                offset: (68, 18)
            }
        );
    }

    #[test]
    fn extreme_shapes_stay_bounded() {
        let visual = visual(336, 336);
        let mut prep = Preprocess::new(&visual);
        for (width, height) in [(1, 1), (1, 16_384), (16_384, 1), (2, 3), (16_384, 2)] {
            let rgb = vec![77; width as usize * height as usize * 3];
            let square = prep
                .square(&Picture {
                    width,
                    height,
                    rgb: &rgb,
                })
                .unwrap();
            assert_eq!(square.len(), 336 * 336 * 3);
            assert!(
                square.iter().all(|&b| b == 77),
                "{width}x{height}: flat stays flat"
            );
        }
    }

    #[test]
    fn pixels_that_do_not_fit_the_size_are_refused() {
        let mut prep = Preprocess::new(&visual(8, 8));
        for (width, height, bytes) in [(2, 2, 11), (0, 2, 0), (20_000, 1, 60_000)] {
            let rgb = vec![0; bytes];
            let error = prep
                .square(&Picture {
                    width,
                    height,
                    rgb: &rgb,
                })
                .unwrap_err();
            assert_eq!(
                error.code(),
                "bad_picture",
                "{width}x{height} with {bytes} bytes"
            );
        }
    }

    #[test]
    fn channels_are_normalised_and_separated() {
        let mut visual = visual(8, 8);
        visual.mean = [10.0, 20.0, 30.0];
        visual.std = [2.0, 4.0, 5.0];
        let rgb: Vec<u8> = [14, 28, 40].repeat(64);
        let mut prep = Preprocess::new(&visual);
        let mut out = vec![0.0; prep.len()];
        prep.write(
            &Picture {
                width: 8,
                height: 8,
                rgb: &rgb,
            },
            &mut out,
        )
        .unwrap();
        assert!(
            out[..128].iter().all(|&x| x == 2.0),
            "red (14 − 10)/2, green (28 − 20)/4"
        );
        assert!(out[128..].iter().all(|&x| x == 2.0), "blue (40 − 30)/5");
    }

    fn visual(size: u32, short: u32) -> Visual {
        Visual {
            kind: needledrop_models::VisualKind::Clip,
            file: String::new(),
            input_size: size,
            resize_short: short,
            crop: needledrop_models::Crop::Center,
            filter: Filter::Bicubic,
            mean: [127.0; 3],
            std: [128.0; 3],
            batch: 1,
            dim: 1,
            space: String::new(),
            class_space: None,
            look_space: None,
            scene_space: None,
            feeling_space: None,
            top_k: None,
            temperature: None,
        }
    }
}
