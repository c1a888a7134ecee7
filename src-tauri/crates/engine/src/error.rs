//! What goes wrong, with what the user can do about it.

use std::path::PathBuf;

use needledrop_audio::AudioError;
use needledrop_catalog::CatalogError;
use needledrop_media::MediaError;
use needledrop_models::ModelError;
use needledrop_projects::ProjectsError;
use needledrop_training::TrainingError;
use needledrop_vision::VisionError;

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
    /// A picture of a clip could not be drawn.
    #[error("the contact sheet could not be drawn: {reason}")]
    Plot {
        /// What went wrong.
        reason: String,
    },
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

fn suggestions(near: &[String]) -> String {
    if near.is_empty() {
        return String::new();
    }
    format!("; close to it: {}", near.join(", "))
}

/// How an error ends a command; the numbers are the exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Bad usage or bad input.
    Input = 2,
    /// Something named is not there.
    NotFound = 3,
    /// Refused on principle: signature, consent, audio space.
    Refused = 4,
    /// Our fault, or the machine's.
    Internal = 5,
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
            EngineError::Plot { .. } => "plot_failed",
            EngineError::NoHome => "no_home",
            EngineError::NoPairs => "no_pairs",
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

    /// How it ends a command.
    pub fn class(&self) -> Class {
        class_of(self.code())
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

/// The exit class of a code. What is not named here is ours to answer for.
fn class_of(code: &str) -> Class {
    match code {
        "not_a_video" | "no_video_stream" | "no_frames" | "truncated" | "empty_file"
        | "range_outside" | "clip_too_long" | "unreadable" | "missing_plugin" | "undecodable"
        | "stalled" | "bad_credits" | "no_music" | "invalid_value" | "not_audio" | "no_audio"
        | "no_audio_stream" | "unsupported_codec" | "unsupported_layout" | "no_direction"
        | "missing_encoder" | "value_too_long" | "list_full" | "too_short" | "too_long"
        | "catalog_exists" | "insecure_source" | "unknown_model_file" | "bad_pairs"
        | "no_pairs" | "too_few_pairs" | "unknown_class" => Class::Input,
        "not_found" | "folder_missing" | "pack_not_found" | "catalog_missing" | "catalog_empty"
        | "track_not_found" | "model_missing" | "runtime_missing" | "no_source" => Class::NotFound,
        "space_mismatch" | "model_corrupt" | "model_unrecorded" | "bad_manifest"
        | "catalog_newer" | "projects_newer" | "projects_foreign" => Class::Refused,
        _ => Class::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_end_commands_as_the_contract_says() {
        for (code, class) in [
            ("clip_too_long", Class::Input),
            ("track_not_found", Class::NotFound),
            ("space_mismatch", Class::Refused),
            ("inference_failed", Class::Internal),
        ] {
            assert_eq!(class_of(code), class, "{code}");
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
