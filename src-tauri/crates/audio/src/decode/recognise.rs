//! Tells what a file is by its content, whatever its name says.
//!
//! Files with a header are known by it, containers by their tracks. MPEG audio, AAC and AC-3 have
//! no header; several frames in a row must fit.

mod asf;
mod finding;
mod frames;
mod kind;
mod magic;
mod matroska;
mod mp4;
mod ogg;
mod riff;

use std::fs::File;
use std::io::{Cursor, Error, Result};
use std::path::Path;

use super::tags;
use super::view::View;
pub(super) use finding::Finding;
pub use kind::Recognised;
pub(super) use matroska::is_live;

/// Bytes at the start that are read first; they decide for most files.
const HEAD_BYTES: u64 = 4096;
/// Bytes that are searched for a stream without a header, or for the tracks of a container.
const SEARCHED_BYTES: u64 = 1 << 17;
/// The same after a tag, whose length may be wrong.
const SEARCHED_AFTER_TAG_BYTES: u64 = 4 << 20;

/// Tells what a file is. Reads 4 KB of most files and 128 KB of those that are nothing known; of
/// MP4 also the table of its tracks, wherever it lies.
///
/// # Errors
/// Those of the system, and an error for anything that is not a regular file.
pub fn recognise(path: &Path) -> Result<Recognised> {
    // Opening a named pipe would wait for its other end.
    if !std::fs::metadata(path)?.is_file() {
        return Err(Error::other("not a regular file"));
    }
    of_source(View::new(Box::new(File::open(path)?))?)
}

/// Like [`recognise`], from bytes in memory: the beginning of a file, or all of it.
pub fn recognise_bytes(bytes: &[u8]) -> Recognised {
    let view = View::new(Box::new(Cursor::new(bytes.to_vec())));
    view.and_then(of_source).unwrap_or(Recognised::Other)
}

fn of_source(mut view: View) -> Result<Recognised> {
    let has_tag = tags::leave_out_leading(&mut view)?;
    Ok(find(&mut view, has_tag)?.kind)
}

/// What the source is, and where its sound lies. `has_tag` where a tag was left out before.
pub(super) fn find(view: &mut View, has_tag: bool) -> Result<Finding> {
    let head = view.part(0, HEAD_BYTES)?;
    if let Some(kind) = magic::by_magic(&head) {
        return Ok(Finding::whole(kind));
    }
    if let Some(finding) = riff::by_chunks(view)? {
        return Ok(finding);
    }
    if let Some(kind) = mp4::by_tracks(view)? {
        return Ok(Finding::whole(kind));
    }
    let most = if has_tag {
        SEARCHED_AFTER_TAG_BYTES
    } else {
        SEARCHED_BYTES
    };
    let head = view.part(0, most)?;
    let by_header = [ogg::by_codec, matroska::by_tracks, asf::by_streams];
    if let Some(kind) = by_header.iter().find_map(|tell| tell(&head)) {
        return Ok(Finding::whole(kind));
    }
    Ok(match frames::find(&head) {
        Some((from, kind)) => Finding {
            kind,
            from: from as u64,
            length: None,
        },
        None => Finding::whole(Recognised::Other),
    })
}
