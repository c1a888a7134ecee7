//! Places a hard cut among pictures that were decoded after it was found.

use super::{ShotCurve, boundary::Kind, digest::FrameDigest, distance};
use crate::{Picture, VisionError};

/// Times of the same picture differ by less than this, seconds.
const SAME_S: f64 = 1e-6;

impl ShotCurve {
    /// Times of all possible hard cuts in seconds, the likeliest first.
    pub fn hard_cuts_s(&self) -> Vec<f64> {
        let mut cuts: Vec<_> = self.found.iter().filter(|f| f.kind == Kind::Cut).collect();
        cuts.sort_by(|a, b| b.score.total_cmp(&a.score));
        cuts.into_iter().map(|f| f.from_s).collect()
    }

    /// Moves the hard cut at `cut_s` to the first of `pictures` that belongs to the new shot.
    /// `pictures` are all between the last that was seen of the old shot and the first that was seen of
    /// the new one, both included, with their times in seconds, ascending. Fewer than three, or other
    /// ends, change nothing.
    ///
    /// # Errors
    /// `BadPicture` where size and pixels of a picture do not agree.
    pub fn place(
        &mut self,
        cut_s: f64,
        pictures: &[(f64, Picture<'_>)],
    ) -> Result<(), VisionError> {
        let digests = pictures
            .iter()
            .map(|(time_s, picture)| {
                picture.check()?;
                Ok(FrameDigest::of(*time_s, picture))
            })
            .collect::<Result<Vec<_>, VisionError>>()?;
        let [old, between @ .., new] = &digests[..] else {
            return Ok(());
        };
        let known = (self.found.iter_mut())
            .find(|f| f.kind == Kind::Cut && (f.from_s - cut_s).abs() < SAME_S);
        if let Some(cut) = known
            && (new.time_s - cut_s).abs() < SAME_S
            && old.time_s < cut_s
        {
            let first_s = first_of_new(old, between, new).time_s;
            (cut.from_s, cut.to_s) = (first_s, first_s);
        }
        Ok(())
    }
}

/// The first picture of the new shot: those before it are as near to `old`, those from it on as near
/// to `new`, as any split allows.
fn first_of_new<'a>(
    old: &FrameDigest,
    between: &'a [Box<FrameDigest>],
    new: &'a FrameDigest,
) -> &'a FrameDigest {
    let apart = |a: &FrameDigest, b: &FrameDigest| {
        distance::in_place(a, b) / 20.0 + distance::colours(a, b) + distance::layout(a, b)
    };
    let (mut sum, mut least, mut first) = (0.0, 0.0, 0);
    for (at, digest) in between.iter().enumerate() {
        sum += apart(digest, old) - apart(digest, new);
        if sum < least {
            (least, first) = (sum, at + 1);
        }
    }
    between.get(first).map_or(new, |digest| digest)
}
