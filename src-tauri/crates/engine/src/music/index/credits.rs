//! `credits.toml`: who made the music, under which licence, and where it comes from.
//!
//! A file of this name in a music folder applies to the files below it; one given with `--credits` applies to every
//! folder that is indexed. It is a list of entries, each with a glob for paths relative to that folder:
//!
//! ```toml
//! [[track]]
//! files = "music/elvish-theme.ogg"
//! title = "Elvish Theme"
//! artist = "Doug Kaufman"
//! licence = "GPL-2.0-or-later"
//! attribution = "Doug Kaufman, The Battle for Wesnoth"
//! source = "wesnoth-1.16-music"
//!
//! [[track]]
//! files = "music/**"
//! licence = "GPL-2.0-or-later"
//! source = "wesnoth-1.16-music"
//! ```
//!
//! `*` matches within a folder, `**` across folders. The first entry that matches a file applies to it; a field that
//! the entry does not have comes from the file's own tags. Where several credits files apply to one music file, the
//! fields of the nearest folder win, and those of `--credits` win over all.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};
use serde::Deserialize;

use crate::error::EngineError;

/// Name of the credits file in a music folder.
pub const FILE_NAME: &str = "credits.toml";
/// Larger credits files are refused.
const MAX_BYTES: u64 = 16 << 20;

/// Credits of one music file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Credit {
    /// Replaces the title in the file's tags.
    pub title: Option<String>,
    /// Replaces the artist in the file's tags.
    pub artist: Option<String>,
    /// Replaces the album in the file's tags.
    pub album: Option<String>,
    /// SPDX expression, or the licence in other words.
    pub licence: Option<String>,
    /// Credit line that the licence requires.
    pub attribution: Option<String>,
    /// Origin of the file, such as a package and its version.
    pub source: Option<String>,
}

impl Credit {
    fn add(&mut self, later: &Credit) {
        for (mine, theirs) in [
            (&mut self.title, &later.title),
            (&mut self.artist, &later.artist),
            (&mut self.album, &later.album),
            (&mut self.licence, &later.licence),
            (&mut self.attribution, &later.attribution),
            (&mut self.source, &later.source),
        ] {
            if theirs.is_some() {
                mine.clone_from(theirs);
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    track: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    files: String,
    #[serde(flatten)]
    credit: Credit,
}

/// The entries of one credits file.
#[derive(Clone, Debug, Default)]
pub struct Credits {
    root: PathBuf,
    entries: Vec<(Pattern, Credit)>,
}

impl Credits {
    /// Reads a credits file whose globs are relative to `root`.
    ///
    /// # Errors
    /// [`EngineError::BadCredits`] for a file that cannot be read, is larger than 16 MiB, is not TOML of the
    /// documented form or has a malformed glob.
    pub fn read(path: &Path, root: &Path) -> Result<Credits, EngineError> {
        let bad = |reason: String| EngineError::BadCredits {
            reason,
            path: path.to_owned(),
        };
        let mut text = String::new();
        fs::File::open(path)
            .and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text))
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::InvalidData => {
                    bad("expected text in UTF-8, got another encoding; save it as UTF-8".to_owned())
                }
                _ => bad(error.to_string()),
            })?;
        if text.len() as u64 > MAX_BYTES {
            return Err(bad(format!("it is larger than {MAX_BYTES} bytes")));
        }
        Credits::parse(&text, root).map_err(bad)
    }

    fn parse(text: &str, root: &Path) -> Result<Credits, String> {
        let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
        let entries = file
            .track
            .into_iter()
            .map(|entry| match Pattern::new(&entry.files) {
                Ok(pattern) => Ok((pattern, entry.credit)),
                Err(error) => Err(format!("files = {:?}: {error}", entry.files)),
            })
            .collect::<Result<_, String>>()?;
        Ok(Credits {
            root: root.to_owned(),
            entries,
        })
    }

    /// Adds the fields of the first entry that matches `path` to `credit`.
    pub fn apply(&self, path: &Path, credit: &mut Credit) {
        let Ok(relative) = path.strip_prefix(&self.root) else {
            return;
        };
        let options = MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            require_literal_leading_dot: false,
        };
        let first = self
            .entries
            .iter()
            .find(|(p, _)| p.matches_path_with(relative, options));
        if let Some((_, entry)) = first {
            credit.add(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
[[track]]
files = "music/one.ogg"
title = "One"
artist = "Somebody"

[[track]]
files = "music/**"
artist = "Several"
licence = "CC0-1.0"
"#;

    #[test]
    fn the_first_entry_that_matches_applies() {
        let credits = Credits::parse(TEXT, Path::new("/m")).unwrap();
        let mut one = Credit::default();
        credits.apply(Path::new("/m/music/one.ogg"), &mut one);
        assert_eq!(one.title.as_deref(), Some("One"));
        assert_eq!(one.artist.as_deref(), Some("Somebody"));
        assert_eq!(one.licence, None, "the second entry does not apply");
        let mut two = Credit::default();
        credits.apply(Path::new("/m/music/deep/er/two.ogg"), &mut two);
        assert_eq!(two.artist.as_deref(), Some("Several"));
        assert_eq!(two.title, None);
    }

    #[test]
    fn the_credits_of_a_nearer_folder_win() {
        let far = Credits::parse(TEXT, Path::new("/m")).unwrap();
        let near = "[[track]]\nfiles = \"*\"\nartist = \"Near\"";
        let near = Credits::parse(near, Path::new("/m/music")).unwrap();
        let mut two = Credit::default();
        far.apply(Path::new("/m/music/two.ogg"), &mut two);
        near.apply(Path::new("/m/music/two.ogg"), &mut two);
        assert_eq!(two.artist.as_deref(), Some("Near"));
        assert_eq!(two.licence.as_deref(), Some("CC0-1.0"));
    }

    #[test]
    fn credits_do_not_apply_to_files_elsewhere() {
        let credits = Credits::parse(TEXT, Path::new("/m")).unwrap();
        let mut other = Credit::default();
        credits.apply(Path::new("/n/music/one.ogg"), &mut other);
        credits.apply(Path::new("/m/cover/one.ogg"), &mut other);
        assert_eq!(other, Credit::default());
    }

    #[test]
    fn an_error_names_the_field() {
        let error = Credits::parse("[[track]]\nfiles = \"[\"", Path::new("/")).unwrap_err();
        assert!(error.contains("files"), "{error}");
        assert!(Credits::parse("[[tracks]]\nfiles = \"*\"", Path::new("/")).is_err());
    }
}
