//! Measures the search on vectors from a file, one thread, and prints one JSON line a result.
//!
//! `measure_search DIR DIM K [--scan-only] [--reuse]` reads `DIR/vectors.f32`, `DIR/queries.f32` and `DIR/exact.u32` (the K nearest
//! of each query), little-endian rows. `benches/search/run` makes these files, and runs the peers on them too.

use std::path::Path;
use std::time::Instant;

use needledrop_catalog::search::{Index, SearchOptions, Way};
use tokio_util::sync::CancellationToken;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn floats(path: &Path, dim: usize) -> Outcome<impl Iterator<Item = Vec<f32>> + use<>> {
    use std::io::Read;
    let mut file = std::io::BufReader::with_capacity(1 << 20, std::fs::File::open(path)?);
    let mut row = vec![0; dim * 4];
    Ok(std::iter::from_fn(move || {
        file.read_exact(&mut row).ok()?;
        Some(
            row.as_chunks::<4>()
                .0
                .iter()
                .map(|x| f32::from_le_bytes(*x))
                .collect(),
        )
    }))
}

/// Memory of the process in MB: now and at its height, of which the mapped files' part.
fn memory_mb() -> Outcome<(u64, u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let field = |name: &str| -> u64 {
        status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
            .map_or(0, |kb| kb / 1024)
    };
    Ok((field("VmRSS:"), field("VmHWM:"), field("RssFile:")))
}

struct Case<'a> {
    index: &'a Index,
    queries: &'a [Vec<f32>],
    exact: &'a [u32],
    k: usize,
}

impl Case<'_> {
    /// Mean recall of the first queries.
    fn recall(&self, options: SearchOptions, most: usize) -> Outcome<f64> {
        let count = self.queries.len().min(most);
        let mut hits = 0;
        for (query, exact) in self
            .queries
            .iter()
            .zip(self.exact.chunks_exact(self.k))
            .take(count)
        {
            let found = self.index.search(query, self.k, options)?;
            hits += found
                .iter()
                .filter(|hit| exact.contains(&(hit.row as u32 - 1)))
                .count();
        }
        Ok(hits as f64 / (count * self.k) as f64)
    }

    fn report(&self, what: &str, options: SearchOptions) -> Outcome<()> {
        let recall = self.recall(options, usize::MAX)?;
        let mut best = [f64::INFINITY; 3];
        // The better of three rounds: the machine may be busy, and the peers are measured the same way.
        for _ in 0..3 {
            let mut times: Vec<f64> = Vec::with_capacity(self.queries.len());
            for query in self.queries {
                let start = Instant::now();
                std::hint::black_box(self.index.search(query, self.k, options)?);
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
            times.sort_unstable_by(f64::total_cmp);
            let at = |part: f64| times[((times.len() - 1) as f64 * part).round() as usize];
            for (best, part) in best.iter_mut().zip([0.5, 0.95, 0.99]) {
                *best = best.min(at(part));
            }
        }
        let [p50, p95, p99] = best;
        let rows = options.rows.map_or("null".into(), |rows| rows.to_string());
        println!(
            r#"{{"what":"{what}","rows":{rows},"recall":{recall:.5},"p50_ms":{p50:.4},"p95_ms":{p95:.4},"p99_ms":{p99:.4}}}"#
        );
        Ok(())
    }
}

/// Writes the index files and prints what that takes.
fn build(data: &Path, cache: &Path, dim: usize, cells: bool) -> Outcome<()> {
    if cache.exists() {
        std::fs::remove_dir_all(cache)?;
    }
    let vectors = || floats(&data.join("vectors.f32"), dim);
    let never = CancellationToken::new();
    let mut seconds = [0.0; 2];
    let choices: &[bool] = if cells { &[false, true] } else { &[false] };
    for (seconds, &with_cells) in seconds.iter_mut().zip(choices) {
        let start = Instant::now();
        drop(Index::build(
            cache,
            dim,
            (1..).zip(vectors()?),
            with_cells,
            &never,
            &|_| {},
        )?);
        *seconds = start.elapsed().as_secs_f64();
    }
    let [rows_s, all_s] = seconds;
    let (_, peak_mb, _) = memory_mb()?;
    println!(
        r#"{{"what":"build","rows_s":{rows_s:.2},"all_s":{all_s:.2},"cpu_s":{:.1},"peak_mb":{peak_mb}}}"#,
        cpu_s()?
    );
    Ok(())
}

