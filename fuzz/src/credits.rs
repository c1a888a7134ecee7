//! `credits.toml` of a music folder.

use std::path::Path;

use needledrop_engine::music::index::credits::{Credit, Credits};

use crate::scratch;
use crate::target::Target;

/// The file, and what it says of one path.
pub const CREDITS: Target = Target {
    name: "credits",
    most_bytes: 1 << 12,
    read: |input| {
        let path = scratch::file("credits.toml", input);
        let Ok(credits) = Credits::read(&path, Path::new("/music")) else {
            return false;
        };
        credits.apply(Path::new("/music/rain/one.ogg"), &mut Credit::default());
        true
    },
    seeds: || {
        vec![
            b"[[track]]\nfiles = \"rain/*.ogg\"\ntitle = \"One\"\nartist = \"Somebody\"\n".to_vec(),
            b"[[track]]\nfiles = \"**/[a-z]?*\"\nlicence = \"CC0-1.0\"\nsource = \"web\"\n"
                .to_vec(),
        ]
    },
};
