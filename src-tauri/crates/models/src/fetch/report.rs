//! Result of a fetch.

/// One file of a [`FetchReport`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedFile {
    /// Path inside the pack.
    pub path: String,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Length of the file, bytes.
    pub bytes: u64,
    /// True if the file was present before and nothing was fetched.
    pub already_present: bool,
    /// Bytes that an earlier fetch had left.
    pub resumed_from: u64,
    /// True if the checksum was known beforehand (manifest, lock file or entity tag); false if it
    /// was only recorded.
    pub compared: bool,
}

/// Result of [`fetch`](crate::fetch()).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchReport {
    /// Every wanted file, in the order of the manifest.
    pub files: Vec<FetchedFile>,
}