/// Processor seconds of the process.
fn cpu_s() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |at: usize| -> f64 { fields.get(at).and_then(|x| x.parse().ok()).unwrap_or(0.0) };
    // User and system time, a hundred ticks a second.
    Ok((ticks(11) + ticks(12)) / 100.0)
}

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, dim, k, rest @ ..] = &arguments[..] else {
        return Err("usage: measure_search DIR DIM K [--scan-only] [--reuse]".into());
    };
    let (dir, dim, k) = (Path::new(dir), dim.parse::<usize>()?, k.parse::<usize>()?);
    let cache = dir.join("needledrop-index");
    if !rest.iter().any(|flag| flag == "--reuse") {
        build(
            dir,
            &cache,
            dim,
            !rest.iter().any(|flag| flag == "--scan-only"),
        )?;
        // What building took is no part of what searching takes.
        let searching = std::process::Command::new(std::env::current_exe()?)
            .args([&arguments[..], &["--reuse".to_owned()]].concat())
            .status()?;
        std::process::exit(searching.code().unwrap_or(1));
    }

    let start = Instant::now();
    let index = Index::open(&cache, needledrop_catalog::search::Simd::detect())?;
    let load_ms = start.elapsed().as_secs_f64() * 1e3;
    let queries: Vec<Vec<f32>> = floats(&dir.join("queries.f32"), dim)?.collect();
    let exact: Vec<u32> = std::fs::read(dir.join("exact.u32"))?
        .as_chunks::<4>()
        .0
        .iter()
        .map(|x| u32::from_le_bytes(*x))
        .collect();
    let case = Case {
        index: &index,
        queries: &queries,
        exact: &exact,
        k,
    };
    if index.has_cells() {
        let probe = |rows| SearchOptions {
            way: Some(Way::Probe),
            rows,
        };
        case.report("probe, as built", probe(index.probed_rows()))?;
        let (now_mb, peak_mb, file_mb) = memory_mb()?;
        println!(
            r#"{{"what":"cells","count":{},"rss_mb":{now_mb},"peak_mb":{peak_mb},"mapped_mb":{file_mb}}}"#,
            index.cell_count()
        );
        let step = (index.len() / 100).max(1);
        for rows in (1..=100).map(|part| part * step) {
            if case.recall(probe(Some(rows)), 300)? >= 0.99 {
                case.report("probe", probe(Some(rows)))?;
                break;
            }
        }
    }
    let scan = SearchOptions {
        way: Some(Way::Scan),
        rows: None,
    };
    case.report("scan", scan)?;
    case.report("chosen by itself", SearchOptions::default())?;
    for part in [2, 10, 100] {
        let rows: Vec<i64> = (1..=index.len() as i64).step_by(part).collect();
        for way in [Some(Way::Scan), Some(Way::Probe), None] {
            if way == Some(Way::Probe) && !index.has_cells() {
                continue;
            }
            let options = SearchOptions { way, rows: None };
            let mut times: Vec<f64> = Vec::new();
            for query in queries.iter().take(100) {
                let start = Instant::now();
                std::hint::black_box(index.search_rows(query, k, &rows, options)?);
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
            times.sort_unstable_by(f64::total_cmp);
            let way = way.map_or("chosen".to_owned(), |way| format!("{way:?}"));
            println!(
                r#"{{"what":"filtered {way}","one_in":{part},"p50_ms":{:.4}}}"#,
                times[times.len() / 2]
            );
        }
    }
    let (now_mb, peak_mb, file_mb) = memory_mb()?;
    println!(
        r#"{{"what":"load","ms":{load_ms:.1},"simd":"{:?}","rss_mb":{now_mb},"peak_mb":{peak_mb},"mapped_mb":{file_mb}}}"#,
        index.simd()
    );
    Ok(())
}
