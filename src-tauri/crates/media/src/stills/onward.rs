//! Pictures read in sequence: of files that cannot seek, and pictures that depend on others.

use super::{
    search::{FAILURES, Search, Take},
    seeker::{Passing, Seeker},
};
use crate::{
    MediaError,
    convert::FrameConverter,
    frame::Frame,
    stream_time::{flagged_corrupt, seconds, start_of},
};
use std::sync::atomic::Ordering;

/// In a file that cannot seek, decoding starts this far before a wanted picture, seconds.
const LEAD_S: f64 = 12.0;

/// The reader decodes on to a wanted picture within this distance and seeks to a farther one,
/// seconds.
const ON_S: f64 = 3.0;

impl Search<'_> {
    /// A reader that decodes every packet from its position on.
    fn reader(&self) -> Result<Seeker<'_>, MediaError> {
        let mut reader = Seeker::whole(self.path, self.decoders, Passing::All, self.cancel)?;
        // A reader that is still in its headers would defer a seek.
        reader.next()?;
        Ok(reader)
    }

    /// A reader of a file that cannot seek, starting well before `time_s` of the clip.
    fn beginning(&self, time_s: f64) -> Result<Seeker<'_>, MediaError> {
        let from_s = time_s - LEAD_S;
        let passing = match from_s > 0.0 {
            true => Passing::From(self.stream_ns(from_s)),
            false => Passing::All,
        };
        Seeker::whole(self.path, self.decoders, passing, self.cancel)
    }

    /// Reads all packets once and decodes the pictures that decode alone; returns whether one is
    /// damaged.
    pub fn sweep(&self, take: &mut Take<'_>) -> Result<bool, MediaError> {
        let passing = Passing::Keys {
            from_ns: self.stream_ns((self.range_s.0 - LEAD_S).max(0.0)),
            every_ns: (self.step_s() / 2.0 * 1e9) as i64,
        };
        let mut reader = Seeker::whole(self.path, self.decoders, passing, self.cancel)?;
        let mut converter = FrameConverter::new(self.size, self.examined.orientation);
        let mut left = (0..self.count).peekable();
        let mut before: Option<Frame> = None;
        let mut damaged = false;
        while let Some(&index) = left.peek() {
            let frame = match reader.next() {
                Ok(Some(sample)) => {
                    damaged |= flagged_corrupt(&sample);
                    Some(self.still(index, &sample, &mut converter)?.frame)
                }
                Ok(None) => None,
                Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
                Err(error) => {
                    tracing::debug!(%error, "sweeping ends here");
                    damaged = true;
                    None
                }
            };
            let until_s = match (&before, &frame) {
                (Some(before), Some(frame)) => (before.time_s + frame.time_s) / 2.0,
                (None, Some(_)) => f64::NEG_INFINITY,
                _ => f64::INFINITY,
            };
            while let Some(&index) = left.peek()
                && self.middle_s(index) < until_s
            {
                let Some(shown) = &before else {
                    return Ok(true);
                };
                left.next();
                if take(self.again(index, shown)).is_break() {
                    self.stopped.store(true, Ordering::Relaxed);
                    return Ok(damaged);
                }
            }
            before = frame.or(before);
        }
        Ok(damaged)
    }

    /// Decodes up to the middle of each part in `wanted` (ascending).
    pub fn through(&self, wanted: &[usize], take: &mut Take<'_>) -> Result<bool, MediaError> {
        let origin_s = self.examined.info.origin_s;
        let mut converter = FrameConverter::new(self.size, self.examined.orientation);
        let mut seeker = self.reader()?;
        let mut left = wanted.iter().copied().peekable();
        let mut failures = 0;
        while let Some(&index) = left.peek() {
            if failures >= FAILURES {
                return Ok(true);
            }
            let wanted_s = self.middle_s(index);
            if !self.seeks() || !seeker.read_from(wanted_s + origin_s) {
                seeker = self.beginning(wanted_s)?;
            }
            let mut previous: Option<gstreamer::Sample> = None;
            let mut served = false;
            loop {
                let sample = match seeker.next() {
                    Ok(sample) => sample,
                    Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
                    Err(error) => {
                        tracing::debug!(%error, "reading on ends here");
                        failures += 1;
                        seeker = self.reader()?;
                        None
                    }
                };
                let start_s = sample
                    .as_ref()
                    .and_then(start_of)
                    .map_or(f64::INFINITY, |ns| seconds(ns) - origin_s);
                // The picture shown at a time is the one before the first that starts later.
                while let Some(&index) = left.peek()
                    && self.middle_s(index) < start_s
                {
                    let Some(shown) = previous.as_ref().or(sample.as_ref()) else {
                        break;
                    };
                    let still = self.still(index, shown, &mut converter)?;
                    left.next();
                    served = true;
                    if take(still).is_break() {
                        self.stopped.store(true, Ordering::Relaxed);
                        return Ok(false);
                    }
                }
                let Some(sample) = sample else {
                    if previous.is_none() {
                        failures += 1;
                        left.next();
                    }
                    break;
                };
                previous = Some(sample);
                let next = left.peek();
                let far = next.is_none_or(|&i| self.middle_s(i) > start_s + ON_S);
                if served && far {
                    break;
                }
            }
        }
        Ok(failures > 0)
    }
}
