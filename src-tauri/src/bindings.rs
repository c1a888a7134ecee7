//! The commands, and their TypeScript.

use tauri_specta::{Builder, ErrorHandlingMode, collect_commands};

use crate::commands::*;

/// Every command of the window.
pub fn commands() -> Builder<tauri::Wry> {
    Builder::new()
        .error_handling(ErrorHandlingMode::Throw)
        .commands(collect_commands![
            start,
            now,
            choose_clip,
            choose_folder,
            open_clip,
            open_bin,
            close_clip,
            recent,
            forget,
            film,
            match_clip,
            rerank,
            look,
            search,
            similar,
            track,
            cancel,
            play,
            pause,
            seek,
            rate,
            range,
            select,
            slip,
            levels,
            clock,
            devices,
            choose_device,
            save,
            unsave,
            note,
            move_pick,
            undo,
            redo,
            reveal,
            drag,
            catalog,
            index,
            settings,
            cache,
            clear_cache,
            fetch_pack,
        ])
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use specta_typescript::Typescript;

    use super::commands;

    /// Writes the file anew and complains when it was another: commit what it wrote.
    #[test]
    fn the_window_knows_the_types_of_the_shell() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/src/platform/generated.ts");
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        commands()
            .export(Typescript::default(), &path)
            .expect("the types can be written");
        let after = std::fs::read_to_string(&path).unwrap();
        assert!(
            before == after,
            "{} was stale and is new now",
            path.display()
        );
    }
}
