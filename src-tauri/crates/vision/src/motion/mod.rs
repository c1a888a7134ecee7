//! Motion of a clip: its amount, the camera's part of it, and its impacts.

mod camera;
mod flow;
mod impacts;
mod pyramid;
mod sample;

use crate::{Picture, VisionError};
pub use impacts::{hits, impacts, within_shots};
use pyramid::{LEVELS, Plane, pyramid};
pub use sample::{DIRECTIONS, MotionSample};

/// Pictures closer than this are skipped, seconds: motion over 10 ms is lost in noise.
const NEAREST_S: f64 = 0.03;
/// Pictures further apart than this give no motion, seconds.
const FURTHEST_S: f64 = 0.5;

/// Measures motion in a sequence of pictures.
#[derive(Default)]
pub struct MotionAnalyzer {
    before: Option<([Plane; LEVELS], f64)>,
    moments: Vec<MotionSample>,
}

impl MotionAnalyzer {
    /// An analyzer without pictures.
    pub fn new() -> MotionAnalyzer {
        MotionAnalyzer::default()
    }

    /// Adds a picture at a later time in seconds.
    ///
    /// # Errors
    /// `BadPicture`.
    pub fn push(&mut self, time_s: f64, picture: &Picture<'_>) -> Result<(), VisionError> {
        picture.check()?;
        if let Some((_, before_s)) = &self.before
            && time_s - before_s < NEAREST_S
        {
            return Ok(());
        }
        let now = pyramid(picture);
        let mut moment = MotionSample {
            time_s,
            ..MotionSample::default()
        };
        if let Some((before, before_s)) = &self.before
            && time_s - before_s <= FURTHEST_S
            && (before[0].width, before[0].height) == (now[0].width, now[0].height)
        {
            measure(before, &now, (time_s - before_s) as f32, &mut moment);
        }
        self.moments.push(moment);
        self.before = Some((now, time_s));
        Ok(())
    }

    /// Motion of all pictures that were not skipped, in time order.
    pub fn finish(self) -> Vec<MotionSample> {
        self.moments
    }
}

