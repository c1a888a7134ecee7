//! The session: the parts that all calls share, and the state that a commit changes.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use needledrop_engine::Places;
use needledrop_engine::clip::proxies::Proxy;
use needledrop_engine::music::audition::OutputChoice;
use needledrop_engine::projects::ClipId;

use crate::backend::{ClipBackend, MediaBackend};
use crate::catalog::{CatalogRef, OpenCatalog};
use crate::current_match::CurrentMatch;
use crate::dto::{Clip, Settings};
use crate::encoder::EncoderSlot;
use crate::events::{Event, EventSink};
use crate::fault::Fault;
use crate::jobs::Jobs;
use crate::settings_store::SettingsStore;
use crate::sound::Sound;
use crate::store::Store;
use crate::sync::lock;
use crate::urls::MediaUrls;

/// Longest wait for running work when the session ends.
const END_PATIENCE: Duration = Duration::from_secs(3);

/// The parts that a shell gives a session.
pub struct SessionOptions {
    /// Folders of the user.
    pub places: Places,
    /// Makes URLs that the shell's pages can load.
    pub urls: Arc<dyn MediaUrls>,
    /// Receives the session's events.
    pub sink: EventSink,
    /// Does the slow work on clips.
    pub backend: Arc<dyn ClipBackend>,
    /// The sound output; `None` means the device of the settings.
    pub output: Option<OutputChoice>,
    /// A path that a new window opens first.
    pub open: Option<PathBuf>,
}

impl SessionOptions {
    /// A session on real files with the sound device of the settings.
    pub fn new(places: Places, urls: Arc<dyn MediaUrls>, sink: EventSink) -> Self {
        Self {
            places,
            urls,
            sink,
            backend: Arc::new(MediaBackend),
            output: None,
            open: None,
        }
    }
}

/// A session. Any thread can call its methods. Methods that use the disk or decode media can take seconds.
pub struct Session {
    pub(crate) places: Places,
    pub(crate) urls: Arc<dyn MediaUrls>,
    pub(crate) sink: EventSink,
    pub(crate) backend: Arc<dyn ClipBackend>,
    pub(crate) jobs: Jobs,
    pub(crate) settings: SettingsStore,
    pub(crate) catalog: OpenCatalog,
    pub(crate) encoder: EncoderSlot,
    pub(crate) sound: Sound,
    pub(crate) store: Store,
    pub(crate) open_first: Mutex<Option<PathBuf>>,
    /// Disconnected when the thread that opens catalog and encoder has ended.
    pub(crate) warm_ups: Mutex<Vec<mpsc::Receiver<()>>>,
    /// Number of the newest opening or closing.
    openings: AtomicU64,
    /// Locked while state, sound and store change together. It is locked before `state` and never during slow work.
    commits: Mutex<()>,
    state: Mutex<State>,
}

/// The state that a commit changes.
#[derive(Default)]
pub(crate) struct State {
    pub clip: Option<OpenClip>,
    pub matching: Option<CurrentMatch>,
    /// The proxy of the open clip; while it is held here, the cache does not delete it.
    pub proxy: Option<Proxy>,
    /// Number of the newest match.
    pub matches: u32,
}

/// The clip that is open now.
#[derive(Clone)]
pub(crate) struct OpenClip {
    pub id: ClipId,
    pub path: PathBuf,
    pub doc: Clip,
}

/// The right to change state, sound and store together.
pub(crate) struct Commit<'a> {
    session: &'a Session,
    _guard: MutexGuard<'a, ()>,
}

impl Commit<'_> {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.session.state()
    }
}

impl Session {
    /// Opens settings, data and sound. The catalog and the encoder open in the background at [`Session::start`].
    pub fn new(options: SessionOptions) -> Arc<Session> {
        let SessionOptions {
            places,
            urls,
            sink,
            backend,
            output,
            open,
        } = options;
        let (settings_sink, store_sink) = (sink.clone(), sink.clone());
        let settings = SettingsStore::read(&places.config, move |fault| {
            settings_sink(Event::NotSaved { fault });
        });
        let sound = Sound::open(output, &settings.get(), &sink);
        Arc::new(Session {
            jobs: Jobs::new(sink.clone()),
            catalog: OpenCatalog::new(places.clone()),
            encoder: EncoderSlot::default(),
            store: Store::open(&places, move |fault| store_sink(Event::NotSaved { fault })),
            open_first: Mutex::new(open),
            warm_ups: Mutex::default(),
            openings: AtomicU64::new(0),
            commits: Mutex::default(),
            state: Mutex::default(),
            places,
            urls,
            sink,
            backend,
            settings,
            sound,
        })
    }

    /// Sends an event to the shell.
    pub(crate) fn emit(&self, event: Event) {
        (self.sink)(event);
    }

    /// Begins a commit; waits for another one to end.
    pub(crate) fn commit(&self) -> Commit<'_> {
        Commit {
            session: self,
            _guard: lock(&self.commits),
        }
    }

    /// Locks the state, to read it briefly or inside a commit.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// The number of a new opening or closing, which supersedes those before it.
    pub(crate) fn next_opening(&self) -> u64 {
        self.openings.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) fn is_latest_opening(&self, turn: u64) -> bool {
        self.openings.load(Ordering::SeqCst) == turn
    }

    /// The catalog and the pack of the settings.
    pub(crate) fn catalog_ref(&self) -> CatalogRef {
        let Settings { catalog, pack, .. } = self.settings.get();
        CatalogRef {
            dir: if catalog.is_empty() {
                self.places.default_catalog.clone()
            } else {
                PathBuf::from(catalog)
            },
            pack,
        }
    }

    /// The open clip, if it has this id.
    ///
    /// # Errors
    /// `no_clip` if another clip or none is open.
    pub(crate) fn open_clip(&self, id: ClipId) -> Result<OpenClip, Fault> {
        match &self.state().clip {
            Some(clip) if clip.id == id => Ok(clip.clone()),
            _ => Err(no_clip()),
        }
    }

    /// The open clip with its picks, range and brief; `None` if no clip is open.
    pub fn clip(&self) -> Option<Clip> {
        self.state().clip.as_ref().map(|open| open.doc.clone())
    }

    /// A copy of the present settings.
    pub fn settings(&self) -> Settings {
        self.settings.get()
    }

    /// Waits until no job runs and everything is written.
    pub fn settle(&self) {
        self.jobs.wait_all();
        self.flush();
    }

    /// Writes everything, cancels all jobs and waits for their ends, three seconds at most. Call this before the program
    /// ends: a model that still computes while the process unloads its library can crash it.
    pub fn end(&self) {
        self.flush();
        let until = Instant::now() + END_PATIENCE;
        self.jobs.end_all(END_PATIENCE);
        for warm_up in lock(&self.warm_ups).drain(..) {
            let left = until.saturating_duration_since(Instant::now());
            if warm_up.recv_timeout(left) == Err(RecvTimeoutError::Timeout) {
                tracing::warn!("the encoder is still being opened");
            }
        }
        self.flush();
    }

    /// Waits until everything is written.
    pub fn flush(&self) {
        self.store.flush();
        if let Err(fault) = self.settings.flush() {
            tracing::warn!("{}", fault.message);
        }
    }
}

/// The number of a clip's id.
///
/// # Errors
/// `no_clip` for a text that is not an id.
pub(crate) fn clip_id(id: &str) -> Result<ClipId, Fault> {
    id.parse().map_err(|_| no_clip())
}

pub(crate) fn no_clip() -> Fault {
    Fault::new("no_clip", "that clip is not open").with_hint("drop a clip into the window")
}
