//! The `needledrop` command.
fn main() {}
