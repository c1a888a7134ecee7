//! Motion of the camera: the pan, tilt and zoom that most blocks share.

use super::flow::Shift;

/// Motion of the camera between two pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Camera {
    /// Pixels that the picture moves, right and down.
    pub(super) pan: [f32; 2],
    /// Growth of the picture about its middle: 0.01 is 1 %.
    pub(super) zoom: f32,
}

/// Median of the shifts, then median of the rest along the radius. Up to half of the blocks may
/// belong to moving subjects.
pub(super) fn camera(shifts: &[Shift]) -> Camera {
    if shifts.len() < 8 {
        return Camera::default();
    }
    let pan = [0, 1].map(|axis| median(shifts.iter().map(|s| s.by[axis]).collect()));
    let radial = |s: &Shift| {
        let square = s.from[0] * s.from[0] + s.from[1] * s.from[1];
        let along = (s.by[0] - pan[0]) * s.from[0] + (s.by[1] - pan[1]) * s.from[1];
        along / square
    };
    // A zoom hardly moves blocks near the middle.
    let far = shifts
        .iter()
        .filter(|s| s.from[0].hypot(s.from[1]) > 20.0)
        .map(radial)
        .collect();
    Camera {
        pan,
        zoom: median(far),
    }
}

impl Camera {
    /// The shift of a block without the camera's part.
    pub(super) fn rest(&self, shift: &Shift) -> [f32; 2] {
        [0, 1].map(|axis| shift.by[axis] - self.pan[axis] - self.zoom * shift.from[axis])
    }
}

fn median(mut values: Vec<f32>) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f32::total_cmp).1
}
