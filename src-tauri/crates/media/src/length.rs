//! The length of a clip by its packets.

use crate::{
    MediaError,
    limit::Limit,
    notes::ClipNote,
    packets::{Index, Indexer},
    stream_time::seconds,
};
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// Reading begins this far before the end that the container declares, seconds.
const LEAD_S: f64 = 1.0;
/// Where nothing lies at the declared end, the end is searched to within this, seconds; the rest is read.
const NARROW_S: f64 = 8.0;
/// Sound that goes on after the last picture is read to its end where the container declares this much more, seconds.
pub(crate) const MORE_S: f64 = 0.5;
/// Searching ends after this many steps, whatever a container declares.
const MOST_STEPS: usize = 32;

/// The end of a clip's pictures and of its sound, seconds of stream time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Ends {
    pub pictures_s: f64,
    pub sound_s: Option<f64>,
}

/// The ends of a file whose index pass was `scan`. If that did not reach the end, the last packets are read: from the
/// declared end on, or from the latest time at which there are packets.
///
/// # Errors
/// [`MediaError::Cancelled`].
pub(crate) fn ends(
    path: &Path,
    indexer: &Indexer,
    scan: &Index,
    told_s: f64,
    origin_s: f64,
    cancel: &CancellationToken,
) -> Result<Ends, MediaError> {
    let scanned_s = scan.reach_ns.map_or(0.0, seconds);
    let declared_s = origin_s + told_s;
    if scan.ended && declared_s > scanned_s + MORE_S {
        indexer.demux.read_sound(cancel)?;
    }
    let known = Ends {
        pictures_s: scanned_s,
        sound_s: indexer.demux.sound_end_s(),
    };
    if scan.ended {
        return Ok(known);
    }
    let from_s = origin_s + (told_s - LEAD_S).max(0.0);
    if let Some(found) = end_after(indexer, from_s, declared_s, cancel)? {
        return Ok(found.joined(known));
    }
    // There are packets at `low`, and none at `high`.
    let (mut low, mut high) = (scanned_s.min(from_s), from_s);
    let mut sound = known;
    for _ in 0..MOST_STEPS {
        if high - low < NARROW_S {
            break;
        }
        let middle = (low + high) / 2.0;
        let probe = Indexer::open(path, cancel)?;
        probe.preroll(cancel)?;
        let one = Limit {
            packets: 1,
            ..Limit::NONE
        };
        let met = match probe.run(middle, None, one, cancel) {
            Ok(index) => index.seen > 0,
            Err(MediaError::Cancelled) => return Err(MediaError::Cancelled),
            Err(_) => false,
        };
        sound.sound_s = later(sound.sound_s, probe.demux.sound_end_s());
        match met {
            true => low = middle,
            false => high = middle,
        }
    }
    let last = Indexer::open(path, cancel)?;
    last.preroll(cancel)?;
    let found = end_after(&last, low, declared_s, cancel)?.unwrap_or(known);
    Ok(found.joined(sound))
}

/// What the length of a clip was measured and told to be.
pub(crate) struct Length {
    /// From the clip's start.
    pub ends: Ends,
    /// Length that the container declares, seconds.
    pub told_s: Option<f64>,
    /// Bytes are missing that its index names.
    pub is_cut: bool,
    /// The clock of the stream jumps.
    pub joined: bool,
    /// The file grew while it was read.
    pub is_growing: bool,
}

impl Length {
    /// What an editor should know of it.
    pub fn notes(&self) -> Vec<ClipNote> {
        let end_s = self.ends.pictures_s;
        let sound_end_s = self.ends.sound_s.unwrap_or(0.0);
        let goes_on = sound_end_s > end_s + MORE_S;
        let short = |told_s: f64| told_s > sound_end_s.max(end_s) + MORE_S;
        let told_s = self.told_s.filter(|told| (told - end_s).abs() > MORE_S);
        let mut notes = Vec::new();
        if self.is_growing {
            notes.push(ClipNote::Growing);
        } else if self.is_cut || told_s.is_some_and(short) {
            let told_s = told_s.filter(|told| short(*told));
            notes.push(ClipNote::CutShort { end_s, told_s });
        } else if let Some(told_s) = told_s.filter(|_| !goes_on) {
            let measured_s = end_s;
            notes.push(ClipNote::Length { told_s, measured_s });
        }
        if goes_on {
            notes.push(ClipNote::SoundGoesOn { end_s, sound_end_s });
        }
        if self.joined {
            notes.push(ClipNote::Joined);
        }
        notes
    }
}

impl Ends {
    /// The same, counted from another time on.
    pub fn from(self, origin_s: f64) -> Ends {
        Ends {
            pictures_s: self.pictures_s - origin_s,
            sound_s: self.sound_s.map(|s| s - origin_s),
        }
    }

    fn joined(self, other: Ends) -> Ends {
        Ends {
            pictures_s: self.pictures_s.max(other.pictures_s),
            sound_s: later(self.sound_s, other.sound_s),
        }
    }
}

fn later(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    one.into_iter().chain(other).reduce(f64::max)
}

/// The ends of what lies at `from_s` and after; `None` if there is no picture.
fn end_after(
    indexer: &Indexer,
    from_s: f64,
    declared_s: f64,
    cancel: &CancellationToken,
) -> Result<Option<Ends>, MediaError> {
    match indexer.run(from_s.max(0.001), None, Limit::REACH, cancel) {
        Ok(index) => {
            let pictures_s = index.reach_ns.map(seconds);
            if pictures_s.is_none_or(|s| declared_s > s + MORE_S) {
                indexer.demux.read_sound(cancel)?;
            }
            Ok(pictures_s.map(|pictures_s| Ends {
                pictures_s,
                sound_s: indexer.demux.sound_end_s(),
            }))
        }
        Err(MediaError::Cancelled) => Err(MediaError::Cancelled),
        Err(error) => {
            tracing::debug!(%error, from_s, "nothing lies there");
            Ok(None)
        }
    }
}
