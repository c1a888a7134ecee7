use needledrop_session::{CacheUse, Event, Fault, Settings, Start};
use tauri::ipc::Channel;
use tauri_plugin_dialog::DialogExt;

use super::blocking::{Shared, blocking};
use crate::channel::WindowChannel;
use crate::window_fault::window_fault;

/// Called when the page is loaded: all later events go to `channel`.
#[tauri::command]
pub async fn start(
    session: Shared<'_>,
    window: tauri::State<'_, WindowChannel>,
    channel: Channel<Event>,
) -> Result<Start, Fault> {
    window.listen(channel);
    blocking(session, |session| Ok(session.start())).await
}

#[tauri::command]
pub async fn now(session: Shared<'_>) -> Result<f64, Fault> {
    Ok(session.now_ms())
}

/// Opens the dialog that chooses a clip.
#[tauri::command]
pub async fn choose_clip(app: tauri::AppHandle) -> Result<Option<String>, Fault> {
    let ask = move || {
        app.dialog()
            .file()
            .set_title("Open a clip")
            .blocking_pick_file()
    };
    let chosen = tauri::async_runtime::spawn_blocking(ask).await;
    Ok(chosen.map_err(window_fault)?.map(|path| path.to_string()))
}

/// Opens the dialog that chooses a folder.
#[tauri::command]
pub async fn choose_folder(app: tauri::AppHandle) -> Result<Option<String>, Fault> {
    let ask = move || {
        app.dialog()
            .file()
            .set_title("Choose a folder")
            .blocking_pick_folder()
    };
    let chosen = tauri::async_runtime::spawn_blocking(ask).await;
    Ok(chosen.map_err(window_fault)?.map(|path| path.to_string()))
}

#[tauri::command]
pub async fn settings(
    session: Shared<'_>,
    change: serde_json::Map<String, serde_json::Value>,
) -> Result<Settings, Fault> {
    blocking(session, move |session| session.change_settings(&change)).await
}

#[tauri::command]
pub async fn cache(session: Shared<'_>) -> Result<CacheUse, Fault> {
    blocking(session, |session| Ok(session.cache())).await
}

#[tauri::command]
pub async fn clear_cache(session: Shared<'_>) -> Result<CacheUse, Fault> {
    blocking(session, |session| session.clear_cache()).await
}

#[tauri::command]
pub async fn fetch_pack(session: Shared<'_>, name: String) -> Result<u32, Fault> {
    Ok(session.fetch_pack(name))
}

#[tauri::command]
pub async fn cancel(session: Shared<'_>, job: u32) -> Result<(), Fault> {
    session.cancel(job);
    Ok(())
}
