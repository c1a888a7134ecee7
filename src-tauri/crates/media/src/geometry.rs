//! Geometry from coded pixels to the upright picture. Pure.

use crate::frame::FrameSize;

/// Rotation of a coded picture to upright: first mirrored left to right if `mirrored`, then rotated
/// clockwise by `quarter_turns` × 90°.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Orientation {
    pub quarter_turns: u8,
    pub mirrored: bool,
}

impl Orientation {
    /// Reads GStreamer's `image-orientation` tag (`rotate-90`, `flip-rotate-180`, …).
    pub fn from_tag(tag: &str) -> Self {
        let (mirrored, turn) = match tag.strip_prefix("flip-") {
            Some(rest) => (true, rest),
            None => (false, tag),
        };
        let quarter_turns = match turn {
            "rotate-90" => 1,
            "rotate-180" => 2,
            "rotate-270" => 3,
            _ => 0,
        };
        Self {
            quarter_turns,
            mirrored,
        }
    }

    /// Clockwise rotation in degrees.
    pub fn degrees(self) -> u16 {
        u16::from(self.quarter_turns) * 90
    }

    fn swaps(self) -> bool {
        self.quarter_turns % 2 == 1
    }

    /// Width and height after the rotation.
    pub fn turned(self, (width, height): (u32, u32)) -> (u32, u32) {
        if self.swaps() {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// Rotates packed RGB24 of `width` × `height`; returns the pixels and their new size.
    pub fn apply(self, rgb: Vec<u8>, width: u32, height: u32) -> (Vec<u8>, u32, u32) {
        if self == Self::default() {
            return (rgb, width, height);
        }
        let (w, h) = (width as usize, height as usize);
        let (out_w, out_h) = self.turned((width, height));
        let mut out = vec![0; rgb.len()];
        for (at, pixel) in out.chunks_exact_mut(3).enumerate() {
            let (x, y) = (at % out_w as usize, at / out_w as usize);
            // Position of this upright pixel before the clockwise rotation.
            let (from_x, from_y) = match self.quarter_turns {
                0 => (x, y),
                1 => (y, h - 1 - x),
                2 => (w - 1 - x, h - 1 - y),
                _ => (w - 1 - y, x),
            };
            let from_x = if self.mirrored {
                w - 1 - from_x
            } else {
                from_x
            };
            let from = (from_y * w + from_x) * 3;
            pixel.copy_from_slice(&rgb[from..from + 3]);
        }
        (out, out_w, out_h)
    }
}

/// Size with square pixels, before the rotation. The direction with more samples is kept and the
/// other one stretched, so that no detail is lost.
pub(crate) fn square_pixels(width: u32, height: u32, par: (u32, u32)) -> (u32, u32) {
    let (n, d) = (u64::from(par.0.max(1)), u64::from(par.1.max(1)));
    let scaled = |v: u32, n: u64, d: u64| ((u64::from(v) * n + d / 2) / d).clamp(1, 32_768) as u32;
    if n >= d {
        (scaled(width, n, d), height)
    } else {
        (width, scaled(height, d, n))
    }
}

/// Size to scale to before the rotation, so that the upright picture has the wanted size.
pub(crate) fn scaled_size(
    coded: (u32, u32),
    par: (u32, u32),
    orientation: Orientation,
    size: FrameSize,
) -> (u32, u32) {
    let square = square_pixels(coded.0, coded.1, par);
    match size {
        FrameSize::Native => square,
        FrameSize::Stretch(width, height) => orientation.turned((width.max(1), height.max(1))),
        FrameSize::ShortSide(side) => {
            let (short, long) = (square.0.min(square.1), square.0.max(square.1));
            let side = side.clamp(1, short);
            let other =
                (u64::from(long) * u64::from(side) + u64::from(short) / 2) / u64::from(short);
            let other = (other as u32).max(side);
            if square.0 <= square.1 {
                (side, other)
            } else {
                (other, side)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotation_moves_the_top_left_pixel_to_the_right_corner() {
        // 2 × 1: red, green.
        let row = vec![255, 0, 0, 0, 255, 0];
        let turn = |tag: &str| Orientation::from_tag(tag).apply(row.clone(), 2, 1);
        assert_eq!(
            turn("rotate-90"),
            (vec![255, 0, 0, 0, 255, 0], 1, 2),
            "red on top"
        );
        assert_eq!(
            turn("rotate-180"),
            (vec![0, 255, 0, 255, 0, 0], 2, 1),
            "red to the right"
        );
        assert_eq!(
            turn("rotate-270"),
            (vec![0, 255, 0, 255, 0, 0], 1, 2),
            "red at the bottom"
        );
        assert_eq!(
            turn("flip-rotate-0"),
            (vec![0, 255, 0, 255, 0, 0], 2, 1),
            "mirrored"
        );
        assert_eq!(
            turn("flip-rotate-90"),
            (vec![0, 255, 0, 255, 0, 0], 1, 2),
            "mirrored, turned"
        );
    }

    #[test]
    fn wide_pixels_widen_the_picture_and_tall_pixels_heighten_it() {
        assert_eq!(square_pixels(720, 576, (64, 45)), (1024, 576), "PAL 16:9");
        assert_eq!(square_pixels(720, 480, (8, 9)), (720, 540), "NTSC 4:3");
        assert_eq!(
            square_pixels(640, 360, (0, 1)),
            (640, 360),
            "nonsense is square"
        );
    }

    #[test]
    fn a_short_side_keeps_the_display_aspect_and_never_enlarges() {
        let upright = Orientation::default();
        let turned = Orientation {
            quarter_turns: 1,
            mirrored: false,
        };
        let short = FrameSize::ShortSide(297);
        assert_eq!(
            scaled_size((1920, 1080), (1, 1), upright, short),
            (528, 297),
            "16:9"
        );
        assert_eq!(
            scaled_size((1920, 1080), (1, 1), turned, short),
            (528, 297),
            "turned later"
        );
        assert_eq!(
            scaled_size((160, 90), (1, 1), upright, short),
            (160, 90),
            "never enlarged"
        );
        let stretch = FrameSize::Stretch(384, 200);
        assert_eq!(
            scaled_size((1920, 1080), (1, 1), turned, stretch),
            (200, 384),
            "swapped"
        );
    }
}
