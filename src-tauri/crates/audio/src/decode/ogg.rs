//! Detects an Ogg file that ends within a page; symphonia takes that for a normal end.

use std::io::Result;

use super::view::View;

/// Longest page: header, 255 lacing values, 255 segments of 255 bytes (RFC 3533).
const LONGEST_PAGE: u64 = 27 + 255 + 255 * 255;

/// True where the last page reaches beyond the end of the file.
pub(super) fn is_cut_short(view: &mut View) -> Result<bool> {
    if view.peek(0)? != Some(*b"OggS") {
        return Ok(false);
    }
    let end = view.part(view.len().saturating_sub(LONGEST_PAGE), LONGEST_PAGE)?;
    let last = end.windows(4).rposition(|w| w == b"OggS");
    let page = last.and_then(|at| end.get(at..));
    Ok(page.is_some_and(|page| !is_whole(page)))
}

fn is_whole(page: &[u8]) -> bool {
    let segments = page.get(26).map(|&n| usize::from(n));
    let lacing = segments.and_then(|n| page.get(27..27 + n));
    lacing.is_some_and(|all| {
        let body: usize = all.iter().map(|&n| usize::from(n)).sum();
        page.len() >= 27 + all.len() + body
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_short_until_the_last_byte_of_its_page() {
        let mut file = b"OggS\0\x04".to_vec();
        file.resize(26, 0);
        file.extend([2, 255, 3]);
        file.resize(file.len() + 258, 7);
        let is_cut = |bytes: &[u8]| {
            let source = std::io::Cursor::new(bytes.to_vec());
            is_cut_short(&mut View::new(Box::new(source)).unwrap()).unwrap()
        };
        assert!(!is_cut(&file));
        for least in [10, 26, 27, 28, 30, file.len() - 1] {
            assert!(is_cut(&file[..least]), "{least} bytes");
        }
        assert!(
            is_cut(&[&file[..], &file[..100]].concat()),
            "the second page"
        );
        assert!(!is_cut(b"RIFF and no pages"));
    }
}
