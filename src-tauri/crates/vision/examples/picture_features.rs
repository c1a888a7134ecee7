//! Writes the picture features of raw pictures: for each picture on standard input (width and height as u32, little
//! endian, then `3 · width · height` bytes of RGB), `FEATURE_COUNT` numbers as f32, little endian, on standard output.
//! `training/eyes` reads them.

use std::error::Error;
use std::io::{self, BufReader, BufWriter, Read, Write};

use needledrop_vision::{LONGEST_SIDE, Picture, picture_features};

fn main() -> Result<(), Box<dyn Error>> {
    let mut input = BufReader::new(io::stdin().lock());
    let mut output = BufWriter::new(io::stdout().lock());
    let mut size = [0; 8];
    let mut rgb = Vec::new();
    while let Ok(()) = input.read_exact(&mut size) {
        let [a, b, c, d, e, f, g, h] = size;
        let (width, height) = (
            u32::from_le_bytes([a, b, c, d]),
            u32::from_le_bytes([e, f, g, h]),
        );
        if width.max(height) > LONGEST_SIDE {
            let message =
                format!("expected sides of at most {LONGEST_SIDE} pixels, got {width} × {height}");
            return Err(message.into());
        }
        rgb.resize(3 * width as usize * height as usize, 0);
        input.read_exact(&mut rgb)?;
        let picture = Picture {
            width,
            height,
            rgb: &rgb,
        };
        for feature in picture_features(&picture) {
            output.write_all(&feature.to_le_bytes())?;
        }
    }
    output.flush()?;
    Ok(())
}
