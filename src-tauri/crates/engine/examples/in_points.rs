//! Whether a track is found again by the edit that was cut to it, and where the edit begins in it.
//!
//! Takes a track of a catalog and one of its bars, invents the edit that somebody might have cut
//! to it, and ranks the whole catalog with the default weights: pictures that say nothing (random
//! cosines), no tempo, tags or key asked for, so that the in-points alone can tell.
//!
//! ```sh
//! cargo run --release -p needledrop-engine --example in_points -- CATALOG [CATALOG…] [--seeds 5] [--edits 100]
//! ```

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use needledrop_catalog::{Catalog, Filter, TrackDetails};
use needledrop_ranking::{
    Brief, Calibration, Candidate, Cut, Edit, Form, Hit, InPoint, Section, Timing, Track, Weights,
    rank,
};

const FRAME_S: f64 = 0.04;
/// Where the invented ranges begin in their clips.
const FROM_S: f64 = 10.0;

struct Music {
    id: String,
    duration_s: f64,
    details: TrackDetails,
    form: Form,
    sections: Vec<Section>,
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

    fn bars_s(&self) -> Vec<f64> {
        let beats = self.details.beats.as_ref();
        beats.map_or_else(Vec::new, |beats| beats.downbeats_s().collect())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut dirs, mut seeds, mut edits) = (Vec::new(), 5, 100);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || args.next().ok_or("expected a number");
        match arg.as_str() {
            "--seeds" => seeds = number()?.parse()?,
            "--edits" => edits = number()?.parse()?,
            _ => dirs.push(arg),
        }
    }
    if dirs.is_empty() {
        return Err("usage: in_points CATALOG [CATALOG…] [--seeds 5] [--edits 100]".into());
    }
    let mut music: Vec<Music> = Vec::new();
    for dir in &dirs {
        for track in open(Path::new(dir))? {
            if music.iter().all(|known| known.id != track.id) {
                music.push(track);
            }
        }
    }
    let with_beats = music.iter().filter(|m| m.details.beats.is_some()).count();
    println!("{} tracks, {with_beats} with beats", music.len());
    println!(
        "seed  top 1  top 5  top 30  mean rank | of the top 5: start within 50 ms of a bar \
         line, of its place modulo the bar | score: true, median of the others | in-points ms"
    );
    for seed in 1..=seeds {
        println!("{seed:4}  {}", round(&music, seed, edits)?);
    }
    Ok(())
}

fn open(dir: &Path) -> Result<Vec<Music>, Box<dyn Error>> {
    let catalog = Catalog::open(dir)?;
    let everything = Filter {
        include_missing: true,
        ..Filter::default()
    };
    let mut music = Vec::new();
    for track in catalog.tracks_without_tags(&everything)? {
        music.push(Music {
            duration_s: track.facts.duration_s,
            details: catalog.details(&track.id)?,
            form: track.facts.form,
            sections: catalog.sections(&track.id)?,
            id: track.id,
        });
    }
    Ok(music)
}

/// Ranks the catalog for a number of edits and says how it went.
fn round(music: &[Music], seed: u64, edits: usize) -> Result<String, Box<dyn Error>> {
    let mut random = Random(seed);
    let (mut ranks, mut on_bar, mut in_place) = (Vec::new(), 0, 0);
    let (mut of_true, mut of_others) = (0.0, 0.0);
    let mut spent = Duration::ZERO;
    while ranks.len() < edits {
        let at = random.below(music.len());
        let bars = music[at].bars_s();
        let length_s = 30.0 + 30.0 * random.share();
        let room = bars.partition_point(|s| *s + length_s <= music[at].duration_s);
        if room.min(bars.len().saturating_sub(1)) == 0 {
            continue;
        }
        let bar = random.below(room.min(bars.len() - 1));
        let edit = edit(&music[at], bar, length_s, &mut random);
        let started = Instant::now();
        let timing = Timing::of(&edit);
        let found: Vec<InPoint> = music.iter().map(|m| m.meet(&timing)).collect();
        spent += started.elapsed();
        let candidates: Vec<Candidate> = music
            .iter()
            .zip(&found)
            .map(|(music, found)| Candidate {
                cosine: Some((0.2 * random.normal()) as f32),
                ..Candidate::new(&music.id).begun_at(found)
            })
            .collect();
        let brief = Brief {
            visual_slope: Calibration::EMBEDDED.slope,
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
        of_others += f64::from(others[others.len() / 2]);
        ranks.push(rank);
    }
    let n = ranks.len() as f64;
    let within = |top: usize| ranks.iter().filter(|r| **r <= top).count() as f64;
    let mean = ranks.iter().sum::<usize>() as f64 / n;
    let share = |count: usize| 100.0 * count as f64 / within(5).max(1.0);
    Ok(format!(
        "{:4.0} %  {:4.0} %  {:4.0} %  {mean:9.1} | {:5.1} %  {:5.1} % | {:.2}  {:.2} | {:.1}",
        100.0 * within(1) / n,
        100.0 * within(5) / n,
        100.0 * within(30) / n,
        share(on_bar),
        share(in_place),
        of_true / n,
        of_others / n,
        spent.as_secs_f64() * 1000.0 / n
    ))
}

/// An edit cut to a track from one of its bars on: a cut every one to four bars, each fifth on
/// another beat, known to a frame, one of ten missing and one of ten that nobody made; a hit a
/// second, every other on a beat.
fn edit(music: &Music, bar: usize, length_s: f64, random: &mut Random) -> Edit {
    let bars = music.bars_s();
    let beats = music.details.beats.as_ref();
    let times: &[f64] = beats.map_or(&[], |beats| &beats.times_s);
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
    let cut = |time_s: f64| Cut {
        time_s: FROM_S + time_s,
        span_s: (FROM_S + time_s, FROM_S + time_s),
        score: 0.9,
        ..Cut::default()
    };
    Edit {
        range_s: (FROM_S, FROM_S + length_s),
        cuts: cuts.into_iter().map(cut).collect(),
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

    /// 0 to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.share() * end as f64) as usize).min(end.saturating_sub(1))
    }

    /// Box and Muller's normal number.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }
}
