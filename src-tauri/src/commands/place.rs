use needledrop_engine::clip::proxies;
use needledrop_engine::packs;
use tauri::ipc::Channel;
use tauri_plugin_dialog::DialogExt;

use super::{Shared, off};
use crate::desk::{Desk, lock};
use crate::fault::Fault;
use crate::opened;
use crate::screen::{
    CacheUse, CatalogState, PackRow, Provider, RecentClip, Settings, Start, count,
};
use crate::shelf::shown;
use crate::told::{JobKind, Told};

/// Clips that the empty window offers.
const RECENT: usize = 24;

/// The window is there: it listens on `channel` from now on.
#[tauri::command]
pub async fn start(desk: Shared<'_>, channel: Channel<Told>) -> Result<Start, Fault> {
    desk.teller.listen(channel);
    off(desk, |desk| {
        // The catalog is opened behind the window; until it is there the window knows only where it is.
        desk.open_catalog();
        Ok(Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: desk.settings.get(),
            catalog: quick_state(desk),
            packs: pack_rows(desk),
            providers: Provider::choices(),
            recent: recent_clips(desk).unwrap_or_default(),
            devices: desk.sound.devices(),
            clock: desk.sound.clock(),
            open: lock(&desk.open_first).take().map(|path| shown(&path)),
        })
    })
    .await
}

/// The engine's own clock, milliseconds.
#[tauri::command]
pub async fn now(desk: Shared<'_>) -> Result<f64, Fault> {
    Ok(desk.sound.now_ms())
}

/// Asks the editor for a clip.
#[tauri::command]
pub async fn choose_clip(app: tauri::AppHandle) -> Result<Option<String>, Fault> {
    let chosen = tauri::async_runtime::spawn_blocking(move || {
        app.dialog()
            .file()
            .set_title("Open a clip")
            .blocking_pick_file()
    })
    .await?;
    Ok(chosen.map(|path| path.to_string()))
}

/// Asks the editor for a folder.
#[tauri::command]
pub async fn choose_folder(app: tauri::AppHandle) -> Result<Option<String>, Fault> {
    let chosen = tauri::async_runtime::spawn_blocking(move || {
        app.dialog()
            .file()
            .set_title("Choose a folder")
            .blocking_pick_folder()
    })
    .await?;
    Ok(chosen.map(|path| path.to_string()))
}

/// Keeps settings; a sound device or catalog that changed is taken at once.
#[tauri::command]
pub async fn settings(desk: Shared<'_>, settings: Settings) -> Result<Settings, Fault> {
    off(desk, move |desk| {
        let before = (desk.settings.get(), desk.place());
        let after = desk.settings.set(settings)?;
        if before.1 != desk.place() {
            desk.open_catalog();
        }
        if before.0.device != after.device {
            desk.sound.choose(after.device.clone())?;
        }
        desk.sound.levels(after.levels);
        Ok(after)
    })
    .await
}

/// What the proxies take.
#[tauri::command]
pub async fn cache(desk: Shared<'_>) -> Result<CacheUse, Fault> {
    off(desk, |desk| cache_use(desk)).await
}

/// Removes the proxies.
#[tauri::command]
pub async fn clear_cache(desk: Shared<'_>) -> Result<CacheUse, Fault> {
    off(desk, |desk| {
        proxies::clear(&desk.places)?;
        cache_use(desk)
    })
    .await
}

/// Fetches the files of a pack.
#[tauri::command]
pub async fn fetch_pack(desk: Shared<'_>, name: String) -> Result<u32, Fault> {
    let own = desk.inner().clone();
    Ok(desk.jobs.start(JobKind::Pack, move |job| {
        Ok(packs::fetch_files(&own.places, &name, None, job)?.map(|_| ()))
    }))
}

/// Stops a job.
#[tauri::command]
pub async fn cancel(desk: Shared<'_>, job: u32) -> Result<(), Fault> {
    desk.jobs.cancel(job);
    Ok(())
}

/// Clips opened before.
pub fn recent_clips(desk: &Desk) -> Result<Vec<RecentClip>, Fault> {
    desk.projects(|projects| {
        let found = projects.recent_clips(None, RECENT)?;
        Ok(found
            .into_iter()
            .map(|recent| RecentClip {
                film_url: picture(desk, &recent.clip.id.to_string()),
                clip: recent.clip.id.to_string(),
                duration_s: recent.clip.duration_s,
                gone: recent.gone,
                picks: u32::try_from(recent.picks).unwrap_or(0),
                ..RecentClip::unopened(&recent.clip.path)
            })
            .collect())
    })
}

fn picture(desk: &Desk, clip: &str) -> Option<String> {
    let poster = opened::poster(desk, clip);
    poster.is_file().then(|| desk.media.file(&poster))
}

fn pack_rows(desk: &Desk) -> Vec<PackRow> {
    packs::list(&desk.places)
        .into_iter()
        .map(|row| PackRow {
            name: row.name,
            title: row.title,
            version: row.version,
            stand_in: row.stand_in,
            licence: row.licence,
            ready: row.ready,
            missing: row.missing,
        })
        .collect()
}

fn cache_use(desk: &Desk) -> Result<CacheUse, Fault> {
    Ok(CacheUse {
        path: shown(&desk.places.cache.join("proxies")),
        bytes: proxies::used_bytes(&desk.places) as f64,
    })
}

/// How the catalog is, without its index: name and size.
fn quick_state(desk: &Desk) -> CatalogState {
    let place = desk.place();
    match needledrop_engine::catalog::Catalog::open(&place.dir).and_then(|c| c.info()) {
        Ok(info) if info.tracks > 0 => CatalogState::Ready {
            id: info.id.clone(),
            epoch: info.epoch as f64,
            tracks: count(info.tracks - info.missing.min(info.tracks)),
            path: shown(&place.dir),
            licences: Vec::new(),
            tags: Vec::new(),
        },
        Ok(_) => CatalogState::Empty {
            path: shown(&place.dir),
        },
        Err(error) => CatalogState::of_fault(
            &place.dir,
            needledrop_engine::EngineError::from(error).into(),
        ),
    }
}
