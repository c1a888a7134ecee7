//! Where the parts of a range are, and how a decoded picture becomes one of a part.

use super::seeker::{Known, Seeker};
use crate::{
    MediaError,
    frame::{Frame, FrameSize},
    info::Examined,
    picture::Painter,
    stream_time::{seconds, start_of},
};
use std::{ops::ControlFlow, path::Path, sync::atomic::AtomicBool};
use tokio_util::sync::CancellationToken;

/// A picture this near is near enough however close the wanted ones lie, seconds.
const NEAR_S: f64 = 0.1;

/// So is one within this part of the range: a dozen pixels of a strip.
const NEAR: f64 = 0.01;

/// A reader that fails so often in a row gives up.
pub(super) const FAILURES: usize = 5;

/// A picture and the part it is for.
pub(super) struct Still {
    pub index: usize,
    pub frame: Frame,
}

/// Who takes the pictures.
pub(super) type Take<'a> = dyn FnMut(Still) -> ControlFlow<()> + 'a;

/// A search for pictures.
pub(super) struct Search<'a> {
    pub path: &'a Path,
    pub examined: &'a Examined,
    pub decoders: &'a [Option<gstreamer::ElementFactory>],
    pub size: FrameSize,
    pub range_s: (f64, f64),
    pub count: usize,
    pub cancel: &'a CancellationToken,
    /// The consumer has enough.
    pub stopped: AtomicBool,
}

impl Search<'_> {
    pub fn step_s(&self) -> f64 {
        (self.range_s.1 - self.range_s.0) / self.count as f64
    }

    /// The middle of a part, in seconds of the clip.
    pub fn middle_s(&self, index: usize) -> f64 {
        self.range_s.0 + (index as f64 + 0.5) * self.step_s()
    }

    pub fn is_near(&self, index: usize, time_s: f64) -> bool {
        let near_s = NEAR_S.max(NEAR * (self.range_s.1 - self.range_s.0));
        (self.middle_s(index) - time_s).abs() <= near_s.max(self.step_s() / 2.0)
    }

    pub fn seeker(&self, known: &Known) -> Result<Seeker<'_>, MediaError> {
        let mut last = MediaError::NoFrames {
            path: self.path.into(),
        };
        for decoder in self.decoders {
            match Seeker::open(self.path, decoder.as_ref(), known, self.cancel) {
                Ok(seeker) => return Ok(seeker),
                Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    pub fn stream_ns(&self, time_s: f64) -> i64 {
        ((time_s + self.examined.info.origin_s) * 1e9) as i64
    }

    /// Whether times hold after a seek: transport and program streams count from wherever they are
    /// entered.
    pub fn seeks(&self) -> bool {
        !["video/mpegts", "video/mpeg"].contains(&self.examined.info.container_type.as_str())
    }

    pub fn still(
        &self,
        index: usize,
        sample: &gstreamer::Sample,
        painter: &mut Painter,
    ) -> Result<Still, MediaError> {
        let rgb = painter.paint(sample)?;
        let start_s = start_of(sample).map_or(0.0, seconds);
        Ok(Still {
            index,
            frame: Frame {
                time_s: (start_s - self.examined.info.origin_s).max(0.0),
                times_s: vec![self.middle_s(index)],
                width: rgb.width,
                height: rgb.height,
                rgb: rgb.pixels,
            },
        })
    }

    /// A picture that stands for another part too.
    pub fn again(&self, index: usize, frame: &Frame) -> Still {
        let times_s = vec![self.middle_s(index)];
        Still {
            index,
            frame: Frame {
                times_s,
                ..frame.clone()
            },
        }
    }
}
