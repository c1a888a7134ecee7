//! Proxies: small copies of a clip that a webview plays and seeks fast.

mod encode;
mod encoders;
mod grid;
mod source;

use crate::{
    MediaError,
    decoders::decoders,
    geometry::{Orientation, square_pixels},
    info::{ClipInfo, Examined, examine},
    whole_file,
};
use encode::Encoding;
use grid::Grid;
use needledrop_timebase::FrameRate;
use source::Source;
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};
use tokio_util::sync::CancellationToken;

pub use encoders::ProxyEncoder;

/// Shorter side of a proxy in pixels, whatever is requested.
const LINES: std::ops::RangeInclusive<u32> = 180..=1080;
/// Longest side of a proxy, pixels.
const LONGEST_SIDE: u32 = 1920;
/// A longer clip is taken for damaged, seconds.
const LONGEST_S: f64 = 86_400.0;
/// Highest frame rate of a proxy; of faster clips only every second, third … frame is kept.
const FASTEST_FPS: u32 = 60;

/// Size and encoder of a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyRequest {
    /// Shorter side in pixels, 540 to 720 for a monitor in a window; never enlarged.
    pub short_side_px: u32,
    /// Use only this encoder; `None` for the first one that is installed and works.
    pub encoder: Option<ProxyEncoder>,
}

impl Default for ProxyRequest {
    fn default() -> Self {
        Self {
            short_side_px: 540,
            encoder: None,
        }
    }
}

/// Properties of a finished proxy.
#[derive(Debug, Clone, PartialEq)]
pub struct ProxyReport {
    /// Path of the finished file.
    pub path: PathBuf,
    /// Width in pixels; pixels are square and pictures upright.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Numerator of the frame rate.
    pub fps_num: u32,
    /// Denominator of the frame rate.
    pub fps_den: u32,
    /// Number of frames. Frame `n` shows at `n * fps_den / fps_num` seconds of the clip.
    pub frames: u64,
    /// The encoder that made it.
    pub encoder: ProxyEncoder,
    /// The clip is truncated or damaged; the proxy holds the readable part.
    pub corrupt: bool,
}

/// Makes a proxy of the clip at `path`: H.264 in MP4 with its index in front, a key frame every
/// twelve frames, no reordering, no sound, BT.709 of limited range, upright, square pixels. If no
/// H.264 encoder works it is VP8 in WebM.
///
/// A time in the proxy is the same time in the clip within one frame: frames have even distances,
/// at the clip's rate or, if that varies, at its median rate, and each shows the picture of the
/// clip at its time. The first picture shows from 0 on, even if the stream starts later.
///
/// `stem` is the path of the proxy without the extension, which depends on the format. The proxy is
/// written under a temporary name beside it, synced to the disk and renamed; it replaces an
/// existing file. `on_progress` gets the number of frames so far and in total, as far as the
/// container declares its length.
///
/// # Errors
/// Any reason why the clip is not readable; [`MediaError::MissingEncoder`],
/// [`MediaError::NotEncoded`]; [`MediaError::Write`]; [`MediaError::Cancelled`]. A truncated clip
/// is no error if it gives at least one picture.
pub fn proxy(
    path: &Path,
    stem: &Path,
    request: &ProxyRequest,
    cancel: &CancellationToken,
    on_progress: &mut dyn FnMut(u64, u64),
) -> Result<ProxyReport, MediaError> {
    let examined = examine(path, cancel)?;
    let decoders = decoders(&examined.caps, path)?;
    let shape = Shape::of(&examined.info, examined.orientation, request.short_side_px);
    let encoders = encoders::installed(request.encoder, path)?;
    let mut last = MediaError::NoFrames { path: path.into() };
    for encoder in encoders {
        for decoder in &decoders {
            let attempt = Attempt {
                path,
                examined: &examined,
                decoder: decoder.as_ref(),
                shape,
                encoder,
                place: with_extension(stem, encoder.extension()),
            };
            match attempt.run(cancel, on_progress) {
                Ok(report) => return Ok(report),
                Err(error @ (MediaError::Cancelled | MediaError::Write { .. })) => {
                    return Err(error);
                }
                Err(error @ MediaError::NotEncoded { .. }) => {
                    tracing::info!(%error, "the next encoder is tried");
                    last = error;
                    break;
                }
                Err(error) => last = error,
            }
        }
        if !matches!(last, MediaError::NotEncoded { .. }) {
            break;
        }
    }
    Err(last)
}

fn with_extension(stem: &Path, extension: &str) -> PathBuf {
    let mut name = OsString::from(stem);
    name.push(".");
    name.push(extension);
    name.into()
}

/// Size and frame rate of a proxy.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Shape {
    /// Size before the rotation to upright.
    scaled: (u32, u32),
    upright: (u32, u32),
    fps: (u32, u32),
    /// Number of frames by the declared duration; 0 if there is none.
    expected: u64,
}

