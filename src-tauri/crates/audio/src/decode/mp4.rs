//! The audible range that an MP4 file declares.
//!
//! Encoders add about 1,000 to 3,000 samples at the start and fill the last packet. The edit list
//! (`elst`, ISO/IEC 14496-12) declares which samples to play; iTunes declares it in a comment
//! (`iTunSMPB`). symphonia 0.6 reads neither.

use std::io::Result;

use super::atoms::{Body, MOST_ATOMS, child, children};
use super::view::View;

/// An `iTunSMPB` comment is 200 bytes long.
const MOST_COMMENT_BYTES: u64 = 1024;

/// The audible range of a track; each number is in units of the rate named beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Edit {
    pub track_id: u32,
    /// Samples to skip at the start, in units of `media_rate`.
    pub skip: u64,
    pub media_rate: u32,
    /// Length, in units of `movie_rate`; `None` where the edit list does not fix it.
    pub length: Option<u64>,
    pub movie_rate: u32,
}

/// All edit lists of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct EditLists {
    pub edits: Vec<Edit>,
    /// From `iTunSMPB`: samples to skip and samples to play, at the rate of the sound.
    pub itunes: Option<(u64, u64)>,
    /// The file ends within its media data.
    pub is_cut_short: bool,
}

/// Reads the edit lists. Also renames `udta` and `meta`, which hold the artwork, to `free`.
pub(super) fn edits(view: &mut View) -> Result<EditLists> {
    let mut found = EditLists::default();
    if view.peek::<8>(0)?.is_none_or(|head| &head[4..] != b"ftyp") {
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
    // An atom with a 64-bit size has the size field between its name and its content.
    hidden.retain(
        |&at| matches!(view.peek(at), Ok(Some(name)) if [*b"udta", *b"meta"].contains(&name)),
    );
    for at in hidden {
        view.patch(at, b"free");
    }
    found.is_cut_short = fit_data(view, end)?;
    Ok(found)
}

/// Shortens media data that reaches beyond the file; symphonia would skip it.
fn fit_data(view: &mut View, at: u64) -> Result<bool> {
    let Some([a, b, c, d, name @ ..]) = view.peek::<8>(at)? else {
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

fn track(view: &mut View, trak: Body, movie_rate: u32) -> Result<Option<Edit>> {
    let Some(tkhd) = child(view, trak, b"tkhd")? else {
        return Ok(None);
    };
    let long = view.peek(tkhd.0)? == Some([1]);
    let id = view.peek(tkhd.0 + if long { 20 } else { 12 })?;
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
    // An edit with a negative start time is a pause before the sound.
    let mut heard = entries.iter().filter(|(_, time)| *time >= 0);
    let Some(&(length, time)) = heard.next() else {
        return Ok(None);
    };
    Ok(Some(Edit {
        track_id: u32::from_be_bytes(id),
        skip: time.unsigned_abs(),
        media_rate,
        // A track of several edits is played as it was recorded.
        length: (heard.next().is_none() && length > 0).then_some(length),
        movie_rate,
    }))
}

/// Length and start time of each edit.
fn entries(view: &mut View, Body(at, end): Body) -> Result<Vec<(u64, i64)>> {
    let long = view.peek(at)? == Some([1]);
    let mut entries = Vec::new();
    let (mut at, step) = (at + 8, if long { 20 } else { 12 });
    while at + step <= end && entries.len() < MOST_ATOMS {
        let entry = if long {
            let (length, time) = (view.peek(at)?, view.peek(at + 8)?);
            length
                .zip(time)
                .map(|(l, t)| (u64::from_be_bytes(l), i64::from_be_bytes(t)))
        } else {
            let (length, time) = (view.peek(at)?, view.peek(at + 4)?);
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

/// The time scale of `mvhd` and `mdhd`; both have it at the same offset.
fn rate_of(view: &mut View, Body(at, _): Body) -> Result<u32> {
    let long = view.peek(at)? == Some([1]);
    let rate = view.peek(at + if long { 20 } else { 12 })?;
    Ok(rate.map_or(0, u32::from_be_bytes))
}

/// Finds `iTunSMPB` among the comments of `moov/udta/meta/ilst`.
fn itunes(view: &mut View, name: &[u8; 4], atom: Body) -> Result<Option<(u64, u64)>> {
    let meta = match name {
        b"meta" => Some(atom),
        _ => child(view, atom, b"meta")?,
    };
    let Some(Body(from, to)) = meta else {
        return Ok(None);
    };
    // `meta` has four bytes of version and flags before its atoms.
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

/// ` 00000000 00000840 000001CA 00000000003F31F6 …` in hexadecimal: unused, samples before, samples
/// after, samples of sound.
fn gap(comment: &[u8]) -> Option<(u64, u64)> {
    let at = comment.windows(8).position(|w| w == b"iTunSMPB")?;
    let text = String::from_utf8_lossy(comment.get(at + 8..)?);
    // The value atom has its size, `data`, a type and a locale before the text.
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
    fn an_itunes_comment_gives_the_samples_before_and_within_the_sound() {
        let comment = b"\0\0\0\x1cmean\0\0\0\0com.apple.iTunes\0\0\0\x14name\0\0\0\0iTunSMPB\0\0\0\x84data\0\0\0\x01\0\0\0\0 00000000 00000840 000001CA 00000000003F31F6 00000000 00000000";
        assert_eq!(gap(comment), Some((0x840, 0x3F_31F6)));
        assert_eq!(gap(b"iTunSMPBdata 00000000 zzzzzzzz"), None);
        assert_eq!(gap(b"iTunNORM data 00000000"), None);
    }

    fn atom(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = content.len() as u32 + 8;
        [&size.to_be_bytes()[..], name, content].concat()
    }

    fn edits_of(bytes: Vec<u8>) -> EditLists {
        let mut view = View::new(Box::new(std::io::Cursor::new(bytes))).unwrap();
        edits(&mut view).unwrap()
    }

    #[test]
    fn a_meta_atom_shorter_than_its_version_field_holds_no_comment() {
        for length in 0..4 {
            let moov = atom(b"moov", &atom(b"meta", &vec![0; length]));
            let file = [atom(b"ftyp", b"M4A "), moov, vec![0; 32]].concat();
            assert_eq!(edits_of(file), EditLists::default(), "{length} bytes");
        }
    }
}
