//! The editor's settings, in one file of the configuration folder.
//!
//! A change is made under one lock and written a moment later. A file that cannot be read is renamed and not overwritten. A
//! value that this version does not know becomes the default.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fs, io};

use needledrop_engine::write_whole;

use crate::dto::Settings;
use crate::fault::Fault;
use crate::sync::lock;
use crate::write_behind::WriteBehind;

type Map = serde_json::Map<String, serde_json::Value>;

const FILE: &str = "settings.json";
/// Time between a change and its writing. A moving fader changes the settings many times per second; only the
/// last value is written.
const DELAY: Duration = Duration::from_millis(300);

/// The settings, and the writer of their file.
pub(crate) struct SettingsStore {
    now: Mutex<Settings>,
    writer: WriteBehind<(), Settings>,
    failed: Arc<Mutex<Option<Fault>>>,
    /// Settings of the file that could not be used.
    notices: Vec<Fault>,
}

impl SettingsStore {
    /// Reads the settings of a folder, or takes the defaults if it has none. `on_failure` gets the error of each failed
    /// write.
    pub(crate) fn read(
        config: &Path,
        on_failure: impl Fn(Fault) + Send + 'static,
    ) -> SettingsStore {
        let path = config.join(FILE);
        let (now, notices) = read(&path);
        let failed: Arc<Mutex<Option<Fault>>> = Arc::default();
        let last = failed.clone();
        let writer = WriteBehind::new(DELAY, move |(), settings| {
            let fault = write(&path, &settings).err();
            if let Some(fault) = &fault {
                on_failure(fault.clone());
            }
            *lock(&last) = fault;
        });
        SettingsStore {
            now: Mutex::new(now),
            writer,
            failed,
            notices,
        }
    }

    /// Messages for the editor about the file that was read.
    pub(crate) fn notices(&self) -> Vec<Fault> {
        self.notices.clone()
    }

    /// A copy of the present settings.
    pub(crate) fn get(&self) -> Settings {
        lock(&self.now).clone()
    }

    /// Changes the settings under one lock; returns them before and after.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Settings)) -> (Settings, Settings) {
        let mut now = lock(&self.now);
        let before = now.clone();
        change(&mut now);
        *now = std::mem::take(&mut *now).bounded();
        let after = now.clone();
        // The lock is held here, so that the last change is written last.
        if before != after {
            self.writer.put((), after.clone(), |old, new| *old = new);
        }
        (before, after)
    }

    /// Changes the fields that a JSON object names. Returns the settings before and after.
    ///
    /// # Errors
    /// `unknown_field` for a field that is not a setting, `invalid_value` for a value of the wrong kind; nothing changes then.
    pub(crate) fn merge(&self, change: &Map) -> Result<(Settings, Settings), Fault> {
        let mut merged = Err(Fault::new("internal", "the settings did not change"));
        let changed = self.change(|settings| {
            merged = merge(settings, change).map(|next| *settings = next);
        });
        merged.map(|()| changed)
    }

    /// Waits until the settings are on the disk.
    ///
    /// # Errors
    /// `io` if the last write failed.
    pub(crate) fn flush(&self) -> Result<(), Fault> {
        self.writer.flush();
        lock(&self.failed).clone().map_or(Ok(()), Err)
    }
}

fn read(path: &Path) -> (Settings, Vec<Fault>) {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            if error.kind() != io::ErrorKind::NotFound {
                tracing::warn!("settings cannot be read: {error}: {}", path.display());
            }
            return (Settings::default(), Vec::new());
        }
    };
    match parse(&bytes) {
        Ok(parsed) => parsed,
        Err(error) => (Settings::default(), vec![move_aside(path, &error)]),
    }
}

/// The settings in a file's bytes, within their bounds, and what of them was not understood.
pub(crate) fn parse(bytes: &[u8]) -> Result<(Settings, Vec<Fault>), serde_json::Error> {
    let fields: Map = serde_json::from_slice(bytes)?;
    let mut settings = Settings::default();
    let mut notices = Vec::new();
    for (name, value) in fields {
        let field = Map::from_iter([(name.clone(), value.clone())]);
        match merge(&settings, &field) {
            Ok(next) => settings = next,
            // A field of another version is ignored.
            Err(fault) if fault.code == "unknown_field" => {}
            Err(_) => notices.push(
                Fault::new(
                    "setting_unknown",
                    format!("this version does not know the setting {name} = {value}"),
                )
                .with_hint("its default is used; see Settings"),
            ),
        }
    }
    Ok((settings.bounded(), notices))
}

fn move_aside(path: &Path, error: &serde_json::Error) -> Fault {
    let aside: PathBuf = path.with_extension("json.unreadable");
    if let Err(error) = fs::rename(path, &aside) {
        tracing::warn!("the settings could not be moved aside: {error}");
    }
    let message = format!("the settings file could not be read: {error}");
    tracing::warn!("{message}");
    Fault::new("settings_unreadable", message)
        .with_hint("the defaults are used; the old file is settings.json.unreadable")
}

