//! Conversion of luma and chroma planes to packed RGB24 after ITU-T H.273 (8.3), exact within
//! rounding.
//!
//! GStreamer's own last step works in 8 bits and is off by several of 255 (docs/decisions/0005).

use gstreamer_video::{
    VideoColorMatrix, VideoColorRange, VideoColorimetry, VideoFormat, VideoFrameExt, VideoFrameRef,
};

/// Fraction bits of the fixed-point arithmetic.
const BITS: u32 = 18;
/// Interpolated chroma is in units of 1/16.
const CHROMA_BITS: u32 = 4;

/// Whether [`rgb`] supports the format.
pub(crate) fn takes(format: VideoFormat) -> bool {
    matches!(
        format,
        VideoFormat::Rgb | VideoFormat::Y444 | VideoFormat::I420 | VideoFormat::Yv12
    )
}

/// The pixels of a picture, without padding: `width * height * 3` bytes. 4:2:0 chroma is
/// interpolated between the centres of its four pixels. `None` for an unsupported format and for
/// planes that are too short.
pub(crate) fn rgb<T>(frame: &VideoFrameRef<T>) -> Option<Vec<u8>>
where
    VideoFrameRef<T>: VideoFrameExt,
{
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let mut pixels = vec![0; width * height * 3];
    let format = frame.format();
    if format == VideoFormat::Rgb {
        let stride = usize::try_from(*frame.plane_stride().first()?).ok()?;
        let lines = frame.plane_data(0).ok()?.chunks(stride);
        for (line, out) in lines.zip(pixels.chunks_exact_mut(width * 3)) {
            out.copy_from_slice(line.get(..width * 3)?);
        }
        return Some(pixels);
    }
    if !takes(format) {
        return None;
    }
    let plane = |component: u32| {
        let stride = usize::try_from(frame.comp_stride(component)).ok()?;
        Some((frame.comp_data(component).ok()?, stride))
    };
    let ((luma, stride), blue, red) = (plane(0)?, plane(1)?, plane(2)?);
    let matrix = Matrix::of(&frame.info().colorimetry());
    let halved = format != VideoFormat::Y444;
    let (mut blues, mut reds) = (vec![0; width], vec![0; width]);
    for (row, out) in pixels.chunks_exact_mut(width * 3).enumerate() {
        let line = luma.get(row * stride..)?.get(..width)?;
        chroma(blue, row, height, halved, &mut blues)?;
        chroma(red, row, height, halved, &mut reds)?;
        let samples = line.iter().zip(&blues).zip(&reds);
        for (pixel, ((&y, &u), &v)) in out.as_chunks_mut::<3>().0.iter_mut().zip(samples) {
            *pixel = matrix.rgb(i32::from(y), u, v);
        }
    }
    Some(pixels)
}

/// One row of chroma in units of 1/16, as wide as the picture.
fn chroma(
    (plane, stride): (&[u8], usize),
    row: usize,
    height: usize,
    halved: bool,
    out: &mut [i32],
) -> Option<()> {
    let width = out.len();
    let line = |row: usize, length: usize| plane.get(row * stride..)?.get(..length);
    if !halved {
        for (out, &value) in out.iter_mut().zip(line(row, width)?) {
            *out = i32::from(value) << CHROMA_BITS;
        }
        return Some(());
    }
    // A pixel between two samples is three parts of the nearer and one of the other.
    let (rows, columns) = (height.div_ceil(2), width.div_ceil(2));
    let beside = |at: usize, most: usize| match at % 2 {
        0 => (at / 2).saturating_sub(1),
        _ => (at / 2 + 1).min(most - 1),
    };
    let near = line(row / 2, columns)?;
    let other = line(beside(row, rows), columns)?;
    let mixed = |at: usize| 3 * i32::from(near[at]) + i32::from(other[at]);
    for (x, out) in out.iter_mut().enumerate() {
        *out = 3 * mixed(x / 2) + mixed(beside(x, columns));
    }
    Some(())
}

/// Contribution of luma and chroma to each colour, in units of `2^-BITS`.
struct Matrix {
    black: i32,
    luma: i32,
    red: i32,
    green: (i32, i32),
    blue: i32,
}

