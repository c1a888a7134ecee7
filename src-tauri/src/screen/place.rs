//! Where the application stands: catalog, packs, settings.

use needledrop_engine::Provider as EngineProvider;
use serde::{Deserialize, Serialize};

use super::{Clock, Device, Levels, RecentClip};
use crate::fault::Fault;

/// What the window begins with.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Start {
    /// Version of the application.
    pub version: String,
    /// Settings.
    pub settings: Settings,
    /// The catalog.
    pub catalog: CatalogState,
    /// Model packs.
    pub packs: Vec<PackRow>,
    /// What a pack can be run by.
    pub providers: Vec<Provider>,
    /// Clips opened before.
    pub recent: Vec<RecentClip>,
    /// Devices that sound can go to.
    pub devices: Vec<Device>,
    /// Where the sound is.
    pub clock: Clock,
    /// A file that the application was started with.
    pub open: Option<String>,
}

/// How the catalog is.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CatalogState {
    /// It can be searched.
    Ready {
        /// Its name.
        id: String,
        /// Its version.
        epoch: f64,
        /// Number of tracks.
        tracks: u32,
        /// Its folder.
        path: String,
        /// Licences that its tracks have.
        licences: Vec<String>,
        /// Tags that they carry.
        tags: Vec<String>,
    },
    /// There is none.
    Missing {
        /// Where it was looked for.
        path: String,
    },
    /// It has no tracks.
    Empty {
        /// Its folder.
        path: String,
    },
    /// It cannot be used.
    Broken {
        /// Its folder.
        path: String,
        /// Why.
        fault: Fault,
    },
}

/// A model pack.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PackRow {
    /// Its name.
    pub name: String,
    /// In a sentence.
    pub title: String,
    /// Its version.
    pub version: u32,
    /// It stands in for a better one.
    pub stand_in: bool,
    /// Its licence.
    pub licence: String,
    /// All its files are here.
    pub ready: bool,
    /// Those that are not.
    pub missing: Vec<String>,
}

/// What the editor chose once for all clips.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Settings {
    /// Folder of the catalog; empty for the standard one.
    pub catalog: String,
    /// Folders of the editor's own music.
    pub folders: Vec<String>,
    /// Model pack.
    pub pack: String,
    /// What runs it.
    pub provider: Provider,
    /// Remote endpoint.
    pub endpoint: String,
    /// Sound device; the system's standard one where absent.
    pub device: Option<String>,
    /// Most that proxies may take on the disk.
    pub cache_limit_gb: f64,
    /// Light or dark.
    pub theme: Theme,
    /// How loud.
    pub levels: Levels,
    /// Share of the window that the picture has.
    pub split: f64,
    /// The first track found is played at once.
    pub play_first: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            catalog: String::new(),
            folders: Vec::new(),
            pack: "embedded".to_owned(),
            provider: Provider::Auto,
            endpoint: String::new(),
            device: None,
            cache_limit_gb: 10.0,
            theme: Theme::Dark,
            levels: Levels::default(),
            split: 0.62,
            play_first: true,
        }
    }
}

/// What runs a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Auto,
    Cpu,
    Cuda,
    Remote,
}

impl Provider {
    /// Those that can be chosen; where one does not work here, the engine falls back and says so. Another machine
    /// cannot be reached yet.
    pub fn choices() -> Vec<Provider> {
        if cfg!(target_os = "macos") {
            vec![Provider::Auto, Provider::Cpu]
        } else {
            vec![Provider::Auto, Provider::Cuda, Provider::Cpu]
        }
    }

    /// As the engine takes it.
    pub fn to_engine(self) -> Option<EngineProvider> {
        match self {
            Provider::Auto | Provider::Remote => None,
            Provider::Cpu => Some(EngineProvider::Cpu),
            Provider::Cuda => Some(EngineProvider::Cuda),
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    Dark,
    Light,
    System,
}

/// What the cache takes on the disk.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CacheUse {
    /// Its folder.
    pub path: String,
    /// Bytes.
    pub bytes: f64,
}