/// Settings with some fields changed.
fn merge(settings: &Settings, change: &Map) -> Result<Settings, Fault> {
    let invalid = |error: serde_json::Error| Fault::new("invalid_value", error.to_string());
    let mut fields = match serde_json::to_value(settings).map_err(invalid)? {
        serde_json::Value::Object(fields) => fields,
        _ => Map::new(),
    };
    for (name, value) in change {
        let Some(field) = fields.get_mut(name) else {
            let message = format!("expected the name of a setting, got {name:?}");
            return Err(Fault::new("unknown_field", message));
        };
        field.clone_from(value);
    }
    serde_json::from_value(serde_json::Value::Object(fields)).map_err(invalid)
}

fn write(path: &Path, settings: &Settings) -> Result<(), Fault> {
    let text = serde_json::to_vec_pretty(settings)
        .map_err(|error| Fault::new("internal", error.to_string()))?;
    write_whole(path, &text).map_err(|error| {
        Fault::new("io", format!("the settings could not be written: {error}"))
            .with_hint("free some space, or check who owns the configuration folder")
    })
}

impl Settings {
    /// The settings with their numbers limited to the ranges of the window's controls.
    fn bounded(mut self) -> Self {
        let within = |value: f64, low: f64, high: f64| {
            if value.is_finite() {
                value.clamp(low, high)
            } else {
                low
            }
        };
        self.cache_limit_gb = within(self.cache_limit_gb, 0.5, 2_000.0);
        self.split = within(self.split, 0.3, 0.8);
        self.levels.music = within(self.levels.music, 0.0, 1.0);
        self.levels.clip = within(self.levels.clip, 0.0, 1.0);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dto::Provider;

    fn store(dir: &Path) -> SettingsStore {
        SettingsStore::read(dir, |fault| panic!("{}", fault.message))
    }

    #[test]
    fn settings_come_back_and_an_unreadable_file_is_moved_aside() {
        let dir = tempfile::tempdir().unwrap();
        let kept = store(dir.path());
        assert_eq!(kept.get(), Settings::default());
        let (_, changed) = kept.change(|settings| {
            settings.split = 0.5;
            settings.catalog = "/music/catalog".into();
        });
        kept.flush().unwrap();
        assert_eq!(store(dir.path()).get(), changed);
        fs::write(dir.path().join(FILE), b"{ half").unwrap();
        assert_eq!(store(dir.path()).get(), Settings::default());
        let aside = fs::read(dir.path().join("settings.json.unreadable")).unwrap();
        assert_eq!(aside, b"{ half", "the old file is not lost");
    }

    #[test]
    fn numbers_outside_what_a_window_can_show_are_bounded() {
        let dir = tempfile::tempdir().unwrap();
        let (_, after) = store(dir.path()).change(|settings| {
            settings.split = 40.0;
            settings.cache_limit_gb = f64::NAN;
        });
        assert_eq!((after.split, after.cache_limit_gb), (0.8, 0.5));
    }

    #[test]
    fn changes_of_two_threads_are_both_kept() {
        let dir = tempfile::tempdir().unwrap();
        let kept = store(dir.path());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for step in 0..=200 {
                    kept.change(|settings| settings.levels.music = f64::from(step) / 200.0);
                }
            });
            scope.spawn(|| {
                for step in 0..=200 {
                    kept.change(|settings| settings.device = Some(format!("device {step}")));
                }
            });
        });
        kept.flush().unwrap();
        let read = store(dir.path()).get();
        assert_eq!(read.levels.music, 1.0);
        assert_eq!(read.device.as_deref(), Some("device 200"));
    }

    #[test]
    fn an_unknown_provider_falls_back_to_auto_with_a_notice() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(
            dir.path().join(FILE),
            br#"{"provider":"remote","endpoint":"http://10.0.0.2","split":0.5}"#,
        )
        .unwrap();
        let kept = store(dir.path());
        let settings = kept.get();
        assert_eq!(settings.provider, Provider::Auto);
        assert_eq!(settings.split, 0.5);
        let notices = kept.notices();
        assert_eq!(
            notices.len(),
            1,
            "the endpoint of an older version is no news"
        );
        assert!(notices[0].message.contains("remote"), "{notices:?}");
    }

    #[test]
    fn a_change_names_its_fields_and_leaves_the_others() {
        let dir = tempfile::tempdir().unwrap();
        let kept = store(dir.path());
        kept.change(|settings| settings.levels.music = 0.25);
        let change = |text: &str| serde_json::from_str::<Map>(text).unwrap();
        let (_, after) = kept.merge(&change(r#"{"split":0.7}"#)).unwrap();
        assert_eq!((after.split, after.levels.music), (0.7, 0.25));
        for wrong in [r#"{"splt":0.7}"#, r#"{"split":"wide"}"#] {
            assert!(kept.merge(&change(wrong)).is_err(), "{wrong}");
        }
        assert_eq!(kept.get(), after);
    }

    #[test]
    fn a_failed_write_is_reported() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("no folder");
        fs::write(&file, b"").unwrap();
        let (sender, failures) = std::sync::mpsc::channel();
        let kept = SettingsStore::read(&file, move |fault| sender.send(fault).unwrap());
        kept.change(|settings| settings.split = 0.4);
        assert_eq!(kept.flush().unwrap_err().code, "io");
        assert_eq!(failures.try_recv().unwrap().code, "io");
    }
}
