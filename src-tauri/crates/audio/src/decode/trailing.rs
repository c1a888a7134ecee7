//! Tags behind the sound: ID3v1, Lyrics3, APE, and ID3v2 with a footer.

use std::io::Result;

use super::tag_sizes;
use super::view::View;

/// Tags beyond this number are not looked for.
const MOST_TAGS: usize = 4;

/// A kind of tag that may end a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trailing {
    Id3v1,
    Lyrics3,
    Ape,
    Id3v2,
}

/// The tags at the end of a file, the last one first: kind, start and end of each.
pub(crate) fn tags(view: &mut View) -> Result<Vec<(Trailing, u64, u64)>> {
    let (mut end, mut found) = (view.len(), Vec::new());
    while found.len() < MOST_TAGS {
        let Some((kind, start)) = before(view, end)? else {
            break;
        };
        found.push((kind, start, end));
        end = start;
    }
    Ok(found)
}

/// Ends the view where its trailing tags begin.
pub(super) fn leave_out(view: &mut View) -> Result<()> {
    if let Some(&(_, start, _)) = tags(view)?.last() {
        view.cut(start);
    }
    Ok(())
}

/// Whether the name of an APE tag is at a position, which has ID3v1's within.
fn is_ape(view: &mut View, at: u64) -> Result<bool> {
    let name = at.checked_sub(3).map(|at| view.peek(at)).transpose()?;
    Ok(name.flatten() == Some(*b"APETAGEX"))
}

fn before(view: &mut View, end: u64) -> Result<Option<(Trailing, u64)>> {
    if let Some(at) = end.checked_sub(128)
        && view.peek(at)? == Some(*b"TAG")
        && !is_ape(view, at)?
    {
        return Ok(Some((Trailing::Id3v1, at)));
    }
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
        && let Some(size) = std::str::from_utf8(&digits)
            .ok()
            .and_then(|d| d.parse().ok())
    {
        return Ok(at.checked_sub(size).map(|start| (Trailing::Lyrics3, start)));
    }
    if let Some(at) = end.checked_sub(32)
        && let Some(bytes) = view.peek::<24>(at)?
        && let Some(tag) = tag_sizes::ape(&bytes)
    {
        let header = if tag.has_header { 32 } else { 0 };
        let start = end.checked_sub(tag.bytes + header);
        return Ok(start.map(|start| (Trailing::Ape, start)));
    }
    if let Some(at) = end.checked_sub(10)
        && let Some([b'3', b'D', b'I', _, _, _, size @ ..]) = view.peek::<10>(at)?
        && let Some(size) = tag_sizes::synchsafe(size)
    {
        let start = at.checked_sub(size + 10);
        return Ok(start.map(|start| (Trailing::Id3v2, start)));
    }
    Ok(None)
}
