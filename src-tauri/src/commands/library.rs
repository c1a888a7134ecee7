use std::path::PathBuf;

use needledrop_session::{CatalogState, Fault, Filters, FoundRows, TrackTimeline};
use tauri_plugin_opener::OpenerExt;

use super::blocking::{Shared, blocking};
use crate::window_fault::window_fault;

#[tauri::command]
pub async fn catalog(session: Shared<'_>) -> Result<CatalogState, Fault> {
    blocking(session, |session| Ok(session.catalog())).await
}

#[tauri::command]
pub async fn index(session: Shared<'_>, folders: Vec<PathBuf>) -> Result<u32, Fault> {
    blocking(session, move |session| session.index(folders)).await
}

#[tauri::command]
pub async fn search(
    session: Shared<'_>,
    text: String,
    filters: Filters,
) -> Result<FoundRows, Fault> {
    blocking(session, move |session| session.search(&text, &filters)).await
}

#[tauri::command]
pub async fn similar(
    session: Shared<'_>,
    track: String,
    filters: Filters,
) -> Result<FoundRows, Fault> {
    blocking(session, move |session| session.similar(&track, &filters)).await
}

#[tauri::command]
pub async fn track(session: Shared<'_>, track: String) -> Result<TrackTimeline, Fault> {
    blocking(session, move |session| session.track(&track)).await
}

/// Shows a track's file in the file manager.
#[tauri::command]
pub async fn reveal(
    app: tauri::AppHandle,
    session: Shared<'_>,
    track: String,
) -> Result<(), Fault> {
    let path = blocking(session, move |session| session.track_file(&track)).await?;
    app.opener().reveal_item_in_dir(path).map_err(window_fault)
}

/// Starts dragging a track's file out of the window.
#[tauri::command]
pub async fn drag(app: tauri::AppHandle, session: Shared<'_>, track: String) -> Result<(), Fault> {
    let path = blocking(session, move |session| session.track_file(&track)).await?;
    crate::drag::start(&app, path)
}
