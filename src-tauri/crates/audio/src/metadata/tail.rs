//! The texts of tags behind the sound.

use std::io::Result;

use super::entries::{Declared, Entries, Field};
use super::{ape, id3v2};
use crate::decode::trailing::{Trailing, tags};
use crate::decode::view::View;

/// Reads every tag at the end of a file. ID3v1 counts least, because it cuts texts.
pub(super) fn read(view: &mut View, tag: u8, entries: &mut Entries) -> Result<()> {
    for (kind, start, end) in tags(view)? {
        match kind {
            Trailing::Id3v2 => {
                id3v2::read(view, start, tag, entries)?;
            }
            Trailing::Ape => ape::before(view, end, tag + 1, entries)?,
            Trailing::Id3v1 => {
                if let Some(bytes) = view.peek(start)? {
                    id3v1(&bytes, tag + 2, entries);
                }
            }
            Trailing::Lyrics3 => {}
        }
    }
    Ok(())
}

/// Title, artist, album and comment of fixed length, and the number of a genre.
fn id3v1(bytes: &[u8; 128], tag: u8, entries: &mut Entries) {
    let mut text = |field, range: std::ops::Range<usize>| {
        let text = bytes.get(range).unwrap_or_default();
        let text = text.split(|&b| b == 0).next().unwrap_or_default();
        entries.add(tag, field, Declared::Bytes, text.trim_ascii_end());
    };
    text(Field::Title, 3..33);
    text(Field::Artist, 33..63);
    text(Field::Album, 63..93);
    text(Field::Comment, 97..127);
    let genre = format!("({})", bytes[127]);
    entries.add(tag, Field::Genre, Declared::Utf8, genre.as_bytes());
}
