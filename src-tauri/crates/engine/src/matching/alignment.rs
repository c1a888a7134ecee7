//! Where each candidate begins so that it meets the picture in time.

use std::collections::BTreeMap;

use needledrop_ranking::{InPoint, Timing, Track as Heard};
use rayon::prelude::*;

use super::candidates::Candidates;
use crate::clip::analysis::PictureRhythm;
use crate::error::EngineError;
use crate::library::open::Library;
use crate::music::text::dot;

/// Finds the in-points of all candidates and writes them into the candidates.
pub(super) fn align(
    library: &Library,
    rhythm: &PictureRhythm,
    query: &[f32],
    candidates: &mut Candidates,
) -> Result<BTreeMap<String, InPoint>, EngineError> {
    let timing = Timing::of(&rhythm.edit);
    // The catalog is read by one hand, the in-points are found by many.
    let known = candidates
        .tracks
        .values()
        .map(|track| Ok((track, library.details(&track.id)?)))
        .collect::<Result<Vec<_>, EngineError>>()?;
    let found: BTreeMap<String, InPoint> = known
        .par_iter()
        .map(|(track, (details, sections))| {
            let section_fit: Vec<f32> = sections.iter().map(|s| dot(&s.vector, query)).collect();
            let heard = Heard {
                duration_s: track.facts.duration_s,
                beats: details.beats.as_ref(),
                curves: &details.curves,
                form: &track.facts.form,
                sections,
                section_fit: &section_fit,
            };
            (track.id.clone(), timing.in_point(&heard))
        })
        .collect();
    for candidate in &mut candidates.list {
        if let Some(point) = found.get(&candidate.id) {
            *candidate = candidate.clone().begun_at(point);
        }
    }
    Ok(found)
}
