//! Makes a catalog of invented tracks for benchmarks, of any size and with realistic fields:
//! vectors in clusters of uneven size like the genres of a library, tempi around 120 BPM, keys
//! as often as in popular music, sections, fifty tags.
//!
//! ```sh
//! cargo run --release -p needledrop-engine --example synthetic_catalog -- DIR [TRACKS] [DIM] [SPACE]
//! ```

use std::path::{Path, PathBuf};

use needledrop_catalog::search::{CellsWanted, Prepared};
use needledrop_catalog::{
    Catalog, KeyEstimate, NewTrack, Section, SourceFile, Tempo, TrackDetails, TrackFacts,
};
use needledrop_ranking::{Key, Loudness, Mode};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

const USAGE: &str =
    "usage: synthetic_catalog DIR [TRACKS=40000] [DIM=384] [SPACE=embedded-audio-1]";
const CLUSTERS: usize = 120;
const WORDS: [&str; 16] = [
    "amber", "harbour", "paper", "winter", "static", "meadow", "copper", "orbit", "velvet",
    "signal", "lantern", "river", "concrete", "aurora", "feather", "engine",
];
const TAGS: [&str; 50] = [
    "rock",
    "pop",
    "alternative",
    "indie",
    "electronic",
    "female vocalists",
    "dance",
    "00s",
    "alternative rock",
    "jazz",
    "beautiful",
    "metal",
    "chillout",
    "male vocalists",
    "classic rock",
    "soul",
    "indie rock",
    "mellow",
    "electronica",
    "80s",
    "folk",
    "90s",
    "chill",
    "instrumental",
    "punk",
    "oldies",
    "blues",
    "hard rock",
    "ambient",
    "acoustic",
    "experimental",
    "female vocalist",
    "guitar",
    "hip-hop",
    "70s",
    "party",
    "country",
    "easy listening",
    "sexy",
    "catchy",
    "funk",
    "electro",
    "heavy metal",
    "progressive rock",
    "60s",
    "rnb",
    "indie pop",
    "sad",
    "house",
    "happy",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let dir = PathBuf::from(arguments.first().ok_or(USAGE)?);
    let tracks = arguments.get(1).map_or(Ok(40_000), |n| n.parse())?;
    let dim = arguments.get(2).map_or(Ok(384), |n| n.parse())?;
    let space = arguments.get(3).map_or("embedded-audio-1", String::as_str);
    let mut random = Random(0x5eed);
    let centres: Vec<Vec<f32>> = (0..CLUSTERS).map(|_| random.vector(dim)).collect();
    let mut catalog = Catalog::create(&dir, space, dim, "synthetic")?;
    for at in 0..tracks {
        // Squaring a uniform number makes the first clusters the large ones.
        let cluster = &centres[(random.uniform().powi(2) * CLUSTERS as f64) as usize];
        catalog.put(&track(at, cluster, &mut random))?;
        if at % 1_000 == 0 {
            eprintln!("{at}/{tracks}");
        }
    }
    let progress = |done: usize, of: usize| {
        if done == of {
            eprintln!("the cells are built");
        }
    };
    let never = CancellationToken::new();
    let ended = catalog.prepare(CellsWanted::WhereItPays, &never, &progress)?;
    assert_eq!(ended, Prepared::Ready);
    eprintln!("{tracks} tracks of {dim} numbers in {}", dir.display());
    Ok(())
}

fn track(at: usize, cluster: &[f32], random: &mut Random) -> NewTrack {
    let vector = random.near(cluster, 0.9);
    let duration_s = 60.0 + 240.0 * random.uniform();
    let bpm = (120.0 * (0.28 * random.normal()).exp2()).clamp(50.0, 220.0) as f32;
    let sections = (0..(duration_s / 10.0) as usize)
        .map(|i| Section {
            start_s: 10.0 * i as f64,
            end_s: 10.0 * (i + 1) as f64,
            vector: random.near(&vector, 0.3),
            ..Section::default()
        })
        .collect();
    let mut tags: Vec<(String, f32)> = TAGS
        .iter()
        .map(|tag| ((*tag).to_owned(), random.uniform().powi(6) as f32))
        .collect();
    tags.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mode = if random.uniform() < 0.62 {
        Mode::Major
    } else {
        Mode::Minor
    };
    let facts = TrackFacts {
        title: format!("{} {} {at}", random.word(), random.word()),
        artist: Some(format!("The {}s", random.word())),
        album: Some(format!("{} {}", random.word(), at / 12)),
        licence: Some("CC0-1.0".to_owned()),
        attribution: None,
        source: Some("synthetic".to_owned()),
        duration_s,
        preview_s: (duration_s / 2.0 - 15.0, duration_s / 2.0 + 15.0),
        tempo: Some(Tempo {
            bpm,
            confidence: random.uniform() as f32,
            candidates: vec![(bpm, 1.0), (bpm / 2.0, 0.5)],
            stretches: vec![(0.0, bpm)],
        }),
        key: Some(KeyEstimate {
            key: Key::new((random.uniform() * 12.0) as u8, mode),
            confidence: random.uniform() as f32,
            tuning_cents: 0.0,
        }),
        loudness: Loudness {
            integrated_lufs: Some(-14.0 + 4.0 * random.normal()),
            range_lu: Some(6.0),
            true_peak_dbtp: Some(-1.0),
        },
        tags,
        ..TrackFacts::default()
    };
    let path = Path::new("/synthetic").join(format!("{at}.ogg"));
    let sha256 = Sha256::digest(path.to_string_lossy().as_bytes()).into();
    let file = SourceFile {
        path,
        bytes: 4_000_000,
        modified_ns: 0,
        sha256,
    };
    NewTrack {
        file,
        facts,
        vector,
        sections,
        details: TrackDetails::default(),
        analysis_version: 1,
        same_as: Vec::new(),
    }
}

/// xorshift64*: the same catalog on every machine.
struct Random(u64);

impl Random {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Sum of twelve uniforms less six: close enough to normal, and bounded.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// A unit vector in any direction.
    fn vector(&mut self, dim: usize) -> Vec<f32> {
        let vector: Vec<f64> = (0..dim).map(|_| self.normal()).collect();
        let norm = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
        vector.iter().map(|x| (x / norm) as f32).collect()
    }

    /// `centre` with noise of that length added.
    fn near(&mut self, centre: &[f32], noise: f32) -> Vec<f32> {
        let other = self.vector(centre.len());
        centre
            .iter()
            .zip(other)
            .map(|(c, o)| c + noise * o)
            .collect()
    }

    fn word(&mut self) -> &'static str {
        WORDS[(self.uniform() * WORDS.len() as f64) as usize]
    }
}
