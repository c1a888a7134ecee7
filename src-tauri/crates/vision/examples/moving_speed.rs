//! What watching small pictures costs, each part alone: `moving_speed`.

use std::time::Instant;

use needledrop_vision::{MotionAnalyzer, Picture, PictureAnalyzer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Clouds that drift and change every three seconds.
    let frames: Vec<Vec<u8>> = (0..360)
        .map(|n| {
            let (shift, shot) = (n as f32 * 0.7, (n / 75) as f32);
            (0..90 * 160)
                .flat_map(|at| {
                    let (x, y) = ((at % 160) as f32 + shift, (at / 160) as f32);
                    let light = (x * (0.2 + 0.05 * shot)).sin() + (y * 0.3 + shot).cos();
                    let fine = ((x * 1.7).sin() * (y * 1.3).cos()) * 20.0;
                    [
                        light * 50.0 + 128.0 + fine,
                        light * 40.0 + 120.0,
                        90.0 + shot * 20.0,
                    ]
                })
                .map(|v| v as u8)
                .collect()
        })
        .collect();
    let time = |name: &str, watch: &mut dyn FnMut(f64, &Picture<'_>)| {
        let started = Instant::now();
        for (n, rgb) in frames.iter().enumerate() {
            let picture = Picture {
                width: 160,
                height: 90,
                rgb,
            };
            watch(n as f64 / 25.0, &picture);
        }
        let ms = started.elapsed().as_secs_f64() * 1000.0 / frames.len() as f64;
        println!("{name}: {ms:.3} ms a picture");
    };
    let mut motion = MotionAnalyzer::new();
    time("motion", &mut |t, p| {
        motion.push(t, p).expect("a sound picture")
    });
    let mut moving = PictureAnalyzer::new();
    time("all", &mut |t, p| {
        moving.push(t, p).expect("a sound picture")
    });
    Ok(())
}
