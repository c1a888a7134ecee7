//! Set-up of the system's web view. Linux uses WebKitGTK, whose player is GStreamer; other systems need nothing.

/// Call this first in `main`, while there is one thread: it sets environment variables.
pub fn prepare() {
    #[cfg(target_os = "linux")]
    linux::prepare();
}

/// Call this before the first window is made: it sets up every web view before its page loads.
pub fn tune() {
    #[cfg(target_os = "linux")]
    linux::tune();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::{CStr, OsString, c_char, c_int, c_void};
    use std::path::Path;

    use webkit2gtk::glib::translate::{IntoGlib, ToGlibPtr};
    use webkit2gtk::glib::{StaticType, Value, gobject_ffi};
    use webkit2gtk::{Settings, WebView, WebViewExt};

    /// Sound sinks that WebKit's player must not use. The audition plays the sound and the `<video>` is muted, but WebKit
    /// still opens a stream to the sound server and takes its clock from it. A seek flushes the stream and can stop the
    /// picture for half a minute. Without a sink, WebKit uses the system clock.
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
    /// Environment variable that makes Skia draw on the processor.
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
        // Without a graphics card the shaders run on the processor, too, and are slower than Skia's own painting there.
        if !has_graphics() && std::env::var_os(ON_PROCESSOR).is_none() {
            set(ON_PROCESSOR, "1".into());
        }
    }

    /// Composites only the changed parts of the page. WebKitGTK 2.50 computes them and does not use them by default;
    /// without a graphics card they save most of the work.
    const DAMAGE: &CStr = c"UseDamagingInformationForCompositing";

    /// WebKit reads feature flags when its web process starts, before Tauri hands us the view; so we set them in a GObject
    /// emission hook on `parent-set`.
    #[allow(unsafe_code)]
    pub fn tune() {
        let kind = WebView::static_type().into_glib();
        // SAFETY: the class is loaded, so its signals exist, and the hook is a static function.
        unsafe {
            gobject_ffi::g_type_class_ref(kind);
            let signal = gobject_ffi::g_signal_lookup(c"parent-set".as_ptr(), kind);
            gobject_ffi::g_signal_add_emission_hook(
                signal,
                0,
                Some(placed),
                std::ptr::null_mut(),
                None,
            );
        }
    }

    /// The hook, called when a widget gets its parent. It stays installed while it returns 1.
    #[allow(unsafe_code)]
    unsafe extern "C" fn placed(
        _: *mut gobject_ffi::GSignalInvocationHint,
        count: u32,
        values: *const gobject_ffi::GValue,
        _: *mut c_void,
    ) -> c_int {
        // SAFETY: a signal's first value is its emitter, which lives as long as this call.
        let widget = unsafe { (count > 0).then(|| &*values.cast::<Value>()) };
        if let Some(Ok(view)) = widget.map(Value::get::<WebView>)
            && let Some(settings) = view.settings()
        {
            enable(&settings, DAMAGE);
        }
        1
    }

    /// Switches on the WebKit feature with a name, if this WebKitGTK has it.
    #[allow(unsafe_code)]
    fn enable(settings: &Settings, name: &CStr) {
        let settings: *mut webkit2gtk::ffi::WebKitSettings = settings.to_glib_none().0;
        // SAFETY: the functions have the signatures of `webkit/WebKitFeature.h` (2.42 and newer); the list and its items
        // live until the last line.
        unsafe {
            let Ok(features) = Features::find() else {
                return;
            };
            let list = (features.all)();
            for at in 0..(features.length)(list) {
                let feature = (features.get)(list, at);
                let identifier = (features.identifier)(feature);
                if !identifier.is_null() && CStr::from_ptr(identifier) == name {
                    (features.set_enabled)(settings.cast(), feature, 1);
                }
            }
            (features.unref)(list);
        }
    }

    /// Functions of WebKitGTK that the binding lacks. They are looked up in the running program, because a WebKitGTK older
    /// than 2.42 has none of them.
    struct Features {
        all: unsafe extern "C" fn() -> *mut c_void,
        length: unsafe extern "C" fn(*mut c_void) -> usize,
        get: unsafe extern "C" fn(*mut c_void, usize) -> *mut c_void,
        unref: unsafe extern "C" fn(*mut c_void),
        identifier: unsafe extern "C" fn(*mut c_void) -> *const c_char,
        set_enabled: unsafe extern "C" fn(*mut c_void, *mut c_void, c_int),
    }

    impl Features {
        #[allow(unsafe_code)]
        unsafe fn find() -> Result<Features, libloading::Error> {
            let program = libloading::os::unix::Library::this();
            // SAFETY: the fields' types are those of the functions in the header; the program's own libraries stay loaded.
            unsafe {
                Ok(Features {
                    all: *program.get(b"webkit_settings_get_all_features\0")?,
                    length: *program.get(b"webkit_feature_list_get_length\0")?,
                    get: *program.get(b"webkit_feature_list_get\0")?,
                    unref: *program.get(b"webkit_feature_list_unref\0")?,
                    identifier: *program.get(b"webkit_feature_get_identifier\0")?,
                    set_enabled: *program.get(b"webkit_settings_set_feature_enabled\0")?,
                })
            }
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
        // SAFETY: no other thread runs yet, so none reads the environment at the same time.
        unsafe { std::env::set_var(name, value) };
    }
}
