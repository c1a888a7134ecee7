//! A picture as the analyses take it.

use crate::VisionError;

/// Longest accepted side, pixels.
pub const LONGEST_SIDE: u32 = 16_384;

/// Packed 8-bit RGB, upright, with square pixels.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width × height × 3` bytes, row by row.
    pub rgb: &'a [u8],
}

impl Picture<'_> {
    /// Checks that size and pixels agree.
    ///
    /// # Errors
    /// `BadPicture`.
    pub fn check(&self) -> Result<(), VisionError> {
        let sides = 1..=LONGEST_SIDE;
        if !sides.contains(&self.width) || !sides.contains(&self.height) {
            return Err(VisionError::BadPicture {
                reason: format!(
                    "expected sides of 1 to {LONGEST_SIDE} pixels, got {}x{}",
                    self.width, self.height
                ),
            });
        }
        let expected = self.width as usize * self.height as usize * 3;
        if self.rgb.len() != expected {
            return Err(VisionError::BadPicture {
                reason: format!(
                    "expected {expected} bytes for {}x{}, got {}",
                    self.width,
                    self.height,
                    self.rgb.len()
                ),
            });
        }
        Ok(())
    }
}
