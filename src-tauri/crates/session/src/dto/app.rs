//! The application as a whole: catalog, packs, settings.

use needledrop_engine::Provider as EngineProvider;
use needledrop_engine::packs::PackRow;
use serde::{Deserialize, Serialize};

use super::clip::RecentClip;
use super::sound::{Clock, Device, Levels};
use crate::fault::Fault;

/// The state for a new window.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Start {
    pub version: String,
    pub settings: Settings,
    pub catalog: CatalogState,
    pub packs: Vec<PackRow>,
    /// Providers that can be chosen on this system.
    pub providers: Vec<Provider>,
    pub recent: Vec<RecentClip>,
    pub devices: Vec<Device>,
    pub clock: Clock,
    /// A path that the application was started with.
    pub open: Option<String>,
    /// Messages for the editor, for example about a setting that could not be used.
    pub notices: Vec<Fault>,
}

/// The state of the catalog.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CatalogState {
    /// The catalog can be searched. `licences` and `tags` are those of its tracks.
    Ready {
        id: String,
        epoch: f64,
        tracks: u32,
        path: String,
        licences: Vec<String>,
        tags: Vec<String>,
    },
    /// There is no catalog at `path`.
    Missing { path: String },
    /// The catalog has no tracks.
    Empty { path: String },
    /// The catalog cannot be used.
    Broken { path: String, fault: Fault },
}

/// The editor's settings for all clips.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default)]
pub struct Settings {
    /// Folder of the catalog; empty for the default one.
    pub catalog: String,
    /// Folders of the editor's own music.
    pub folders: Vec<String>,
    /// Name of the model pack.
    pub pack: String,
    pub provider: Provider,
    /// Id of the sound device; absent for the system's default.
    pub device: Option<String>,
    /// Disk space for proxies, in 10^9 bytes.
    pub cache_limit_gb: f64,
    pub theme: Theme,
    pub levels: Levels,
    /// Share of the window's width that the picture takes.
    pub split: f64,
    /// Play the first row as soon as it is found.
    pub play_first: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            catalog: String::new(),
            folders: Vec::new(),
            pack: "embedded".to_owned(),
            provider: Provider::Auto,
            device: None,
            cache_limit_gb: 10.0,
            theme: Theme::Dark,
            levels: Levels::default(),
            split: 0.62,
            play_first: true,
        }
    }
}

/// The processor that runs the frame encoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Auto,
    Cpu,
    Cuda,
}

impl Provider {
    /// Providers that can be chosen on this system. If the chosen one does not work, the engine uses the CPU and reports it.
    pub fn choices() -> Vec<Provider> {
        if cfg!(target_os = "macos") {
            vec![Provider::Auto, Provider::Cpu]
        } else {
            vec![Provider::Auto, Provider::Cuda, Provider::Cpu]
        }
    }

    /// The engine's preference; `None` leaves the choice to the engine.
    pub(crate) fn to_engine(self) -> Option<EngineProvider> {
        match self {
            Provider::Auto => None,
            Provider::Cpu => Some(EngineProvider::Cpu),
            Provider::Cuda => Some(EngineProvider::Cuda),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    Dark,
    Light,
    System,
}

/// Disk space that the proxies take.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct CacheUse {
    pub path: String,
    pub bytes: f64,
}
