//! The filmstrip below the picture, and the posters in the list of recent clips.

use std::path::PathBuf;
use std::sync::Arc;

use needledrop_engine::job::Outcome;
use needledrop_engine::projects::ClipId;
use needledrop_engine::write_whole;

use crate::backend::FilmRequest;
use crate::dto::count as small;
use crate::events::{Event, JobKind};
use crate::fault::Fault;
use crate::proxy::MATCH_PATIENCE;
use crate::range::check_range;
use crate::session::{Session, clip_id};

/// Height of a picture in pixels.
const HEIGHT: u32 = 96;
/// Largest number of pictures of a filmstrip.
const MAX_PICTURES: u32 = 240;

impl Session {
    /// Decodes the filmstrip of the open clip in the background; each picture is an [`Event::Film`].
    ///
    /// # Errors
    /// `no_clip` if another clip is open, `invalid_value` for an in-point that is not before the out-point.
    pub fn film(
        self: &Arc<Self>,
        clip: &str,
        range_s: (f64, f64),
        count: u32,
    ) -> Result<(), Fault> {
        check_range(range_s)?;
        let id = clip_id(clip)?;
        let count = count.clamp(1, MAX_PICTURES);
        // Under the commit lock, so that closing the clip cancels this job, too.
        let _commit = self.commit();
        let path = self.open_clip(id)?.path;
        self.jobs.cancel_all(&[JobKind::Film]);
        let own = self.clone();
        self.jobs.start(JobKind::Film, move |job| {
            let film = |count: u32| {
                let request = FilmRequest {
                    path: &path,
                    range_s,
                    count,
                    height: HEIGHT,
                };
                let mut show = |index: usize, time_s: f64, jpeg: &[u8]| {
                    if !job.is_cancelled() {
                        own.show_film(id, &request, index, time_s, jpeg);
                    }
                };
                own.backend.film(&own.places, &request, job, &mut show)
            };
            if own.jobs.wait_for_start(JobKind::Match, MATCH_PATIENCE, job) {
                // The first picture comes at once, the others after the first rows.
                film(1)?;
                own.jobs.wait_idle(JobKind::Match, job);
            }
            if job.is_cancelled() {
                return Ok(Outcome::Cancelled(None));
            }
            Ok(film(count)?)
        });
        Ok(())
    }

    fn show_film(
        &self,
        id: ClipId,
        film: &FilmRequest<'_>,
        index: usize,
        time_s: f64,
        jpeg: &[u8],
    ) {
        let FilmRequest { range_s, count, .. } = *film;
        let (from_s, to_s) = range_s;
        if index == count as usize / 2
            && let Err(error) = write_whole(&self.poster(id), jpeg)
        {
            tracing::warn!("a clip's poster was not saved: {error}");
        }
        let name = format!("film-{id}-{from_s:.3}-{to_s:.3}-{count}-{index}");
        self.emit(Event::Film {
            clip: id.to_string(),
            index: small(index),
            count,
            time_s,
            url: self.urls.bytes(&name, jpeg.to_vec(), "image/jpeg"),
        });
    }

    /// URL of a clip's poster, if it has one.
    pub(crate) fn poster_url(&self, id: ClipId) -> Option<String> {
        let poster = self.poster(id);
        poster.is_file().then(|| self.urls.file(&poster))
    }

    /// Removes a clip's poster.
    pub(crate) fn forget_poster(&self, id: ClipId) {
        let path = self.poster(id);
        self.urls.forget_file(&path);
        if let Err(error) = std::fs::remove_file(&path)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!("a clip's poster stays: {error}: {}", path.display());
        }
    }

    fn poster(&self, id: ClipId) -> PathBuf {
        self.places.cache.join("posters").join(format!("{id}.jpg"))
    }
}
