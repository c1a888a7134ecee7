//! What the system's web view needs set before it starts. On Linux that is WebKitGTK, whose player is
//! GStreamer; elsewhere nothing.

/// To be called first thing in `main`, while there is one thread.
pub fn prepare() {
    #[cfg(target_os = "linux")]
    linux::prepare();
}

/// To be called before the first window is made: every web view from then on is set up before it loads its page.
pub fn tune() {
    #[cfg(target_os = "linux")]
    linux::tune();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::ffi::{CStr, OsString, c_int, c_void};
    use std::path::Path;

    use webkit2gtk::glib::translate::{IntoGlib, ToGlibPtr};
    use webkit2gtk::glib::{StaticType, Value, gobject_ffi};
    use webkit2gtk::{Settings, WebView, WebViewExt};

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

    /// Only what changed of the page is put together anew: WebKitGTK (seen in 2.50) finds that out by itself and leaves
    /// it unused by default. Without a graphics card it is most of the work.
    const DAMAGE: &CStr = c"UseDamagingInformationForCompositing";

    /// A view's process takes the features over when it starts, which is when the page is asked for, and the window
    /// toolkit hands the view out only after that. It is caught in between: when it gets its place in the window.
    #[allow(unsafe_code)]
    pub fn tune() {
        let kind = WebView::static_type().into_glib();
        // SAFETY: the class is loaded, so that its signals are known, and the hook is a function that stays.
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

    /// Some widget was placed in another. Called as long as it answers 1.
    #[allow(unsafe_code)]
    unsafe extern "C" fn placed(
        _: *mut gobject_ffi::GSignalInvocationHint,
        count: u32,
        values: *const gobject_ffi::GValue,
        _: *mut c_void,
    ) -> c_int {
        // SAFETY: a signal's first value is what it comes from, and it lives as long as this call.
        let widget = unsafe { (count > 0).then(|| &*values.cast::<Value>()) };
        if let Some(Ok(view)) = widget.map(Value::get::<WebView>)
            && let Some(settings) = view.settings()
        {
            enable(&settings, DAMAGE);
        }
        1
    }

    /// Switches on a feature of WebKit by its name, where it knows one of that name.
    #[allow(unsafe_code)]
    fn enable(settings: &Settings, name: &CStr) {
        let settings: *mut webkit2gtk::ffi::WebKitSettings = settings.to_glib_none().0;
        // SAFETY: the functions are those of webkit2gtk-4.1 from 2.42 on, with which this program is linked; the list
        // and what is in it live until it is let go below.
        unsafe {
            let list = features::webkit_settings_get_all_features();
            for at in 0..features::webkit_feature_list_get_length(list) {
                let feature = features::webkit_feature_list_get(list, at);
                let identifier = features::webkit_feature_get_identifier(feature);
                if CStr::from_ptr(identifier) == name {
                    features::webkit_settings_set_feature_enabled(settings.cast(), feature, 1);
                }
            }
            features::webkit_feature_list_unref(list);
        }
    }

    /// What the binding does not have yet (`webkit/WebKitFeature.h`).
    #[allow(unsafe_code)]
    mod features {
        use std::ffi::{c_char, c_int, c_void};

        pub type Settings = c_void;
        pub type Feature = c_void;
        pub type List = c_void;

        unsafe extern "C" {
            pub fn webkit_settings_get_all_features() -> *mut List;
            pub fn webkit_feature_list_get_length(list: *mut List) -> usize;
            pub fn webkit_feature_list_get(list: *mut List, index: usize) -> *mut Feature;
            pub fn webkit_feature_list_unref(list: *mut List);
            pub fn webkit_feature_get_identifier(feature: *mut Feature) -> *const c_char;
            pub fn webkit_settings_set_feature_enabled(
                settings: *mut Settings,
                feature: *mut Feature,
                enabled: c_int,
            );
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
