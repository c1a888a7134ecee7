//! The source of the window's `<video>`: the file itself, or a proxy that is encoded in the background.

use std::sync::Arc;
use std::time::Duration;

use needledrop_engine::clip::proxies;
use needledrop_engine::job::Outcome;
use needledrop_engine::media::{Playable, playable};
use needledrop_engine::projects::ClipId;

use crate::backend::ClipFile;
use crate::dto::Picture;
use crate::events::{Event, JobKind};
use crate::session::Session;

/// A window asks for a match immediately after the opening of a clip. Other work on the clip waits this long for the match
/// to start, then until it has ended.
pub(crate) const MATCH_PATIENCE: Duration = Duration::from_millis(150);

impl Session {
    /// The picture of a file that was just opened.
    pub(crate) fn picture_of(&self, file: &ClipFile) -> Picture {
        match playable(&file.info) {
            Playable::Proxy(reason) => Picture::Making {
                reason: reason.to_string(),
            },
            _ => Picture::Direct {
                url: self.urls.file(&file.path),
            },
        }
    }

    /// Encodes the proxy of a clip that needs one.
    pub(crate) fn start_proxy(self: &Arc<Self>, id: ClipId, file: &ClipFile, picture: &Picture) {
        let Picture::Making { reason } = picture else {
            return;
        };
        let (own, path, reason) = (self.clone(), file.path.clone(), reason.clone());
        self.jobs.start(JobKind::Proxy, move |job| {
            if own.jobs.wait_for_start(JobKind::Match, MATCH_PATIENCE, job) {
                own.jobs.wait_idle(JobKind::Match, job);
            }
            let limit = (own.settings.get().cache_limit_gb * 1e9) as u64;
            let Outcome::Completed(proxy) = proxies::proxy_within(&own.places, &path, limit, job)?
            else {
                return Ok(Outcome::Cancelled(None));
            };
            let commit = own.commit();
            let mut state = commit.state();
            let Some(open) = state.clip.as_mut().filter(|open| open.id == id) else {
                return Ok(Outcome::Cancelled(None));
            };
            let picture = Picture::Proxy {
                url: own.urls.file(&proxy.path),
                reason,
            };
            open.doc.picture = picture.clone();
            state.proxy = Some(proxy);
            drop(state);
            own.emit(Event::Picture {
                clip: id.to_string(),
                picture,
            });
            Ok(Outcome::Completed(()))
        });
    }
}
