//! The match of the open clip in two answers: first rows by the content of the picture, then refined rows by cuts, motion
//! and sound, too. A changed brief ranks again without decoding.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use needledrop_engine::Sampling;
use needledrop_engine::clip::report::ClipReport;
use needledrop_engine::job::{Job, Outcome};
use needledrop_engine::matching::{ClipMatch, ClipSelection};
use needledrop_engine::media::MAX_FRAMES;
use needledrop_engine::projects::ClipId;
use tokio_util::sync::CancellationToken;

use crate::current_match::CurrentMatch;
use crate::dto::{Brief, MatchRequest, Rows};
use crate::events::{Event, JobKind};
use crate::fault::Fault;
use crate::jobs::Ending;
use crate::range::check_range;
use crate::session::{Commit, Session, clip_id, no_clip};
use crate::store::ClipChange;
use crate::sync::lock;

/// Number of frames for the first rows; the other frames of the range follow immediately.
const FIRST_FRAMES: usize = 12;

impl Session {
    /// Starts a match of the open clip; an older one is cancelled. Its rows are two [`Event::Rows`].
    ///
    /// # Errors
    /// `no_clip` if another clip is open (range and brief are saved for the named clip), `invalid_value` for a range or brief
    /// that cannot be used; nothing changes then.
    pub fn match_clip(self: &Arc<Self>, request: MatchRequest) -> Result<u32, Fault> {
        let MatchRequest {
            clip,
            range_s,
            brief,
        } = request;
        let id = clip_id(&clip)?;
        check_range(range_s)?;
        brief.to_engine()?;
        let commit = self.commit();
        let change = ClipChange {
            range_s: Some(range_s),
            brief: Some(brief.clone()),
        };
        self.store.change_clip(id, change);
        if self.state().clip.as_ref().is_none_or(|open| open.id != id) {
            return Err(no_clip());
        }
        self.cancel_match(&commit);
        let family = CancellationToken::new();
        let mut state = commit.state();
        state.matches += 1;
        let number = state.matches;
        let Some(open) = &mut state.clip else {
            return Err(no_clip());
        };
        open.doc.range_s = range_s;
        open.doc.set_brief(&brief);
        let selection = ClipSelection {
            clip: open.path.clone(),
            range_s: Some(range_s),
            sampling: Sampling::Fast,
            max_frames: FIRST_FRAMES,
        };
        state.matching = Some(CurrentMatch {
            started: Instant::now(),
            answered_ms: [None; 2],
            number,
            clip: id,
            family: family.clone(),
            brief,
            changes: 0,
            offered: 0,
            clip_match: None,
            scores: HashMap::new(),
        });
        drop(state);
        self.sound.set_range(range_s);
        let own = self.clone();
        let parent = family.clone();
        self.jobs.start_child(&family, JobKind::Match, move |job| {
            own.first_rows(number, selection, &parent, job)
        });
        Ok(number)
    }

    /// Ranks again with another brief, and saves the brief for the clip.
    ///
    /// # Errors
    /// `no_clip` if another clip is open, `no_match` before its first match, `invalid_value` for a brief that cannot be used.
    pub fn rerank(&self, clip: &str, brief: Brief) -> Result<Rows, Fault> {
        let id = clip_id(clip)?;
        brief.to_engine()?;
        let number = {
            let commit = self.commit();
            let change = ClipChange {
                brief: Some(brief.clone()),
                ..ClipChange::default()
            };
            self.store.change_clip(id, change);
            let mut state = commit.state();
            let Some(open) = state.clip.as_mut().filter(|open| open.id == id) else {
                return Err(no_clip());
            };
            open.doc.set_brief(&brief);
            let matching = state.matching.as_mut().ok_or_else(no_match)?;
            matching.brief = brief;
            matching.changes += 1;
            matching.number
        };
        self.rows(number)
    }

    /// The report of the matched clip at a cut sensitivity.
    ///
    /// # Errors
    /// `no_match`; `not_analysed` before the clip's analysis ended.
    pub fn clip_report(&self, clip: &str, sensitivity: f32) -> Result<ClipReport, Fault> {
        let id = clip_id(clip)?;
        let clip_match = match &self.state().matching {
            Some(matching) if matching.clip == id => matching.clip_match.clone(),
            _ => None,
        };
        let clip_match = clip_match.ok_or_else(no_match)?;
        lock(&clip_match)
            .clip_report(sensitivity)
            .ok_or_else(|| Fault::new("not_analysed", "the clip is still being analysed"))
    }

    /// Score of a track in a clip's offered rows; 0 if they do not list it.
    pub(crate) fn score(&self, clip: ClipId, track: &str) -> f64 {
        let state = self.state();
        let matching = state.matching.as_ref().filter(|m| m.clip == clip);
        matching
            .and_then(|matching| matching.scores.get(track).copied())
            .unwrap_or(0.0)
    }

    /// Cancels the match with all its jobs and removes it from the state.
    pub(crate) fn cancel_match(&self, commit: &Commit<'_>) {
        let left = commit.state().matching.take();
        if let Some(left) = left {
            self.jobs.cancel_family(&left.family);
        }
    }

