//! What a file says about itself: bounded, read by lofty, never fatal.

use std::path::Path;

use lofty::config::{ParseOptions, ParsingMode};
use lofty::file::TaggedFileExt;
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag};
use needledrop_ranking::Key;

/// Longest text that is kept of a field, characters.
const MOST_CHARACTERS: usize = 2000;

/// Fields of a file's tags. Empty fields are `None`; texts are at most 2,000 characters and hold no
/// control characters but line breaks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// Title of the track.
    pub title: Option<String>,
    /// Who plays or made it.
    pub artist: Option<String>,
    /// Album or release.
    pub album: Option<String>,
    /// Genre.
    pub genre: Option<String>,
    /// Licence, where the file names one in the field for it.
    pub licence: Option<String>,
    /// Copyright notice.
    pub copyright: Option<String>,
    /// Free comment.
    pub comment: Option<String>,
    /// International Standard Recording Code.
    pub isrc: Option<String>,
    /// Beats per minute as the file claims them, above 0; kept beside the estimate, never used for it.
    pub claimed_bpm: Option<f32>,
    /// Key as the file claims it, likewise.
    pub claimed_key: Option<Key>,
}

impl Metadata {
    /// Reads the tags of a file. A file without readable tags gives an empty value: the sound is what
    /// matters, and its decoder reports what is wrong with the file.
    pub fn read(path: &Path) -> Metadata {
        // Tags come from strangers; a parser's bug must not end the program.
        let read = std::panic::catch_unwind(|| read(path));
        match read {
            Ok(Ok(metadata)) => metadata,
            Ok(Err(error)) => {
                tracing::debug!(%error, path = %path.display(), "no readable tags");
                Metadata::default()
            }
            Err(_) => {
                tracing::warn!(path = %path.display(), "the tag reader panicked");
                Metadata::default()
            }
        }
    }
}

fn read(path: &Path) -> Result<Metadata, Box<dyn std::error::Error>> {
    let options = ParseOptions::new()
        .read_cover_art(false)
        .read_properties(false)
        .parsing_mode(ParsingMode::BestAttempt);
    let file = Probe::open(path)?
        .options(options)
        .guess_file_type()?
        .read()?;
    let tags: Vec<&Tag> = file.primary_tag().into_iter().chain(file.tags()).collect();
    // A file may carry several kinds of tag: the main one first, then whichever has the field.
    let field = |key: ItemKey| tags.iter().find_map(|t| t.get_string(key).and_then(tidy));
    Ok(Metadata {
        title: field(ItemKey::TrackTitle),
        artist: field(ItemKey::TrackArtist).or_else(|| field(ItemKey::AlbumArtist)),
        album: field(ItemKey::AlbumTitle),
        genre: field(ItemKey::Genre),
        licence: field(ItemKey::License).or_else(|| field(ItemKey::CopyrightUrl)),
        copyright: field(ItemKey::CopyrightMessage),
        comment: field(ItemKey::Comment).or_else(|| field(ItemKey::Description)),
        isrc: field(ItemKey::Isrc),
        claimed_bpm: None,
        claimed_key: None,
    })
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
    fn text_is_trimmed_cleaned_and_cut() {
        assert_eq!(tidy("  \u{0}Dusk\u{7} \n").as_deref(), Some("Dusk"));
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
