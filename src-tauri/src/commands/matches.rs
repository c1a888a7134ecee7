use needledrop_session::engine::clip::report::ClipReport;
use needledrop_session::{Brief, Fault, MatchRequest, Rows};

use super::blocking::{Shared, blocking};

#[tauri::command]
pub async fn match_clip(session: Shared<'_>, request: MatchRequest) -> Result<u32, Fault> {
    blocking(session, move |session| session.match_clip(request)).await
}

#[tauri::command]
pub async fn rerank(session: Shared<'_>, clip: String, brief: Brief) -> Result<Rows, Fault> {
    blocking(session, move |session| session.rerank(&clip, brief)).await
}

#[tauri::command]
pub async fn clip_report(
    session: Shared<'_>,
    clip: String,
    sensitivity: f32,
) -> Result<ClipReport, Fault> {
    blocking(session, move |session| {
        session.clip_report(&clip, sensitivity)
    })
    .await
}
