use std::path::Path;

use super::place::recent_clips;
use super::{Shared, off};
use crate::desk::{lock, now_ms};
use crate::fault::Fault;
use crate::screen::{Clip, RecentClip};
use crate::{matching, opened};

/// Opens a clip.
#[tauri::command]
pub async fn open_clip(desk: Shared<'_>, path: String) -> Result<Clip, Fault> {
    off(desk, move |desk| opened::open(desk, Path::new(&path))).await
}

/// Lists the clips of a folder, newest first.
#[tauri::command]
pub async fn open_bin(desk: Shared<'_>, path: String) -> Result<Vec<RecentClip>, Fault> {
    off(desk, move |_| {
        let clips = opened::clips_in(Path::new(&path))?;
        Ok(clips
            .iter()
            .map(|clip| RecentClip::unopened(clip))
            .collect())
    })
    .await
}

/// Closes the clip.
#[tauri::command]
pub async fn close_clip(desk: Shared<'_>) -> Result<(), Fault> {
    off(desk, |desk| {
        matching::forget(desk);
        desk.sound.unload();
        *lock(&desk.opened) = None;
        Ok(())
    })
    .await
}

/// Clips opened before, newest first.
#[tauri::command]
pub async fn recent(desk: Shared<'_>) -> Result<Vec<RecentClip>, Fault> {
    off(desk, |desk| recent_clips(desk)).await
}

/// Takes a clip off that list.
#[tauri::command]
pub async fn forget(desk: Shared<'_>, clip: String) -> Result<Vec<RecentClip>, Fault> {
    off(desk, move |desk| {
        let id = clip.parse().unwrap_or(-1);
        desk.projects(|projects| Ok(projects.forget_clip(id, now_ms())?))?;
        opened::forget_poster(desk, id);
        recent_clips(desk)
    })
    .await
}

/// Makes a filmstrip; its pictures are told one by one.
#[tauri::command]
pub async fn film(
    desk: Shared<'_>,
    clip: String,
    range_s: (f64, f64),
    count: u32,
) -> Result<(), Fault> {
    off(desk, move |desk| {
        opened::make_film(desk, &clip, range_s, count)
    })
    .await
}
