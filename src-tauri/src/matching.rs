//! The match of the open clip: started, refined behind the window, asked again with other wishes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use needledrop_engine::Sampling;
use needledrop_engine::job::{Job, Outcome};
use needledrop_engine::matching::{ClipMatch, ClipSelection, MatchReport};
use needledrop_engine::media::MAX_FRAMES;

use crate::desk::{Desk, lock};
use crate::fault::Fault;
use crate::screen::{Ask, Look, Rows, Wish};
use crate::told::{JobKind, Told};

/// Seconds of a range that the first rows are found by; all of them are looked at right after.
const GLANCE: usize = 12;

/// The last match.
#[derive(Default)]
pub struct MatchDesk {
    number: AtomicU32,
    kept: Mutex<Option<(u32, ClipMatch)>>,
    /// What was last asked for; the refined rows answer this, whatever was asked first.
    wish: Mutex<Option<Wish>>,
    /// Scores of the last rows, by track.
    scores: Mutex<HashMap<String, f64>>,
}

impl MatchDesk {
    /// Keeps what was seen for a match; false when another began meanwhile.
    fn keep(&self, number: u32, matching: ClipMatch) -> bool {
        let mut kept = lock(&self.kept);
        let newest = number == self.number.load(Ordering::SeqCst);
        if newest {
            *kept = Some((number, matching));
        }
        newest
    }

    /// Score of a track in the last rows; 0 for one that was not among them.
    pub fn score(&self, track: &str) -> f64 {
        lock(&self.scores).get(track).copied().unwrap_or(0.0)
    }
}

/// Starts a match of the open clip; an older one stops.
pub fn start(desk: &Arc<Desk>, ask: Ask) -> Result<u32, Fault> {
    let opened = desk.clip(&ask.clip)?;
    desk.jobs.cancel_all(&[JobKind::Match, JobKind::Watch]);
    let number = desk.matching.number.fetch_add(1, Ordering::SeqCst) + 1;
    *lock(&desk.matching.wish) = Some(ask.wish.clone());
    // A wish that cannot be meant is told at once.
    ask.wish.to_engine()?;
    desk.change_clip(|clip| clip.range_s = ask.range_s);
    let looking = ClipSelection {
        clip: opened.path.clone(),
        range_s: Some(ask.range_s),
        sampling: Sampling::Fast,
        max_frames: GLANCE,
    };
    let own = desk.clone();
    desk.jobs.start(JobKind::Match, move |job| {
        let looked = own.look(|eye| ClipMatch::embed(eye, &looking, job))?;
        let Outcome::Completed(matching) = looked else {
            return Ok(Outcome::Cancelled(None));
        };
        let (watching, glanced) = (matching.analysis_task(), matching.is_partial());
        if !own.matching.keep(number, matching) {
            return Ok(Outcome::Cancelled(None));
        }
        let rows = rows(&own, number, |_, _| ());
        if job.is_cancelled() {
            return Ok(Outcome::Cancelled(None));
        }
        let rows = rows?;
        own.teller.tell(Told::Rows { rows, look: None });
        let behind = own.clone();
        own.jobs.start(JobKind::Watch, move |job| {
            if glanced {
                let all = ClipSelection {
                    max_frames: MAX_FRAMES,
                    ..looking
                };
                let looked = behind.look(|eye| ClipMatch::embed(eye, &all, job))?;
                let Outcome::Completed(whole) = looked else {
                    return Ok(Outcome::Cancelled(None));
                };
                if !behind.matching.keep(number, whole) {
                    return Ok(Outcome::Cancelled(None));
                }
            }
            match watching.run(&behind.places, job)? {
                Outcome::Completed(watched) => refine(
                    &behind,
                    number,
                    |matching| matching.add_analysis(watched),
                    job,
                ),
                Outcome::Cancelled(_) => Ok(Outcome::Cancelled(None)),
            }
        });
        Ok(Outcome::Completed(()))
    });
    Ok(number)
}

fn refine(
    desk: &Arc<Desk>,
    number: u32,
    take: impl FnOnce(&mut ClipMatch),
    job: &Job<'_>,
) -> Result<Outcome<()>, Fault> {
    if let Some((kept, matching)) = &mut *lock(&desk.matching.kept)
        && *kept == number
    {
        take(matching);
    }
    let mut look = None;
    let rows = rows(desk, number, |matching, wish| {
        look = matching.clip_report(wish.sensitivity);
    });
    if job.is_cancelled() {
        return Ok(Outcome::Cancelled(None));
    }
    let rows = rows?;
    let look = look.map(|look| {
        desk.sound
            .speech(look.speech_s.as_deref().unwrap_or_default());
        Look::from(&look)
    });
    desk.teller.tell(Told::Rows { rows, look });
    Ok(Outcome::Completed(()))
}

/// Ranks again with another wish.
pub fn again(desk: &Arc<Desk>, wish: Wish) -> Result<Rows, Fault> {
    wish.to_engine()?;
    *lock(&desk.matching.wish) = Some(wish);
    let number = desk.matching.number.load(Ordering::SeqCst);
    rows(desk, number, |_, _| ())
}

/// What the clip does, read at another sensitivity.
pub fn look(desk: &Arc<Desk>, sensitivity: f32) -> Result<Look, Fault> {
    match &mut *lock(&desk.matching.kept) {
        Some((_, matching)) => matching
            .clip_report(sensitivity)
            .map(|look| Look::from(&look))
            .ok_or_else(|| Fault::new("not_watched", "the clip is still being watched")),
        None => Err(no_match()),
    }
}

/// Rows for the wish of the moment; the best are decoded ahead.
fn rows(
    desk: &Arc<Desk>,
    number: u32,
    also: impl FnOnce(&mut ClipMatch, &needledrop_engine::matching::MatchBrief),
) -> Result<Rows, Fault> {
    let wish = lock(&desk.matching.wish).clone().ok_or_else(no_match)?;
    let wish = wish.to_engine()?;
    let mut kept = lock(&desk.matching.kept);
    let Some((_, matching)) = kept.as_mut().filter(|(kept, _)| *kept == number) else {
        return Err(no_match());
    };
    let rows = desk.shelf.ask(&desk.place(), |library| {
        let report: MatchReport = matching.rows(library, &wish)?;
        desk.sound.offer(library, &report.results);
        Ok(Rows::of(number, report, |id| {
            desk.shelf.row_peaks(library, id)
        }))
    })?;
    also(matching, &wish);
    *lock(&desk.matching.scores) = rows
        .results
        .iter()
        .map(|row| (row.track_id.clone(), row.score))
        .collect();
    Ok(rows)
}

/// Forgets the match: another clip is open.
pub fn forget(desk: &Desk) {
    desk.jobs.cancel_all(&[JobKind::Match, JobKind::Watch]);
    desk.matching.number.fetch_add(1, Ordering::SeqCst);
    *lock(&desk.matching.kept) = None;
    *lock(&desk.matching.wish) = None;
}

fn no_match() -> Fault {
    Fault::new("no_match", "nothing was matched yet").with_hint("drop a clip, then match its range")
}
