use std::sync::Arc;

use super::{Shared, off};
use crate::desk::Desk;
use crate::fault::Fault;
use crate::screen::{Ask, Filters, Look, Row, Rows, TrackSheet, Wish};
use crate::{matching, opened, shelf};

/// Rows of a search.
const SEARCHED: usize = 60;

/// Starts a match; its rows are told twice.
#[tauri::command]
pub async fn match_clip(desk: Shared<'_>, ask: Ask) -> Result<u32, Fault> {
    off(desk, move |desk| {
        let wish = ask.wish.clone();
        let number = matching::start(desk, ask)?;
        remember(desk, wish);
        Ok(number)
    })
    .await
}

/// Ranks again with another wish.
#[tauri::command]
pub async fn rerank(desk: Shared<'_>, wish: Wish) -> Result<Rows, Fault> {
    off(desk, move |desk| {
        let rows = matching::again(desk, wish.clone())?;
        remember(desk, wish);
        Ok(rows)
    })
    .await
}

/// What the clip does, read at another sensitivity.
#[tauri::command]
pub async fn look(desk: Shared<'_>, sensitivity: f32) -> Result<Look, Fault> {
    off(desk, move |desk| matching::look(desk, sensitivity)).await
}

/// Tracks by words.
#[tauri::command]
pub async fn search(desk: Shared<'_>, text: String, filters: Filters) -> Result<Vec<Row>, Fault> {
    off(desk, move |desk| {
        let filter = filters.to_engine()?;
        desk.shelf.ask(&desk.place(), |library| {
            let found = library.search(&text, &filter, SEARCHED)?;
            Ok(rows(desk, library, found))
        })
    })
    .await
}

/// Tracks that sound like one.
#[tauri::command]
pub async fn similar(desk: Shared<'_>, track: String, filters: Filters) -> Result<Vec<Row>, Fault> {
    off(desk, move |desk| {
        let filter = filters.to_engine()?;
        desk.shelf.ask(&desk.place(), |library| {
            let found = library.similar(&track, &filter, SEARCHED)?;
            Ok(rows(desk, library, found))
        })
    })
    .await
}

/// What the timeline draws of a track.
#[tauri::command]
pub async fn track(desk: Shared<'_>, track: String) -> Result<TrackSheet, Fault> {
    off(desk, move |desk| {
        desk.shelf
            .ask(&desk.place(), |library| shelf::sheet(library, &track))
    })
    .await
}

fn rows(
    desk: &Desk,
    library: &needledrop_engine::Library,
    found: needledrop_engine::library::search::SearchReport,
) -> Vec<Row> {
    found
        .results
        .into_iter()
        .map(|row| {
            let peaks = desk.shelf.row_peaks(library, &row.track.track_id);
            let facts = library.track(&row.track.track_id).ok();
            let mut shown = Row::of_track(row.rank, row.track, row.score, peaks);
            if let Some(track) = facts {
                shown.tags = needledrop_engine::library::tracks::strongest_tags(&track);
                shown.attribution = track.facts.attribution;
                shown.source = track.facts.source;
                shown.vocal = track.facts.character.vocal.map(f64::from);
            }
            shown
        })
        .collect()
}

/// What was asked is there again when the clip is opened again. Reaching the disk takes longer than
/// ranking does, so nobody waits for it; whoever writes last writes what is asked last.
fn remember(desk: &Arc<Desk>, wish: Wish) {
    desk.change_clip(|clip| {
        clip.brief = wish.brief;
        clip.words_share = f64::from(wish.words_share);
        clip.weights = wish.weights;
        clip.filters = wish.filters;
        clip.sensitivity = f64::from(wish.sensitivity);
    });
    let desk = desk.clone();
    tauri::async_runtime::spawn_blocking(move || {
        let kept = desk
            .open_clip()
            .and_then(|opened| opened::remember(&desk, &opened));
        if let Err(fault) = kept {
            tracing::warn!("what was asked is not kept: {}", fault.message);
        }
    });
}
