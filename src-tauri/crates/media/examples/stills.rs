//! Pictures of a whole clip and how soon they are there: `stills CLIP COUNT HEIGHT`.

use needledrop_media::{StillsRequest, jpeg, stills};
use std::{ops::ControlFlow, path::Path, time::Instant};
use tokio_util::sync::CancellationToken;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [clip, count, height] = arguments.as_slice() else {
        return Err("usage: stills CLIP COUNT HEIGHT".into());
    };
    let request = StillsRequest {
        range_s: None,
        count: count.parse()?,
        height_px: height.parse()?,
    };
    let started = Instant::now();
    let mut seen = std::collections::BTreeMap::new();
    let (mut all_ms, mut bytes, mut furthest_s) = (0.0, 0, 0.0_f64);
    let cancel = CancellationToken::new();
    let report = stills(Path::new(clip), &request, &cancel, &mut |index, frame| {
        let at_ms = started.elapsed().as_secs_f64() * 1000.0;
        bytes += jpeg(&frame, 75).map_or(0, |jpeg| jpeg.len());
        let before = seen.len();
        seen.insert(index, (frame.time_s - frame.times_s[0]).abs());
        if seen.len() > before {
            all_ms = at_ms;
        }
        ControlFlow::Continue(())
    })?;
    for off in seen.values() {
        furthest_s = furthest_s.max(*off);
    }
    let ended_ms = started.elapsed().as_secs_f64() * 1000.0;
    println!(
        "{report:?}: all there after {all_ms:.0} ms, done after {ended_ms:.0} ms, \
         {bytes} bytes, at most {furthest_s:.2} s off"
    );
    Ok(())
}
