//! Everything the window works with, opened once.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use needledrop_engine::clip::proxies::Proxy;
use needledrop_engine::projects::{FILE, Projects};
use needledrop_engine::{ClipEncoder, EngineError, Places};

use crate::fault::Fault;
use crate::jobs::Jobs;
use crate::matching::MatchDesk;
use crate::media_server::MediaServer;
use crate::opened::Opened;
use crate::screen::{Clip, Pick, Provider, Settings};
use crate::settings::KeptSettings;
use crate::shelf::{Place, Shelf};
use crate::sound::Sound;
use crate::told::{Teller, Told};

/// What all commands share.
pub struct Desk {
    pub places: Places,
    pub teller: Teller,
    pub jobs: Jobs,
    pub media: MediaServer,
    pub settings: KeptSettings,
    pub shelf: Shelf,
    pub matching: MatchDesk,
    pub sound: Sound,
    /// The clip that is open.
    pub opened: Mutex<Option<Opened>>,
    /// The proxy that is shown.
    pub proxy: Mutex<Option<Proxy>>,
    /// A file that the application was started with, until the window asks.
    pub open_first: Mutex<Option<PathBuf>>,
    /// What looked last, with the pack and the provider that it was opened with.
    eye: Mutex<Option<((String, Provider), ClipEncoder)>>,
    projects: Mutex<Result<Projects, Fault>>,
}

impl Desk {
    /// Opens everything but the catalog, which takes longer and is opened when it is first asked.
    pub fn new(places: Places, media: MediaServer, open_first: Option<PathBuf>) -> Arc<Desk> {
        let teller = Teller::default();
        let settings = KeptSettings::read(&places.config);
        let projects = Projects::open_or_create(&places.data.join(FILE), now_ms());
        if let Err(error) = &projects {
            tracing::error!("{error}");
        }
        let sound = Sound::open(&settings.get(), &teller);
        Arc::new(Desk {
            jobs: Jobs::new(teller.clone()),
            shelf: Shelf::new(places.clone()),
            matching: MatchDesk::default(),
            opened: Mutex::default(),
            proxy: Mutex::default(),
            open_first: Mutex::new(open_first),
            eye: Mutex::default(),
            projects: Mutex::new(projects.map_err(Fault::from)),
            places,
            teller,
            media,
            settings,
            sound,
        })
    }

    /// Asks the editor's own data.
    pub fn projects<T>(
        &self,
        ask: impl FnOnce(&mut Projects) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        match &mut *lock(&self.projects) {
            Ok(projects) => ask(projects),
            Err(fault) => Err(fault.clone()),
        }
    }

    /// The catalog that is in use and the pack that reads it.
    pub fn place(&self) -> Place {
        let Settings { catalog, pack, .. } = self.settings.get();
        Place {
            dir: if catalog.is_empty() {
                self.places.default_catalog.clone()
            } else {
                PathBuf::from(catalog)
            },
            pack,
        }
    }

    /// Looks with the pack in use; whoever comes meanwhile waits.
    pub fn look<T>(
        &self,
        look: impl FnOnce(&mut ClipEncoder) -> Result<T, EngineError>,
    ) -> Result<T, Fault> {
        let Settings { pack, provider, .. } = self.settings.get();
        let wanted = (pack, provider);
        let mut kept = lock(&self.eye);
        let eye = match kept.take() {
            Some((known, eye)) if known == wanted => eye,
            _ => ClipEncoder::new(&self.places, &wanted.0, provider.to_engine())?,
        };
        Ok(look(&mut kept.insert((wanted, eye)).1)?)
    }

    /// Opens the catalog behind the window, and tells how it is.
    pub fn open_catalog(self: &Arc<Self>) {
        let desk = self.clone();
        std::thread::spawn(move || {
            desk.shelf.close();
            let catalog = desk.shelf.state(&desk.place());
            desk.teller.tell(Told::Catalog { catalog });
            if let Err(fault) = desk.look(ClipEncoder::warm) {
                // The match says so too, to whom it concerns.
                tracing::warn!("{}", fault.message);
            }
        });
    }

    /// The open clip, if it is this one.
    pub fn clip(&self, id: &str) -> Result<Opened, Fault> {
        match &*lock(&self.opened) {
            Some(opened) if opened.screen.clip == id => Ok(opened.clone()),
            _ => Err(no_clip()),
        }
    }

    /// The open clip.
    pub fn open_clip(&self) -> Result<Opened, Fault> {
        lock(&self.opened).clone().ok_or_else(no_clip)
    }

    /// The picks of a clip.
    pub fn picks(&self, clip: i64) -> Result<Vec<Pick>, Fault> {
        self.projects(|projects| Ok(projects.picks(clip)?.iter().map(Pick::from).collect()))
    }

    /// Changes what the window shows of the open clip.
    pub fn change_clip(&self, change: impl FnOnce(&mut Clip)) {
        if let Some(opened) = &mut *lock(&self.opened) {
            change(&mut opened.screen);
        }
    }
}

fn no_clip() -> Fault {
    Fault::new("no_clip", "no clip is open").with_hint("drop a clip into the window")
}

/// What a lock guards, whatever happened to a thread that held it.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Milliseconds since 1970.
pub fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
