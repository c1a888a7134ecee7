//! Tags of a music file: read by lofty with bounds; unreadable tags are no error.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::panic::AssertUnwindSafe;
use std::path::Path;

use lofty::config::{ParseOptions, ParsingMode};
use lofty::file::{AudioFile, FileType, TaggedFile, TaggedFileExt};
use lofty::mp4::{AtomData, AtomIdent, Mp4File};
use lofty::picture::PictureType;
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag};
use needledrop_ranking::{Camelot, Key};

/// Longer texts are cut, characters.
const MOST_CHARACTERS: usize = 2000;
/// Most bytes read to find the tags; lofty itself holds at most 16 MB in one piece.
const MOST_BYTES: u64 = 256 << 20;
/// Larger pictures are not returned, bytes.
const MOST_ARTWORK_BYTES: usize = 16 << 20;
/// Tempos outside this range are taken for typing errors, beats per minute.
const BPM: std::ops::RangeInclusive<f32> = 20.0..=400.0;

/// Fields of a file's tags. Empty fields are `None`. Texts have at most 2,000 characters and no
/// control characters except line breaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// Title of the track.
    pub title: Option<String>,
    /// Performer or composer.
    pub artist: Option<String>,
    /// Name of the album or release.
    pub album: Option<String>,
    /// Genre as the file spells it.
    pub genre: Option<String>,
    /// Licence, where the file uses the field for it.
    pub licence: Option<String>,
    /// Copyright notice, as the file has it.
    pub copyright: Option<String>,
    /// Comment, as the file has it.
    pub comment: Option<String>,
    /// International Standard Recording Code.
    pub isrc: Option<String>,
    /// Tempo that the file declares, 20 to 400 beats per minute. It is stored beside the estimate
    /// and never changes it.
    pub claimed_bpm: Option<f32>,
    /// Key that the file declares; never changes the estimate.
    pub claimed_key: Option<Key>,
}

impl Metadata {
    /// Reads the tags of a file. A file without readable tags gives an empty value; faults of the
    /// file are reported by its decoder.
    pub fn read(path: &Path) -> Metadata {
        match tags(path, false) {
            Some(read) => fields(&read),
            None => Metadata::default(),
        }
    }

    /// The front cover, or else the first picture: JPEG, PNG or WebP of at most 16 MB.
    /// [`read`](Metadata::read) does not read pictures.
    pub fn artwork(path: &Path) -> Option<Artwork> {
        let read = tags(path, true)?;
        let pictures = || read.file.tags().iter().flat_map(|tag| tag.pictures());
        let front = pictures().find(|p| p.pic_type() == PictureType::CoverFront);
        let bytes = front.or_else(|| pictures().next())?.data();
        if bytes.len() > MOST_ARTWORK_BYTES {
            return None;
        }
        Some(Artwork {
            mime: mime(bytes)?,
            bytes: bytes.to_vec(),
        })
    }

    /// Like [`read`](Metadata::read), from bytes in memory, pictures included.
    #[doc(hidden)]
    pub fn from_bytes(bytes: &[u8]) -> Metadata {
        parse(std::io::Cursor::new(bytes), true)
            .map(|read| fields(&read))
            .unwrap_or_default()
    }
}

/// A picture from a file's tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artwork {
    /// `image/jpeg`, `image/png` or `image/webp`, by its first bytes.
    pub mime: &'static str,
    /// The encoded picture, as the file holds it.
    pub bytes: Vec<u8>,
}

fn mime(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

/// The result of lofty's parser.
struct Found {
    file: TaggedFile,
    /// Tempo of an MP4 file, which lofty's common tag has no field for.
    tempo: Option<f32>,
}

fn tags(path: &Path, with_artwork: bool) -> Option<Found> {
    // Opening a named pipe would wait for its other end.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    // Tags are foreign data: a bug of the parser must not end the program.
    let read = AssertUnwindSafe(|| parse(File::open(path)?, with_artwork));
    match std::panic::catch_unwind(read) {
        Ok(Ok(read)) => Some(read),
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

fn parse<S: Read + Seek>(
    source: S,
    with_artwork: bool,
) -> Result<Found, Box<dyn std::error::Error>> {
    let options = ParseOptions::new()
        .read_cover_art(with_artwork)
        .read_properties(false)
        .parsing_mode(ParsingMode::BestAttempt);
    let source = Bounded {
        source,
        left: MOST_BYTES,
    };
    let probe = Probe::new(BufReader::new(source)).options(options);
    let probe = probe.guess_file_type()?;
    if probe.file_type() != Some(FileType::Mp4) {
        let (file, tempo) = (probe.read()?, None);
        return Ok(Found { file, tempo });
    }
    let mut source = probe.into_inner();
    source.rewind()?;
    let file = Mp4File::read_from(&mut source, options)?;
    let tempo = tempo(&file);
    Ok(Found {
        file: file.into(),
        tempo,
    })
}

fn tempo(file: &Mp4File) -> Option<f32> {
    let atom = file.ilst()?.get(&AtomIdent::Fourcc(*b"tmpo"))?;
    match atom.data().next()? {
        AtomData::SignedInteger(bpm) => Some(*bpm as f32),
        AtomData::UnsignedInteger(bpm) => Some(*bpm as f32),
        _ => None,
    }
}

/// A source that ends after a number of bytes, whatever their position.
struct Bounded<S> {
    source: S,
    left: u64,
}

impl<S: Read> Read for Bounded<S> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let most = buffer.len().min(self.left.try_into().unwrap_or(usize::MAX));
        let n = self.source.read(&mut buffer[..most])?;
        self.left -= n as u64;
        Ok(n)
    }
}

impl<S: Seek> Seek for Bounded<S> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.source.seek(to)
    }
}

