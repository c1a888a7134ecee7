//! Tags behind the sound: ID3v1, APE, Lyrics3, ID3v2 with a footer.

use std::io::Result;

use super::entries::{Declared, Entries, Field};
use super::{ape, id3v2};
use crate::decode::view::View;

/// Reads every tag at the end of a file. ID3v1 counts least, because it cuts texts.
pub(super) fn read(view: &mut View, tag: u8, entries: &mut Entries) -> Result<()> {
    let mut end = view.len();
    if let Some(at) = end.checked_sub(128)
        && let Some(bytes) = view.peek::<128>(at)?
        && bytes.starts_with(b"TAG")
    {
        id3v1(&bytes, tag + 2, entries);
        end = at;
    }
    // The others may come in any order; none comes twice.
    for _ in 0..3 {
        if let Some(at) = end.checked_sub(15)
            && let Some(
                [
                    digits @ ..,
                    b'L',
                    b'Y',
                    b'R',
                    b'I',
                    b'C',
                    b'S',
                    b'2',
                    b'0',
                    b'0',
                ],
            ) = view.peek::<15>(at)?
            && let Some(size) = number(&digits)
        {
            end = at.saturating_sub(size);
        } else if let Some(length) = ape::before(view, end, tag + 1, entries)? {
            end = end.saturating_sub(length);
        } else if let Some(at) = end.checked_sub(10)
            && let Some([b'3', b'D', b'I', _, _, _, a, b, c, d]) = view.peek(at)?
        {
            let size = [a, b, c, d]
                .iter()
                .fold(0, |sum, &b| sum << 7 | u64::from(b & 0x7f));
            let Some(start) = at.checked_sub(size + 10) else {
                break;
            };
            id3v2::read(view, start, tag, entries)?;
            end = start;
        } else {
            break;
        }
    }
    Ok(())
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Title, artist, album and comment of fixed length, and the number of a genre.
fn id3v1(bytes: &[u8; 128], tag: u8, entries: &mut Entries) {
    let mut text = |field, range: std::ops::Range<usize>| {
        let text = &bytes[range];
        let end = text.iter().position(|&b| b == 0).unwrap_or(text.len());
        entries.add(tag, field, Declared::Bytes, text[..end].trim_ascii_end());
    };
    text(Field::Title, 3..33);
    text(Field::Artist, 33..63);
    text(Field::Album, 63..93);
    text(Field::Comment, 97..127);
    entries.add(
        tag,
        Field::Genre,
        Declared::Utf8,
        format!("({})", bytes[127]).as_bytes(),
    );
}
