//! The types of the window in TypeScript, made from those of the shell.

use std::path::Path;

use ts_rs::{Config, TS};

use crate::fault::Fault;
use crate::screen::*;
use crate::told::{JobKind, JobProgress, Told};

macro_rules! declared {
    ($($name:ty),* $(,)?) => {
        [$(<$name as TS>::decl(&Config::default())),*]
    };
}

/// Writes the file anew and complains when it was another: commit what it wrote.
#[test]
fn the_window_knows_the_types_of_the_shell() {
    let types = declared![
        Alignment,
        Ask,
        Brief,
        CacheUse,
        CatalogState,
        Chip,
        Clip,
        Clock,
        Curve,
        CutMark,
        Device,
        Fault,
        Filters,
        HitMark,
        JobKind,
        JobProgress,
        Landing,
        Levels,
        Look,
        Output,
        PackRow,
        Pick,
        Picture,
        Provider,
        Pulse,
        Reasons,
        RecentClip,
        Row,
        RowTimings,
        Rows,
        Settings,
        Start,
        TermWeights,
        Theme,
        Told,
        TrackSheet,
        Undone,
        Voices,
        Wish,
    ];
    let mut text = String::from(
        "// Made from the types in src-tauri/src by its tests; do not edit. What each means stands there.\n\n",
    );
    for declared in types {
        text.push_str(&format!("export {declared}\n\n"));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/platform/generated.ts");
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    std::fs::write(&path, &text).unwrap();
    assert!(
        before == text,
        "{} was stale and is new now",
        path.display()
    );
}
