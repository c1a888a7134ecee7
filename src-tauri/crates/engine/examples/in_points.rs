//! Measures how often the ranking finds the track that an edit was cut to, and its start in the track.
//!
//! Takes a track of a catalog and one of its bars, invents an edit that is cut to it, and ranks the whole catalog with
//! the default weights. The picture is a random direction of the catalog's space, and the brief has no tempo, tags or
//! key, so only the in-points separate the tracks.
//!
//! ```sh
//! cargo run --release -p needledrop-engine --example in_points -- CATALOG… [--seeds 5] [--edits 100] [--arc] [--normal] [--truth FILE]
//! ```
//!
//! Cuts cannot separate tracks of exactly the same tempo, and a catalog has many at 120 BPM. The column "possible" is the
//! share of edits that fewer than five other tracks fit at least as well: the limit of a ranking without pictures. With
//! `--arc` the edit also follows the energy of its track, with noise as strong as the energy. With `--normal` the cosines
//! are normally distributed, which is wider than for any picture (the nearest of 197 tracks lies 2.7 spreads from the
//! centre; for pictures it is 2.0, for random directions 1.8). With `--truth FILE` the edits are cut to annotated beats:
//! lines of `{"path", "beats_s", "downbeats_s"}` with the path of a file of the catalog.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use needledrop_catalog::{Catalog, Filter, TrackDetails};
use needledrop_ranking::{
    Brief, Candidate, Curve, Cut, Edit, Form, Hit, InPoint, Section, Timing, Track, Weights, rank,
};

const FRAME_S: f64 = 0.04;
/// Log odds per spread of cosine: `[projector] choices` of the embedded pack.
const VISUAL_SLOPE: f32 = 0.5;
/// In-point of the invented ranges, seconds of their clips.
const FROM_S: f64 = 10.0;

#[derive(Clone, Copy, Default)]
struct Options {
    /// The edit follows the energy of its track.
    arc: bool,
    /// Cosines are normally distributed.
    normal: bool,
}

struct Music {
    id: String,
    duration_s: f64,
    details: TrackDetails,
    form: Form,
    sections: Vec<Section>,
    /// Vector minus the mean of the catalog.
    vector: Vec<f32>,
    path: PathBuf,
    /// Beats and first beats of bars that edits are cut to.
    beats_s: Vec<f64>,
    bars_s: Vec<f64>,
}

impl Music {
    fn meet(&self, timing: &Timing) -> InPoint {
        let track = Track {
            duration_s: self.duration_s,
            beats: self.details.beats.as_ref(),
            curves: &self.details.curves,
            form: &self.form,
            sections: &self.sections,
            section_fit: &[],
        };
        timing.in_point(&track)
    }

    /// Energy in each second from `offset_s` on, with noise of the same strength.
    fn arc(&self, offset_s: f64, length_s: f64, random: &mut Random) -> Curve {
        let second = |i: usize| offset_s + i as f64;
        let energy = &self.details.curves.energy;
        let values = (0..length_s as usize).map(|i| energy.mean(second(i), second(i) + 1.0));
        let values: Vec<f64> = values.collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
        let noise = variance.sqrt();
        Curve::new(
            1.0,
            values.iter().map(|v| (v + noise * random.normal()) as f32),
        )
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut dirs, mut seeds, mut edits) = (Vec::new(), 5, 100);
    let mut options = Options::default();
    let mut truth = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().ok_or("expected a number");
        match arg.as_str() {
            "--seeds" => seeds = number()?.parse()?,
            "--edits" => edits = number()?.parse()?,
            "--arc" => options.arc = true,
            "--normal" => options.normal = true,
            "--truth" => truth = Some(args.next().ok_or("expected a file")?),
            _ => dirs.push(arg),
        }
    }
    if dirs.is_empty() {
        return Err(
            "usage: in_points CATALOG… [--seeds 5] [--edits 100] [--arc] [--normal] [--truth FILE]"
                .into(),
        );
    }
    let mut music: Vec<Music> = Vec::new();
    for dir in &dirs {
        for track in open(Path::new(dir))? {
            if music.iter().all(|known| known.id != track.id) {
                music.push(track);
            }
        }
    }
    if let Some(path) = truth {
        know(&mut music, &std::fs::read_to_string(path)?)?;
    }
    let with_beats = music.iter().filter(|m| m.details.beats.is_some()).count();
    println!("{} tracks, {with_beats} with beats", music.len());
    println!(
        "seed | top 1 | top 5 | possible | top 30 | start of the top 5 on a bar line | modulo a \
         bar | score | of others | in-points ms"
    );
    for seed in 1..=seeds {
        println!("{seed:4} | {}", round(&music, seed, edits, options)?);
    }
    let (ms, high) = busy(&music);
    println!("60 random cuts, 200 hits, an arc: {ms:.1} ms for all, {high:.4} score above 0.9");
    Ok(())
}

