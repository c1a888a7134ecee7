use std::path::PathBuf;

use needledrop_session::{Fault, Opened, RecentClip};

use super::blocking::{Shared, blocking};

#[tauri::command]
pub async fn open_path(session: Shared<'_>, path: PathBuf) -> Result<Opened, Fault> {
    blocking(session, move |session| session.open(&path)).await
}

#[tauri::command]
pub async fn close_clip(session: Shared<'_>) -> Result<(), Fault> {
    blocking(session, |session| {
        session.close();
        Ok(())
    })
    .await
}

#[tauri::command]
pub async fn recent(session: Shared<'_>) -> Result<Vec<RecentClip>, Fault> {
    blocking(session, |session| session.recent()).await
}

#[tauri::command]
pub async fn forget(session: Shared<'_>, clip: String) -> Result<Vec<RecentClip>, Fault> {
    blocking(session, move |session| session.forget(&clip)).await
}

#[tauri::command]
pub async fn film(
    session: Shared<'_>,
    clip: String,
    range_s: (f64, f64),
    count: u32,
) -> Result<(), Fault> {
    blocking(session, move |session| session.film(&clip, range_s, count)).await
}

#[tauri::command]
pub async fn range(
    session: Shared<'_>,
    clip: String,
    range_s: (f64, f64),
    looping: bool,
) -> Result<(), Fault> {
    blocking(session, move |session| {
        session.set_range(&clip, range_s, looping)
    })
    .await
}
