//! What an MP4 file says about the part of its sound that is meant to be heard.
//!
//! Encoders put about a thousand to three thousand samples in front and fill the last packet up.
//! The edit list (`elst`, ISO/IEC 14496-12) says what to leave out, and iTunes says it in a comment
//! of its own (`iTunSMPB`). symphonia 0.6 uses neither.

use std::io::Result;

use super::view::View;

const MOST_ATOMS: usize = 10_000;
/// An `iTunSMPB` comment is 200 bytes long.
const MOST_COMMENT_BYTES: u64 = 1024;

/// The part of a track that is to be heard, in units of the rates beside.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Edit {
    pub track_id: u32,
    /// Samples left out at the start, in units of `media_rate`.
    pub skip: u64,
    pub media_rate: u32,
    /// Length, in units of `movie_rate`; `None` where it cannot be told.
    pub length: Option<u64>,
    pub movie_rate: u32,
}

/// What the file says, looked up before it is decoded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Edits {
    pub edits: Vec<Edit>,
    /// Samples before and within the sound after `iTunSMPB`, at the rate of the sound.
    pub itunes: Option<(u64, u64)>,
    /// The file ends within its data.
    pub is_cut_short: bool,
}

/// An atom's content: from, to.
#[derive(Clone, Copy)]
struct Body(u64, u64);

/// Reads the edit lists, and hides `udta` and `meta` with the artwork in them: `free` instead.
pub(super) fn edits(view: &mut View) -> Result<Edits> {
    let mut found = Edits::default();
    if view.look::<8>(0)?.is_none_or(|head| &head[4..] != b"ftyp") {
        return Ok(found);
    }
    let (mut hidden, whole) = (Vec::new(), Body(0, view.len()));
    let atoms = children(view, whole)?;
    let end = atoms.last().map_or(0, |(_, last)| last.1);
    for (name, atom) in atoms {
        match &name {
            b"moov" => {
                let atoms = children(view, atom)?;
                let rate = |a: &&([u8; 4], Body)| &a.0 == b"mvhd";
                let movie_rate = match atoms.iter().find(rate) {
                    Some((_, mvhd)) => rate_of(view, *mvhd)?,
                    None => 0,
                };
                for (name, atom) in atoms {
                    match &name {
                        b"trak" => found.edits.extend(track(view, atom, movie_rate)?),
                        b"udta" | b"meta" => {
                            found.itunes = found.itunes.or(itunes(view, &name, atom)?);
                            hidden.push(atom.0 - 4);
                        }
                        _ => {}
                    }
                }
            }
            b"udta" | b"meta" => hidden.push(atom.0 - 4),
            _ => {}
        }
    }
    // An atom with a 64-bit size has the size between its name and its content.
    hidden.retain(
        |&at| matches!(view.look(at), Ok(Some(name)) if [*b"udta", *b"meta"].contains(&name)),
    );
    for at in hidden {
        view.patch(at, b"free");
    }
    found.is_cut_short = fit_data(view, end)?;
    Ok(found)
}

/// Data that goes on beyond the file ends with it, or else symphonia passes it over.
fn fit_data(view: &mut View, at: u64) -> Result<bool> {
    let Some([a, b, c, d, name @ ..]) = view.look::<8>(at)? else {
        return Ok(false);
    };
    if &name != b"mdat" {
        return Ok(false);
    }
    let rest = view.len() - at;
    match u32::from_be_bytes([a, b, c, d]) {
        1 if rest >= 16 => view.patch(at + 8, &rest.to_be_bytes()),
        _ => view.patch(at, &u32::try_from(rest).unwrap_or(0).to_be_bytes()),
    }
    Ok(true)
}

/// Atoms within a part of the file, as far as they are whole.
fn children(view: &mut View, Body(mut at, end): Body) -> Result<Vec<([u8; 4], Body)>> {
    let mut atoms = Vec::new();
    while atoms.len() < MOST_ATOMS {
        let Some([a, b, c, d, name @ ..]) = view.look::<8>(at)? else {
            break;
        };
        let (size, head) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (end - at, 8),
            1 => match view.look(at + 8)? {
                Some(size) => (u64::from_be_bytes(size), 16),
                None => break,
            },
            size => (u64::from(size), 8),
        };
        let to = at.saturating_add(size);
        if size < head || to > end {
            break;
        }
        atoms.push((name, Body(at + head, to)));
        at = to;
    }
    Ok(atoms)
}

fn child(view: &mut View, of: Body, wanted: &[u8; 4]) -> Result<Option<Body>> {
    let atoms = children(view, of)?;
    Ok(atoms.iter().find(|(n, _)| n == wanted).map(|(_, b)| *b))
}

