//! Tauri's part of the build: capabilities, icons, resources.

fn main() {
    tauri_build::build();
}
