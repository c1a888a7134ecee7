//! Which tags a file has: by its content, at its start and its end.

use std::fs::File;
use std::io::{Cursor, Result};
use std::panic::AssertUnwindSafe;
use std::path::Path;

use super::entries::Entries;
use super::{ape, chunks, id3v2, mp4, tail, vorbis};
use crate::decode::view::View;

/// Tags at the start beyond this number are not read.
const MOST_LEADING: u8 = 8;
/// The container's own tags count more than ID3 around it, ID3 at the start more than any at the
/// end.
const OWN: u8 = 0;
const LEADING: u8 = 10;
const LAST: u8 = 20;

/// The texts of a file; `None` where it cannot be read.
pub(super) fn of_file(path: &Path) -> Option<Entries> {
    // Opening a named pipe would wait for its other end.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let read = AssertUnwindSafe(|| of_source(View::new(Box::new(File::open(path)?))?));
    match std::panic::catch_unwind(read) {
        Ok(Ok(entries)) => Some(entries),
        Ok(Err(error)) => {
            tracing::debug!(%error, path = %path.display(), "no readable tags");
            None
        }
        Err(_) => {
            tracing::warn!(path = %path.display(), "the tag reader panicked");
            None
        }
    }
}

/// The texts of a file in memory.
pub(super) fn of_bytes(bytes: &[u8]) -> Result<Entries> {
    of_source(View::new(Box::new(Cursor::new(bytes.to_vec())))?)
}

fn of_source(mut view: View) -> Result<Entries> {
    let (mut entries, mut at) = (Entries::default(), 0);
    for number in 0..MOST_LEADING {
        // Of several tags the last counts most.
        let tag = LEADING + MOST_LEADING - number;
        let id3 = id3v2::read(&mut view, at, tag, &mut entries)?;
        let length = match id3 {
            None => ape::after(&mut view, at, tag, &mut entries)?,
            some => some,
        };
        let Some(length) = length.filter(|&length| at + length <= view.len()) else {
            break;
        };
        at += length;
    }
    if at > 0 {
        view.skip(at);
    }
    let head = view.peek::<12>(0)?.unwrap_or_default();
    let [kind @ .., _, _, _, _, f0, f1, f2, f3] = head;
    match (&kind, &[f0, f1, f2, f3]) {
        (b"fLaC", _) => vorbis::in_flac(&mut view, 0, OWN, &mut entries)?,
        (b"OggS", _) => return vorbis::in_ogg(&mut view, OWN, &mut entries).map(|()| entries),
        (b"RIFF" | b"RF64" | b"BW64", b"WAVE") => {
            return chunks::in_wav(&mut view, OWN, &mut entries).map(|()| entries);
        }
        (b"FORM", b"AIFF" | b"AIFC") => {
            return chunks::in_aiff(&mut view, OWN, &mut entries).map(|()| entries);
        }
        ([_, _, _, _], _) if &head[4..8] == b"ftyp" => {
            return mp4::read(&mut view, OWN, &mut entries).map(|()| entries);
        }
        _ => {}
    }
    tail::read(&mut view, LAST, &mut entries)?;
    Ok(entries)
}
