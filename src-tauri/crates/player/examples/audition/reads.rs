//! What a hop to a track that is not decoded costs: opening the file, seeking in it and decoding the first
//! chunk; and how fast jobs of the read-ahead threads are.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use needledrop_player::Recording;
use tokio_util::sync::CancellationToken;

use crate::cold::File;
use crate::measure::print;

/// Samples of a chunk of the decode cache, both channels.
const CHUNK_SAMPLES: usize = 2 * 4096;
/// Places in each file, seconds.
const PLACES_S: std::ops::Range<u32> = 5..290;
/// Middle of the files, seconds.
const HALF_S: u32 = 150;
/// Length of a job, seconds.
const JOB_S: f64 = 8.0;

/// Reads at nineteen places of each file; results by file name extension.
pub fn reads(files: &[String]) {
    let mut first: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut jobs: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for file in files {
        let extension = Path::new(file).extension().unwrap_or_default();
        let extension = extension.to_string_lossy();
        for at_s in PLACES_S.step_by(15) {
            let half = if at_s < HALF_S { "first" } else { "second" };
            let range_s = (f64::from(at_s), f64::from(at_s) + JOB_S);
            let chunk_s = read(file, range_s, CHUNK_SAMPLES);
            let job_s = read(file, range_s, usize::MAX);
            let half = first.entry(format!("{extension}, {half} half"));
            half.or_default().push(1000.0 * chunk_s);
            let jobs = jobs.entry(extension.clone().into_owned());
            jobs.or_default().push(100.0 * job_s / JOB_S);
        }
    }
    for (part, values) in &mut first {
        print(
            &format!("{part}, first 85 ms in memory after"),
            "ms",
            values,
        );
    }
    for (extension, values) in &mut jobs {
        let what = format!("{extension}, jobs of {JOB_S} s, processor at playing speed");
        print(&what, "% of a core", values);
    }
}

/// Seconds until `most` samples are read, or the range.
fn read(file: &str, range_s: (f64, f64), most: usize) -> f64 {
    let (start, mut samples) = (Instant::now(), 0);
    let read = File(file.into()).read(range_s, &CancellationToken::new(), &mut |block| {
        samples += block.len();
        if samples >= most {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    });
    read.expect("a readable file");
    start.elapsed().as_secs_f64()
}
