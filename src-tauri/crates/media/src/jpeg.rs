//! The frame strip as JPEG files of 384 × 384 pixels, named by time.

use crate::{
    MediaError,
    frame::{Frame, FrameSize},
    sampling::{MAX_FRAMES, Sampling},
    strip::{StripRequest, frame_strip},
};
use jpeg_encoder::{ColorType, Encoder};
use std::{
    io,
    ops::ControlFlow,
    path::{Path, PathBuf},
};
use tokio_util::sync::CancellationToken;

/// Side of a written frame, pixels; the picture is stretched to a square.
pub const STRIP_SIDE: u32 = 384;
/// JPEG quality of a written frame.
pub const STRIP_QUALITY: u8 = 85;

/// Writes the frame strip of the clip at `path` into `out_dir`, which is created if needed: one
/// file for each sampling time, `frame-0012.000.jpg` for 12.000 s. A frame that stands for several
/// times is written once for each. Calls `progress` with the number of files so far. Returns the
/// files in time order.
///
/// # Errors
/// Those of [`frame_strip`]; [`MediaError::Write`] if the disk is full or the folder cannot be
/// written to. Files written before an error stay.
pub fn write_strip(
    path: &Path,
    out_dir: &Path,
    sampling: Sampling,
    range_s: Option<(f64, f64)>,
    cancel: &CancellationToken,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<PathBuf>, MediaError> {
    let failed = |source, path: &Path| MediaError::Write {
        source,
        path: path.into(),
    };
    std::fs::create_dir_all(out_dir).map_err(|e| failed(e, out_dir))?;
    let size = FrameSize::Stretch(STRIP_SIDE, STRIP_SIDE);
    let request = StripRequest {
        range_s,
        sampling,
        size,
        most: MAX_FRAMES,
    };
    let mut files = Vec::new();
    let mut failure = None;
    frame_strip(path, &request, cancel, &mut |frame| {
        let written = encode(&frame, STRIP_QUALITY)
            .map_err(|e| failed(e, out_dir))
            .and_then(|jpeg| {
                for time_s in &frame.times_s {
                    let file = out_dir.join(format!("frame-{time_s:08.3}.jpg"));
                    std::fs::write(&file, &jpeg).map_err(|e| failed(e, &file))?;
                    files.push((*time_s, file));
                    progress(files.len());
                }
                Ok(())
            });
        match written {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    if let Some(error) = failure {
        return Err(error);
    }
    files.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(files.into_iter().map(|(_, file)| file).collect())
}

/// Encodes a frame as JPEG with a quality of 1 to 100.
///
/// # Errors
/// [`MediaError::GStreamer`] if the pixels do not fit the size or a side exceeds 65,535 pixels.
pub fn jpeg(frame: &Frame, quality: u8) -> Result<Vec<u8>, MediaError> {
    let failed =
        |error: io::Error| MediaError::GStreamer(format!("a picture cannot be encoded: {error}"));
    encode(frame, quality.clamp(1, 100)).map_err(failed)
}

fn encode(frame: &Frame, quality: u8) -> io::Result<Vec<u8>> {
    let side = |pixels: u32| u16::try_from(pixels).map_err(io::Error::other);
    let (width, height) = (side(frame.width)?, side(frame.height)?);
    let mut jpeg = Vec::with_capacity(frame.rgb.len() / 16);
    Encoder::new(&mut jpeg, quality)
        .encode(&frame.rgb, width, height, ColorType::Rgb)
        .map_err(io::Error::other)?;
    Ok(jpeg)
}
