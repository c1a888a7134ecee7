//! The application as a whole: start, settings, packs, cache, catalog, search, jobs, and the transport of the audition.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, TryRecvError};

use needledrop_engine::ClipEncoder;
use needledrop_engine::clip::proxies;
use needledrop_engine::job::Outcome;
use needledrop_engine::library::search::SearchReport;
use needledrop_engine::music::index::{IndexRequest, index as index_folders};
use needledrop_engine::packs;

use crate::catalog::OpenCatalog;
use crate::dto::{
    CacheUse, CatalogState, Clock, Device, Filters, FoundRows, Levels, Provider, Settings, Start,
    TrackTimeline, display_path,
};
use crate::events::{Event, JobKind};
use crate::fault::Fault;
use crate::session::Session;
use crate::sync::lock;

/// Largest number of rows of a search.
const MAX_FOUND: usize = 60;

impl Session {
    /// The state for a new window. The catalog and the encoder open in the background; the catalog's state follows as an
    /// [`Event::Catalog`].
    pub fn start(self: &Arc<Self>) -> Start {
        self.open_catalog();
        Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            settings: self.settings.get(),
            catalog: OpenCatalog::quick_state(&self.catalog_ref()),
            packs: packs::list(&self.places),
            providers: Provider::choices(),
            recent: self.recent().unwrap_or_default(),
            devices: self.devices(),
            clock: self.clock(),
            open: lock(&self.open_first)
                .take()
                .map(|path| display_path(&path)),
            notices: self.settings.notices(),
        }
    }

    /// Opens the catalog in the background and reports its state, then opens the encoder before a match needs it.
    pub fn open_catalog(self: &Arc<Self>) {
        let own = self.clone();
        let (opening, opened) = mpsc::channel::<()>();
        let mut warm_ups = lock(&self.warm_ups);
        warm_ups.retain(|running| running.try_recv() == Err(TryRecvError::Empty));
        warm_ups.push(opened);
        drop(warm_ups);
        std::thread::spawn(move || {
            // Dropped when the thread ends.
            let _opening = opening;
            own.catalog.close();
            let catalog = own.catalog.state(&own.catalog_ref());
            own.emit(Event::Catalog { catalog });
            let warmed = own
                .encoder
                .with(&own.places, own.settings.get(), ClipEncoder::warm);
            if let Err(fault) = warmed {
                // The next match reports it to the editor.
                tracing::warn!("{}", fault.message);
            }
        });
    }

    /// The catalog's state with its licences and tags; opens the catalog if it is closed.
    pub fn catalog(&self) -> CatalogState {
        self.catalog.state(&self.catalog_ref())
    }

    /// Changes the settings that `change` names, a JSON object with their fields, and waits until they are written.
    ///
    /// # Errors
    /// `unknown_field` for a field that is not a setting, `invalid_value` for a value of the wrong kind, `io` for a
    /// file that cannot be written.
    pub fn change_settings(
        self: &Arc<Self>,
        change: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<Settings, Fault> {
        let catalog = self.catalog_ref();
        let (before, after) = {
            let _commit = self.commit();
            let (before, after) = self.settings.merge(change)?;
            if before.device != after.device {
                self.sound.choose(after.device.clone())?;
            }
            self.sound.levels(after.levels);
            (before, after)
        };
        if catalog != self.catalog_ref() || before.provider != after.provider {
            self.open_catalog();
        }
        self.settings.flush()?;
        Ok(after)
    }

    /// Sets the levels; they are kept in the settings.
    pub fn set_levels(&self, levels: Levels) {
        let _commit = self.commit();
        let (_, after) = self.settings.change(|settings| settings.levels = levels);
        self.sound.levels(after.levels);
    }

    /// Plays through another sound device, which is kept in the settings; `None` is the system's default.
    ///
    /// # Errors
    /// The fault of an audition that could not be opened.
    pub fn choose_device(&self, device: Option<String>) -> Result<(), Fault> {
        let _commit = self.commit();
        self.sound.choose(device.clone())?;
        self.settings.change(|settings| settings.device = device);
        Ok(())
    }

    /// Indexes folders of music into the catalog. Returns the number of the job.
    ///
    /// # Errors
    /// `catalog_busy` while another indexing runs.
    pub fn index(self: &Arc<Self>, folders: Vec<PathBuf>) -> Result<u32, Fault> {
        // Under the commit lock, so that two calls at once start one job.
        let _commit = self.commit();
        if let Some(job) = self.jobs.running(JobKind::Index) {
            let message = format!("music is being indexed already (job {job})");
            return Err(Fault::new("catalog_busy", message)
                .with_hint("wait until it ends, or stop it first"));
        }
        let wanted = self.catalog_ref();
        let request = IndexRequest {
            folders,
            catalog: wanted.dir,
            pack: wanted.pack,
            credits: None,
            jobs: None,
            retry: true,
            cells: false,
        };
        let own = self.clone();
        Ok(self.jobs.start(JobKind::Index, move |job| {
            let outcome = index_folders(&own.places, &request, job);
            own.open_catalog();
            let outcome = outcome?;
            if let Outcome::Completed(report) | Outcome::Cancelled(Some(report)) = &outcome {
                let indexed = report.into();
                (own.sink)(Event::Indexed { indexed });
            }
            Ok(outcome.map(|_| ()))
        }))
    }

    /// Tracks that fit a description, best first.
    ///
    /// # Errors
    /// `invalid_value` for the filters, and those of catalog and pack.
    pub fn search(&self, text: &str, filters: &Filters) -> Result<FoundRows, Fault> {
        let filter = filters.to_engine()?;
        self.find(|library| Ok(library.search(text, &filter, MAX_FOUND)?))
    }

    /// Tracks that sound like the track `track`, nearest first.
    ///
    /// # Errors
    /// `track_not_found`, `invalid_value` for the filters, and those of catalog and pack.
    pub fn similar(&self, track: &str, filters: &Filters) -> Result<FoundRows, Fault> {
        let filter = filters.to_engine()?;
        self.find(|library| Ok(library.similar(track, &filter, MAX_FOUND)?))
    }

    fn find(
        &self,
        find: impl FnOnce(&mut needledrop_engine::Library) -> Result<SearchReport, Fault>,
    ) -> Result<FoundRows, Fault> {
        self.catalog.with(&self.catalog_ref(), |library| {
            let SearchReport { words, results, .. } = find(library)?;
            let ids = results.iter().map(|row| row.track.track_id.as_str());
            let peaks = self.catalog.peaks(library, ids);
            Ok(FoundRows {
                words,
                results,
                peaks,
            })
        })
    }

    /// Beats, peaks and ending of a track, for a timeline.
    ///
    /// # Errors
    /// `track_not_found`, and those of the catalog.
    pub fn track(&self, track: &str) -> Result<TrackTimeline, Fault> {
        self.catalog.with(&self.catalog_ref(), |library| {
            TrackTimeline::of(library, track)
        })
    }

    /// Disk space that the proxies take.
    pub fn cache(&self) -> CacheUse {
        CacheUse {
            path: display_path(&self.places.cache.join("proxies")),
            bytes: proxies::used_bytes(&self.places) as f64,
        }
    }

    /// Removes the proxies that are not in use.
    ///
    /// # Errors
    /// Those of a file that cannot be removed.
    pub fn clear_cache(&self) -> Result<CacheUse, Fault> {
        proxies::clear(&self.places)?;
        Ok(self.cache())
    }

    /// Downloads the files of a pack. Returns the number of the job.
    pub fn fetch_pack(self: &Arc<Self>, name: String) -> u32 {
        let own = self.clone();
        self.jobs.start(JobKind::Pack, move |job| {
            Ok(packs::fetch_files(&own.places, &name, None, job)?.map(|_| ()))
        })
    }

    /// Cancels a job; it reports its end with `cancelled`.
    pub fn cancel(&self, job: u32) {
        self.jobs.cancel(job);
    }

    /// Asks the window to open a path; called when the application is launched again.
    pub fn ask_to_open(&self, path: &std::path::Path) {
        self.emit(Event::Open {
            path: display_path(path),
        });
    }

    /// Starts playback at the playhead.
    pub fn play(&self) {
        self.sound.play();
    }

    /// Stops playback; the playhead stays.
    pub fn pause(&self) {
        self.sound.pause();
    }

    /// Moves the playhead, in seconds of the clip.
    pub fn seek(&self, position_s: f64) {
        self.sound.seek(position_s);
    }

    /// Sets the speed: 1 is real time, negative plays backwards.
    pub fn set_rate(&self, rate: f64) {
        self.sound.rate(rate);
    }

    /// Selects a track: its second `start_s` meets the in-point, and the playhead stays. `None` plays the clip alone.
    ///
    /// # Errors
    /// `track_not_found` for a track that is neither on offer nor in the catalog.
    pub fn select(&self, track: Option<&str>, start_s: f64) -> Result<(), Fault> {
        // A track on offer needs nothing from the catalog.
        if self.sound.hop(track, start_s) {
            return Ok(());
        }
        let id = track.unwrap_or_default();
        let found = self
            .catalog
            .with(&self.catalog_ref(), |library| Ok(library.track(id)?))?;
        self.sound.offer_one(&found, start_s);
        Ok(())
    }

    /// Moves a track against the picture: its second `start_s` meets the in-point.
    pub fn slip(&self, track: &str, start_s: f64) {
        self.sound.slip(track, start_s);
    }

    /// The audition's present clock.
    pub fn clock(&self) -> Clock {
        self.sound.clock()
    }

    /// Milliseconds of the session's own monotonic clock.
    pub fn now_ms(&self) -> f64 {
        self.sound.now_ms()
    }

    /// The sound devices that can be chosen.
    pub fn devices(&self) -> Vec<Device> {
        self.sound.devices()
    }

    /// Ids of the tracks on offer to the player, best first.
    pub fn offered(&self) -> Vec<String> {
        self.sound.offered()
    }
}
