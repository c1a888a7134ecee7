//! The errors of all use cases, with their codes, exit classes and hints.

mod class;

use std::path::PathBuf;

use needledrop_audio::AudioError;
use needledrop_catalog::CatalogError;
use needledrop_media::MediaError;
use needledrop_models::ModelError;
use needledrop_projects::ProjectsError;
use needledrop_training::TrainingError;
use needledrop_vision::VisionError;

pub use class::Class;

/// An error of a use case.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The clip cannot be read or encoded.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// A model pack cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Frames cannot be embedded.
    #[error(transparent)]
    Vision(#[from] VisionError),
    /// Music cannot be analysed.
    #[error(transparent)]
    Audio(#[from] AudioError),
    /// The catalog cannot be read or written.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The projects file cannot be read or written.
    #[error(transparent)]
    Projects(#[from] ProjectsError),
    /// Training or evaluation failed.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// The platform has no home folder for this user.
    #[error("this user has no home folder, so there is no place for catalogs and settings")]
    NoHome,
    /// No pack has that name.
    #[error("expected the name of a model pack ({}), got {name:?}", list(known))]
    UnknownPack {
        /// The name that was given.
        name: String,
        /// Names of all packs.
        known: Vec<String>,
    },
    /// No track has that id or title, or several do.
    #[error("the catalog has no track {query:?}{}", suggestions(near))]
    TrackNotFound {
        /// The id or title that was given.
        query: String,
        /// Titles and ids of similar tracks.
        near: Vec<String>,
    },
    /// A folder to index does not exist.
    #[error("this folder or file does not exist: {}", path.display())]
    FolderMissing {
        /// The folder or file that was given.
        path: PathBuf,
    },
    /// The folders hold no music files.
    #[error("found no music files below {}", paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "))]
    NoMusic {
        /// The folders that were given.
        paths: Vec<PathBuf>,
    },
    /// A credits file is not of the documented form.
    #[error("the credits file cannot be read: {reason}: {}", path.display())]
    BadCredits {
        /// Says what is wrong with it.
        reason: String,
        /// The credits file that cannot be read.
        path: PathBuf,
    },
    /// No written pairs were named, and the executable is in no checkout that has some.
    #[error(
        "expected a file or folder of written scene → music pairs; outside a checkout there is no default"
    )]
    NoPairs,
    /// No list of locked contents was named, and the executable is in no checkout that has one.
    #[error(
        "expected a list of locked contents, such as training/yardsticks/locked.sha256; outside a checkout there is no default"
    )]
    NoLockedList,
    /// The file system failed.
    #[error("could not {doing}: {source}: {}", path.display())]
    Io {
        /// The attempted operation, as a verb phrase.
        doing: &'static str,
        /// The file or folder that it failed on.
        path: PathBuf,
        /// The error that the system reported.
        source: std::io::Error,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none is installed".to_owned();
    }
    names.join(", ")
}

fn suggestions(near: &[String]) -> String {
    if near.is_empty() {
        return String::new();
    }
    format!("; close to it: {}", near.join(", "))
}

