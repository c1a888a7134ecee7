//! Answers conversions for `scripts/check-timecode`, one line for each line of standard input.
//!
//! Input: `num den frame to_num to_den`. Output, separated by blanks: the start of the frame in
//! seconds, the exact frame at the other rate, the nearest whole one, the label, the frame read
//! back from the label, and the same two for drop frame (`-` where the rate has none).

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use needledrop_timebase::{FrameRate, Frames, Timecode};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        writeln!(out, "{}", answer(&line?)?)?;
    }
    Ok(())
}

fn answer(line: &str) -> Result<String, Box<dyn Error>> {
    let numbers: Vec<i64> = line
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let [num, den, frame, to_num, to_den] = numbers[..] else {
        return Err(format!("expected five numbers, got \"{line}\"").into());
    };
    let rate = FrameRate::new(num.try_into()?, den.try_into()?)?;
    let to = FrameRate::new(to_num.try_into()?, to_den.try_into()?)?;
    let frame = Frames(frame);
    let start = rate.start(frame);
    let rescaled = (start.num() * i128::from(to.num())) as f64
        / (i128::from(start.den()) * i128::from(to.den())) as f64;
    let labels = [false, true].map(|drop_frame| label(frame, rate, drop_frame));
    Ok(format!(
        "{:?} {rescaled:?} {} {} {}",
        start.to_f64(),
        rate.rescale(frame, to),
        labels[0],
        labels[1]
    ))
}

fn label(frame: Frames, rate: FrameRate, drop_frame: bool) -> String {
    let label = Timecode::new(frame, rate, drop_frame).map(|timecode| timecode.to_string());
    let read = label
        .as_ref()
        .ok()
        .and_then(|text| Timecode::parse(text, rate).ok());
    match (label, read) {
        (Ok(label), Some(read)) => format!("{label} {}", read.frames()),
        _ => "- -".to_owned(),
    }
}