/// In-points of all tracks for 20 random edits with many cuts: the median time in milliseconds, and the share of scores
/// above 0.9.
fn busy(music: &[Music]) -> (f64, f64) {
    let mut random = Random(7);
    let (mut times_ms, mut scores) = (Vec::new(), Vec::new());
    for _ in 0..20 {
        let mut moments =
            |count: usize| -> Vec<f64> { (0..count).map(|_| 60.0 * random.share()).collect() };
        let hit = |time_s: f64| Hit {
            time_s,
            strength: (time_s % 1.0) as f32,
        };
        let edit = Edit {
            range_s: (0.0, 60.0),
            cuts: moments(60).into_iter().map(cut).collect(),
            hits: moments(200).into_iter().map(hit).collect(),
            arc: Curve::new(2.0, (0..120_u8).map(|i| f32::from(i % 40) / 40.0)),
            ..Edit::default()
        };
        let started = Instant::now();
        let timing = Timing::of(&edit);
        scores.extend(music.iter().map(|m| m.meet(&timing).score));
        times_ms.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    times_ms.sort_by(f64::total_cmp);
    let high = scores.iter().filter(|s| **s > 0.9).count();
    (times_ms[10], high as f64 / scores.len() as f64)
}

fn cut(time_s: f64) -> Cut {
    Cut {
        time_s,
        span_s: (time_s, time_s),
        score: 0.9,
        ..Cut::default()
    }
}

fn open(dir: &Path) -> Result<Vec<Music>, Box<dyn Error>> {
    let catalog = Catalog::open(dir)?;
    let everything = Filter {
        include_missing: true,
        ..Filter::default()
    };
    let mut music = Vec::new();
    for track in catalog.tracks_without_tags(&everything)? {
        let details = catalog.details(&track.id)?;
        let beats = details.beats.as_ref();
        music.push(Music {
            duration_s: track.facts.duration_s,
            beats_s: beats.map_or_else(Vec::new, |b| b.times_s.clone()),
            bars_s: beats.map_or_else(Vec::new, |b| b.downbeats_s().collect()),
            details,
            path: track.path,
            form: track.facts.form,
            sections: catalog.sections(&track.id)?,
            vector: catalog.vector(&track.id)?,
            id: track.id,
        });
    }
    let n = music.len() as f32;
    for i in 0..catalog.dim() {
        let mean = music.iter().map(|m: &Music| m.vector[i]).sum::<f32>() / n;
        music.iter_mut().for_each(|m| m.vector[i] -= mean);
    }
    Ok(music)
}

/// Reads annotated beats; tracks without annotation get no edits.
fn know(music: &mut [Music], text: &str) -> Result<(), Box<dyn Error>> {
    let mut known: BTreeMap<PathBuf, [Vec<f64>; 2]> = BTreeMap::new();
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let times = |name: &str| serde_json::from_value(line[name].clone());
        let path = line["path"].as_str().ok_or("expected a path")?;
        known.insert(path.into(), [times("beats_s")?, times("downbeats_s")?]);
    }
    for track in music {
        [track.beats_s, track.bars_s] = known.remove(&track.path).unwrap_or_default();
    }
    Ok(())
}

/// Cosines between the tracks and a random picture, up to a factor.
fn cosines(music: &[Music], normal: bool, random: &mut Random) -> Vec<f32> {
    if normal {
        return music.iter().map(|_| random.normal() as f32).collect();
    }
    let mut query = vec![0.0_f32; music[0].vector.len()];
    for track in music {
        let share = random.normal() as f32;
        for (sum, value) in query.iter_mut().zip(&track.vector) {
            *sum += share * value;
        }
    }
    let dot = |m: &Music| m.vector.iter().zip(&query).map(|(a, b)| a * b).sum();
    music.iter().map(dot).collect()
}

