//! The pictures of pairs: JPEG and PNG files.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use needledrop_vision::Picture;
use png::{ColorType, Limits, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Larger pictures are not read, pixels per side.
const LONGEST_SIDE: usize = 8192;
/// Memory limit for decoding one picture.
const DECODE_BYTES: usize = 512 << 20;

/// A picture in RGB, eight bits a channel.
pub(super) struct RgbPicture {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rgb: Vec<u8>,
}

impl RgbPicture {
    /// The picture as encoders read it.
    pub(super) fn picture(&self) -> Picture<'_> {
        Picture {
            width: self.width,
            height: self.height,
            rgb: &self.rgb,
        }
    }
}

/// Reads a picture without its transparency; `None` where it is neither JPEG nor PNG, damaged or too large.
pub(super) fn read(path: &Path) -> Option<RgbPicture> {
    let bytes = fs::read(path).ok()?;
    match bytes.starts_with(b"\x89PNG") {
        true => png(&bytes),
        false => jpeg(&bytes),
    }
}

fn jpeg(bytes: &[u8]) -> Option<RgbPicture> {
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(LONGEST_SIDE)
        .set_max_height(LONGEST_SIDE)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let rgb = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    Some(RgbPicture {
        width: width.try_into().ok()?,
        height: height.try_into().ok()?,
        rgb,
    })
}

fn png(bytes: &[u8]) -> Option<RgbPicture> {
    let limits = Limits {
        bytes: DECODE_BYTES,
    };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = reader.info().size();
    if width.max(height) as usize > LONGEST_SIDE {
        return None;
    }
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut pixels).ok()?;
    pixels.truncate(frame.buffer_size());
    let grey = |part: usize| {
        let greys = pixels.iter().step_by(part);
        greys.flat_map(|&grey| [grey; 3]).collect()
    };
    let rgb = match frame.color_type {
        ColorType::Rgb => pixels,
        ColorType::Rgba => pixels
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]])
            .collect(),
        ColorType::Grayscale => grey(1),
        ColorType::GrayscaleAlpha => grey(2),
        ColorType::Indexed => return None,
    };
    Some(RgbPicture { width, height, rgb })
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{DynamicImage, Rgba, RgbaImage};

    #[test]
    fn pictures_are_read_as_the_crate_image_reads_them() {
        let dir = tempfile::tempdir().unwrap();
        let made = RgbaImage::from_fn(37, 21, |x, y| {
            Rgba([
                (x * 7) as u8,
                (y * 11) as u8,
                (x * y) as u8,
                (x + 3 * y) as u8,
            ])
        });
        let made = DynamicImage::from(made);
        for (name, picture) in [
            ("grey.png", DynamicImage::from(made.to_luma8())),
            ("grey-alpha.png", DynamicImage::from(made.to_luma_alpha8())),
            ("rgb.png", DynamicImage::from(made.to_rgb8())),
            ("rgba.png", made.clone()),
            ("grey.jpg", DynamicImage::from(made.to_luma8())),
            ("rgb.jpg", DynamicImage::from(made.to_rgb8())),
        ] {
            let path = dir.path().join(name);
            picture.save(&path).unwrap();
            let wanted = image::open(&path).unwrap().into_rgb8();
            let found = read(&path).expect(name);
            assert_eq!((found.width, found.height), wanted.dimensions(), "{name}");
            assert!(found.rgb == *wanted.as_raw(), "{name}");
            let bytes = fs::read(&path).unwrap();
            for end in 0..bytes.len().min(64) {
                fs::write(&path, &bytes[..end]).unwrap();
                assert!(read(&path).is_none(), "{end} bytes of {name}");
            }
        }
    }

    #[test]
    fn a_picture_with_a_side_above_8192_pixels_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["wide.png", "wide.jpg"] {
            let path = dir.path().join(name);
            DynamicImage::new_luma8(8193, 1).save(&path).unwrap();
            assert!(read(&path).is_none(), "{name}");
        }
    }
}
