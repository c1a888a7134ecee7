//! The application: one window over the engine. Wiring only; what it shows is decided below and drawn
//! in `ui/`.
#![cfg_attr(
    all(not(debug_assertions), target_os = "windows"),
    windows_subsystem = "windows"
)]

#[cfg(test)]
mod bindings;
mod commands;
mod desk;
mod fault;
mod jobs;
mod matching;
mod media_server;
mod opened;
mod screen;
mod settings;
mod shelf;
mod sound;
mod told;
mod webview;

use std::path::PathBuf;
use std::process::ExitCode;

use needledrop_engine::Places;
use tauri::{Manager, WebviewWindowBuilder};

use crate::desk::Desk;
use crate::media_server::MediaServer;
use crate::shelf::shown;
use crate::told::Told;

fn main() -> ExitCode {
    webview::prepare();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_writer(std::io::stderr)
        .init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("needledrop: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = tauri::Builder::default();
    // Without a message bus the plugin panics; each launch is then a window of its own.
    if has_message_bus() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, args, cwd| {
            second_launch(app, args, cwd.into());
        }));
    }
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .invoke_handler(tauri::generate_handler![
            commands::place::start,
            commands::place::now,
            commands::place::choose_clip,
            commands::place::choose_folder,
            commands::clips::open_clip,
            commands::clips::open_bin,
            commands::clips::close_clip,
            commands::clips::recent,
            commands::clips::forget,
            commands::clips::film,
            commands::matches::match_clip,
            commands::matches::rerank,
            commands::matches::look,
            commands::matches::search,
            commands::matches::similar,
            commands::matches::track,
            commands::place::cancel,
            commands::audition::play,
            commands::audition::pause,
            commands::audition::seek,
            commands::audition::rate,
            commands::audition::range,
            commands::audition::select,
            commands::audition::slip,
            commands::audition::levels,
            commands::audition::clock,
            commands::audition::devices,
            commands::audition::choose_device,
            commands::picks::save,
            commands::picks::unsave,
            commands::picks::note,
            commands::picks::move_pick,
            commands::picks::undo,
            commands::picks::redo,
            commands::picks::reveal,
            commands::drag::drag,
            commands::catalog::catalog,
            commands::catalog::index,
            commands::place::settings,
            commands::place::cache,
            commands::place::clear_cache,
            commands::place::fetch_pack,
        ])
        .setup(|app| {
            let media = tauri::async_runtime::block_on(MediaServer::start())?;
            let first = std::env::args_os().nth(1).map(PathBuf::from);
            let desk = Desk::new(Places::find()?, media, first);
            app.manage(desk);
            webview::tune();
            for window in &app.config().app.windows {
                fit(&WebviewWindowBuilder::from_config(app.handle(), window)?.build()?);
            }
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}

/// A window no larger than the screen, which not every desktop sees to.
fn fit(window: &tauri::WebviewWindow) {
    let (Ok(Some(monitor)), Ok(size)) = (window.current_monitor(), window.inner_size()) else {
        return;
    };
    let area = monitor.work_area().size;
    let fitting =
        tauri::PhysicalSize::new(size.width.min(area.width), size.height.min(area.height));
    if fitting != size
        && let Err(error) = window.set_size(fitting)
    {
        tracing::warn!("the window stays larger than the screen: {error}");
    }
}

fn has_message_bus() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let standard = || {
        std::env::var_os("XDG_RUNTIME_DIR")
            .is_some_and(|dir| PathBuf::from(dir).join("bus").exists())
    };
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() || standard()
}

/// Another start hands its file to this window, which comes to the front.
fn second_launch(app: &tauri::AppHandle, args: Vec<String>, cwd: PathBuf) {
    if let Some(window) = app.get_webview_window("main")
        && let Err(error) = window.unminimize().and_then(|()| window.set_focus())
    {
        tracing::debug!("the window stays where it is: {error}");
    }
    let desk = app.state::<std::sync::Arc<Desk>>();
    if let Some(file) = args.get(1) {
        desk.teller.tell(Told::Open {
            path: shown(&cwd.join(file)),
        });
    }
}