    fn first_rows(
        self: &Arc<Self>,
        number: u32,
        selection: ClipSelection,
        family: &CancellationToken,
        job: &Job<'_>,
    ) -> Ending {
        let Some((task, partial)) = self.embed(number, &selection, job)? else {
            return Ok(Outcome::Cancelled(None));
        };
        let Some(rows) = self.rows_of_job(number, job)? else {
            return Ok(Outcome::Cancelled(None));
        };
        self.emit(Event::Rows { rows, report: None });
        let own = self.clone();
        self.jobs.start_child(family, JobKind::Watch, move |job| {
            let whole = ClipSelection {
                max_frames: MAX_FRAMES,
                ..selection
            };
            if partial && own.embed(number, &whole, job)?.is_none() {
                return Ok(Outcome::Cancelled(None));
            }
            match own.backend.analyze(&own.places, &task, job)? {
                Outcome::Completed(analysed) => own.refined_rows(number, analysed, job),
                Outcome::Cancelled(_) => Ok(Outcome::Cancelled(None)),
            }
        });
        Ok(Outcome::Completed(()))
    }

    /// Embeds a selection for a match. Returns the task that analyses it, and whether frames were left out; `None` if the
    /// match is cancelled.
    fn embed(
        &self,
        number: u32,
        selection: &ClipSelection,
        job: &Job<'_>,
    ) -> Result<Option<(needledrop_engine::matching::AnalysisTask, bool)>, Fault> {
        let embedded = self
            .encoder
            .with(&self.places, self.settings.get(), |encoder| {
                // An older match may have used the encoder until now.
                if job.is_cancelled() {
                    return Ok(Outcome::Cancelled(None));
                }
                self.backend.embed(encoder, selection, job)
            })?;
        let Outcome::Completed(clip_match) = embedded else {
            return Ok(None);
        };
        let next = (clip_match.analysis_task(), clip_match.is_partial());
        let mut state = self.state();
        let Some(matching) = state.matching.as_mut().filter(|m| m.number == number) else {
            return Ok(None);
        };
        matching.clip_match = Some(Arc::new(Mutex::new(clip_match)));
        Ok(Some(next))
    }

    fn refined_rows(
        &self,
        number: u32,
        analysed: needledrop_engine::matching::Analysed,
        job: &Job<'_>,
    ) -> Ending {
        let Some(clip_match) = self.clip_match(number) else {
            return Ok(Outcome::Cancelled(None));
        };
        lock(&clip_match).add_analysis(analysed);
        let Some(rows) = self.rows_of_job(number, job)? else {
            return Ok(Outcome::Cancelled(None));
        };
        let sensitivity = {
            let state = self.state();
            let matching = state.matching.as_ref().filter(|m| m.number == number);
            matching.map(|matching| matching.brief.sensitivity)
        };
        let Some(sensitivity) = sensitivity else {
            return Ok(Outcome::Cancelled(None));
        };
        let report = lock(&clip_match).clip_report(sensitivity);
        let commit = self.commit();
        if !commit.state().is_match(number) {
            return Ok(Outcome::Cancelled(None));
        }
        let speech_s = report
            .as_ref()
            .and_then(|report| report.speech_s.as_deref());
        self.sound.speech(speech_s.unwrap_or_default());
        self.emit(Event::Rows { rows, report });
        Ok(Outcome::Completed(()))
    }

    /// Rows for a job; `None` if its match was superseded.
    fn rows_of_job(&self, number: u32, job: &Job<'_>) -> Result<Option<Rows>, Fault> {
        let rows = self.rows(number);
        if job.is_cancelled() || !self.state().is_match(number) {
            return Ok(None);
        }
        rows.map(Some)
    }

    /// Rows for the present brief. Their tracks are offered to the player, unless rows of a newer brief are on offer.
    fn rows(&self, number: u32) -> Result<Rows, Fault> {
        let (brief, change, clip_match) = {
            let state = self.state();
            let matching = state.matching.as_ref().filter(|m| m.number == number);
            let matching = matching.ok_or_else(no_match)?;
            let clip_match = matching.clip_match.clone().ok_or_else(no_match)?;
            (matching.brief.to_engine()?, matching.changes, clip_match)
        };
        let (mut rows, tracks) = self.catalog.with(&self.catalog_ref(), |library| {
            let mut report = lock(&clip_match).rows(library, &brief)?;
            let ids = report.results.iter().map(|row| row.track.track_id.as_str());
            let peaks = self.catalog.peaks(library, ids);
            let tracks = self.sound.cues(library, &report.results);
            let rows = Rows {
                number,
                warnings: std::mem::take(&mut report.warnings),
                report,
                peaks,
            };
            Ok((rows, tracks))
        })?;
        let commit = self.commit();
        let mut state = commit.state();
        let matching = state.matching.as_mut().filter(|m| m.number == number);
        let matching = matching.ok_or_else(no_match)?;
        matching.time(rows.report.refined, &mut rows.report.timings_ms);
        if change >= matching.offered {
            matching.offered = change;
            matching.scores = rows
                .report
                .results
                .iter()
                .map(|row| (row.track.track_id.clone(), row.score))
                .collect();
            self.sound.offer(tracks);
        }
        Ok(rows)
    }

    fn clip_match(&self, number: u32) -> Option<Arc<Mutex<ClipMatch>>> {
        let state = self.state();
        let matching = state.matching.as_ref().filter(|m| m.number == number)?;
        matching.clip_match.clone()
    }
}

impl crate::session::State {
    fn is_match(&self, number: u32) -> bool {
        self.matching
            .as_ref()
            .is_some_and(|matching| matching.number == number)
    }
}

impl crate::dto::Clip {
    fn set_brief(&mut self, brief: &Brief) {
        self.brief.clone_from(&brief.text);
        self.words_share = f64::from(brief.words_share);
        self.weights = brief.weights;
        self.filters.clone_from(&brief.filters);
        self.sensitivity = f64::from(brief.sensitivity);
    }
}

fn no_match() -> Fault {
    Fault::new("no_match", "this clip was not matched yet")
        .with_hint("match the clip's range first")
}
