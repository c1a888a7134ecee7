//! The editor's own data on the disk: clips, picks, undo. A clip's brief and range are written a moment after a change.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use needledrop_engine::Places;
use needledrop_engine::projects::{ClipId, ClipRange, ClipSettings, FILE, Projects};

use crate::dto::Brief;
use crate::fault::Fault;
use crate::sync::lock;
use crate::write_behind::WriteBehind;

/// Time between a change and its writing. A moving slider changes a brief many times per second; the last value is written.
const DELAY: Duration = Duration::from_millis(150);

/// A change of a clip's settings. Absent parts stay as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ClipChange {
    pub range_s: Option<(f64, f64)>,
    pub brief: Option<Brief>,
}

impl ClipChange {
    fn merge(&mut self, newer: ClipChange) {
        self.range_s = newer.range_s.or(self.range_s);
        self.brief = newer.brief.or_else(|| self.brief.take());
    }

    fn apply(self, settings: &mut ClipSettings) -> Result<(), Fault> {
        if let Some(range_s) = self.range_s {
            settings.range = Some(ClipRange::of_seconds(range_s));
        }
        if let Some(brief) = self.brief {
            settings.filters = serde_json::to_string(&brief.filters)
                .map_err(|error| Fault::new("internal", error.to_string()))?;
            settings.brief = brief.text;
            settings.words_share = Some(f64::from(brief.words_share));
            settings.weights = Some(brief.weights.shares());
            settings.sensitivity = Some(f64::from(brief.sensitivity));
        }
        Ok(())
    }
}

type Shared = Arc<Mutex<Result<Projects, Fault>>>;

/// The editor's data, open or with the fault of its opening.
pub(crate) struct Store {
    projects: Shared,
    behind: WriteBehind<ClipId, ClipChange>,
}

impl Store {
    /// Opens the data of a user, or makes it if there is none. `on_failure` gets the error of each failed late write.
    pub(crate) fn open(places: &Places, on_failure: impl Fn(Fault) + Send + 'static) -> Store {
        let projects = Projects::open_or_create(&places.data.join(FILE), now_ms());
        if let Err(error) = &projects {
            tracing::error!("{error}");
        }
        let projects: Shared = Arc::new(Mutex::new(projects.map_err(Fault::from)));
        let own = projects.clone();
        let behind = WriteBehind::new(DELAY, move |clip, change| {
            if let Err(fault) = ask(&own, |projects| write(projects, clip, change)) {
                tracing::warn!("a clip's settings were not saved: {}", fault.message);
                on_failure(fault);
            }
        });
        Store { projects, behind }
    }

    /// Reads or changes the data immediately.
    ///
    /// # Errors
    /// Those of opening the data, and those of `ask`.
    pub(crate) fn with<T>(
        &self,
        work: impl FnOnce(&mut Projects) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        ask(&self.projects, work)
    }

    /// Writes a change of a clip's settings after [`DELAY`].
    pub(crate) fn change_clip(&self, clip: ClipId, change: ClipChange) {
        self.behind.put(clip, change, ClipChange::merge);
    }

    /// Waits until all changes are written.
    pub(crate) fn flush(&self) {
        self.behind.flush();
    }
}

fn ask<T>(
    projects: &Mutex<Result<Projects, Fault>>,
    work: impl FnOnce(&mut Projects) -> Result<T, Fault>,
) -> Result<T, Fault> {
    match &mut *lock(projects) {
        Ok(projects) => work(projects),
        Err(fault) => Err(fault.clone()),
    }
}

fn write(projects: &mut Projects, clip: ClipId, change: ClipChange) -> Result<(), Fault> {
    let mut settings = projects.clip(clip)?.settings;
    change.apply(&mut settings)?;
    Ok(projects.set_clip(clip, &settings)?)
}

/// The present time in milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
