//! How files are fetched.

use std::time::Duration;

/// Options of a fetch.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// Base address instead of the manifest's, from the command line or the configuration.
    pub source: Option<String>,
    /// Paths inside the pack; empty for all files.
    pub only: Vec<String>,
    /// Limit for a file of unknown length, bytes.
    pub most_bytes: u64,
    /// Number of failed attempts in a row before giving up.
    pub attempts: u32,
    /// Pause before the second attempt; doubles up to 30 s.
    pub pause: Duration,
}

impl Default for FetchOptions {
    fn default() -> Self {
        FetchOptions {
            source: None,
            only: Vec::new(),
            most_bytes: 8 << 30,
            attempts: 6,
            pause: Duration::from_millis(500),
        }
    }
}