impl EngineError {
    /// Code of the error in JSON documents; it never changes.
    pub fn code(&self) -> &'static str {
        match self {
            EngineError::Media(e) => e.code(),
            EngineError::Model(e) => e.code(),
            EngineError::Vision(e) => e.code(),
            EngineError::Audio(e) => e.code(),
            EngineError::Catalog(e) => e.code(),
            EngineError::Projects(e) => e.code(),
            EngineError::Training(e) => e.code(),
            EngineError::NoHome => "no_home",
            EngineError::NoPairs => "no_pairs",
            EngineError::NoLockedList => "no_locked_list",
            EngineError::UnknownPack { .. } => "pack_not_found",
            EngineError::TrackNotFound { .. } => "track_not_found",
            EngineError::FolderMissing { .. } => "folder_missing",
            EngineError::NoMusic { .. } => "no_music",
            EngineError::BadCredits { .. } => "bad_credits",
            EngineError::Io { source, .. } => match source.kind() {
                std::io::ErrorKind::StorageFull => "disk_full",
                std::io::ErrorKind::NotFound => "not_found",
                std::io::ErrorKind::PermissionDenied => "unreadable",
                _ => "io",
            },
        }
    }

    /// The class of the error, which decides the exit code of a command.
    pub fn class(&self) -> Class {
        match self {
            EngineError::Media(error) => class::media(error),
            EngineError::Model(error) => class::model(error),
            EngineError::Vision(error) => class::vision(error),
            EngineError::Audio(error) => class::audio(error),
            EngineError::Catalog(error) => class::catalog(error),
            EngineError::Projects(error) => class::projects(error),
            EngineError::Training(error) => class::training(error),
            EngineError::NoMusic { .. }
            | EngineError::BadCredits { .. }
            | EngineError::NoPairs
            | EngineError::NoLockedList => Class::Input,
            EngineError::UnknownPack { .. }
            | EngineError::TrackNotFound { .. }
            | EngineError::FolderMissing { .. } => Class::NotFound,
            EngineError::NoHome => Class::Internal,
            EngineError::Io { source, .. } => class::file_system(source),
        }
    }

    /// What the user can do about the error.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            EngineError::Media(e) => return e.hint(),
            EngineError::Model(e) => return e.hint(),
            EngineError::Vision(e) => return e.hint(),
            EngineError::Catalog(e) => catalog_hint(e.code())?,
            EngineError::UnknownPack { .. } => {
                "`needledrop models list` shows the names of all packs"
            }
            EngineError::TrackNotFound { .. } => {
                "`needledrop tracks` lists the tracks; give an id, or words of a title that only one track has"
            }
            EngineError::NoMusic { .. } => {
                "choose a folder with ogg, flac, mp3, wav, m4a or aiff files"
            }
            EngineError::NoPairs => "add --pairs PATH, a *.jsonl file or a folder of them",
            EngineError::NoLockedList => "add --locked-contents FILE",
            EngineError::BadCredits { .. } => {
                "each [[track]] needs files = \"GLOB\"; title, artist, album, licence, attribution \
                 and source are optional"
            }
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

fn catalog_hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "catalog_missing" | "catalog_empty" => {
            "build one with `needledrop index FOLDER --catalog DIR`, or let `./run` make the \
             starter catalog"
        }
        "space_mismatch" => {
            "use the pack that the catalog was indexed with (--pack), or index the music again \
             with this one into another folder"
        }
        "disk_full" => "free some space and run the same command again: it resumes",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_end_commands_as_the_contract_says() {
        let path = || PathBuf::from("somewhere");
        let too_long = MediaError::ClipTooLong {
            length_s: 300.0,
            cap: 120,
            path: path(),
        };
        let no_track = EngineError::TrackNotFound {
            query: "elf".into(),
            near: Vec::new(),
        };
        let mismatch = CatalogError::SpaceMismatch {
            wanted: "a".into(),
            wanted_dim: 1,
            found: "b".into(),
            found_dim: 2,
            dir: path(),
        };
        let failed = ModelError::Inference {
            reason: "overflow".into(),
        };
        let denied = EngineError::Io {
            doing: "open the folder",
            path: path(),
            source: std::io::ErrorKind::PermissionDenied.into(),
        };
        for (error, class, exit) in [
            (too_long.into(), Class::Input, 2),
            (denied, Class::Input, 2),
            (no_track, Class::NotFound, 3),
            (mismatch.into(), Class::Refused, 4),
            (failed.into(), Class::Internal, 5),
        ] {
            assert_eq!(error.class(), class, "{error}");
            assert_eq!(class as u8, exit, "{error}");
        }
    }

    #[test]
    fn an_unknown_track_is_answered_with_similar_ones() {
        let error = EngineError::TrackNotFound {
            query: "elf".into(),
            near: vec!["Elvish Theme".into()],
        };
        assert!(error.to_string().contains("Elvish Theme"), "{error}");
        assert_eq!(error.class(), Class::NotFound);
    }
}