impl Matrix {
    fn of(colours: &VideoColorimetry) -> Self {
        // Weights of red and blue in luma: H.273, table 4.
        let (kr, kb) = match colours.matrix() {
            VideoColorMatrix::Bt709 => (0.2126, 0.0722),
            VideoColorMatrix::Bt2020 => (0.2627, 0.0593),
            VideoColorMatrix::Smpte240m => (0.212, 0.087),
            VideoColorMatrix::Fcc => (0.30, 0.11),
            _ => (0.299, 0.114),
        };
        let (black, luma, chroma) = match colours.range() {
            VideoColorRange::Range0_255 => (0, 1.0, 1.0),
            _ => (16, 255.0 / 219.0, 255.0 / 224.0),
        };
        let fixed = |value: f64, bits: u32| (value * f64::from(1u32 << bits)).round() as i32;
        let coded = |value: f64| fixed(value * chroma, BITS - CHROMA_BITS);
        let (red, blue) = (2.0 * (1.0 - kr), 2.0 * (1.0 - kb));
        let kg = 1.0 - kr - kb;
        Self {
            black,
            luma: fixed(luma, BITS),
            red: coded(red),
            green: (coded(-blue * kb / kg), coded(-red * kr / kg)),
            blue: coded(blue),
        }
    }

    fn rgb(&self, y: i32, u: i32, v: i32) -> [u8; 3] {
        let (u, v) = (u - (128 << CHROMA_BITS), v - (128 << CHROMA_BITS));
        let light = (y - self.black) * self.luma + (1 << (BITS - 1));
        let byte = |sum: i32| (sum >> BITS).clamp(0, 255) as u8;
        [
            byte(light + v * self.red),
            byte(light + u * self.green.0 + v * self.green.1),
            byte(light + u * self.blue),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn narrow(matrix: VideoColorMatrix) -> Matrix {
        Matrix::of(&VideoColorimetry::new(
            VideoColorRange::Range16_235,
            matrix,
            gstreamer_video::VideoTransferFunction::Bt709,
            gstreamer_video::VideoColorPrimaries::Bt709,
        ))
    }

    #[test]
    fn every_colour_equals_the_formula_within_rounding() {
        for (name, shares) in [
            (VideoColorMatrix::Bt601, (0.299, 0.114)),
            (VideoColorMatrix::Bt709, (0.2126, 0.0722)),
        ] {
            let (kr, kb) = shares;
            let matrix = narrow(name);
            for y in (0..=255).step_by(5) {
                for u in (0..=255).step_by(15) {
                    for v in (0..=255).step_by(15) {
                        let got = matrix.rgb(y, u << CHROMA_BITS, v << CHROMA_BITS);
                        let light = f64::from(y - 16) / 219.0;
                        let (b, r) = (f64::from(u - 128) / 224.0, f64::from(v - 128) / 224.0);
                        let red = light + 2.0 * (1.0 - kr) * r;
                        let blue = light + 2.0 * (1.0 - kb) * b;
                        let green = (light - kr * red - kb * blue) / (1.0 - kr - kb);
                        for (got, want) in got.into_iter().zip([red, green, blue]) {
                            let want = (want * 255.0).clamp(0.0, 255.0);
                            let off = (f64::from(got) - want).abs();
                            assert!(off < 0.51, "{name:?} {y} {u} {v}: {got} for {want:.2}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn chroma_is_interpolated_between_pixel_centres() {
        let plane = [0u8, 160, 80, 240];
        let mut out = vec![0; 4];
        chroma((&plane, 2), 0, 4, true, &mut out).unwrap();
        assert_eq!(
            out,
            [0, 640, 1920, 2560],
            "first row: its own samples alone"
        );
        chroma((&plane, 2), 1, 4, true, &mut out).unwrap();
        assert_eq!(out[0], 4 * 80, "a quarter of the next row");
        assert!(
            chroma((&plane, 2), 4, 6, true, &mut out).is_none(),
            "too short a plane"
        );
    }
}
