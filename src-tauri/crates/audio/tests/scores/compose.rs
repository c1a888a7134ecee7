//! A piece by rule: a form of eight-bar parts, common progressions, a band of players.

use super::metres::METRES;
use super::parts::{self, Bar, Chord, DRUM_CHANNEL, Melody, Note};
use super::styles::{STYLES, Style};
use super::{Chance, Event, Piece};

/// Degrees of the scale, a bar each, as they are common in popular and film music.
const MAJOR: [[u8; 4]; 6] = [
    [0, 4, 5, 3],
    [0, 3, 4, 0],
    [0, 5, 3, 4],
    [0, 3, 0, 4],
    [5, 3, 0, 4],
    [0, 1, 4, 0],
];
const MINOR: [[u8; 4]; 6] = [
    [0, 5, 2, 6],
    [0, 3, 4, 0],
    [0, 6, 5, 4],
    [0, 5, 3, 4],
    [0, 2, 6, 3],
    [0, 0, 5, 4],
];
const MAJOR_SCALE: [u8; 7] = [0, 2, 4, 5, 7, 9, 11];
const MINOR_SCALE: [u8; 7] = [0, 2, 3, 5, 7, 8, 10];
/// Beats that a count-in takes before the music: none, so that silence is the only lead.
const LEAD_S: f64 = 0.25;

const CHORDS: u8 = 0;
const BASS: u8 = 1;
const LEAD: u8 = 2;

/// The `number`th piece of a style, at least `least_s` long.
pub fn compose(style: &Style, number: u64, least_s: f64) -> Piece {
    let mut chance = Chance::new(number * 7919 + style.name.len() as u64 * 31 + 17);
    // Both ends of the range are reached, and no tempo is a round number.
    let bpm = chance.between(style.bpm.0, style.bpm.1);
    let tonic = ((number * 5 + style.name.len() as u64 * 7) % 12) as u8;
    let minor = chance.chance(style.minor);
    let per_bar = f64::from(style.beats_per_bar);
    let bars = ((least_s * bpm / 60.0 / per_bar).ceil() as usize).next_multiple_of(4);
    let mut notes = Vec::new();
    play_bars(style, bars, (tonic, minor), &mut chance, &mut notes);
    if !style.melody_programs.is_empty() {
        close(style, bars, tonic, minor, &mut notes);
    }

    let beat_s = 60.0 / bpm;
    let beats = bars * usize::from(style.beats_per_bar) + 1;
    let mut events = programs(style, &mut chance);
    for note in &notes {
        let loose = chance.between(-style.looseness_s, style.looseness_s);
        let start_s = (LEAD_S + note.start * beat_s + loose).max(0.0);
        let jitter = chance.between(-8.0, 8.0) as i16;
        let velocity = (i16::from(note.velocity) + jitter).clamp(20, 127) as u8;
        let (on, off) = (0x90 | note.channel, 0x80 | note.channel);
        events.push(Event {
            time_s: start_s,
            message: [on, note.pitch, velocity],
        });
        let end_s = start_s + note.length * beat_s;
        events.push(Event {
            time_s: end_s,
            message: [off, note.pitch, 0],
        });
    }
    events.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    let beats_s: Vec<f64> = (0..beats).map(|b| LEAD_S + b as f64 * beat_s).collect();
    let downbeats_s = beats_s
        .iter()
        .copied()
        .step_by(usize::from(style.beats_per_bar))
        .collect();
    Piece {
        name: format!("{}-{number}", style.name),
        bpm,
        beats_per_bar: style.beats_per_bar,
        compound: style.compound,
        key: (!style.melody_programs.is_empty()).then_some((tonic, minor)),
        length_s: LEAD_S + (beats as f64 + per_bar) * beat_s + 0.5,
        events,
        beats_s,
        downbeats_s,
    }
}

/// So many pieces of every style, from the `first`th on.
pub fn collection(first: u64, each: u64, least_s: f64) -> impl Iterator<Item = Piece> {
    of_styles(&STYLES, first, each, least_s)
}

/// So many pieces of every style in a compound or odd metre, from the `first`th on.
pub fn metres(first: u64, each: u64, least_s: f64) -> impl Iterator<Item = Piece> {
    of_styles(&METRES, first, each, least_s)
}

