//! Tags of a music file, read with bounds; unreadable tags are no error.

mod ape;
mod artwork;
mod chunks;
mod encoding;
mod entries;
mod files;
mod genre;
mod id3v2;
mod mp4;
mod music;
mod neighbours;
mod tail;
mod vorbis;

use std::path::Path;

use needledrop_ranking::Key;

pub use artwork::Artwork;
use encoding::{Value, Values};
use entries::Field;

/// Longer texts are cut, characters.
const MOST_CHARACTERS: usize = 2000;
/// Between the values of a field.
const BETWEEN_VALUES: &str = "; ";

/// Fields of a file's tags. Empty fields are `None`. Texts have at most 2,000 characters and no
/// control characters except line breaks. Several values of a field are separated by `; `.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// Title of the track.
    pub title: Option<String>,
    /// Performers or composers.
    pub artist: Option<String>,
    /// Name of the album or release.
    pub album: Option<String>,
    /// Genres as the file spells them; a number stands for a genre of ID3.
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
    /// Name of the encoding (WHATWG Encoding Standard) that was guessed for texts whose tags declare
    /// none, or a wrong one.
    pub guessed_encoding: Option<&'static str>,
    /// The bytes of these texts as they are stored: name of the field here, and its first value.
    pub guessed_from: Vec<(&'static str, Vec<u8>)>,
}

impl Metadata {
    /// Reads the tags of a file. A file without readable tags gives an empty value; faults of the
    /// file are reported by its decoder. Where no tag declares the encoding of a short text, the
    /// tags of the same album in the same folder are read too.
    pub fn read(path: &Path) -> Metadata {
        let Some(entries) = files::of_file(path) else {
            return Metadata::default();
        };
        let neighbours = neighbours::texts(path, &entries);
        fields(&encoding::decode(&entries.all, &neighbours))
    }

    /// The front cover, or else the first picture: JPEG, PNG or WebP of at most 16 MB.
    /// [`read`](Metadata::read) does not read pictures.
    pub fn artwork(path: &Path) -> Option<Artwork> {
        artwork::of_file(path)
    }

    /// Like [`read`](Metadata::read), from bytes in memory; reads artwork too and drops it.
    #[doc(hidden)]
    pub fn from_bytes(bytes: &[u8]) -> Metadata {
        if let Err(error) = artwork::of_source(std::io::Cursor::new(bytes)) {
            tracing::debug!(%error, "no readable artwork");
        }
        let entries = files::of_bytes(bytes).unwrap_or_default();
        fields(&encoding::decode(&entries.all, &[]))
    }
}

/// The values of a field in the tag that counts most among those that have it.
fn values(values: &Values, field: Field) -> Vec<&Value> {
    let of_field = || values.all.iter().filter(|value| value.field == field);
    let readable = || of_field().filter(|value| tidy(&value.text).is_some());
    let first = readable().map(|value| value.tag).min();
    readable()
        .filter(|value| Some(value.tag) == first)
        .collect()
}

fn fields(read: &Values) -> Metadata {
    let mut guessed_from = Vec::new();
    // The first of these fields that has a value.
    let mut found = |name: &'static str, fields: &[Field]| -> Vec<String> {
        let with_values = fields.iter().map(|&field| values(read, field));
        let values = with_values.into_iter().find(|values| !values.is_empty());
        let values = values.unwrap_or_default();
        let bytes = values.iter().find_map(|value| value.guessed_from.clone());
        guessed_from.extend(bytes.map(|bytes| (name, bytes)));
        let mut texts: Vec<String> = values.iter().filter_map(|v| tidy(&v.text)).collect();
        let mut seen = std::collections::HashSet::new();
        texts.retain(|text| seen.insert(text.clone()));
        texts
    };
    let joined = |texts: Vec<String>| tidy(&texts.join(BETWEEN_VALUES));
    let title = joined(found("title", &[Field::Title]));
    let artist = joined(found(
        "artist",
        &[Field::Artist, Field::AlbumArtist, Field::Composer],
    ));
    let album = joined(found("album", &[Field::Album]));
    let mut genres: Vec<String> = Vec::new();
    for genre in found("genre", &[Field::Genre])
        .iter()
        .flat_map(|text| genre::genres(text))
    {
        if !genres.contains(&genre) {
            genres.push(genre);
        }
    }
    let licence = joined(found("licence", &[Field::Licence, Field::LicenceUrl]));
    let copyright = joined(found("copyright", &[Field::Copyright]));
    let comments = found("comment", &[Field::Comment, Field::Description]);
    let isrc = joined(found("isrc", &[Field::Isrc]));
    let all = |field| {
        read.all
            .iter()
            .filter(move |v| v.field == field)
            .filter_map(|v| tidy(&v.text))
    };
    let claimed_bpm = all(Field::Bpm).find_map(|text| music::bpm(&text));
    let claimed_key = all(Field::Key).find_map(|text| music::key(&text));
    Metadata {
        title,
        artist,
        album,
        genre: joined(genres),
        licence,
        copyright,
        isrc,
        claimed_bpm: claimed_bpm
            .or_else(|| comments.iter().find_map(|text| music::bpm_in_comment(text))),
        claimed_key: claimed_key
            .or_else(|| comments.iter().find_map(|text| music::key_in_comment(text))),
        comment: comments.into_iter().next(),
        guessed_encoding: read.encoding.filter(|_| !guessed_from.is_empty()),
        guessed_from,
    }
}

fn tidy(text: &str) -> Option<String> {
    let kept: String = text
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
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
        assert_eq!(tidy("A\tB").as_deref(), Some("A B"));
        assert_eq!(tidy(" \u{0} "), None);
        assert_eq!(tidy(&"x".repeat(5000)).unwrap().len(), MOST_CHARACTERS);
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
