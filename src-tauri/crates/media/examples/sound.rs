//! Reads a clip's sound and prints what came.
//!
//! `sound CLIP [IN-OUT]`

use std::{ops::ControlFlow, path::Path, time::Instant};
use tokio_util::sync::CancellationToken;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let clip = Path::new(args.first().ok_or("which clip?")?);
    let info = needledrop_media::probe(clip)?;
    let range_s = args.get(1).and_then(|a| {
        let (from, to) = a.split_once('-')?;
        Some((from.parse().ok()?, to.parse().ok()?))
    });
    let range_s = range_s.unwrap_or((0.0, info.duration_s));
    let started = Instant::now();
    let (mut samples, mut squares) = (0, 0.0);
    let report = needledrop_media::sound(
        clip,
        0,
        info.origin_s,
        range_s,
        &CancellationToken::new(),
        &mut |block| {
            samples += block.len();
            squares += block.iter().map(|x| f64::from(x * x)).sum::<f64>();
            ControlFlow::Continue(())
        },
    )?;
    let rms = (squares / samples.max(1) as f64).sqrt();
    println!(
        "{report:?} {samples} samples, rms {rms:.4}, {:.2} s",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
