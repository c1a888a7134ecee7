//! Makes a proxy and says how fast: `proxy CLIP OUT-STEM [SHORT-SIDE [ENCODER]]`.

use needledrop_media::{ProxyEncoder, ProxyRequest, playable, probe, proxy};
use std::{path::PathBuf, time::Instant};
use tokio_util::sync::CancellationToken;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [clip, stem, rest @ ..] = arguments.as_slice() else {
        return Err("usage: proxy CLIP OUT-STEM [SHORT-SIDE [ENCODER]]".into());
    };
    let (clip, stem) = (PathBuf::from(clip), PathBuf::from(stem));
    let mut request = ProxyRequest::default();
    if let Some(side) = rest.first() {
        request.short_side_px = side.parse()?;
    }
    if let Some(name) = rest.get(1) {
        let mut all = ProxyEncoder::ALL.into_iter();
        request.encoder = all.find(|e| e.element() == name);
    }
    let started = Instant::now();
    let info = probe(&clip)?;
    let probed_s = started.elapsed().as_secs_f64();
    println!("{info:?}\n{:?}, probed in {probed_s:.2} s", playable(&info));
    let started = Instant::now();
    let report = proxy(
        &clip,
        &stem,
        &request,
        &CancellationToken::new(),
        &mut |_, _| (),
    )?;
    let took_s = started.elapsed().as_secs_f64();
    let times = info.duration_s / took_s;
    println!("{report:?}\n{took_s:.2} s, {times:.1} times real time");
    Ok(())
}
