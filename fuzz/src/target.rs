//! What a fuzz target is.

/// A parser under test.
#[derive(Clone, Copy)]
pub struct Target {
    /// Name on the command line and of the folder of its corpus.
    pub name: &'static str,
    /// Largest input that the fuzzer makes, in bytes.
    pub most_bytes: usize,
    /// Reads an input. True where the parser accepted it, false where it refused it; a panic is a finding.
    pub read: fn(&[u8]) -> bool,
    /// Small inputs that the parser accepts, to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}