/// Ranks the catalog for a number of edits, and prints the results.
fn round(
    music: &[Music],
    seed: u64,
    edits: usize,
    options: Options,
) -> Result<String, Box<dyn Error>> {
    let mut random = Random(seed);
    let (mut ranks, mut on_bar, mut in_place, mut possible) = (Vec::new(), 0, 0, 0);
    let (mut of_true, mut of_others) = (0.0, 0.0);
    let mut spent = Duration::ZERO;
    while ranks.len() < edits {
        let at = random.below(music.len());
        let bars = &music[at].bars_s;
        let length_s = 30.0 + 30.0 * random.share();
        let room = bars.partition_point(|s| *s + length_s <= music[at].duration_s);
        if room.min(bars.len().saturating_sub(1)) == 0 {
            continue;
        }
        let bar = random.below(room.min(bars.len() - 1));
        let mut edit = edit(&music[at], bar, length_s, &mut random);
        if options.arc {
            edit.arc = music[at].arc(bars[bar], length_s, &mut random);
        }
        let started = Instant::now();
        let timing = Timing::of(&edit);
        let found: Vec<InPoint> = music.iter().map(|m| m.meet(&timing)).collect();
        spent += started.elapsed();
        let cosines = cosines(music, options.normal, &mut random);
        let candidates: Vec<Candidate> = music
            .iter()
            .zip(&found)
            .zip(cosines)
            .map(|((music, found), cosine)| Candidate {
                cosine: Some(cosine),
                ..Candidate::new(&music.id).begun_at(found)
            })
            .collect();
        let brief = Brief {
            visual_slope: VISUAL_SLOPE,
            ..Brief::default()
        };
        let rows = rank(&brief, &candidates, &Weights::default(), music.len());
        let row = rows.iter().find(|row| row.candidate.id == music[at].id);
        let rank = row.ok_or("the true track is not listed")?.rank;
        if rank <= 5 {
            let start_s = found[at].start_s;
            let nearest = bars.iter().map(|s| (s - start_s).abs());
            on_bar += usize::from(nearest.fold(f64::MAX, f64::min) <= 0.05);
            let bar_s = bars[bar + 1] - bars[bar];
            let off = (start_s - bars[bar]) / bar_s;
            in_place += usize::from((off - off.round()).abs() * bar_s <= 0.05);
        }
        of_true += f64::from(found[at].score);
        let mut others: Vec<f32> = found.iter().map(|f| f.score).collect();
        others.sort_by(f32::total_cmp);
        let as_good = others.iter().filter(|s| **s >= found[at].score).count();
        possible += u32::from(as_good <= 5);
        of_others += f64::from(others[others.len() / 2]);
        ranks.push(rank);
    }
    let n = ranks.len() as f64;
    let within = |top: usize| ranks.iter().filter(|r| **r <= top).count() as f64;
    let share = |count: usize| 100.0 * count as f64 / within(5).max(1.0);
    let percent = |count: f64| 100.0 * count / n;
    Ok(format!(
        "{:4.0} % | {:4.0} % | {:4.0} % | {:4.0} % | {:5.1} % | {:5.1} % | {:.2} | {:.2} | {:.1}",
        percent(within(1)),
        percent(within(5)),
        percent(f64::from(possible)),
        percent(within(30)),
        share(on_bar),
        share(in_place),
        of_true / n,
        of_others / n,
        spent.as_secs_f64() * 1000.0 / n
    ))
}

/// An edit cut to a track from one of its bars on. It has a cut every one to four bars, rounded to a frame; one of five
/// is on another beat, one of ten is missing, and one of ten is random. It has one hit per second, every other one on a
/// beat.
fn edit(music: &Music, bar: usize, length_s: f64, random: &mut Random) -> Edit {
    let (bars, times) = (&music.bars_s, &music.beats_s);
    let offset_s = bars[bar];
    let inside = |s: f64| s > 0.0 && s < length_s;
    let frames = |s: f64, random: &mut Random| {
        let jitter = random.below(3) as f64 - 1.0;
        ((s / FRAME_S).round() + jitter) * FRAME_S
    };
    let (mut cuts, mut at) = (Vec::new(), bar);
    loop {
        at += 1 + random.below(4);
        let Some(&bar_s) = bars.get(at).filter(|s| inside(**s - offset_s)) else {
            break;
        };
        let mut time_s = bar_s;
        if random.share() < 0.2 {
            let next = times.partition_point(|s| *s < bar_s + 0.01) + random.below(3);
            time_s = times.get(next).copied().unwrap_or(bar_s);
        }
        let time_s = frames(time_s - offset_s, random);
        if random.share() >= 0.1 && inside(time_s) {
            cuts.push(time_s);
        }
        if random.share() < 0.1 {
            cuts.push(frames(length_s * random.share(), random));
        }
    }
    cuts.sort_by(f64::total_cmp);
    let near: Vec<f64> = times.iter().map(|s| s - offset_s).collect();
    let near: Vec<f64> = near.into_iter().filter(|s| inside(*s)).collect();
    let mut hits: Vec<Hit> = (0..length_s as usize)
        .map(|i| {
            let time_s = if i % 2 == 0 && !near.is_empty() {
                frames(near[random.below(near.len())], random)
            } else {
                length_s * random.share()
            };
            let strength = random.share() as f32;
            Hit {
                time_s: FROM_S + time_s,
                strength,
            }
        })
        .collect();
    hits.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    Edit {
        range_s: (FROM_S, FROM_S + length_s),
        cuts: cuts.into_iter().map(|s| cut(FROM_S + s)).collect(),
        hits,
        ..Edit::default()
    }
}

/// SplitMix64 (Steele et al. 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A uniform number from 0 to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.share() * end as f64) as usize).min(end.saturating_sub(1))
    }

    /// A normally distributed number, by Box and Muller's method.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }
}
