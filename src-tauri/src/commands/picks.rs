use needledrop_session::{Fault, Pick, UndoneStep};

use super::blocking::{Shared, blocking};

#[tauri::command]
pub async fn save(
    session: Shared<'_>,
    clip: String,
    track: String,
    start_s: f64,
) -> Result<Vec<Pick>, Fault> {
    blocking(session, move |session| session.save(&clip, &track, start_s)).await
}

#[tauri::command]
pub async fn unsave(session: Shared<'_>, clip: String, track: String) -> Result<Vec<Pick>, Fault> {
    blocking(session, move |session| session.unsave(&clip, &track)).await
}

#[tauri::command]
pub async fn note(
    session: Shared<'_>,
    clip: String,
    track: String,
    note: String,
) -> Result<Vec<Pick>, Fault> {
    blocking(session, move |session| session.note(&clip, &track, &note)).await
}

#[tauri::command]
pub async fn move_pick(
    session: Shared<'_>,
    clip: String,
    track: String,
    to: u32,
) -> Result<Vec<Pick>, Fault> {
    blocking(session, move |session| session.move_pick(&clip, &track, to)).await
}

#[tauri::command]
pub async fn undo(session: Shared<'_>) -> Result<Option<UndoneStep>, Fault> {
    blocking(session, |session| session.undo()).await
}

#[tauri::command]
pub async fn redo(session: Shared<'_>) -> Result<Option<UndoneStep>, Fault> {
    blocking(session, |session| session.redo()).await
}
