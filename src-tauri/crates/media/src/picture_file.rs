//! What a picture file is, where it is no clip: a still, an animation that is not read, or one of a sequence.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// Bytes at the start of a file that name its kind. The mark of an animated PNG precedes its first picture.
const HEAD: u64 = 64 << 10;

/// The kind of the picture file at `path`, for a sentence, by its media type.
pub(crate) fn kind(path: &Path, media_type: &str) -> String {
    let mut head = Vec::new();
    if let Ok(file) = File::open(path)
        && file.take(HEAD).read_to_end(&mut head).is_err()
    {
        head.clear();
    }
    if let Some(animation) = animation(&head) {
        return animation.to_owned();
    }
    let name = media_type
        .trim_start_matches("image/")
        .trim_start_matches("x-");
    match is_numbered(path) {
        true => format!(
            "one picture of a numbered sequence ({})",
            name.to_uppercase()
        ),
        false => "a still image".to_owned(),
    }
}

/// The kind of an animation that is not read.
fn animation(head: &[u8]) -> Option<&'static str> {
    let webp = head.get(..4) == Some(b"RIFF") && head.get(8..16) == Some(b"WEBPVP8X");
    if webp && head.get(20).is_some_and(|flags| flags & 2 != 0) {
        return Some("an animated WebP");
    }
    let png = head.starts_with(b"\x89PNG");
    let animated = || {
        head.windows(4)
            .take_while(|w| w != b"IDAT")
            .any(|w| w == b"acTL")
    };
    (png && animated()).then_some("an animated PNG")
}

/// Whether the file's name ends in a number and a file with the next or the previous one lies beside it.
fn is_numbered(path: &Path) -> bool {
    let beside = || -> Option<bool> {
        let stem = path.file_stem()?.to_str()?;
        let digits = stem.len() - stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (name, number) = stem.split_at(stem.len() - digits);
        let value: u64 = number.parse().ok()?;
        let at = |value: u64| -> Option<PathBuf> {
            let mut other = format!("{name}{value:0digits$}");
            if let Some(extension) = path.extension() {
                other.push('.');
                other.push_str(extension.to_str()?);
            }
            Some(path.with_file_name(other))
        };
        let near = [value.checked_add(1), value.checked_sub(1)];
        Some(
            near.into_iter()
                .flatten()
                .filter_map(at)
                .any(|p| p.exists()),
        )
    };
    beside().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn animations_are_told_from_stills() {
        let webp = |flags| {
            [
                b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0".as_slice(),
                &[flags, 0, 0, 0],
            ]
            .concat()
        };
        assert_eq!(animation(&webp(2)), Some("an animated WebP"));
        assert_eq!(animation(&webp(0)), None);
        assert_eq!(
            animation(b"\x89PNG\r\n\x1a\n...acTL...IDAT"),
            Some("an animated PNG")
        );
        assert_eq!(animation(b"\x89PNG\r\n\x1a\n...IDAT...acTL"), None);
        assert_eq!(animation(b""), None);
    }

    #[test]
    fn a_numbered_picture_beside_its_next_one_is_one_of_a_sequence() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        for name in ["a_0001.exr", "a_0002.exr", "b_7.exr", "title.exr"] {
            std::fs::write(at(name), b"").unwrap();
        }
        let found = kind(&at("a_0001.exr"), "image/x-exr");
        assert_eq!(found, "one picture of a numbered sequence (EXR)");
        for name in ["b_7.exr", "title.exr"] {
            assert_eq!(kind(&at(name), "image/x-exr"), "a still image");
        }
    }
}
