//! The crates of this workspace against the crate table of ARCHITECTURE.md.

use std::path::{Path, PathBuf};
use std::{env, fs};

use needledrop_gates::{layers, table, workspace};

#[test]
fn crates_and_their_dependencies_are_those_of_the_table() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let cargo = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let text =
        fs::read_to_string(top.join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is readable");
    let rows = table::parse(&text).expect("ARCHITECTURE.md has a crate table");
    let workspace = workspace::ask(&cargo, &top).expect("cargo describes the workspace");
    let problems = layers::problems(&rows, &workspace);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
