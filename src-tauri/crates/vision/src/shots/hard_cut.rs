//! Hard cuts: frames that neither motion nor a flash explains from the frames before.

use std::collections::VecDeque;

use super::{
    digest::FrameDigest,
    distance::{self, Unmatched},
    net,
    weights::HARD_CUT,
};

/// Distance of the neighbours that are compared, seconds: longer than a flash of 4 frames at 24 a
/// second, shorter than a shot of 0.3 s.
pub(super) const AROUND_S: f64 = 0.22;
/// Inputs of the net for a hard cut.
pub(super) const CLUES: usize = 20;

/// A frame and its distances to the frame before.
pub(super) struct Step {
    pub digest: std::sync::Arc<FrameDigest>,
    /// Mean absolute difference of luma without motion, levels.
    pub in_place: f32,
    colours: f32,
    layout: f32,
    chroma: f32,
    unmatched: Unmatched,
}

impl Step {
    pub fn of(before: Option<&Step>, digest: std::sync::Arc<FrameDigest>) -> Step {
        let mut step = Step {
            digest,
            in_place: 0.0,
            colours: 0.0,
            layout: 0.0,
            chroma: 0.0,
            unmatched: Unmatched::default(),
        };
        if let Some(before) = before {
            let (a, b) = (&*before.digest, &*step.digest);
            let in_place = distance::in_place(a, b);
            if in_place > 0.0 {
                step.colours = distance::colours(a, b);
                step.layout = distance::layout(a, b);
                step.chroma = distance::chroma(a, b);
                step.unmatched = distance::unmatched(a, b);
            }
            step.in_place = in_place;
        }
        step
    }

    /// Whether the frame differs enough to be examined further.
    fn differs(&self) -> bool {
        self.colours > 0.06 || self.unmatched.rest > 2.0 || self.layout > 0.08
    }
}

/// Inputs of the net for the case that `steps[at]` is the first frame of a new shot; `None` if it
/// hardly differs.
///
/// The ratio to the neighbourhood is that of PySceneDetect's AdaptiveDetector; the comparison
/// across a short interval, so that flashes do not count, follows Yeo & Liu (1995).
pub(super) fn clues(steps: &VecDeque<Step>, at: usize) -> Option<[f32; CLUES]> {
    let here = &steps[at];
    if at == 0 || !here.differs() {
        return None;
    }
    let time_s = here.digest.time_s;
    let left: Vec<usize> = (0..at)
        .rev()
        .take_while(|i| steps[at - 1].digest.time_s - steps[*i].digest.time_s <= AROUND_S)
        .collect();
    let right: Vec<usize> = (at..steps.len())
        .take_while(|i| steps[*i].digest.time_s - time_s <= AROUND_S)
        .collect();
    let most = |side: &[usize], value: &dyn Fn(&Step) -> f32| {
        side.iter().map(|i| value(&steps[*i])).fold(0.0, f32::max)
    };
    // The steps on either side: into the frame before, and out of this one.
    let inner_left = &left[..];
    let inner_right = &right[1..];
    let sides = |value: &dyn Fn(&Step) -> f32| {
        let (a, b) = (most(inner_left, value), most(inner_right, value));
        (a.min(b), a.max(b))
    };
    let rest = sides(&|s| s.unmatched.rest);
    let colours = sides(&|s| s.colours);
    let place = sides(&|s| s.in_place);
    // The smallest distance of any later frame to the last one before, and of any earlier one to
    // this one.
    let before = &*steps[at - 1].digest;
    let returns = nearest(
        before,
        right.iter().map(|i| &*steps[*i].digest),
        &here.digest,
    );
    let returned = nearest(
        &here.digest,
        left.iter().map(|i| &*steps[*i].digest),
        before,
    );
    let far = |i: usize, j: usize| distance::unmatched(&steps[i].digest, &steps[j].digest);
    let wide = far(at.saturating_sub(2), (at + 1).min(steps.len() - 1));
    let ends = far(*left.last().unwrap_or(&0), *right.last().unwrap_or(&at));
    let log = |v: f32| (v + 0.02).ln();
    let u = here.unmatched;
    Some([
        log(here.in_place / 20.0),
        log(u.rest / 10.0),
        log(u.relative),
        u.lost,
        log(here.colours),
        log(here.layout),
        log(here.chroma / 10.0),
        log(rest.0 / 10.0),
        log(rest.1 / 10.0),
        log(colours.0),
        log(colours.1),
        log(place.0 / 20.0),
        log(returns.colours.min(returned.colours)),
        log(returns.layout.min(returned.layout)),
        log(returns.unmatched.min(returned.unmatched)),
        log(wide.relative),
        wide.lost,
        log(ends.relative),
        ends.lost,
        log(before.contrast.min(here.digest.contrast) / 20.0),
    ])
}

/// The smallest distances from one frame to some others, by each measure.
struct Nearest {
    colours: f32,
    layout: f32,
    unmatched: f32,
}

fn nearest<'a>(
    one: &FrameDigest,
    others: impl Iterator<Item = &'a FrameDigest>,
    first: &FrameDigest,
) -> Nearest {
    let mut found = Nearest {
        colours: 1.0,
        layout: 2.0,
        unmatched: 2.0,
    };
    let mut closest = (f32::INFINITY, first);
    for other in others {
        let (colours, layout) = (distance::colours(one, other), distance::layout(one, other));
        found.colours = found.colours.min(colours);
        found.layout = found.layout.min(layout);
        if colours + layout < closest.0 {
            closest = (colours + layout, other);
        }
    }
    found.unmatched = distance::unmatched(one, closest.1).relative;
    found
}

/// Likelihood that the inputs are those of a hard cut, 0 to 1.
pub(super) fn score(clues: &[f32; CLUES]) -> f32 {
    net::score(&HARD_CUT, clues)
}
