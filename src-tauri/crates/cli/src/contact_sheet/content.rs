//! Reads the content of a contact sheet from clip and catalog.

use std::ops::ControlFlow;
use std::path::Path;

use needledrop_engine::catalog::{Catalog, TrackDetails};
use needledrop_engine::clip::report::{ClipReport, ClipReportRequest};
use needledrop_engine::job::{Job, Outcome};
use needledrop_engine::matching::{MatchBrief, MatchRequest, ResultDoc, match_clip};
use needledrop_engine::media::{Frame, FrameSize, MAX_FRAMES, StripRequest, frame_strip};
use needledrop_engine::{EngineError, Places, Sampling};

/// Number of pictures in the filmstrip.
pub(super) const PICTURES: usize = 12;
/// Height of a picture in pixels.
pub(super) const PICTURE_HEIGHT: u32 = 90;

/// Frames of the clip, and the best track of a catalog.
pub(crate) struct Content {
    /// Pictures in the order of time, at most [`PICTURES`].
    pub(super) pictures: Vec<Frame>,
    pub(super) best: Option<Best>,
}

/// The best track of a match.
pub(super) struct Best {
    pub(super) row: ResultDoc,
    pub(super) details: TrackDetails,
}

impl Content {
    /// Matches the clip against the catalog and reads its pictures. A catalog that cannot be used is left out.
    ///
    /// # Errors
    /// [`EngineError::Media`] if the pictures cannot be read.
    pub(crate) fn read(
        places: &Places,
        request: &ClipReportRequest,
        report: &ClipReport,
        catalog: &Path,
        job: &Job<'_>,
    ) -> Result<Outcome<Content>, EngineError> {
        let best = best(places, request, catalog, job)?;
        if job.is_cancelled() {
            return Ok(Outcome::Cancelled(None));
        }
        let pictures = pictures(request, report, job);
        if job.is_cancelled() {
            return Ok(Outcome::Cancelled(None));
        }
        let pictures = pictures?;
        Ok(Outcome::Completed(Content { pictures, best }))
    }
}

fn best(
    places: &Places,
    request: &ClipReportRequest,
    catalog: &Path,
    job: &Job<'_>,
) -> Result<Option<Best>, EngineError> {
    let mut best_match = MatchRequest::new(request.clip.clone(), catalog.to_owned());
    best_match.selection.range_s = request.range_s;
    best_match.pack.clone_from(&request.pack);
    best_match.brief = MatchBrief {
        sensitivity: request.sensitivity,
        top: 1,
        ..MatchBrief::default()
    };
    let answer = match match_clip(places, &best_match, job, &mut |_| ()) {
        Ok(Outcome::Completed(answer)) => answer,
        Ok(Outcome::Cancelled(_)) => return Ok(None),
        Err(error) => {
            tracing::info!(%error, "the contact sheet has no track");
            return Ok(None);
        }
    };
    let Some(row) = answer.results.into_iter().next() else {
        return Ok(None);
    };
    let details = Catalog::open(catalog)?.details(&row.track.track_id)?;
    Ok(Some(Best { row, details }))
}

fn pictures(
    request: &ClipReportRequest,
    report: &ClipReport,
    job: &Job<'_>,
) -> Result<Vec<Frame>, EngineError> {
    let [from, to] = report.range_s;
    let strip = StripRequest {
        range_s: request.range_s,
        sampling: Sampling::Fast,
        size: FrameSize::ShortSide(PICTURE_HEIGHT),
        most: MAX_FRAMES,
    };
    let mut wanted = (0..PICTURES).map(|i| from + (i as f64 + 0.5) * (to - from) / PICTURES as f64);
    let mut next = wanted.next();
    let mut kept: Vec<Frame> = Vec::new();
    let mut take = |frame: Frame| {
        let served = frame.times_s.last().copied().unwrap_or(frame.time_s) + 1.0;
        while next.is_some_and(|at| at < served) {
            kept.push(frame.clone());
            next = wanted.next();
        }
        ControlFlow::Continue(())
    };
    frame_strip(&request.clip, &strip, job.cancel(), &mut take)?;
    Ok(kept)
}
