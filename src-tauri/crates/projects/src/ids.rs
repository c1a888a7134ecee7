//! Ids of projects and clips: row numbers of the projects file.

/// Id of a project, unique in the file and never used again.
pub type ProjectId = i64;

/// Id of a clip, unique in the file and never used again.
pub type ClipId = i64;
