//! The tracks of a fragmented file: what its `moov` says of them, and the samples of all fragments.

use super::boxes::{be32, be64, children, find};

/// Tracks of a file that are read.
const MOST_TRACKS: usize = 64;

/// A coded picture or a packet of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    pub offset: u64,
    pub bytes: u32,
    /// Time to the next sample, in units of the track.
    pub duration: u32,
    /// Time from decoding to showing, in units of the track.
    pub shown_after: i32,
    /// Whether it decodes alone.
    pub key: bool,
    /// Number of its description, from 1.
    pub description: u32,
}

/// What samples have where a fragment says nothing else (`trex`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Defaults {
    pub description: u32,
    pub duration: u32,
    pub bytes: u32,
    pub flags: u32,
}

/// A track and its samples in decoding order.
#[derive(Debug, Clone, Default)]
pub(super) struct Track {
    pub id: u32,
    /// Units of its times in a second.
    pub timescale: u32,
    pub defaults: Defaults,
    pub samples: Vec<Sample>,
    /// Decoding time of the first sample as the fragments count it.
    pub first: Option<u64>,
    /// Sum of all durations.
    pub length: u64,
    /// A sample's bytes are missing; no later sample is listed.
    pub is_cut: bool,
}

impl Track {
    /// A fragment of this track begins at `time`. A gap lengthens the sample before it. A clock that goes back is that
    /// of another recording joined to this one: it counts on.
    pub fn begin(&mut self, time: u64) {
        let first = *self.first.get_or_insert(time);
        let ahead = time.saturating_sub(first).saturating_sub(self.length);
        if let Some(last) = self.samples.last_mut()
            && let Ok(ahead) = u32::try_from(ahead)
            && let Some(longer) = last.duration.checked_add(ahead)
        {
            last.duration = longer;
            self.length += u64::from(ahead);
        }
    }

    pub fn push(&mut self, sample: Sample) {
        self.length += u64::from(sample.duration);
        self.samples.push(sample);
    }
}

/// The tracks of a `moov` that lists no samples itself; `None` if it does, or names no track that can be read.
pub(super) fn tracks(moov: &[u8]) -> Option<Vec<Track>> {
    let mut found = Vec::new();
    for (_, trak) in children(moov).filter(|(kind, _)| kind == b"trak") {
        let tkhd = find(trak, b"tkhd")?;
        let mdia = find(trak, b"mdia")?;
        let mdhd = find(mdia, b"mdhd")?;
        let stbl = find(find(mdia, b"minf")?, b"stbl")?;
        if !is_empty(stbl) || found.len() >= MOST_TRACKS {
            return None;
        }
        let id = be32(tkhd, if tkhd.first() == Some(&1) { 20 } else { 12 })?;
        let timescale = be32(mdhd, if mdhd.first() == Some(&1) { 20 } else { 12 })?;
        found.push(Track {
            id,
            timescale: timescale.max(1),
            ..Track::default()
        });
    }
    let mvex = find(moov, b"mvex")?;
    for (_, trex) in children(mvex).filter(|(kind, _)| kind == b"trex") {
        let id = be32(trex, 4)?;
        if let Some(track) = found.iter_mut().find(|track| track.id == id) {
            track.defaults = Defaults {
                description: be32(trex, 8)?,
                duration: be32(trex, 12)?,
                bytes: be32(trex, 16)?,
                flags: be32(trex, 20)?,
            };
        }
    }
    Some(found)
}

/// The edit list of a track: how long nothing is shown at first, in units of the movie, and the time in the track at
/// which showing begins.
pub(super) fn edit(trak: &[u8]) -> (u64, u64) {
    let Some(elst) = find(trak, b"edts").and_then(|edts| find(edts, b"elst")) else {
        return (0, 0);
    };
    let long = elst.first() == Some(&1);
    let count = be32(elst, 4).unwrap_or(0);
    let (mut empty, size) = (0u64, if long { 20 } else { 12 });
    for entry in 0..count.min(16) as usize {
        let at = 8 + entry * size;
        let read = match long {
            true => be64(elst, at).zip(be64(elst, at + 8).map(|t| t as i64)),
            false => be32(elst, at)
                .map(u64::from)
                .zip(be32(elst, at + 4).map(|t| i64::from(t as i32))),
        };
        match read {
            Some((length, -1)) => empty = empty.saturating_add(length),
            Some((_, media)) => return (empty, u64::try_from(media).unwrap_or(0)),
            None => break,
        }
    }
    (empty, 0)
}

/// Whether the tables of a track in `moov` list no sample.
fn is_empty(stbl: &[u8]) -> bool {
    children(stbl).all(|(kind, body)| match &kind {
        b"stsz" | b"stz2" => be32(body, 8).unwrap_or(0) == 0,
        b"stts" | b"stco" | b"co64" => be32(body, 4).unwrap_or(0) == 0,
        _ => true,
    })
}
