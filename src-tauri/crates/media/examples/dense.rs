//! Reads a clip's dense pass and prints what it cost.
//!
//! `dense CLIP [IN-OUT]`

use std::{ops::ControlFlow, path::Path, time::Instant};
use tokio_util::sync::CancellationToken;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let clip = Path::new(args.first().ok_or("which clip?")?);
    let range_s = args.get(1).and_then(|a| {
        let (from, to) = a.split_once('-')?;
        Some((from.parse().ok()?, to.parse().ok()?))
    });
    let started = Instant::now();
    let mut size = (0, 0);
    let report = needledrop_media::dense(clip, range_s, &CancellationToken::new(), &mut |frame| {
        size = (frame.width, frame.height);
        ControlFlow::Continue(())
    })?;
    println!(
        "{report:?} {size:?} {:.2} s",
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
