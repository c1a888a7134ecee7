//! Jump cuts and zooms on synthetic clips.

use super::tests::{HIGH, WIDE, cuts, scene};

/// The scene as a camera sees it that is `zoom` times closer, its middle moved by `x` pixels.
fn framed(picture: &[f32], zoom: f32, x: f32) -> Vec<f32> {
    let (wide, high) = (WIDE as usize, HIGH as usize);
    let mut out = Vec::with_capacity(picture.len());
    for row in 0..high {
        for column in 0..wide {
            let place = |at: usize, cells: usize, by: f32| {
                let middle = (cells - 1) as f32 / 2.0;
                ((at as f32 - middle) / zoom + middle + by).clamp(0.0, cells as f32 - 1.001)
            };
            let (u, v) = (place(column, wide, x), place(row, high, 0.0));
            let (fu, fv) = (u.fract(), v.fract());
            let at = |dx: usize, dy: usize, c: usize| {
                picture[((v as usize + dy) * wide + u as usize + dx) * 3 + c]
            };
            out.extend((0..3).map(|c| {
                let above = at(0, 0, c) + fu * (at(1, 0, c) - at(0, 0, c));
                let below = at(0, 1, c) + fu * (at(1, 1, c) - at(0, 1, c));
                above + fv * (below - above)
            }));
        }
    }
    out
}

#[test]
fn jump_cuts_of_10_to_25_percent_are_found() {
    for (zoom, x) in [(1.1, 0.0), (1.25, 4.0), (1.15, -6.0)] {
        for mirrored in [false, true] {
            let frames = (0..75).map(|k| {
                let near = if (25..50).contains(&k) { zoom } else { 1.0 };
                let moved = if near > 1.0 { x } else { 0.0 };
                let mut frame = framed(&scene(3, k as f32 * 0.2), near, moved);
                if mirrored {
                    frame.chunks_mut(WIDE as usize * 3).for_each(|row| {
                        let pixels = row.as_chunks_mut::<3>().0;
                        pixels.reverse();
                    });
                }
                frame
            });
            let times: Vec<f64> = cuts(frames).iter().map(|c| c.time_s).collect();
            assert_eq!(
                times,
                [1.0, 2.0],
                "{zoom} and {x} pixels, mirrored: {mirrored}"
            );
        }
    }
}

#[test]
fn zooms_however_fast_are_not_cuts() {
    for (zoom, frames) in [(1.1, 3), (1.18, 4), (1.25, 6), (1.4, 12)] {
        let closer = |k: i32| {
            let part = ((k - 30) as f32 / frames as f32).clamp(0.0, 1.0);
            f32::powf(zoom, part * part * (3.0 - 2.0 * part))
        };
        let found = cuts((0..70).map(|k| framed(&scene(3, k as f32 * 0.2), closer(k), 0.0)));
        assert!(found.is_empty(), "{zoom} in {frames} frames, got {found:?}");
    }
}
