//! A proxy: the clip again, small, in what a webview plays and seeks fast.

mod encode;
mod encoders;
mod grid;
mod source;

use crate::{
    MediaError,
    decoders::decoders,
    geometry::{Orientation, square_pixels},
    info::{ClipInfo, Examined, examine},
};
use encode::Encoding;
use grid::Grid;
use needledrop_timebase::FrameRate;
use source::Source;
use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
};
use tokio_util::sync::CancellationToken;

pub use encoders::ProxyEncoder;

/// Lines of a proxy, whatever is asked.
const LINES: std::ops::RangeInclusive<u32> = 180..=1080;
/// Pixels of its longest side.
const LONGEST_SIDE: u32 = 1920;
/// Clips longer than this are taken for damaged, seconds.
const LONGEST_S: f64 = 86_400.0;
/// A proxy has at most this many frames a second; of more a whole part is left out.
const FASTEST_FPS: u32 = 60;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProxyRequest {
    /// The shorter side in pixels, 540 to 720 for a monitor in a window; never enlarged.
    pub short_side_px: u32,
    /// With this encoder only; with the first that is installed and works where absent.
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

/// What was made.
#[derive(Debug, Clone, PartialEq)]
pub struct ProxyReport {
    /// The file.
    pub path: PathBuf,
    /// Pixels a row; pixels are square and pictures upright.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Frames a second, numerator.
    pub fps_num: u32,
    /// Frames a second, denominator.
    pub fps_den: u32,
    /// Frames; frame `n` shows at `n * fps_den / fps_num` seconds of the clip.
    pub frames: u64,
    /// What encoded it.
    pub encoder: ProxyEncoder,
    /// The clip breaks off or is damaged; the proxy holds what there is.
    pub corrupt: bool,
}

/// Makes a proxy of the clip at `path`: H.264 in MP4, its index in front, a frame that decodes alone
/// every twelve, none that waits for a later one, no sound, BT.709 of limited range, upright with
/// square pixels. Where no encoder for H.264 works it is VP8 in WebM.
///
/// Time in the proxy is time in the clip within a frame: frames come evenly, at the clip's own rate
/// or, where that is uneven, at its usual one, and each shows what the clip shows then. The first
/// picture shows from 0 on, even where the stream begins later.
///
/// `stem` is the proxy's place without the extension, which its kind decides. It is written under
/// another name beside it, has reached the disk when it is renamed, and replaces what was there.
/// `on_progress` is told frames done and frames in all, as far as the container tells its length.
///
/// # Errors
/// Whatever makes the clip unreadable; [`MediaError::MissingEncoder`], [`MediaError::NotEncoded`];
/// [`MediaError::Write`]; [`MediaError::Cancelled`]. A clip that breaks off is no error when it
/// gave at least one picture.
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
            let job = Job {
                path,
                examined: &examined,
                decoder: decoder.as_ref(),
                shape,
                encoder,
                part: beside(
                    stem,
                    &format!(".{}.part-{}", encoder.extension(), std::process::id()),
                ),
                place: beside(stem, &format!(".{}", encoder.extension())),
            };
            match job.run(cancel, on_progress) {
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

fn beside(stem: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(stem);
    name.push(end);
    name.into()
}

/// Sizes and rate of a proxy.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Shape {
    /// Before it is turned upright.
    scaled: (u32, u32),
    upright: (u32, u32),
    fps: (u32, u32),
    /// Frames by the container's word; 0 where it says nothing.
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
        // Chroma is halved, so sides are even.
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

/// The even rate of a proxy: the clip's, or its usual one where it varies; of very fast ones a half,
/// a third and so on.
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
struct Job<'a> {
    path: &'a Path,
    examined: &'a Examined,
    decoder: Option<&'a gstreamer::ElementFactory>,
    shape: Shape,
    encoder: ProxyEncoder,
    part: PathBuf,
    place: PathBuf,
}

impl Job<'_> {
    fn run(
        &self,
        cancel: &CancellationToken,
        on_progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ProxyReport, MediaError> {
        let made = self.make(cancel, on_progress);
        let done = made.and_then(|report| {
            let put = File::open(&self.part)
                .and_then(|file| file.sync_all())
                .and_then(|()| fs::rename(&self.part, &self.place));
            put.map(|()| report).map_err(|source| MediaError::Write {
                source,
                path: self.place.clone(),
            })
        });
        if done.is_err() {
            // Half a proxy is of no use; that it cannot be removed either changes nothing.
            drop(fs::remove_file(&self.part));
        }
        drop(fs::remove_file(encode::index_file(&self.part)));
        done
    }

    fn make(
        &self,
        cancel: &CancellationToken,
        on_progress: &mut dyn FnMut(u64, u64),
    ) -> Result<ProxyReport, MediaError> {
        let (info, shape) = (&self.examined.info, self.shape);
        let mut source =
            Source::open(self.path, self.examined, self.decoder, shape.scaled, cancel)?;
        let mut encoding = Encoding::open(
            self.encoder,
            shape.upright,
            shape.fps,
            &self.part,
            self.path,
        )?;
        // A stamp gone wild must not fill the disk with one picture.
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
        // A container that tells more than it holds was cut off.
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
            corrupt: failure.is_some() || missing || source.is_damaged(),
        })
    }
}