fn measure(
    before: &[Plane; LEVELS],
    now: &[Plane; LEVELS],
    since_s: f32,
    moment: &mut MotionSample,
) {
    let (shifts, blocks) = flow::flow(before, now);
    moment.since_s = since_s;
    if blocks == 0 {
        return;
    }
    let camera = camera::camera(&shifts);
    let unit = 1.0 / (now[0].width as f32 * since_s);
    let each = unit / blocks as f32;
    moment.pan = camera.pan.map(|p| p * unit);
    moment.zoom = camera.zoom / since_s;
    for shift in &shifts {
        let rest = camera.rest(shift);
        moment.subject += rest[0].hypot(rest[1]) * each;
        let turn = shift.by[1].atan2(shift.by[0]) / std::f32::consts::TAU;
        // Shared between the two neighbouring directions.
        let place = turn.rem_euclid(1.0) * DIRECTIONS as f32;
        let (first, part) = (place as usize % DIRECTIONS, place.fract());
        let far = shift.by[0].hypot(shift.by[1]) * each;
        moment.directions[first] += far * (1.0 - part);
        moment.directions[(first + 1) % DIRECTIONS] += far * part;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cloudy picture, shifted by `x0`, `y0` and scaled by `grown`.
    fn scene(x0: f32, y0: f32, grown: f32) -> Vec<u8> {
        let mut rgb = Vec::with_capacity(160 * 90 * 3);
        for y in 0..90 {
            for x in 0..160 {
                let (x, y) = (
                    (x as f32 - 79.5) / grown - x0,
                    (y as f32 - 44.5) / grown - y0,
                );
                let light = (x * 0.31).sin() * 40.0
                    + (y * 0.27 + x * 0.05).cos() * 40.0
                    + (x * 0.083 - y * 0.11).sin() * 40.0
                    + 128.0;
                rgb.extend([light as u8; 3]);
            }
        }
        rgb
    }

    fn moved(before: &[u8], after: &[u8]) -> MotionSample {
        let mut analyzer = MotionAnalyzer::new();
        for (time_s, rgb) in [(0.0, before), (0.1, after)] {
            let picture = Picture {
                width: 160,
                height: 90,
                rgb,
            };
            analyzer.push(time_s, &picture).unwrap();
        }
        analyzer.finish()[1]
    }

    #[test]
    fn a_pan_is_camera_motion_to_a_fraction_of_a_pixel() {
        for (dx, dy) in [(0.5_f32, 0.0_f32), (3.0, -1.0), (-6.0, 2.0), (10.0, 0.0)] {
            let moment = moved(&scene(0.0, 0.0, 1.0), &scene(dx, dy, 1.0));
            let pan = moment.pan.map(|p| p * 160.0 * 0.1);
            let off = (pan[0] - dx).hypot(pan[1] - dy);
            assert!(off < 0.15 + 0.05 * dx.abs(), "{pan:?} for {dx} {dy}");
            assert!(
                moment.subject < 0.15 * moment.energy() + 0.01,
                "nothing moves by itself: {moment:?}"
            );
        }
    }

    #[test]
    fn a_zoom_is_camera_motion() {
        let moment = moved(&scene(0.0, 0.0, 1.0), &scene(0.0, 0.0, 1.03));
        assert!((moment.zoom * 0.1 - 0.03).abs() < 0.006, "{moment:?}");
        assert!(moment.pan[0].abs() < 0.02, "{moment:?}");
    }

    #[test]
    fn an_object_that_moves_alone_is_subject_motion() {
        let still = scene(0.0, 0.0, 1.0);
        let (mut before, mut after) = (still.clone(), still);
        for (rgb, at) in [(&mut before, 40), (&mut after, 44)] {
            for y in 30..60 {
                for x in at..at + 40 {
                    let light = if (x - at) / 5 % 2 == (y / 5) % 2 {
                        240
                    } else {
                        10
                    };
                    rgb[(y * 160 + x) * 3..][..3].fill(light);
                }
            }
        }
        let moment = moved(&before, &after);
        assert!(moment.camera() < 0.02, "{moment:?}");
        assert!(moment.subject > 0.01, "{moment:?}");
        assert!(
            moment.directions[0] > 0.7 * moment.energy(),
            "to the right: {moment:?}"
        );
    }

    #[test]
    fn a_cut_is_not_motion() {
        let mut analyzer = MotionAnalyzer::new();
        let scenes = [scene(0.0, 0.0, 1.0), scene(40.0, 17.0, 1.4)];
        for n in 0..8 {
            let picture = Picture {
                width: 160,
                height: 90,
                rgb: &scenes[n / 4],
            };
            analyzer.push(n as f64 * 0.1, &picture).unwrap();
        }
        let moments = analyzer.finish();
        let cleaned = within_shots(&moments, &[0.4]);
        assert!(cleaned.iter().all(|m| m.energy() < 0.01), "{cleaned:?}");
        assert_eq!(cleaned.len(), moments.len());
        assert!(hits(&moments, &impacts(&moments, &[0.4])).is_empty());
    }

    #[test]
    fn a_sudden_stop_is_a_hit() {
        let mut analyzer = MotionAnalyzer::new();
        // The object moves for a second, then rests for a second.
        let place = |t: f32| 24.0 * (t / 2.0).floor() + 24.0 * (t % 2.0).min(1.0);
        for n in 0..72 {
            let t = n as f32 / 12.0;
            let rgb = scene(place(t), 0.0, 1.0);
            let picture = Picture {
                width: 160,
                height: 90,
                rgb: &rgb,
            };
            analyzer.push(f64::from(t), &picture).unwrap();
        }
        let moments = analyzer.finish();
        let found = hits(&moments, &impacts(&moments, &[]));
        let times: Vec<f64> = found.iter().map(|h| h.time_s).collect();
        assert_eq!(times.len(), 3, "{found:?}");
        for (time, stop) in times.iter().zip([1.0, 3.0, 5.0]) {
            assert!((time - stop).abs() < 0.1, "{times:?}");
        }
    }

    #[test]
    fn flat_and_tiny_pictures_have_no_motion() {
        let flat = vec![90; 160 * 90 * 3];
        assert_eq!(moved(&flat, &flat).energy(), 0.0);
        let mut analyzer = MotionAnalyzer::new();
        for (at, (width, height)) in [(1, 1), (1, 1), (8, 200), (40, 30)].into_iter().enumerate() {
            let rgb = vec![7; (width * height * 3) as usize];
            let picture = Picture {
                width,
                height,
                rgb: &rgb,
            };
            analyzer.push(at as f64 * 0.1, &picture).unwrap();
        }
        assert!(analyzer.finish().iter().all(|m| m.energy() == 0.0));
        let broken = Picture {
            width: 4,
            height: 4,
            rgb: &[0; 5],
        };
        assert!(MotionAnalyzer::new().push(0.0, &broken).is_err());
    }
}
