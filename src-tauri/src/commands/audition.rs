use needledrop_session::{Clock, Device, Fault, Levels};

use super::blocking::{Shared, blocking};

#[tauri::command]
pub async fn play(session: Shared<'_>) -> Result<(), Fault> {
    session.play();
    Ok(())
}

#[tauri::command]
pub async fn pause(session: Shared<'_>) -> Result<(), Fault> {
    session.pause();
    Ok(())
}

#[tauri::command]
pub async fn seek(session: Shared<'_>, position_s: f64) -> Result<(), Fault> {
    session.seek(position_s);
    Ok(())
}

#[tauri::command]
pub async fn rate(session: Shared<'_>, rate: f64) -> Result<(), Fault> {
    session.set_rate(rate);
    Ok(())
}

#[tauri::command]
pub async fn select(session: Shared<'_>, track: Option<String>, start_s: f64) -> Result<(), Fault> {
    blocking(session, move |session| {
        session.select(track.as_deref(), start_s)
    })
    .await
}

#[tauri::command]
pub async fn slip(session: Shared<'_>, track: String, start_s: f64) -> Result<(), Fault> {
    session.slip(&track, start_s);
    Ok(())
}

#[tauri::command]
pub async fn levels(session: Shared<'_>, levels: Levels) -> Result<(), Fault> {
    blocking(session, move |session| {
        session.set_levels(levels);
        Ok(())
    })
    .await
}

#[tauri::command]
pub async fn clock(session: Shared<'_>) -> Result<Clock, Fault> {
    Ok(session.clock())
}

#[tauri::command]
pub async fn devices(session: Shared<'_>) -> Result<Vec<Device>, Fault> {
    blocking(session, |session| Ok(session.devices())).await
}

#[tauri::command]
pub async fn choose_device(session: Shared<'_>, id: Option<String>) -> Result<(), Fault> {
    blocking(session, move |session| session.choose_device(id)).await
}
