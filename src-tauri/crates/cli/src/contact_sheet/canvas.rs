//! A picture with functions that draw lines, areas, pictures and words.

use fontdue::{Font, FontSettings};
use tiny_skia::{
    Color, FillRule, Paint, PathBuilder, Pixmap, PixmapPaint, PremultipliedColorU8, Rect, Stroke,
    Transform,
};

/// The error of a picture that could not be drawn.
#[derive(Debug)]
pub(crate) struct DrawError {
    pub(crate) reason: String,
}

/// Red, green, blue and opacity.
pub(super) type Ink = [u8; 4];

/// Pixels, and the font of their words.
pub(super) struct Canvas {
    pixels: Pixmap,
    font: Font,
}

fn paint(ink: Ink) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(ink[0], ink[1], ink[2], ink[3]);
    paint.anti_alias = true;
    paint
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32, ground: Ink) -> Result<Canvas, DrawError> {
        let failed = |reason: &str| DrawError {
            reason: reason.to_owned(),
        };
        let mut pixels = Pixmap::new(width, height).ok_or_else(|| failed("no room for it"))?;
        pixels.fill(Color::from_rgba8(
            ground[0], ground[1], ground[2], ground[3],
        ));
        let font = Font::from_bytes(epaint_default_fonts::HACK_REGULAR, FontSettings::default())
            .map_err(failed)?;
        Ok(Canvas { pixels, font })
    }

    /// Fills a rectangle with one colour.
    pub(super) fn block(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        if let Some(rect) = Rect::from_xywh(x, y, width.max(0.5), height.max(0.5)) {
            self.pixels
                .fill_rect(rect, &paint(ink), Transform::identity(), None);
        }
    }

    /// Draws a vertical line.
    pub(super) fn tick(&mut self, x: f32, from_y: f32, to_y: f32, width: f32, ink: Ink) {
        self.block(x - width / 2.0, from_y, width, to_y - from_y, ink);
    }

    /// Fills the area under a curve of values from 0 to 1, left to right over `width`.
    pub(super) fn area(
        &mut self,
        (x, y): (f32, f32),
        (width, height): (f32, f32),
        values: &[f32],
        ink: Ink,
    ) {
        if values.is_empty() {
            return;
        }
        let step = width / values.len() as f32;
        let mut path = PathBuilder::new();
        path.move_to(x, y + height);
        for (i, value) in values.iter().enumerate() {
            let top = y + height * (1.0 - value.clamp(0.0, 1.0));
            path.line_to(x + i as f32 * step, top);
            path.line_to(x + (i + 1) as f32 * step, top);
        }
        path.line_to(x + width, y + height);
        path.close();
        if let Some(path) = path.finish() {
            self.pixels.fill_path(
                &path,
                &paint(ink),
                FillRule::Winding,
                Transform::identity(),
                None,
            );
        }
    }

    /// Draws a line through values from 0 to 1.
    pub(super) fn curve(
        &mut self,
        (x, y): (f32, f32),
        (width, height): (f32, f32),
        values: &[f32],
        ink: Ink,
    ) {
        let mut path = PathBuilder::new();
        let step = width / values.len().max(1) as f32;
        for (i, value) in values.iter().enumerate() {
            let at = (
                x + (i as f32 + 0.5) * step,
                y + height * (1.0 - value.clamp(0.0, 1.0)),
            );
            if i == 0 {
                path.move_to(at.0, at.1);
            } else {
                path.line_to(at.0, at.1);
            }
        }
        if let Some(path) = path.finish() {
            let stroke = Stroke {
                width: 1.5,
                ..Stroke::default()
            };
            self.pixels
                .stroke_path(&path, &paint(ink), &stroke, Transform::identity(), None);
        }
    }

    /// Draws a picture of packed RGB at its own size.
    pub(super) fn picture(&mut self, x: f32, y: f32, (width, height): (u32, u32), rgb: &[u8]) {
        let Some(mut picture) = Pixmap::new(width, height) else {
            return;
        };
        for (to, from) in picture.pixels_mut().iter_mut().zip(rgb.as_chunks::<3>().0) {
            if let Some(colour) = PremultipliedColorU8::from_rgba(from[0], from[1], from[2], 255) {
                *to = colour;
            }
        }
        let paint = PixmapPaint::default();
        self.pixels.draw_pixmap(
            x as i32,
            y as i32,
            picture.as_ref(),
            &paint,
            Transform::identity(),
            None,
        );
    }

    /// Draws words from `x` on, centred at `y`; returns the position of their end.
    pub(super) fn words(&mut self, x: f32, y: f32, size: f32, text: &str, ink: Ink) -> f32 {
        let mut pen = x;
        let (across, down) = (self.pixels.width() as i32, self.pixels.height() as i32);
        for letter in text.chars() {
            let (metrics, coverage) = self.font.rasterize(letter, size);
            let left = (pen + metrics.xmin as f32).round() as i32;
            let top =
                (y + size * 0.36 - metrics.ymin as f32 - metrics.height as f32).round() as i32;
            for (i, &cover) in coverage.iter().enumerate() {
                let (px, py) = (
                    left + (i % metrics.width.max(1)) as i32,
                    top + (i / metrics.width.max(1)) as i32,
                );
                if cover > 0 && (0..across).contains(&px) && (0..down).contains(&py) {
                    let alpha = f32::from(cover) / 255.0 * f32::from(ink[3]) / 255.0;
                    self.mix((py * across + px) as usize, ink, alpha);
                }
            }
            pen += metrics.advance_width;
        }
        pen
    }

    fn mix(&mut self, at: usize, ink: Ink, alpha: f32) {
        let under = self.pixels.pixels_mut();
        let old = under[at];
        let part = |old: u8, new: u8| {
            (f32::from(old) * (1.0 - alpha) + f32::from(new) * alpha).round() as u8
        };
        let mixed = PremultipliedColorU8::from_rgba(
            part(old.red(), ink[0]),
            part(old.green(), ink[1]),
            part(old.blue(), ink[2]),
            255,
        );
        if let Some(mixed) = mixed {
            under[at] = mixed;
        }
    }

    /// The picture as PNG.
    pub(super) fn png(&self) -> Result<Vec<u8>, DrawError> {
        self.pixels.encode_png().map_err(|e| DrawError {
            reason: e.to_string(),
        })
    }
}
