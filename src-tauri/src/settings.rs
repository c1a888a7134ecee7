//! What the editor chose, in one file of the configuration folder. A file that cannot be read is set
//! aside under another name, never overwritten.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use std::{fs, io};

use needledrop_engine::write_whole;

use crate::desk::lock;
use crate::fault::Fault;
use crate::screen::Settings;

const FILE: &str = "settings.json";

/// The settings and where they are kept.
pub struct KeptSettings {
    path: PathBuf,
    now: Mutex<Settings>,
}

impl KeptSettings {
    /// Reads the settings of a folder; the standard ones where there are none.
    pub fn read(config: &Path) -> Self {
        let path = config.join(FILE);
        let now = match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                let aside = path.with_extension("json.unreadable");
                tracing::warn!("settings set aside as {}: {error}", aside.display());
                if let Err(error) = fs::rename(&path, &aside) {
                    tracing::warn!("settings could not be set aside: {error}");
                }
                Settings::default()
            }),
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!("settings cannot be read: {error}: {}", path.display());
                }
                Settings::default()
            }
        };
        Self {
            path,
            now: Mutex::new(now.bounded()),
        }
    }

    /// The settings now.
    pub fn get(&self) -> Settings {
        self.lock().clone()
    }

    /// Keeps other settings; answers with what is kept.
    pub fn set(&self, settings: Settings) -> Result<Settings, Fault> {
        let settings = settings.bounded();
        let text = serde_json::to_vec_pretty(&settings)
            .map_err(|error| Fault::new("internal", error.to_string()))?;
        let mut now = self.lock();
        if *now != settings {
            write_whole(&self.path, &text).map_err(|error| {
                Fault::new("io", format!("settings could not be kept: {error}"))
                    .with_hint("free some space, or look who owns the configuration folder")
            })?;
            now.clone_from(&settings);
        }
        Ok(settings)
    }

    fn lock(&self) -> MutexGuard<'_, Settings> {
        lock(&self.now)
    }
}

impl Settings {
    /// Numbers within what the window can show, whatever a file says.
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

    #[test]
    fn settings_come_back_and_a_file_that_is_none_is_set_aside() {
        let dir = tempfile::tempdir().unwrap();
        let kept = KeptSettings::read(dir.path());
        assert_eq!(kept.get(), Settings::default());
        let changed = Settings {
            split: 0.5,
            catalog: "/music/catalog".into(),
            ..Settings::default()
        };
        kept.set(changed.clone()).unwrap();
        assert_eq!(KeptSettings::read(dir.path()).get(), changed);
        fs::write(dir.path().join(FILE), b"{ half").unwrap();
        assert_eq!(KeptSettings::read(dir.path()).get(), Settings::default());
        let aside = fs::read(dir.path().join("settings.json.unreadable")).unwrap();
        assert_eq!(aside, b"{ half", "what was there is not lost");
    }

    #[test]
    fn numbers_that_no_window_can_show_are_bounded() {
        let settings = Settings {
            split: 40.0,
            cache_limit_gb: -1.0,
            ..Settings::default()
        };
        let bounded = settings.bounded();
        assert_eq!((bounded.split, bounded.cache_limit_gb), (0.8, 0.5));
    }
}