impl Shape {
    fn of(info: &ClipInfo, orientation: Orientation, short_side: u32) -> Self {
        let par = (info.par_num, info.par_den);
        let (width, height) = square_pixels(info.coded_width.max(2), info.coded_height.max(2), par);
        let (short, long) = (width.min(height), width.max(height));
        let wanted = short_side.clamp(*LINES.start(), *LINES.end());
        let scale = (f64::from(wanted) / f64::from(short))
            .min(f64::from(LONGEST_SIDE) / f64::from(long))
            .min(1.0);
        // Chroma has half the size, so sides are even.
        let side = |pixels: u32| ((f64::from(pixels) * scale / 2.0).round() as u32 * 2).max(16);
        let scaled = (side(width), side(height));
        let fps = rate(info);
        let length_s = info.duration_s.clamp(0.0, LONGEST_S);
        Self {
            scaled,
            upright: orientation.turned(scaled),
            fps,
            expected: (length_s * f64::from(fps.0) / f64::from(fps.1)).round() as u64,
        }
    }
}

/// The constant frame rate of a proxy: the clip's, or its median one if it varies; a half, a third
/// … of very fast ones.
fn rate(info: &ClipInfo) -> (u32, u32) {
    let usual = info
        .variable_fps
        .then(|| FrameRate::nearest(1.0 / info.usual_step_s).ok());
    let rate = usual.flatten().unwrap_or(info.rate);
    if !(0.5..=1000.0).contains(&rate.fps()) {
        return (25, 1);
    }
    let part = (rate.fps() / f64::from(FASTEST_FPS)).ceil().max(1.0) as u32;
    (rate.num(), rate.den().saturating_mul(part))
}

/// One attempt with one decoder and one encoder.
struct Attempt<'a> {
    path: &'a Path,
    examined: &'a Examined,
    decoder: Option<&'a gstreamer::ElementFactory>,
    shape: Shape,
    encoder: ProxyEncoder,
    /// Path at which the finished file is placed.
    place: PathBuf,
}

impl Attempt<'_> {
    fn run(
        &self,
        cancel: &CancellationToken,
        on_progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ProxyReport, MediaError> {
        let failed = |source| MediaError::Write {
            source,
            path: self.place.clone(),
        };
        let part = whole_file::beside(&self.place).map_err(failed)?;
        let index_file = encode::index_file(&part);
        let made = self.make(&part, cancel, on_progress);
        // The muxer leaves this file behind when it is stopped; usually there is none.
        drop(fs::remove_file(index_file));
        let report = made?;
        whole_file::place(part, &self.place).map_err(failed)?;
        Ok(report)
    }

    fn make(
        &self,
        part: &Path,
        cancel: &CancellationToken,
        on_progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ProxyReport, MediaError> {
        let (info, shape) = (&self.examined.info, self.shape);
        let mut source =
            Source::open(self.path, self.examined, self.decoder, shape.scaled, cancel)?;
        let mut encoding = Encoding::open(self.encoder, shape.upright, shape.fps, part, self.path)?;
        // A wrong time stamp must not fill the disk with copies of one picture.
        let most = match shape.expected {
            0 => LONGEST_S * f64::from(shape.fps.0) / f64::from(shape.fps.1),
            frames => frames as f64 + f64::from(shape.fps.0) / f64::from(shape.fps.1),
        };
        let mut grid = Grid::new(shape.fps, most as u64);
        let origin_ns = (info.origin_s * 1e9).round() as i64;
        let mut shown: Option<source::Still> = None;
        let failure = loop {
            if cancel.is_cancelled() {
                return Err(MediaError::Cancelled);
            }
            let still = match source.next(&mut || encoding.check()) {
                Ok(Some(still)) => still,
                Ok(None) => break None,
                Err(error @ (MediaError::Cancelled | MediaError::NotEncoded { .. })) => {
                    return Err(error);
                }
                Err(error @ MediaError::Write { .. }) => return Err(error),
                Err(error) => break Some(error),
            };
            let start_ns = still.start_ns - origin_ns;
            if let Some(before) = &shown {
                for frame in grid.until(start_ns) {
                    encoding.push(before, grid.span_ns(frame), cancel)?;
                }
                source.progress();
                on_progress(grid.done(), shape.expected.max(grid.done()));
            }
            shown = Some(still);
        };
        let Some(last) = shown else {
            return Err(failure.unwrap_or(MediaError::NoFrames {
                path: self.path.into(),
            }));
        };
        let end_ns = last.end_ns.map_or(last.start_ns, |end| end - origin_ns);
        for frame in grid.until_end(end_ns) {
            encoding.push(&last, grid.span_ns(frame), cancel)?;
        }
        encoding.finish(cancel)?;
        on_progress(grid.done(), grid.done());
        // A container that declares more than it holds was truncated.
        let short = shape.expected.saturating_sub(grid.done()) as f64;
        let missing = short * f64::from(shape.fps.1) / f64::from(shape.fps.0) > 1.0;
        Ok(ProxyReport {
            path: self.place.clone(),
            width: shape.upright.0,
            height: shape.upright.1,
            fps_num: shape.fps.0,
            fps_den: shape.fps.1,
            frames: grid.done(),
            encoder: self.encoder,
            corrupt: failure.is_some() || missing || info.is_cut_short() || source.is_damaged(),
        })
    }
}
