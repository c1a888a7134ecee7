//! The parts of a range, and the conversion of a decoded picture to one of a part.

use super::seeker::{Known, Seeker};
use crate::{
    MediaError,
    convert::FrameConverter,
    frame::{Frame, FrameSize},
    info::Examined,
    stream_time::{seconds, start_of},
};
use std::{ops::ControlFlow, path::Path, sync::atomic::AtomicBool};
use tokio_util::sync::CancellationToken;

/// A picture within this distance of the middle is accepted for parts of any length, seconds.
const NEAR_S: f64 = 0.1;

/// So is a picture within this share of the range: a dozen pixels of a film strip.
const NEAR: f64 = 0.01;

/// A reader gives up after this many failures in a row.
pub(super) const FAILURES: usize = 5;

/// A picture and the part that it stands for.
pub(super) struct Still {
    pub index: usize,
    pub frame: Frame,
}

/// Receives each picture; `Break` ends the search.
pub(super) type Take<'a> = dyn FnMut(Still) -> ControlFlow<()> + 'a;

/// One request for pictures.
pub(super) struct Search<'a> {
    pub path: &'a Path,
    pub examined: &'a Examined,
    pub decoders: &'a [Option<gstreamer::ElementFactory>],
    pub size: FrameSize,
    pub range_s: (f64, f64),
    pub count: usize,
    pub cancel: &'a CancellationToken,
    /// The caller ended the request.
    pub stopped: AtomicBool,
}

impl Search<'_> {
    pub fn step_s(&self) -> f64 {
        (self.range_s.1 - self.range_s.0) / self.count as f64
    }

    /// Middle of a part in seconds of the clip.
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

    /// Whether stream times are right after a seek. Transport and program streams count from the
    /// position where reading starts.
    pub fn seeks(&self) -> bool {
        !self.examined.reads_through
            && !["video/mpegts", "video/mpeg"].contains(&self.examined.info.container_type.as_str())
    }

    pub fn still(
        &self,
        index: usize,
        sample: &gstreamer::Sample,
        converter: &mut FrameConverter,
    ) -> Result<Still, MediaError> {
        let rgb = converter.convert(sample)?;
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

    /// The same picture for another part.
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
