//! Time to rank 200 candidates with all their reasons.
//!
//! ```sh
//! cargo run --release -p needledrop-ranking --example rerank_speed
//! ```

use std::hint::black_box;
use std::time::Instant;

use needledrop_ranking::{Brief, Candidate, Key, Mode, Mood, PulseTempo, TagWish, Weights, rank};

const ROUNDS: usize = 500;

fn candidate(at: u32) -> Candidate {
    let share = |factor: u32| (at * factor % 197) as f32 / 197.0;
    Candidate {
        title: format!("Track {at}"),
        artist: format!("Artist {}", at % 40),
        duration_s: Some(120.0 + f64::from(at)),
        cosine: Some(share(7)),
        text_cosine: Some(share(11)),
        bpm: Some(60.0 + 120.0 * share(13)),
        bpm_confidence: share(17),
        alignment: Some(share(19)),
        cuts_landed: Some((at as usize % 15, 14)),
        start_s: Some(f64::from(at)),
        key: Some(Key::new(
            (at % 12) as u8,
            if at.is_multiple_of(2) {
                Mode::Major
            } else {
                Mode::Minor
            },
        )),
        tags: (0..50)
            .map(|tag| (format!("tag {tag}"), share(23 + tag)))
            .collect(),
        mood: Some(Mood::from_strengths(
            [share(3), share(5), share(29), share(31)],
            0.1,
        )),
        vocal: Some(share(37)),
        presence: Some(share(41)),
        kin: at.is_multiple_of(3).then_some(at % 20),
        ..Candidate::new(format!("{at:016x}"))
    }
}

fn main() {
    let candidates: Vec<Candidate> = (0..200).map(candidate).collect();
    let wish = |tag: u32, weight: f32| TagWish {
        tag: format!("Tag {tag}"),
        weight,
    };
    let brief = Brief {
        tempo: Some(PulseTempo {
            bpm: 118.0,
            confidence: 0.7,
        }),
        mode: Some(Mode::Minor),
        mode_confidence: 0.5,
        mood: Some(Mood::from_strengths([0.4, 0.2, 0.1, 0.1], 0.1)),
        tags: vec![wish(4, 1.0), wish(9, 1.0), wish(17, -1.0)],
        reference_key: Some(Key::new(9, Mode::Minor)),
        text: Some("hopeful piano".to_owned()),
        speech: 0.4,
        ..Brief::default()
    };
    let weights = Weights::default();
    let mut times_ms: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            // All 200 rows are written out, more than any list shows.
            let rows = rank(&brief, black_box(&candidates), &weights, 200);
            let why: usize = rows.iter().map(|row| row.why(&weights).len()).sum();
            black_box(why);
            started.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times_ms.sort_by(f64::total_cmp);
    println!(
        "200 candidates, 50 tags each, 200 rows with reasons: median {:.2} ms, 95 of 100 within {:.2} ms",
        times_ms[ROUNDS / 2],
        times_ms[ROUNDS * 95 / 100]
    );
}