fn of_styles(
    styles: &'static [Style],
    first: u64,
    each: u64,
    least_s: f64,
) -> impl Iterator<Item = Piece> {
    (first..first + each)
        .flat_map(move |n| styles.iter().map(move |style| compose(style, n, least_s)))
}

fn programs(style: &Style, chance: &mut Chance) -> Vec<Event> {
    let players = [
        (CHORDS, style.chord_programs),
        (BASS, style.bass_programs),
        (LEAD, style.melody_programs),
    ];
    players
        .into_iter()
        .filter(|(_, programs)| !programs.is_empty())
        .map(|(channel, programs)| Event {
            time_s: 0.0,
            message: [0xc0 | channel, *chance.pick(programs), 0],
        })
        .collect()
}

fn play_bars(
    style: &Style,
    bars: usize,
    (tonic, minor): (u8, bool),
    chance: &mut Chance,
    notes: &mut Vec<Note>,
) {
    let progressions = if minor { &MINOR } else { &MAJOR };
    let (verse, chorus) = (*chance.pick(progressions), *chance.pick(progressions));
    let scale = scale(tonic, minor);
    let middle = scale.len() / 2;
    let mut melody = Melody {
        channel: LEAD,
        density: style.melody_density,
        scale,
        at: middle,
    };
    let division = if style.swung { 3 } else { 4 };
    for number in 0..bars {
        let in_chorus = (number / 8) % 2 == 1;
        let progression = if in_chorus { chorus } else { verse };
        let chord = chord(tonic, minor, progression[number % 4]);
        let start = (number * usize::from(style.beats_per_bar)) as f64;
        let bar = Bar {
            start,
            beats: style.beats_per_bar,
            division,
        };
        parts::comping(&bar, style.comping, &chord, CHORDS, notes);
        if number >= 2 {
            parts::bass(&bar, style.bass, &chord, BASS, chance, notes);
        }
        if let Some(kit) = style.drums.as_ref().filter(|_| number >= 2 || bars < 8) {
            parts::drums(&bar, kit, notes);
            if number % 8 == 7 {
                parts::fill(&bar, notes);
            }
            if number % 8 == 0 {
                let crash = Note {
                    channel: DRUM_CHANNEL,
                    pitch: 49,
                    velocity: 96,
                    start,
                    length: 1.0,
                };
                notes.push(crash);
            }
        }
        if number >= 4 && !style.melody_programs.is_empty() {
            melody.bar(&bar, &chord, chance, notes);
        }
    }
}

/// The tonic chord, once more, held.
fn close(style: &Style, bars: usize, tonic: u8, minor: bool, notes: &mut Vec<Note>) {
    let chord = chord(tonic, minor, 0);
    let start = (bars * usize::from(style.beats_per_bar)) as f64;
    let bar = Bar {
        start,
        beats: style.beats_per_bar,
        division: 4,
    };
    parts::comping(&bar, super::styles::Comping::Held, &chord, CHORDS, notes);
    let pitch = chord.root;
    notes.push(Note {
        channel: BASS,
        pitch,
        velocity: 90,
        start,
        length: 3.5,
    });
}

/// Two octaves from the tonic at or above E4.
fn scale(tonic: u8, minor: bool) -> Vec<u8> {
    let steps = if minor { &MINOR_SCALE } else { &MAJOR_SCALE };
    let low = 64 + (tonic + 12 - 4) % 12;
    (0..=14)
        .map(|at| low + steps[at % 7] + 12 * (at / 7) as u8)
        .collect()
}

/// The triad on a degree of the scale; the fifth degree of minor has a raised third.
fn chord(tonic: u8, minor: bool, degree: u8) -> Chord {
    let steps = if minor { &MINOR_SCALE } else { &MAJOR_SCALE };
    let class = |offset: u8| {
        let at = usize::from(degree + offset);
        let mut step = steps[at % 7] + 12 * (at / 7) as u8;
        if minor && degree == 4 && offset == 2 {
            step += 1;
        }
        (tonic + step) % 12
    };
    let near = |class: u8, low: u8| low + (class + 12 - low % 12) % 12;
    let pitches = vec![near(class(0), 55), near(class(2), 55), near(class(4), 55)];
    Chord {
        root: near(class(0), 33),
        pitches,
    }
}
