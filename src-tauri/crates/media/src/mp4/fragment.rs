//! The samples of one fragment (ISO/IEC 14496-12, 8.8).

use super::{
    boxes::{be32, be64, children, find},
    track::{Defaults, Sample, Track},
};

/// Bit of a sample's flags: it does not decode alone.
const NO_KEY: u32 = 0x1_0000;

/// Adds the samples of the `moof` whose header is at `start` to their tracks, as far as their bytes lie within
/// `length` and as there is `room`, which gets less by them.
pub(super) fn read(moof: &[u8], start: u64, length: u64, tracks: &mut [Track], room: &mut usize) {
    let mut place = Place {
        start,
        behind: start,
        length,
        room,
    };
    for (_, traf) in children(moof).filter(|(kind, _)| kind == b"traf") {
        if fragment(traf, &mut place, tracks).is_none() {
            tracing::debug!(start, "a track of a fragment cannot be read");
        }
    }
}

/// Where a fragment lies in its file.
struct Place<'a> {
    /// Offset of its header.
    start: u64,
    /// Offset behind the data of the track before.
    behind: u64,
    /// Length of the file.
    length: u64,
    /// Samples that may still be added.
    room: &'a mut usize,
}

/// One track of a fragment.
fn fragment(traf: &[u8], place: &mut Place<'_>, tracks: &mut [Track]) -> Option<()> {
    let tfhd = find(traf, b"tfhd")?;
    let id = be32(tfhd, 4)?;
    let track = tracks.iter_mut().find(|track| track.id == id)?;
    let (defaults, base) = header(tfhd, track.defaults, place)?;
    let time = find(traf, b"tfdt").and_then(|tfdt| match tfdt.first() {
        Some(1) => be64(tfdt, 4),
        _ => be32(tfdt, 4).map(u64::from),
    });
    if let Some(time) = time
        && !track.is_cut
    {
        track.begin(time);
    }
    place.behind = base;
    for (_, trun) in children(traf).filter(|(kind, _)| kind == b"trun") {
        run(trun, base, place, defaults, track)?;
    }
    Some(())
}

/// What holds for the samples of a fragment, and where its data begins.
fn header(tfhd: &[u8], of_track: Defaults, place: &Place<'_>) -> Option<(Defaults, u64)> {
    let flags = be32(tfhd, 0)? & 0xFF_FFFF;
    let mut at = 8;
    let mut next = |bit: u32, otherwise: u32| match flags & bit {
        0 => Some(otherwise),
        _ => {
            at += 4;
            be32(tfhd, at - 4)
        }
    };
    let base = match flags & 1 {
        0 if flags & 0x2_0000 != 0 => place.start,
        0 => place.behind,
        _ => {
            let high = next(1, 0)?;
            u64::from(high) << 32 | u64::from(next(1, 0)?)
        }
    };
    let defaults = Defaults {
        description: next(2, of_track.description)?,
        duration: next(8, of_track.duration)?,
        bytes: next(0x10, of_track.bytes)?,
        flags: next(0x20, of_track.flags)?,
    };
    Some((defaults, base))
}

/// One run of samples. Its data begins behind that of the run before unless it says otherwise.
fn run(
    trun: &[u8],
    base: u64,
    place: &mut Place<'_>,
    defaults: Defaults,
    track: &mut Track,
) -> Option<()> {
    let head = be32(trun, 0)?;
    let (version, flags) = (head >> 24, head & 0xFF_FFFF);
    let count = be32(trun, 4)?;
    let mut at = 8;
    // Outer `None`: the field is not there. Inner `None`: the box ends before it.
    let mut next = |bit: u32| {
        (flags & bit != 0).then(|| {
            at += 4;
            be32(trun, at - 4)
        })
    };
    if let Some(offset) = next(1) {
        place.behind = base.checked_add_signed(i64::from(offset? as i32))?;
    }
    let first_flags = next(4).flatten();
    for sample in 0..count {
        let duration = next(0x100).unwrap_or(Some(defaults.duration))?;
        let bytes = next(0x200).unwrap_or(Some(defaults.bytes))?;
        let own_flags = next(0x400).flatten();
        let shown_after = next(0x800).unwrap_or(Some(0))?;
        let end = place.behind.checked_add(u64::from(bytes))?;
        track.is_cut |= end > place.length;
        // A sample without bytes and without fields would cost nothing, and be there billions of times.
        if track.is_cut || *place.room == 0 || (bytes == 0 && flags & 0xF00 == 0) {
            break;
        }
        *place.room -= 1;
        let first_flags = first_flags.filter(|_| sample == 0);
        let flags = own_flags.or(first_flags).unwrap_or(defaults.flags);
        track.push(Sample {
            offset: place.behind,
            bytes,
            duration,
            shown_after: match version {
                0 => i32::try_from(shown_after).unwrap_or(0),
                _ => shown_after as i32,
            },
            key: flags & NO_KEY == 0,
            description: defaults.description.max(1),
        });
        place.behind = end;
    }
    Some(())
}
