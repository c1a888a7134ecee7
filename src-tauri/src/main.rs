//! The window: wiring between a session and the interface in `ui/`.
#![cfg_attr(
    all(not(debug_assertions), target_os = "windows"),
    windows_subsystem = "windows"
)]

mod channel;
mod commands;
mod drag;
mod media_server;
mod memory;
mod webview;
mod window;
mod window_fault;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use needledrop_session::engine::Places;
use needledrop_session::{Session, SessionOptions};
use tauri::{Manager, WebviewWindowBuilder};

use crate::channel::WindowChannel;
use crate::media_server::MediaServer;

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
    // The plugin panics without a message bus; without one, each launch opens its own window.
    if window::has_message_bus() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, args, cwd| {
            window::second_launch(app, &args, cwd.into());
        }));
    }
    builder
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .invoke_handler(commands::handler())
        .setup(|app| {
            let media = tauri::async_runtime::block_on(MediaServer::start())?;
            let channel = WindowChannel::default();
            let session = Session::new(SessionOptions {
                open: std::env::args_os().nth(1).map(PathBuf::from),
                ..SessionOptions::new(Places::find()?, Arc::new(media), channel.sink())
            });
            app.manage(channel);
            app.manage(session);
            webview::tune();
            for window in &app.config().app.windows {
                window::fit(&WebviewWindowBuilder::from_config(app.handle(), window)?.build()?);
            }
            Ok(())
        })
        .build(tauri::generate_context!())?
        .run(|app, event| {
            if let tauri::RunEvent::Exit = event {
                app.state::<Arc<Session>>().end();
            }
        });
    Ok(())
}
