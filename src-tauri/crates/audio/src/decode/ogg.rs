//! Whether an Ogg file ends within a page, which symphonia takes for a plain end.

use std::io::Result;

use super::view::View;

/// Longest page: header, 255 lacing values, 255 segments of 255 bytes (RFC 3533).
const LONGEST_PAGE: u64 = 27 + 255 + 255 * 255;

/// True where the last page goes on beyond the end of the file.
pub(super) fn is_cut_short(view: &mut View) -> Result<bool> {
    if view.look(0)? != Some(*b"OggS") {
        return Ok(false);
    }
    let mut at = view.len();
    let least = at.saturating_sub(LONGEST_PAGE);
    while at > least {
        at -= 1;
        if view.look(at)? == Some(*b"OggS") {
            return Ok(end_of_page(view, at)?.is_none_or(|end| end > view.len()));
        }
    }
    Ok(false)
}

fn end_of_page(view: &mut View, at: u64) -> Result<Option<u64>> {
    let Some([segments]) = view.look(at + 26)? else {
        return Ok(None);
    };
    let mut end = at + 27 + u64::from(segments);
    for i in 0..u64::from(segments) {
        let Some([bytes]) = view.look(at + 27 + i)? else {
            return Ok(None);
        };
        end += u64::from(bytes);
    }
    Ok(Some(end))
}
