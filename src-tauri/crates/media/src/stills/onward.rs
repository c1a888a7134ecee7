//! Pictures got by reading onward: of files that cannot seek, and those that need the ones before.

use super::{
    search::{FAILURES, Search, Take},
    seeker::{Passing, Seeker},
};
use crate::{
    MediaError,
    frame::Frame,
    picture::Painter,
    stream_time::{flagged_corrupt, seconds, start_of},
};
use std::sync::atomic::Ordering;

/// Where a file cannot seek, a picture is decoded from this far before it on, seconds.
const LEAD_S: f64 = 12.0;

/// The next wanted picture this near is read on to; one farther away is sought, seconds.
const ON_S: f64 = 3.0;

impl Search<'_> {
    /// A reader that decodes on from where it is.
    fn reader(&self) -> Result<Seeker<'_>, MediaError> {
        let mut reader = Seeker::whole(self.path, self.decoders, Passing::All, self.cancel)?;
        // One that is still in its headers would put a seek off.
        reader.next()?;
        Ok(reader)
    }

    /// A reader of a file that cannot seek, from well before a time of the clip on.
    fn beginning(&self, time_s: f64) -> Result<Seeker<'_>, MediaError> {
        let from_s = time_s - LEAD_S;
        let passing = match from_s > 0.0 {
            true => Passing::From(self.stream_ns(from_s)),
            false => Passing::All,
        };
        Seeker::whole(self.path, self.decoders, passing, self.cancel)
    }

    /// The pictures that decode alone, by reading all packets once; whether something is damaged.
    pub fn sweep(&self, take: &mut Take<'_>) -> Result<bool, MediaError> {
        let passing = Passing::Keys {
            from_ns: self.stream_ns((self.range_s.0 - LEAD_S).max(0.0)),
            every_ns: (self.step_s() / 2.0 * 1e9) as i64,
        };
        let mut reader = Seeker::whole(self.path, self.decoders, passing, self.cancel)?;
        let mut painter = Painter::new(self.size, self.examined.orientation);
        let mut left = (0..self.count).peekable();
        let mut before: Option<Frame> = None;
        let mut damaged = false;
        while let Some(&index) = left.peek() {
            let frame = match reader.next() {
                Ok(Some(sample)) => {
                    damaged |= flagged_corrupt(&sample);
                    Some(self.still(index, &sample, &mut painter)?.frame)
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

    /// The pictures in the middle of the parts `wanted`, ascending, by decoding up to each.
    pub fn through(&self, wanted: &[usize], take: &mut Take<'_>) -> Result<bool, MediaError> {
        let origin_s = self.examined.info.origin_s;
        let mut painter = Painter::new(self.size, self.examined.orientation);
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
                // The picture before one that starts later is what shows at a time.
                while let Some(&index) = left.peek()
                    && self.middle_s(index) < start_s
                {
                    let Some(shown) = previous.as_ref().or(sample.as_ref()) else {
                        break;
                    };
                    let still = self.still(index, shown, &mut painter)?;
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
