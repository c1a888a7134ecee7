//! The byte after a chunk of an odd length.

use std::io::Result;

use super::view::View;

/// Position of the chunk after one that ends at `end` and has an odd or even `length`. Some writers
/// leave the padding out: then the next name begins at the odd position.
pub(crate) fn after(view: &mut View, end: u64, length: u64) -> Result<u64> {
    if length & 1 == 0 {
        return Ok(end);
    }
    let is_name = |name: [u8; 4]| name.iter().all(|b| b.is_ascii_graphic() || *b == b' ');
    let unpadded = view.peek(end)?.is_some_and(is_name);
    let padded = view.peek(end + 1)?.is_some_and(is_name);
    Ok(if unpadded && !padded { end } else { end + 1 })
}
