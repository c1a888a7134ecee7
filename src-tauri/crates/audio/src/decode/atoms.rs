//! The atoms of an MP4 or QuickTime file (ISO/IEC 14496-12, 4.2).

use std::io::Result;

use super::view::View;

/// Atoms beyond this number within one atom are not read.
pub(crate) const MOST_ATOMS: usize = 10_000;

/// Content of an atom: start and end position.
#[derive(Clone, Copy)]
pub(crate) struct Body(pub u64, pub u64);

/// The complete atoms within a range of the file.
pub(crate) fn children(view: &mut View, Body(mut at, end): Body) -> Result<Vec<([u8; 4], Body)>> {
    let mut atoms = Vec::new();
    while at < end && atoms.len() < MOST_ATOMS {
        let Some([a, b, c, d, name @ ..]) = view.peek::<8>(at)? else {
            break;
        };
        let (size, head) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (end - at, 8),
            1 => match view.peek(at + 8)? {
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

pub(crate) fn child(view: &mut View, of: Body, wanted: &[u8; 4]) -> Result<Option<Body>> {
    let atoms = children(view, of)?;
    Ok(atoms.iter().find(|(n, _)| n == wanted).map(|(_, b)| *b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn atom(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = content.len() as u32 + 8;
        [&size.to_be_bytes()[..], name, content].concat()
    }

    #[test]
    fn an_atom_of_size_0_reaches_to_the_end_of_its_parent() {
        let mut last = atom(b"free", b"1234");
        last[..4].fill(0);
        let bytes = [atom(b"abcd", b""), last].concat();
        let end = bytes.len() as u64;
        let mut view = View::new(Box::new(std::io::Cursor::new(bytes))).unwrap();
        let atoms = children(&mut view, Body(0, end)).unwrap();
        let ends: Vec<([u8; 4], u64)> = atoms.iter().map(|(name, body)| (*name, body.1)).collect();
        assert_eq!(ends, [(*b"abcd", 8), (*b"free", end)]);
    }
}
