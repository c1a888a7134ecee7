//! Real MIDI files with what their tempo map and time signature say.

use midly::{MetaMessage, Smf, Timing, TrackEventKind};

use super::{Event, Piece};

/// Longest part that is played, seconds.
const MOST_S: f64 = 75.0;
/// Share of notes that must lie on the grid of a beat's quarters and thirds, for the map to be
/// the tempo of the music and not of a machine that recorded it.
const LEAST_ON_GRID: f64 = 0.8;

/// The piece in a file, or why it cannot serve: its tempo must hold, its metre be 3/4 or 4/4.
pub fn read(name: &str, bytes: &[u8]) -> Result<Piece, String> {
    let smf = Smf::parse(bytes).map_err(|error| error.to_string())?;
    let Timing::Metrical(ticks) = smf.header.timing else {
        return Err("counts in frames".to_owned());
    };
    let ticks = f64::from(ticks.as_int());
    let mut all: Vec<(u64, TrackEventKind)> = Vec::new();
    for track in &smf.tracks {
        let mut at = 0u64;
        for event in track {
            at += u64::from(event.delta.as_int());
            all.push((at, event.kind));
        }
    }
    all.sort_by_key(|event| event.0);
    let notes_from = all
        .iter()
        .find(|(_, kind)| is_note(kind))
        .map_or(0, |first| first.0);
    let (mut us_per_beat, mut per_bar, mut key) = (500_000.0, 4, None);
    let (mut last, mut time_s) = (0u64, 0.0);
    let mut events = Vec::new();
    let (mut notes, mut on_grid) = (0usize, 0usize);
    let mut first_note_s = None;
    for (at, kind) in &all {
        time_s += (at - last) as f64 / ticks * us_per_beat / 1e6;
        last = *at;
        if first_note_s.is_some_and(|first: f64| time_s > first + MOST_S) {
            break;
        }
        match kind {
            TrackEventKind::Meta(MetaMessage::Tempo(us)) => {
                let us = f64::from(us.as_int());
                if *at > notes_from && (us / us_per_beat - 1.0).abs() > 0.02 {
                    return Err("its tempo changes".to_owned());
                }
                us_per_beat = us;
            }
            TrackEventKind::Meta(MetaMessage::TimeSignature(over, under, _, _)) => {
                if !(*under == 2 && (*over == 3 || *over == 4)) {
                    return Err(format!("in {over}/{}", 1 << under));
                }
                if *at > notes_from && *over != per_bar {
                    return Err("its metre changes".to_owned());
                }
                per_bar = *over;
            }
            TrackEventKind::Meta(MetaMessage::KeySignature(sharps, minor)) => {
                let major = (i32::from(*sharps) * 7).rem_euclid(12) as u8;
                key = Some((if *minor { (major + 9) % 12 } else { major }, *minor));
            }
            TrackEventKind::Midi { channel, message } => {
                if is_note(kind) {
                    first_note_s.get_or_insert(time_s);
                    notes += 1;
                    let beat = *at as f64 / ticks;
                    let off = |parts: f64| (beat * parts - (beat * parts).round()).abs() / parts;
                    on_grid += usize::from(off(4.0).min(off(3.0)) < 1.0 / 24.0);
                }
                if let Some(message) = message_bytes(channel.as_int(), message) {
                    events.push(Event { time_s, message });
                }
            }
            _ => {}
        }
    }
    let bpm = 60e6 / us_per_beat;
    if !(59.5..=180.5).contains(&bpm) {
        return Err(format!("at {bpm:.0} BPM"));
    }
    if (on_grid as f64) < LEAST_ON_GRID * notes as f64 {
        return Err("not played to its own grid".to_owned());
    }
    let first_s = first_note_s.ok_or("without notes")?;
    let beat_s = us_per_beat / 1e6;
    // What is before the first bar with a note is left out.
    let from = (first_s / beat_s / f64::from(per_bar) + 1e-6).floor() * beat_s * f64::from(per_bar);
    for event in &mut events {
        event.time_s = (event.time_s - from).max(0.0);
    }
    let last_s = events.iter().map(|e| e.time_s).fold(0.0, f64::max);
    if last_s < 20.0 {
        return Err(format!("{last_s:.0} s long"));
    }
    let beats_s: Vec<f64> = (0..)
        .map(|b| f64::from(b) * beat_s)
        .take_while(|t| *t < last_s)
        .collect();
    let downbeats_s = beats_s
        .iter()
        .copied()
        .step_by(usize::from(per_bar))
        .collect();
    Ok(Piece {
        name: name.to_owned(),
        bpm,
        beats_per_bar: per_bar,
        compound: false,
        key,
        events,
        beats_s,
        downbeats_s,
        length_s: last_s + 1.0,
    })
}

fn is_note(kind: &TrackEventKind) -> bool {
    matches!(kind, TrackEventKind::Midi { message: midly::MidiMessage::NoteOn { vel, .. }, .. }
        if vel.as_int() > 0)
}

fn message_bytes(channel: u8, message: &midly::MidiMessage) -> Option<[u8; 3]> {
    use midly::MidiMessage as M;
    Some(match message {
        M::NoteOff { key, vel } => [0x80 | channel, key.as_int(), vel.as_int()],
        M::NoteOn { key, vel } => [0x90 | channel, key.as_int(), vel.as_int()],
        M::Controller { controller, value } => {
            [0xb0 | channel, controller.as_int(), value.as_int()]
        }
        M::ProgramChange { program } => [0xc0 | channel, program.as_int(), 0],
        M::PitchBend { bend } => {
            let value = bend.0.as_int();
            [0xe0 | channel, (value & 0x7f) as u8, (value >> 7) as u8]
        }
        M::Aftertouch { .. } | M::ChannelAftertouch { .. } => return None,
    })
}
