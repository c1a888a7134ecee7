//! Styles in compound and odd metres. A bar of 6/8 has two beats of three places each.

use super::styles::{Bass, Comping, Drums, PLAIN, Style};

const fn kit(
    kick: &'static str,
    snare: (&'static str, u8),
    hat: (&'static str, u8),
) -> Option<Drums> {
    Some(Drums {
        kick,
        snare: snare.0,
        hat: hat.0,
        hat_note: hat.1,
        snare_note: snare.1,
    })
}

pub const METRES: [Style; 10] = [
    Style {
        name: "jig",
        beats_per_bar: 2,
        bpm: (92.0, 128.0),
        swung: true,
        compound: true,
        comping: Comping::Strums("xooxoo"),
        chord_programs: &[25, 24],
        bass: Bass::Pattern("x..x.."),
        bass_programs: &[32],
        melody_programs: &[40, 72, 21],
        melody_density: 2.0,
        minor: 0.3,
        looseness_s: 0.01,
        ..PLAIN
    },
    Style {
        name: "ballad-in-six-eight",
        beats_per_bar: 2,
        bpm: (48.0, 72.0),
        drums: kit("x....o", ("...x..", 38), ("xooxoo", 42)),
        swung: true,
        compound: true,
        comping: Comping::Strums("xooooo"),
        chord_programs: &[27, 0, 4],
        bass: Bass::Pattern("x....x"),
        melody_programs: &[65, 27, 52],
        melody_density: 0.8,
        ..PLAIN
    },
    Style {
        name: "rock-in-six-eight",
        beats_per_bar: 2,
        bpm: (60.0, 90.0),
        drums: kit("x....o", ("...x..", 38), ("xxxxxx", 51)),
        swung: true,
        compound: true,
        chord_programs: &[29, 18],
        bass: Bass::Pattern("x.ox.o"),
        melody_programs: &[81, 30],
        minor: 0.6,
        ..PLAIN
    },
    Style {
        name: "blues-in-twelve-eight",
        beats_per_bar: 4,
        bpm: (52.0, 78.0),
        drums: kit("x.....x.o...", ("...x.....x..", 38), ("xoxxoxxoxxox", 42)),
        swung: true,
        compound: true,
        comping: Comping::Strums("xooxooxooxoo"),
        chord_programs: &[0, 16],
        bass: Bass::Walking,
        melody_programs: &[65, 26],
        melody_density: 1.2,
        ..PLAIN
    },
    Style {
        name: "film-in-six-eight",
        beats_per_bar: 2,
        bpm: (44.0, 70.0),
        swung: true,
        compound: true,
        comping: Comping::Strums("xooxoo"),
        chord_programs: &[46, 0, 45],
        bass: Bass::Pattern("x....."),
        bass_programs: &[43, 48],
        melody_programs: &[40, 68, 60],
        melody_density: 0.7,
        minor: 0.7,
        looseness_s: 0.012,
        ..PLAIN
    },
    Style {
        name: "jazz-in-five",
        beats_per_bar: 5,
        bpm: (130.0, 176.0),
        drums: kit(
            "x........x.....",
            ("...o........o..", 44),
            ("x..x.xx..x..x.x", 51),
        ),
        swung: true,
        comping: Comping::Strums("x.....o..x.....o"),
        chord_programs: &[0],
        bass: Bass::Pattern("x........x..x.."),
        bass_programs: &[32],
        melody_programs: &[65, 11],
        minor: 0.8,
        ..PLAIN
    },
    Style {
        name: "film-in-five",
        beats_per_bar: 5,
        bpm: (100.0, 168.0),
        drums: kit(
            "x.....x.....x.......",
            ("............x...x...", 41),
            ("x.o.x.o.x.o.x.o.x.o.", 70),
        ),
        comping: Comping::Strums("x.....x.....x...x..."),
        chord_programs: &[45, 48],
        bass: Bass::Pattern("x.....x.....x...x..."),
        bass_programs: &[43],
        melody_programs: &[60, 56],
        melody_density: 0.6,
        minor: 0.9,
        ..PLAIN
    },
    Style {
        name: "rock-in-five",
        beats_per_bar: 5,
        bpm: (100.0, 150.0),
        drums: kit(
            "x.....x.....x.......",
            ("....x...........x...", 38),
            ("x.x.x.x.x.x.x.x.x.x.", 42),
        ),
        chord_programs: &[29, 30],
        bass: Bass::Pattern("x.x.x.x.x.x.x.x.x.x."),
        bass_programs: &[34],
        melody_programs: &[81, 27],
        minor: 0.6,
        ..PLAIN
    },
    Style {
        name: "rock-in-seven",
        beats_per_bar: 7,
        bpm: (110.0, 170.0),
        drums: kit(
            "x.......x.......x...x.......",
            ("....x.......x...........x...", 38),
            ("x.x.x.x.x.x.x.x.x.x.x.x.x.x.", 42),
        ),
        chord_programs: &[29, 17],
        bass: Bass::Pattern("x.x.x.x.x.x.x.x.x.x.x.x.x.x."),
        bass_programs: &[34],
        melody_programs: &[81, 27],
        minor: 0.6,
        ..PLAIN
    },
    Style {
        name: "synth-in-seven",
        beats_per_bar: 7,
        bpm: (110.0, 180.0),
        drums: kit(
            "x.......x.......x...........",
            ("............x...........x...", 39),
            ("..x...x...x...x...x...x...x.", 46),
        ),
        comping: Comping::FastArpeggio,
        chord_programs: &[81, 88],
        bass: Bass::Pattern("x.......x.......x...x...x..."),
        bass_programs: &[38],
        melody_programs: &[80, 84],
        melody_density: 0.5,
        minor: 0.8,
        looseness_s: 0.0,
        ..PLAIN
    },
];
