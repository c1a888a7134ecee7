use needledrop_engine::projects::{NewPick, Projects};
use tauri_plugin_opener::OpenerExt;

use super::{Shared, off};
use crate::desk::{Desk, now_ms};
use crate::fault::Fault;
use crate::screen::{Pick, Undone};

/// Saves a track for the open clip.
#[tauri::command]
pub async fn save(desk: Shared<'_>, track: String, start_s: f64) -> Result<Vec<Pick>, Fault> {
    off(desk, move |desk| {
        let opened = desk.open_clip()?;
        let score = desk.matching.score(&track);
        let (catalog, found) = desk.shelf.ask(&desk.place(), |library| {
            Ok((library.info().id.clone(), library.track(&track)?))
        })?;
        let facts = found.facts;
        let key = facts.key.map(|estimate| estimate.key);
        let pick = NewPick {
            track,
            catalog,
            title: facts.title,
            artist: facts.artist,
            path: Some(found.path),
            licence: facts.licence,
            bpm: facts.tempo.map(|tempo| f64::from(tempo.bpm)),
            camelot: key.map(|key| key.camelot().to_string()),
            start_s,
            range_s: opened.screen.range_s,
            score,
        };
        desk.projects(|projects| Ok(projects.save_pick(opened.number, &pick, now_ms())?))?;
        desk.picks(opened.number)
    })
    .await
}

/// Removes a pick of the open clip.
#[tauri::command]
pub async fn unsave(desk: Shared<'_>, track: String) -> Result<Vec<Pick>, Fault> {
    change(desk, move |projects, clip| {
        projects.remove_pick(clip, &track, now_ms())?;
        Ok(())
    })
    .await
}

/// Writes a note to a pick of the open clip.
#[tauri::command]
pub async fn note(desk: Shared<'_>, track: String, note: String) -> Result<Vec<Pick>, Fault> {
    change(desk, move |projects, clip| {
        projects.note_pick(clip, &track, &note, now_ms())?;
        Ok(())
    })
    .await
}

/// Moves a pick of the open clip to another place of its list.
#[tauri::command]
pub async fn move_pick(desk: Shared<'_>, track: String, to: u32) -> Result<Vec<Pick>, Fault> {
    change(desk, move |projects, clip| {
        let mut order: Vec<String> = projects
            .picks(clip)?
            .into_iter()
            .map(|pick| pick.saved.track)
            .collect();
        if let Some(from) = order.iter().position(|id| *id == track) {
            let moved = order.remove(from);
            order.insert((to as usize).min(order.len()), moved);
            let order: Vec<&str> = order.iter().map(String::as_str).collect();
            projects.reorder_picks(clip, &order, now_ms())?;
        }
        Ok(())
    })
    .await
}

/// Takes the last change of a list back.
#[tauri::command]
pub async fn undo(desk: Shared<'_>) -> Result<Option<Undone>, Fault> {
    off(desk, |desk| {
        let done = desk.projects(|projects| Ok(projects.undo()?))?;
        done.map(|done| told(desk, done)).transpose()
    })
    .await
}

/// Does it again.
#[tauri::command]
pub async fn redo(desk: Shared<'_>) -> Result<Option<Undone>, Fault> {
    off(desk, |desk| {
        let done = desk.projects(|projects| Ok(projects.redo()?))?;
        done.map(|done| told(desk, done)).transpose()
    })
    .await
}

/// Shows a track's file in the file manager.
#[tauri::command]
pub async fn reveal(app: tauri::AppHandle, desk: Shared<'_>, track: String) -> Result<(), Fault> {
    off(desk, move |desk| {
        let path = desk
            .shelf
            .ask(&desk.place(), |library| Ok(library.track(&track)?.path))?;
        if !path.exists() {
            return Err(Fault::new(
                "not_found",
                format!("the track's file is not where it was: {}", path.display()),
            ));
        }
        app.opener().reveal_item_in_dir(path).map_err(|error| {
            Fault::new(
                "window",
                format!("no file manager could be opened: {error}"),
            )
        })
    })
    .await
}

async fn change(
    desk: Shared<'_>,
    change: impl FnOnce(&mut Projects, i64) -> Result<(), Fault> + Send + 'static,
) -> Result<Vec<Pick>, Fault> {
    off(desk, move |desk| {
        let clip = desk.open_clip()?.number;
        desk.projects(|projects| change(projects, clip))?;
        desk.picks(clip)
    })
    .await
}

fn told(desk: &Desk, done: needledrop_engine::projects::Undone) -> Result<Undone, Fault> {
    Ok(Undone {
        what: done.what,
        clip: done.clip.map(|clip| clip.to_string()),
        picks: done.clip.map(|clip| desk.picks(clip)).transpose()?,
    })
}
