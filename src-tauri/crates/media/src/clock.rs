//! Whether the clock of a transport or program stream runs through. Such streams have no index; their positions are
//! found by the clock. Where it jumps, only reading from the start gives right times.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

/// Places of the file at which the clock is read.
const PLACES: u64 = 48;
/// Bytes read at each place. A clock reference comes at least every 0.1 s (transport) or 0.7 s (program).
const WINDOW: usize = 256 << 10;
/// Unit of the clock, ticks a second.
const TICKS: f64 = 90_000.0;
/// A stretch may hold this many times the bytes a second of the whole before its clock counts as jumping.
const UNLIKE: f64 = 30.0;
/// Such a jump is at least this long, seconds.
const LEAST_S: f64 = 30.0;

/// A position in the file and the clock there, ticks.
type Reading = (u64, u64);

/// Whether the clock of the transport (`video/mpegts`) or program stream (`video/mpeg`) at `path` jumps.
pub(crate) fn jumps(path: &Path) -> bool {
    let read = File::open(path).and_then(|mut file| readings(&mut file));
    read.is_ok_and(|readings| is_broken(&readings))
}

/// The first and last clock of evenly spaced places.
pub(crate) fn readings(file: &mut (impl Read + Seek)) -> io::Result<Vec<Reading>> {
    let length = file.seek(SeekFrom::End(0))?;
    let last = length.saturating_sub(WINDOW as u64);
    let mut found = Vec::new();
    let mut at = 0;
    for place in 0..PLACES {
        let from = last / (PLACES - 1) * place;
        // Small files are read once, without overlap.
        if place > 0 && from < at {
            continue;
        }
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::with_capacity(WINDOW);
        file.by_ref().take(WINDOW as u64).read_to_end(&mut bytes)?;
        at = from + bytes.len() as u64;
        found.extend(
            clocks(&bytes)
                .into_iter()
                .map(|(offset, clock)| (from + offset, clock)),
        );
    }
    Ok(found)
}

/// Clocks in a piece of either stream, in order.
fn clocks(bytes: &[u8]) -> Vec<(u64, u64)> {
    let transport = transport_clocks(bytes);
    if !transport.is_empty() {
        return transport;
    }
    program_clocks(bytes)
}

/// Program clock references of the first program found (ISO/IEC 13818-1, 2.4.3.5), in packets of 188 or 192 bytes.
fn transport_clocks(bytes: &[u8]) -> Vec<(u64, u64)> {
    let synced = |at: usize, size: usize| {
        (0..5).all(|n| bytes.get(at + n * size).is_none_or(|&b| b == 0x47))
    };
    let aligned =
        |size: usize| (0..size).find(|&at| bytes.get(at) == Some(&0x47) && synced(at, size));
    let found = [188, 192, 204]
        .into_iter()
        .find_map(|size| Some((aligned(size)?, size)));
    let Some((start, size)) = found else {
        return Vec::new();
    };
    let mut clock_of = None;
    let mut found = Vec::new();
    for (number, packet) in bytes
        .get(start..)
        .unwrap_or_default()
        .chunks(size)
        .enumerate()
    {
        let Some(head) = packet.first_chunk::<12>() else {
            break;
        };
        let id = u16::from_be_bytes([head[1] & 0x1F, head[2]]);
        let has_clock =
            head[0] == 0x47 && head[3] & 0x20 != 0 && head[4] >= 7 && head[5] & 0x10 != 0;
        if !has_clock || *clock_of.get_or_insert(id) != id {
            continue;
        }
        let high = u32::from_be_bytes([head[6], head[7], head[8], head[9]]);
        let clock = u64::from(high) << 1 | u64::from(head[10] >> 7);
        found.push(((start + number * size) as u64, clock));
    }
    found
}

/// System clock references of pack headers (ISO/IEC 13818-1, 2.5.3.4, and ISO/IEC 11172-1, 2.4.3.2).
fn program_clocks(bytes: &[u8]) -> Vec<(u64, u64)> {
    let headers = bytes
        .windows(10)
        .enumerate()
        .filter(|(_, w)| w.starts_with(&[0, 0, 1, 0xBA]));
    headers
        .filter_map(|(at, window)| {
            let b = window.get(4..9)?.first_chunk::<5>()?.map(u64::from);
            let clock = match b[0] >> 4 {
                2 => (b[0] >> 1 & 7) << 30 | b[1] << 22 | (b[2] >> 1) << 15 | b[3] << 7 | b[4] >> 1,
                _ if b[0] >> 6 == 1 => {
                    (b[0] >> 3 & 7) << 30
                        | (b[0] & 3) << 28
                        | b[1] << 20
                        | (b[2] >> 3) << 15
                        | (b[2] & 3) << 13
                        | b[3] << 5
                        | b[4] >> 3
                }
                _ => return None,
            };
            Some((at as u64, clock))
        })
        .collect()
}

/// Whether the clock goes back, or ahead by far more than the bytes in between explain. Pure.
pub(crate) fn is_broken(readings: &[Reading]) -> bool {
    let steps = readings
        .iter()
        .zip(readings.iter().skip(1))
        .map(|(one, other)| {
            let ((from, before), (to, after)) = (*one, *other);
            let passed_s = (after as f64 - before as f64) / TICKS;
            (to.saturating_sub(from) as f64, passed_s)
        });
    if steps.clone().any(|(_, passed_s)| passed_s < 0.0) {
        return true;
    }
    let mut slowness: Vec<f64> = steps
        .clone()
        .filter(|(bytes, passed_s)| *bytes > 0.0 && *passed_s > 0.0)
        .map(|(bytes, passed_s)| passed_s / bytes)
        .collect();
    slowness.sort_by(f64::total_cmp);
    let Some(usual) = slowness.get(slowness.len() / 2).copied() else {
        return false;
    };
    steps
        .clone()
        .any(|(bytes, passed_s)| passed_s > LEAST_S.max(UNLIKE * usual * bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(at: u64) -> Reading {
        (at * 100_000, at * 90_000 + 45_000)
    }

    #[test]
    fn a_clock_that_runs_through_is_whole_and_one_that_jumps_is_not() {
        let through: Vec<Reading> = (0..600).map(second).collect();
        assert!(!is_broken(&through));
        let joined = (0..300)
            .map(second)
            .chain((0..300).map(|n| (second(300 + n).0, second(n).1)));
        assert!(is_broken(&joined.collect::<Vec<_>>()), "two parts");
        let wraps = (0..300)
            .map(second)
            .chain((300..600).map(|n| (second(n).0, second(n - 300).1)));
        assert!(is_broken(&wraps.collect::<Vec<_>>()), "26.5 h");
        let later = through.iter().map(|&(at, clock)| match at > 30_000_000 {
            true => (at, clock + 90_000 * 3_600),
            false => (at, clock),
        });
        assert!(is_broken(&later.collect::<Vec<_>>()), "an hour's pause");
        assert!(!is_broken(&[]) && !is_broken(&[(0, 5)]));
    }
}
