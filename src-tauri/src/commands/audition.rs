use super::{Shared, off};
use crate::fault::Fault;
use crate::opened;
use crate::screen::{Clock, Device, Levels};

/// Plays.
#[tauri::command]
pub async fn play(desk: Shared<'_>) -> Result<(), Fault> {
    desk.sound.play();
    Ok(())
}

/// Pauses.
#[tauri::command]
pub async fn pause(desk: Shared<'_>) -> Result<(), Fault> {
    desk.sound.pause();
    Ok(())
}

/// Goes to a place of the clip.
#[tauri::command]
pub async fn seek(desk: Shared<'_>, position_s: f64) -> Result<(), Fault> {
    desk.sound.seek(position_s);
    Ok(())
}

/// Plays faster, slower or backwards.
#[tauri::command]
pub async fn rate(desk: Shared<'_>, rate: f64) -> Result<(), Fault> {
    desk.sound.rate(rate);
    Ok(())
}

/// Sets in, out and whether they loop.
#[tauri::command]
pub async fn range(desk: Shared<'_>, range_s: (f64, f64), looping: bool) -> Result<(), Fault> {
    off(desk, move |desk| {
        desk.sound.range(range_s, looping);
        desk.change_clip(|clip| clip.range_s = range_s);
        opened::remember(desk, &desk.open_clip()?)
    })
    .await
}

/// Hops to a track, which meets the in-point at `start_s`; the playhead stays.
#[tauri::command]
pub async fn select(desk: Shared<'_>, track: Option<String>, start_s: f64) -> Result<(), Fault> {
    // A track that is on offer is heard without asking the catalog.
    if desk.sound.hop(track.as_deref(), start_s) {
        return Ok(());
    }
    off(desk, move |desk| {
        let id = track.unwrap_or_default();
        let found = desk
            .shelf
            .ask(&desk.place(), |library| Ok(library.track(&id)?))?;
        desk.sound.offer_one(&found, start_s);
        Ok(())
    })
    .await
}

/// Moves a track against the picture.
#[tauri::command]
pub async fn slip(desk: Shared<'_>, track: String, start_s: f64) -> Result<(), Fault> {
    desk.sound.slip(&track, start_s);
    Ok(())
}

/// Sets how loud what is.
#[tauri::command]
pub async fn levels(desk: Shared<'_>, levels: Levels) -> Result<(), Fault> {
    off(desk, move |desk| {
        desk.sound.levels(levels);
        let settings = desk.settings.get();
        desk.settings
            .set(crate::screen::Settings { levels, ..settings })?;
        Ok(())
    })
    .await
}

/// Where the sound is.
#[tauri::command]
pub async fn clock(desk: Shared<'_>) -> Result<Clock, Fault> {
    Ok(desk.sound.clock())
}

/// Devices that sound can go to.
#[tauri::command]
pub async fn devices(desk: Shared<'_>) -> Result<Vec<Device>, Fault> {
    off(desk, |desk| Ok(desk.sound.devices())).await
}

/// Sends the sound to a device, and keeps that.
#[tauri::command]
pub async fn choose_device(desk: Shared<'_>, id: Option<String>) -> Result<(), Fault> {
    off(desk, move |desk| {
        desk.sound.choose(id.clone())?;
        let settings = desk.settings.get();
        desk.settings.set(crate::screen::Settings {
            device: id,
            ..settings
        })?;
        Ok(())
    })
    .await
}
