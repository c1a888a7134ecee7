//! Dragging a track's file out of the window.

use std::path::{Path, PathBuf};

use needledrop_session::Fault;
use tauri::Manager;

use crate::window_fault::window_fault;

/// Starts dragging a file out of the main window.
pub fn start(app: &tauri::AppHandle, path: PathBuf) -> Result<(), Fault> {
    let window = app
        .get_webview_window("main")
        .ok_or_else(|| Fault::new("window", "the window to drag from is closed"))?;
    let from = window.clone();
    let begun = window.run_on_main_thread(move || {
        if let Err(error) = begin(&from, &path) {
            tracing::warn!("the drag could not start: {error}");
        }
    });
    begun.map_err(window_fault)
}

fn begin(window: &tauri::WebviewWindow, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let item = drag::DragItem::Files(vec![as_dragged(path)?]);
    let icon = drag::Image::Raw(include_bytes!("../../icons/32x32.png").to_vec());
    #[cfg(target_os = "linux")]
    let source = &window.gtk_window()?;
    #[cfg(not(target_os = "linux"))]
    let source = window;
    drag::start_drag(source, item, icon, |_, _| (), drag::Options::default())?;
    Ok(())
}

/// The path in the form that the crate `drag` needs. On Linux it puts `file://` before the path and escapes nothing, so the
/// path must be that of a file URL.
fn as_dragged(path: &Path) -> Result<PathBuf, String> {
    if !cfg!(target_os = "linux") {
        return Ok(path.to_owned());
    }
    let url = url::Url::from_file_path(path)
        .map_err(|()| format!("expected an absolute path, got {}", path.display()))?;
    Ok(PathBuf::from(url.path()))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStrExt;

    #[test]
    fn characters_that_a_url_does_not_allow_are_escaped() {
        let dragged = |path: &[u8]| {
            let path = Path::new(std::ffi::OsStr::from_bytes(path));
            as_dragged(path).unwrap().to_string_lossy().into_owned()
        };
        assert_eq!(
            dragged("/music/a b/50% off #2 – é?.flac".as_bytes()),
            "/music/a%20b/50%25%20off%20%232%20%E2%80%93%20%C3%A9%3F.flac"
        );
        assert_eq!(dragged(b"/plain/track-1_(x).ogg"), "/plain/track-1_(x).ogg");
        assert_eq!(dragged(b"/latin1/\xe9.wav"), "/latin1/%E9.wav");
        assert!(as_dragged(Path::new("relative.wav")).is_err());
    }
}