fn fields(found: &Found) -> Metadata {
    let file = &found.file;
    let tags: Vec<&Tag> = file.primary_tag().into_iter().chain(file.tags()).collect();
    // A file may have several kinds of tag: the main one first, then any that has the field.
    let field = |key: ItemKey| tags.iter().find_map(|t| t.get_string(key).and_then(tidy));
    Metadata {
        title: field(ItemKey::TrackTitle),
        artist: field(ItemKey::TrackArtist).or_else(|| field(ItemKey::AlbumArtist)),
        album: field(ItemKey::AlbumTitle),
        genre: field(ItemKey::Genre),
        licence: field(ItemKey::License).or_else(|| field(ItemKey::CopyrightUrl)),
        copyright: field(ItemKey::CopyrightMessage),
        comment: field(ItemKey::Comment).or_else(|| field(ItemKey::Description)),
        isrc: field(ItemKey::Isrc),
        claimed_bpm: [ItemKey::Bpm, ItemKey::IntegerBpm]
            .into_iter()
            .find_map(|key| field(key).as_deref().and_then(bpm))
            .or(found.tempo.filter(|bpm| BPM.contains(bpm))),
        claimed_key: field(ItemKey::InitialKey).as_deref().and_then(key),
    }
}

/// Reads `128`, `127.98`, `127,98` and `128 BPM`.
fn bpm(text: &str) -> Option<f32> {
    let number = text
        .trim_end_matches(|c: char| c.is_ascii_alphabetic())
        .trim();
    let bpm: f32 = number.replace(',', ".").parse().ok()?;
    BPM.contains(&bpm).then_some(bpm)
}

/// Reads the notations of [`Key`] and Open Key: `1d` is C major, `1m` A minor, each step a fifth
/// up.
fn key(text: &str) -> Option<Key> {
    if let Ok(key) = text.parse() {
        return Some(key);
    }
    let (hour, letter) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let letter = match letter {
        "m" => "A",
        "d" => "B",
        _ => return None,
    };
    let hour: u32 = hour.parse().ok().filter(|h| (1..=12).contains(h))?;
    let camelot: Camelot = format!("{}{letter}", (hour + 6) % 12 + 1).parse().ok()?;
    Some(camelot.key())
}

fn tidy(text: &str) -> Option<String> {
    let kept: String = text
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .take(MOST_CHARACTERS)
        .collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_stripped_of_control_characters_and_cut() {
        assert_eq!(tidy("  \u{0}Dusk\u{7} \n").as_deref(), Some("Dusk"));
        assert_eq!(tidy(" \u{0} "), None);
        assert_eq!(tidy(&"x".repeat(5000)).unwrap().len(), MOST_CHARACTERS);
    }

    #[test]
    fn tempos_are_read_in_every_usual_spelling_and_nonsense_is_refused() {
        for (text, want) in [
            ("128", Some(128.0)),
            (" 127.98", Some(127.98)),
            ("92,5", Some(92.5)),
            ("128 BPM", Some(128.0)),
            ("128bpm", Some(128.0)),
            ("0", None),
            ("19.9", None),
            ("401", None),
            ("-120", None),
            ("NaN", None),
            ("inf", None),
            ("12800", None),
            ("fast", None),
            ("", None),
        ] {
            assert_eq!(bpm(text), want, "{text:?}");
        }
    }

    #[test]
    fn keys_are_read_in_every_notation() {
        for (text, want) in [
            ("Am", "Am"),
            ("A minor", "Am"),
            ("8A", "Am"),
            ("08A", "Am"),
            ("1m", "Am"),
            ("1d", "C"),
            ("2d", "G"),
            ("12d", "F"),
            ("6m", "G#m"),
            ("F#m", "F#m"),
            ("Bb", "A#"),
        ] {
            let got = key(text).map(|k| k.to_string());
            let want = want.parse::<Key>().unwrap().to_string();
            assert_eq!(got.as_deref(), Some(want.as_str()), "{text:?}");
        }
        for text in ["", "o", "H", "13A", "0m", "13d", "mm", "é", "Off key"] {
            assert_eq!(key(text), None, "{text:?}");
        }
    }

    #[test]
    fn picture_types_are_recognised_by_their_first_bytes() {
        assert_eq!(mime(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(mime(b"\x89PNG\r\n\x1a\n"), Some("image/png"));
        assert_eq!(mime(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(mime(b"<svg onload=alert(1)>"), None);
        assert_eq!(mime(b""), None);
    }

    #[test]
    fn a_file_without_tags_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("noise.ogg");
        std::fs::write(&path, [7u8; 300]).unwrap();
        assert_eq!(Metadata::read(&path), Metadata::default());
        assert_eq!(
            Metadata::read(&dir.path().join("missing.mp3")),
            Metadata::default()
        );
    }
}
