//! What the system's web view needs set before it starts. On Linux that is WebKitGTK, whose player is
//! GStreamer; elsewhere nothing.

/// To be called first thing in `main`, while there is one thread.
pub fn prepare() {
    #[cfg(target_os = "linux")]
    linux::prepare();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::OsString;
    use std::path::Path;

    /// The picture is shown without sound; the sound comes from the engine. WebKit's player opens a stream
    /// to the sound server even so, takes the time from it, and can stand still for half a minute when it
    /// is flushed by a seek. Without a sink to choose it makes do with none.
    const SINKS: [&str; 7] = [
        "pulsesink",
        "pipewiresink",
        "alsasink",
        "jackaudiosink",
        "openalsink",
        "oss4sink",
        "osssink",
    ];
    const RANKS: &str = "GST_PLUGIN_FEATURE_RANK";
    /// Draws text and shapes on the processor.
    const ON_PROCESSOR: &str = "WEBKIT_SKIA_ENABLE_CPU_RENDERING";

    pub fn prepare() {
        let mut ranks = std::env::var_os(RANKS).unwrap_or_default();
        for sink in SINKS {
            if !ranks.is_empty() {
                ranks.push(",");
            }
            ranks.push(format!("{sink}:NONE"));
        }
        set(RANKS, ranks);
        // Shaders that a processor runs paint slower than a processor paints.
        if !has_graphics() && std::env::var_os(ON_PROCESSOR).is_none() {
            set(ON_PROCESSOR, "1".into());
        }
    }

    fn has_graphics() -> bool {
        let Ok(nodes) = Path::new("/dev/dri").read_dir() else {
            return false;
        };
        nodes
            .flatten()
            .any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
    }

    #[allow(unsafe_code)]
    fn set(name: &str, value: OsString) {
        // SAFETY: no other thread runs yet that could read the environment meanwhile.
        unsafe { std::env::set_var(name, value) };
    }
}
