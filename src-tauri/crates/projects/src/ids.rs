//! Numbers of rows.

/// Number of a project.
pub type ProjectId = i64;

/// Number of a clip.
pub type ClipId = i64;
