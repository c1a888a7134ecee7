use std::path::{Path, PathBuf};

use tauri::Manager;

use super::{Shared, off};
use crate::fault::Fault;

/// Starts dragging the file of a track out of the window.
#[tauri::command]
pub async fn drag(app: tauri::AppHandle, desk: Shared<'_>, track: String) -> Result<(), Fault> {
    let path = off(desk, move |desk| {
        desk.shelf
            .ask(&desk.place(), |library| Ok(library.track(&track)?.path))
    })
    .await?;
    let path = path.canonicalize().map_err(|error| {
        Fault::new(
            "not_found",
            format!("the track's file cannot be dragged: {error}"),
        )
    })?;
    let window = app
        .get_webview_window("main")
        .ok_or_else(|| Fault::new("window", "there is no window to drag from"))?;
    let from = window.clone();
    window.run_on_main_thread(move || {
        if let Err(error) = begin(&from, &path) {
            tracing::warn!("a drag could not begin: {error}");
        }
    })?;
    Ok(())
}

fn begin(window: &tauri::WebviewWindow, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let item = drag::DragItem::Files(vec![as_dragged(path)]);
    let icon = drag::Image::Raw(include_bytes!("../../../icons/32x32.png").to_vec());
    #[cfg(target_os = "linux")]
    let source = &window.gtk_window()?;
    #[cfg(not(target_os = "linux"))]
    let source = window;
    drag::start_drag(source, item, icon, |_, _| (), drag::Options::default())?;
    Ok(())
}

/// On Linux the crate makes a URI of the path by putting `file://` before it, so what a URI does not
/// allow is escaped here; elsewhere it takes the path itself.
fn as_dragged(path: &Path) -> PathBuf {
    if cfg!(target_os = "linux") {
        PathBuf::from(escaped(&path.to_string_lossy()))
    } else {
        path.to_owned()
    }
}

fn escaped(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_a_uri_does_not_allow_is_escaped() {
        assert_eq!(
            escaped("/music/a b/50% off #2 – é.flac"),
            "/music/a%20b/50%25%20off%20%232%20%E2%80%93%20%C3%A9.flac"
        );
        assert_eq!(escaped("/plain/track-1_(x).ogg"), "/plain/track-1_(x).ogg");
    }
}
