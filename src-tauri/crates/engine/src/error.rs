//! What goes wrong, with what the user can do about it.

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
    /// Reading the clip failed.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// A model pack failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Looking at frames failed.
    #[error(transparent)]
    Vision(#[from] VisionError),
    /// Listening to music failed.
    #[error(transparent)]
    Audio(#[from] AudioError),
    /// The catalog failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The editor's own data failed.
    #[error(transparent)]
    Projects(#[from] ProjectsError),
    /// Training or evaluation failed.
    #[error(transparent)]
    Training(#[from] TrainingError),
    /// The platform names no home for this user.
    #[error("this system names no home folder, so there is nowhere to keep data")]
    NoHome,
    /// No pack of that name.
    #[error("expected the name of a model pack ({}), got {name:?}", list(known))]
    UnknownPack {
        /// What was asked for.
        name: String,
        /// What there is.
        known: Vec<String>,
    },
    /// No track answers to that id or title.
    #[error("the catalog has no track {query:?}{}", suggestions(near))]
    TrackNotFound {
        /// What was asked for.
        query: String,
        /// A few that come close.
        near: Vec<String>,
    },
    /// A folder to index is not there.
    #[error("there is no such folder or file: {}", path.display())]
    FolderMissing {
        /// The folder.
        path: PathBuf,
    },
    /// No music below the folders.
    #[error("found no music files below {}", paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "))]
    NoMusic {
        /// The folders.
        paths: Vec<PathBuf>,
    },
    /// A credits file cannot be understood.
    #[error("the credits file is not usable: {reason}: {}", path.display())]
    BadCredits {
        /// What is wrong.
        reason: String,
        /// The file.
        path: PathBuf,
    },
    /// Another index run holds the catalog.
    #[error("{} is indexing this catalog; wait until it has ended, or stop it: {}", process_name(*process), dir.display())]
    CatalogBusy {
        /// Number of the process, where it is known.
        process: Option<u32>,
        /// Folder of the catalog.
        dir: PathBuf,
    },
    /// No written pairs beside this executable.
    #[error("expected written scene → music pairs; this is no checkout, so name them")]
    NoPairs,
    /// A failure of the file system.
    #[error("could not {doing}: {source}: {}", path.display())]
    Io {
        /// What was being done, as a verb phrase.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none is installed".to_owned();
    }
    names.join(", ")
}

fn process_name(number: Option<u32>) -> String {
    number.map_or_else(
        || "another process".to_owned(),
        |number| format!("process {number}"),
    )
}

fn suggestions(near: &[String]) -> String {
    if near.is_empty() {
        return String::new();
    }
    format!("; close to it: {}", near.join(", "))
}

impl EngineError {
    /// Stable snake_case code.
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
            EngineError::UnknownPack { .. } => "pack_not_found",
            EngineError::TrackNotFound { .. } => "track_not_found",
            EngineError::FolderMissing { .. } => "folder_missing",
            EngineError::NoMusic { .. } => "no_music",
            EngineError::BadCredits { .. } => "bad_credits",
            EngineError::CatalogBusy { .. } => "catalog_busy",
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
            EngineError::NoMusic { .. } | EngineError::BadCredits { .. } | EngineError::NoPairs => {
                Class::Input
            }
            EngineError::UnknownPack { .. }
            | EngineError::TrackNotFound { .. }
            | EngineError::FolderMissing { .. } => Class::NotFound,
            EngineError::NoHome | EngineError::CatalogBusy { .. } => Class::Internal,
            EngineError::Io { source, .. } => class::file_system(source),
        }
    }

    /// What the user can do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            EngineError::Media(e) => return e.hint(),
            EngineError::Model(e) => return e.hint(),
            EngineError::Vision(e) => return e.hint(),
            EngineError::Catalog(e) => catalog_hint(e.code())?,
            EngineError::UnknownPack { .. } => "see the packs with `needledrop models list`",
            EngineError::TrackNotFound { .. } => {
                "see the tracks with `needledrop tracks`; give an id or part of a title"
            }
            EngineError::NoMusic { .. } => {
                "give a folder that holds ogg, flac, mp3, wav, m4a or aiff files"
            }
            EngineError::NoPairs => "give --pairs PATH: a file or a folder of *.jsonl",
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
    fn an_unknown_track_comes_with_near_ones() {
        let error = EngineError::TrackNotFound {
            query: "elf".into(),
            near: vec!["Elvish Theme".into()],
        };
        assert!(error.to_string().contains("Elvish Theme"), "{error}");
        assert_eq!(error.class(), Class::NotFound);
    }
}
