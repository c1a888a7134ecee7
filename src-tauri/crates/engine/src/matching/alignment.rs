//! Aligns candidates with the picture: the in-point of each track.

use needledrop_ranking::{Timing, Track as AlignedTrack};
use rayon::prelude::*;

use super::candidates::Shortlisted;
use crate::clip::analysis::PictureRhythm;
use crate::error::EngineError;
use crate::library::open::Library;
use crate::music::text::dot;

/// Finds the in-points of all candidates, and writes each into its candidate.
pub(super) fn align(
    library: &Library,
    rhythm: &PictureRhythm,
    query: &[f32],
    candidates: &mut [Shortlisted],
) -> Result<(), EngineError> {
    let timing = Timing::of(&rhythm.edit);
    // One thread reads the catalog; the in-points are computed in parallel.
    let details = candidates
        .iter()
        .map(|each| library.details(&each.track.id))
        .collect::<Result<Vec<_>, EngineError>>()?;
    candidates
        .par_iter_mut()
        .zip(&details)
        .for_each(|(each, (details, sections))| {
            let section_fit: Vec<f32> = sections.iter().map(|s| dot(&s.vector, query)).collect();
            let point = timing.in_point(&AlignedTrack {
                duration_s: each.track.facts.duration_s,
                beats: details.beats.as_ref(),
                curves: &details.curves,
                form: &each.track.facts.form,
                sections,
                section_fit: &section_fit,
            });
            each.candidate = std::mem::take(&mut each.candidate).begun_at(&point);
            each.in_point = Some(point);
        });
    Ok(())
}
