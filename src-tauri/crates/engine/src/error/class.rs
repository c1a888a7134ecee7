//! The class of every error: which exit code a command ends with.
//!
//! Each match names every variant, so a new variant does not compile until somebody has chosen its class.

use std::io;

use needledrop_audio::AudioError;
use needledrop_catalog::CatalogError;
use needledrop_media::MediaError;
use needledrop_models::ModelError;
use needledrop_projects::ProjectsError;
use needledrop_training::TrainingError;
use needledrop_vision::VisionError;

/// How an error ends a command; the numbers are the exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The input or the command line has to change.
    Input = 2,
    /// Something that was named does not exist.
    NotFound = 3,
    /// Refused: a signature, a consent, an audio space or a version does not fit.
    Refused = 4,
    /// A fault of the program or of the machine.
    Internal = 5,
}

use Class::{Input, Internal, NotFound, Refused};

pub(super) fn file_system(source: &io::Error) -> Class {
    match source.kind() {
        io::ErrorKind::NotFound => NotFound,
        io::ErrorKind::PermissionDenied => Input,
        _ => Internal,
    }
}

pub(super) fn media(error: &MediaError) -> Class {
    match error {
        MediaError::NotFound { .. } => NotFound,
        MediaError::Unreadable { .. }
        | MediaError::EmptyFile { .. }
        | MediaError::NotAVideo { .. }
        | MediaError::NoVideoStream { .. }
        | MediaError::NoFrames { .. }
        | MediaError::Truncated { .. }
        | MediaError::RangeOutside { .. }
        | MediaError::ClipTooLong { .. }
        | MediaError::MissingPlugin { .. }
        | MediaError::NoDecoder { .. }
        | MediaError::Undecodable { .. }
        | MediaError::Stalled { .. }
        | MediaError::MissingEncoder { .. } => Input,
        MediaError::Cancelled
        | MediaError::GStreamer(_)
        | MediaError::NotEncoded { .. }
        | MediaError::Write { .. } => Internal,
    }
}

pub(super) fn model(error: &ModelError) -> Class {
    match error {
        ModelError::UnknownFile { .. } | ModelError::InsecureSource { .. } => Input,
        ModelError::PackNotFound { .. }
        | ModelError::Missing { .. }
        | ModelError::RuntimeMissing { .. }
        | ModelError::NoSource { .. } => NotFound,
        ModelError::BadManifest { .. }
        | ModelError::Unrecorded { .. }
        | ModelError::WrongLength { .. }
        | ModelError::WrongChecksum { .. }
        | ModelError::BadTensors { .. }
        | ModelError::BadTokenizer { .. } => Refused,
        ModelError::RuntimeUnusable { .. }
        | ModelError::BadModel { .. }
        | ModelError::Inference { .. }
        | ModelError::Fetch { .. }
        | ModelError::TooLarge { .. }
        | ModelError::DiskFull { .. }
        | ModelError::Io { .. } => Internal,
    }
}

pub(super) fn vision(error: &VisionError) -> Class {
    match error {
        VisionError::Model(error) => model(error),
        VisionError::NoDirection { .. } => Input,
        VisionError::Mismatch { .. } => Refused,
        VisionError::BadPicture { .. } => Internal,
    }
}

pub(super) fn audio(error: &AudioError) -> Class {
    match error {
        AudioError::NotFound { .. } => NotFound,
        AudioError::Unreadable { .. }
        | AudioError::EmptyFile { .. }
        | AudioError::NotAudio { .. }
        | AudioError::NoAudioStream { .. }
        | AudioError::UnsupportedCodec { .. }
        | AudioError::UnsupportedLayout { .. }
        | AudioError::Undecodable { .. }
        | AudioError::TooShort { .. }
        | AudioError::TooLong { .. } => Input,
        AudioError::Cancelled | AudioError::BadPack { .. } => Internal,
        AudioError::Model(error) => model(error),
    }
}

pub(super) fn catalog(error: &CatalogError) -> Class {
    match error {
        CatalogError::Exists { .. }
        | CatalogError::NoDirection { .. }
        | CatalogError::InvalidValue { .. } => Input,
        CatalogError::Missing { .. }
        | CatalogError::Empty { .. }
        | CatalogError::TrackNotFound { .. } => NotFound,
        CatalogError::SpaceMismatch { .. }
        | CatalogError::SchemaNewer { .. }
        | CatalogError::ReadOnly { .. } => Refused,
        CatalogError::Damaged { .. }
        | CatalogError::WrongDimension { .. }
        | CatalogError::DiskFull { .. }
        | CatalogError::Busy { .. }
        | CatalogError::Io { .. }
        | CatalogError::Database { .. } => Internal,
    }
}

pub(super) fn projects(error: &ProjectsError) -> Class {
    match error {
        ProjectsError::TooLong { .. }
        | ProjectsError::InvalidValue { .. }
        | ProjectsError::Full { .. } => Input,
        ProjectsError::NotFound { .. } => NotFound,
        ProjectsError::Foreign { .. } | ProjectsError::Newer { .. } => Refused,
        ProjectsError::Damaged { .. }
        | ProjectsError::Busy { .. }
        | ProjectsError::DiskFull { .. }
        | ProjectsError::Io { .. }
        | ProjectsError::Database { .. } => Internal,
    }
}

pub(super) fn training(error: &TrainingError) -> Class {
    match error {
        TrainingError::NoRows { .. }
        | TrainingError::BadRow { .. }
        | TrainingError::TooFew { .. }
        | TrainingError::UnknownClass { .. } => Input,
        TrainingError::Shape { .. } | TrainingError::UsedUp { .. } => Refused,
        TrainingError::Diverged { .. } | TrainingError::Singular { .. } => Internal,
        TrainingError::Model(error) => model(error),
        TrainingError::Io { source, .. } => match source.kind() {
            io::ErrorKind::NotFound => NotFound,
            _ => Internal,
        },
    }
}
