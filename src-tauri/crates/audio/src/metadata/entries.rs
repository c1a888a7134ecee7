//! Texts of a file's tags as they are stored.

/// What a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Title,
    Artist,
    AlbumArtist,
    Composer,
    Album,
    Genre,
    Licence,
    LicenceUrl,
    Copyright,
    Comment,
    Description,
    Isrc,
    Bpm,
    Key,
}

/// The encoding that a tag declares for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    /// Latin-1, or none. Writers put their system's encoding there.
    Bytes,
    Utf8,
    /// UTF-16 with or without a byte order mark.
    Utf16,
    Utf16Be,
}

/// A text as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The tag that it is from: 0 is the one that counts most.
    pub tag: u8,
    pub field: Field,
    pub declared: Declared,
    pub bytes: Vec<u8>,
}

/// Longer texts are cut, bytes.
pub(super) const MOST_TEXT_BYTES: usize = 1 << 16;
/// Texts of a file beyond this number are not kept.
const MOST_ENTRIES: usize = 2000;

/// All texts of a file, in the order in which they were read.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub all: Vec<Entry>,
}

impl Entries {
    /// Adds a text, cut to the longest that is kept.
    pub fn add(&mut self, tag: u8, field: Field, declared: Declared, bytes: &[u8]) {
        let bytes = bytes.get(..MOST_TEXT_BYTES).unwrap_or(bytes);
        if self.all.len() < MOST_ENTRIES && bytes.iter().any(|&b| b != 0 && b != b' ') {
            self.all.push(Entry {
                tag,
                field,
                declared,
                bytes: bytes.to_vec(),
            });
        }
    }
}

/// The field of a name that people and programs gave, as in Vorbis comments, APE tags, and the
/// user's fields of ID3v2 and MP4.
pub(super) fn by_name(name: &str) -> Option<Field> {
    let plain: String = name
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    Some(match plain.as_str() {
        "title" => Field::Title,
        "artist" | "performer" | "author" => Field::Artist,
        "albumartist" => Field::AlbumArtist,
        "composer" => Field::Composer,
        "album" => Field::Album,
        "genre" => Field::Genre,
        "license" | "licence" => Field::Licence,
        "copyright" | "copyrightmessage" => Field::Copyright,
        "comment" | "comments" => Field::Comment,
        "description" => Field::Description,
        "isrc" => Field::Isrc,
        "bpm" | "tempo" | "tbpm" | "beatsperminute" => Field::Bpm,
        "key" | "initialkey" | "wminitialkey" | "tkey" | "musicalkey" | "keysignature" => {
            Field::Key
        }
        _ => return None,
    })
}
