//! Samples a clip and prints what it cost.
//!
//! `strip CLIP [exact|fast] [native|short:N|square] [IN-OUT]`; `strip CLIP probe`

use needledrop_media::{FrameSize, Sampling, StripRequest, frame_strip, probe};
use std::{ops::ControlFlow, path::Path, time::Instant};
use tokio_util::sync::CancellationToken;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let clip = Path::new(args.first().ok_or("which clip?")?);
    let has = |word: &str| args.iter().any(|a| a == word);
    let started = Instant::now();
    needledrop_media::init()?;
    let init_s = started.elapsed().as_secs_f64();
    if has("probe") {
        println!("{:#?}", probe(clip)?);
        println!(
            "init {init_s:.3} s, all {:.3} s",
            started.elapsed().as_secs_f64()
        );
        return Ok(());
    }
    let short = args
        .iter()
        .find_map(|a| a.strip_prefix("short:"))
        .map(str::parse)
        .transpose()?;
    let size = match short {
        Some(side) => FrameSize::ShortSide(side),
        None if has("native") => FrameSize::Native,
        None => FrameSize::Stretch(384, 384),
    };
    let range_s = args.iter().skip(1).find_map(|a| {
        let (from, to) = a.split_once('-')?;
        Some((from.parse().ok()?, to.parse().ok()?))
    });
    let sampling = if has("fast") {
        Sampling::Fast
    } else {
        Sampling::Exact
    };
    let request = StripRequest {
        range_s,
        sampling,
        size,
        most: needledrop_media::MAX_FRAMES,
    };
    let mut first_s = None;
    let report = frame_strip(clip, &request, &CancellationToken::new(), &mut |frame| {
        first_s.get_or_insert(started.elapsed().as_secs_f64());
        if has("list") {
            let sum: u64 = frame.rgb.iter().map(|v| u64::from(*v)).sum();
            let mean = sum as f64 / frame.rgb.len() as f64;
            println!(
                "{:8.3} {}x{} mean {mean:.1} for {:?}",
                frame.time_s, frame.width, frame.height, frame.times_s
            );
        }
        ControlFlow::Continue(())
    })?;
    println!(
        "{report:?} init {init_s:.3} s, first frame {:.3} s, all {:.3} s",
        first_s.unwrap_or(0.0),
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