fn track(view: &mut View, trak: Body, movie_rate: u32) -> Result<Option<Edit>> {
    let Some(tkhd) = child(view, trak, b"tkhd")? else {
        return Ok(None);
    };
    let long = view.look(tkhd.0)? == Some([1]);
    let id = view.look(tkhd.0 + if long { 20 } else { 12 })?;
    let mdia = child(view, trak, b"mdia")?;
    let media_rate = match mdia {
        Some(mdia) => match child(view, mdia, b"mdhd")? {
            Some(mdhd) => rate_of(view, mdhd)?,
            None => 0,
        },
        None => 0,
    };
    let list = match child(view, trak, b"edts")? {
        Some(edts) => child(view, edts, b"elst")?,
        None => None,
    };
    let (Some(id), Some(list)) = (id, list) else {
        return Ok(None);
    };
    let entries = entries(view, list)?;
    // An edit with a negative time is a pause before the sound.
    let mut heard = entries.iter().filter(|(_, time)| *time >= 0);
    let Some(&(length, time)) = heard.next() else {
        return Ok(None);
    };
    Ok(Some(Edit {
        track_id: u32::from_be_bytes(id),
        skip: time.unsigned_abs(),
        media_rate,
        // A track put together of several parts is heard as it was recorded.
        length: (heard.next().is_none() && length > 0).then_some(length),
        movie_rate,
    }))
}

/// Length and start time of each edit.
fn entries(view: &mut View, Body(at, end): Body) -> Result<Vec<(u64, i64)>> {
    let long = view.look(at)? == Some([1]);
    let mut entries = Vec::new();
    let (mut at, step) = (at + 8, if long { 20 } else { 12 });
    while at + step <= end && entries.len() < MOST_ATOMS {
        let entry = if long {
            let (length, time) = (view.look(at)?, view.look(at + 8)?);
            length
                .zip(time)
                .map(|(l, t)| (u64::from_be_bytes(l), i64::from_be_bytes(t)))
        } else {
            let (length, time) = (view.look(at)?, view.look(at + 4)?);
            let read = |(l, t)| {
                (
                    u64::from(u32::from_be_bytes(l)),
                    i64::from(i32::from_be_bytes(t)),
                )
            };
            length.zip(time).map(read)
        };
        let Some(entry) = entry else { break };
        entries.push(entry);
        at += step;
    }
    Ok(entries)
}

/// The time scale in `mvhd` and `mdhd`, which have it at the same place.
fn rate_of(view: &mut View, Body(at, _): Body) -> Result<u32> {
    let long = view.look(at)? == Some([1]);
    let rate = view.look(at + if long { 20 } else { 12 })?;
    Ok(rate.map_or(0, u32::from_be_bytes))
}

/// Looks for `iTunSMPB` among the comments of `moov/udta/meta/ilst`.
fn itunes(view: &mut View, name: &[u8; 4], atom: Body) -> Result<Option<(u64, u64)>> {
    let meta = match name {
        b"meta" => Some(atom),
        _ => child(view, atom, b"meta")?,
    };
    let Some(Body(from, to)) = meta else {
        return Ok(None);
    };
    // Four bytes of version and flags come before the atoms in `meta`.
    let Some(ilst) = child(view, Body(from + 4, to), b"ilst")? else {
        return Ok(None);
    };
    for (name, Body(from, to)) in children(view, ilst)? {
        if &name != b"----" || to - from > MOST_COMMENT_BYTES {
            continue;
        }
        if let Some(found) = gap(&view.part(from, to - from)?) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// ` 00000000 00000840 000001CA 00000000003F31F6 …`: nothing, samples in front, samples behind,
/// samples of sound, in hexadecimal.
fn gap(comment: &[u8]) -> Option<(u64, u64)> {
    let at = comment.windows(8).position(|w| w == b"iTunSMPB")?;
    let text = String::from_utf8_lossy(&comment[at + 8..]);
    // The atom that holds the value puts its size, `data`, a type and a place before the text.
    let text = text.split_once("data")?.1;
    let mut words = text
        .split([' ', '\0'])
        .filter(|w| w.len() >= 8)
        .map(|w| u64::from_str_radix(w, 16).ok());
    let (_, before, _, sound) = (
        words.next()??,
        words.next()??,
        words.next()??,
        words.next()??,
    );
    (sound > 0).then_some((before, sound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comment_of_itunes_is_read() {
        let comment = b"\0\0\0\x1cmean\0\0\0\0com.apple.iTunes\0\0\0\x14name\0\0\0\0iTunSMPB\0\0\0\x84data\0\0\0\x01\0\0\0\0 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000";
        assert_eq!(gap(comment), Some((0x840, 0x3F_31F6)));
        assert_eq!(gap(b"iTunSMPBdata 00000000 zzzzzzzz"), None);
        assert_eq!(gap(b"iTunNORM data 00000000"), None);
    }
}
