//! The size of the window, and later launches of the application.

use std::path::PathBuf;
use std::sync::Arc;

use needledrop_session::Session;
use tauri::Manager;

/// Limits the window to the size of the screen, because not every desktop does.
pub fn fit(window: &tauri::WebviewWindow) {
    let (Ok(Some(monitor)), Ok(size)) = (window.current_monitor(), window.inner_size()) else {
        return;
    };
    let area = monitor.work_area().size;
    let fitting =
        tauri::PhysicalSize::new(size.width.min(area.width), size.height.min(area.height));
    if fitting != size
        && let Err(error) = window.set_size(fitting)
    {
        tracing::warn!("the window could not be made smaller than the screen: {error}");
    }
}

/// Whether a desktop message bus runs.
pub fn has_message_bus() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let standard = || {
        std::env::var_os("XDG_RUNTIME_DIR")
            .is_some_and(|dir| PathBuf::from(dir).join("bus").exists())
    };
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() || standard()
}

/// Handles another launch: this window comes to the front and opens the file of that launch.
pub fn second_launch(app: &tauri::AppHandle, args: &[String], cwd: PathBuf) {
    if let Some(window) = app.get_webview_window("main")
        && let Err(error) = window.unminimize().and_then(|()| window.set_focus())
    {
        tracing::debug!("the window stays where it is: {error}");
    }
    if let Some(file) = args.get(1) {
        app.state::<Arc<Session>>().ask_to_open(&cwd.join(file));
    }
}
