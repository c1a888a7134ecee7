//! The styles: what plays, how fast, and in which patterns.

/// What the drums do, as strings of sixteenths (or of triplets' twelfths when swung) for one bar:
/// `x` loud, `o` soft, `.` nothing.
pub struct Drums {
    pub kick: &'static str,
    pub snare: &'static str,
    pub hat: &'static str,
    /// General MIDI number of what plays the third line: 42 closed hat, 51 ride, 70 maracas…
    pub hat_note: u8,
    /// Number of what plays the second line: 38 snare, 37 side stick, 39 clap…
    pub snare_note: u8,
}

/// How the chords are played.
#[derive(Clone, Copy, PartialEq)]
pub enum Comping {
    /// No chords at all.
    None,
    /// Held for the bar.
    Held,
    /// A strum on these sixteenths.
    Strums(&'static str),
    /// Broken upwards in eighths.
    Arpeggio,
    /// The chord's notes in sixteenths.
    FastArpeggio,
    /// Bass note on one, chord on the other beats.
    OomPah,
}

/// How the bass moves.
#[derive(Clone, Copy, PartialEq)]
pub enum Bass {
    /// The root for a bar.
    Held,
    /// Root on these sixteenths.
    Pattern(&'static str),
    /// A note a beat along the chord.
    Walking,
    /// No bass at all.
    None,
}

pub struct Style {
    pub name: &'static str,
    pub beats_per_bar: u8,
    pub bpm: (f64, f64),
    pub drums: Option<Drums>,
    pub swung: bool,
    /// A beat has three equal parts: 6/8, 12/8.
    pub compound: bool,
    pub comping: Comping,
    /// General MIDI programs to choose from, counted from 0; none for no such player.
    pub chord_programs: &'static [u8],
    pub bass: Bass,
    pub bass_programs: &'static [u8],
    pub melody_programs: &'static [u8],
    /// Notes of the melody per beat, on average.
    pub melody_density: f64,
    /// Probability of the minor mode.
    pub minor: f64,
    /// Largest error of a player's timing, seconds.
    pub looseness_s: f64,
}

const fn drums(kick: &'static str, snare: &'static str, hat: &'static str) -> Option<Drums> {
    Some(Drums {
        kick,
        snare,
        hat,
        hat_note: 42,
        snare_note: 38,
    })
}

pub const fn kit(
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

pub const PLAIN: Style = Style {
    name: "",
    beats_per_bar: 4,
    bpm: (100.0, 120.0),
    drums: None,
    swung: false,
    compound: false,
    comping: Comping::Held,
    chord_programs: &[0],
    bass: Bass::Held,
    bass_programs: &[33],
    melody_programs: &[73],
    melody_density: 1.0,
    minor: 0.4,
    looseness_s: 0.006,
};

pub const STYLES: [Style; 21] = [
    Style {
        name: "rock",
        bpm: (100.0, 150.0),
        drums: drums("x.....x.x.......", "....x.......x...", "x.o.x.o.x.o.x.o."),
        comping: Comping::Strums("x...x.x.x...x.x."),
        chord_programs: &[29, 30],
        bass: Bass::Pattern("x.x.x.x.x.x.x.x."),
        melody_programs: &[27, 81],
        ..PLAIN
    },
    Style {
        name: "slow-rock",
        bpm: (60.0, 84.0),
        drums: drums("x.......x.x.....", "....x.......x...", "x.o.x.o.x.o.x.o."),
        comping: Comping::Strums("x.......x...x..."),
        chord_programs: &[27, 25],
        bass: Bass::Pattern("x.....x.x......."),
        melody_programs: &[27, 65],
        melody_density: 0.8,
        ..PLAIN
    },
    Style {
        name: "electro",
        bpm: (96.0, 140.0),
        drums: kit(
            "x...x...x...x.x.",
            ("....x..o....x...", 38),
            ("x.xxx.xxx.xxx.xx", 42),
        ),
        comping: Comping::FastArpeggio,
        chord_programs: &[81, 87],
        bass: Bass::Pattern("x.xxx.xxx.xxx.xx"),
        bass_programs: &[38],
        melody_programs: &[80, 84],
        melody_density: 0.5,
        looseness_s: 0.0,
        minor: 0.7,
        ..PLAIN
    },
    Style {
        name: "percussion",
        bpm: (64.0, 132.0),
        drums: drums("x.......x.o.....", "....x.......x..o", "x.o.x.o.x.o.x.o."),
        comping: Comping::None,
        chord_programs: &[],
        bass: Bass::None,
        bass_programs: &[],
        melody_programs: &[],
        ..PLAIN
    },
    Style {
        name: "house",
        bpm: (118.0, 130.0),
        drums: kit(
            "x...x...x...x...",
            ("....x.......x...", 39),
            ("..x...x...x...x.", 46),
        ),
        comping: Comping::Strums("..x..x....x..x.."),
        chord_programs: &[4, 90, 62],
        bass: Bass::Pattern("..x...x...x...x."),
        bass_programs: &[38, 39],
        melody_programs: &[80, 81],
        looseness_s: 0.0,
        minor: 0.6,
        ..PLAIN
    },
    Style {
        name: "hip-hop",
        bpm: (78.0, 98.0),
        drums: drums("x..x....x.x.....", "....x.......x..o", "x.x.x.x.x.x.x.xx"),
        chord_programs: &[4, 11, 0],
        bass: Bass::Pattern("x..x......x....."),
        bass_programs: &[38, 33],
        melody_programs: &[11, 73],
        melody_density: 0.7,
        minor: 0.7,
        looseness_s: 0.012,
        ..PLAIN
    },
    Style {
        name: "drum-and-bass",
        bpm: (165.0, 180.0),
        drums: drums("x.........x.....", "....x.......x...", "x.x.x.x.x.x.x.x."),
        chord_programs: &[89, 91],
        bass: Bass::Pattern("x.....x...x....."),
        bass_programs: &[38, 39],
        melody_programs: &[81, 80],
        melody_density: 0.5,
        minor: 0.7,
        looseness_s: 0.0,
        ..PLAIN
    },
    Style {
        name: "funk",
        bpm: (95.0, 118.0),
        drums: drums("x..x..x...x..x..", "....x..o.o..x..o", "xoxoxoxoxoxoxoxo"),
        comping: Comping::Strums("..xo..x...xo.ox."),
        chord_programs: &[27, 7],
        bass: Bass::Pattern("x..x..x...xx.x.."),
        bass_programs: &[36, 33],
        melody_programs: &[61, 65],
        melody_density: 1.2,
        ..PLAIN
    },
    Style {
        name: "bossa",
        bpm: (110.0, 145.0),
        drums: kit(
            "x..xx..xx..xx..x",
            ("x..x..x...x..x..", 37),
            ("x.x.x.x.x.x.x.x.", 70),
        ),
        comping: Comping::Strums("x..x..x...x..x.."),
        chord_programs: &[24, 26],
        bass: Bass::Pattern("x.....x.x.....x."),
        bass_programs: &[32],
        melody_programs: &[73, 66],
        looseness_s: 0.01,
        ..PLAIN
    },
    Style {
        name: "swing",
        bpm: (110.0, 170.0),
        drums: kit("o..o..o..o..", ("...o.....o..", 44), ("x..x.xx..x.x", 51)),
        swung: true,
        comping: Comping::Strums("....o......."),
        chord_programs: &[0, 26],
        bass: Bass::Walking,
        bass_programs: &[32],
        melody_programs: &[65, 66, 56],
        melody_density: 1.5,
        looseness_s: 0.012,
        ..PLAIN
    },
    Style {
        name: "waltz",
        beats_per_bar: 3,
        bpm: (120.0, 180.0),
        comping: Comping::OomPah,
        chord_programs: &[48, 0, 21],
        bass: Bass::None,
        melody_programs: &[40, 73, 21],
        minor: 0.3,
        looseness_s: 0.01,
        ..PLAIN
    },
    Style {
        name: "folk-in-three",
        beats_per_bar: 3,
        bpm: (84.0, 130.0),
        comping: Comping::Strums("x...x.x.x.x."),
        chord_programs: &[24, 25],
        bass: Bass::Pattern("x.......x..."),
        bass_programs: &[32],
        melody_programs: &[22, 72, 40],
        looseness_s: 0.012,
        ..PLAIN
    },
    Style {
        name: "piano-ballad",
        bpm: (62.0, 84.0),
        comping: Comping::Arpeggio,
        bass: Bass::Held,
        bass_programs: &[0],
        melody_programs: &[0],
        melody_density: 0.8,
        looseness_s: 0.015,
        ..PLAIN
    },
    Style {
        name: "strings",
        bpm: (66.0, 104.0),
        comping: Comping::Strums("x...x...x...x..."),
        chord_programs: &[48, 49],
        bass: Bass::Pattern("x.......x......."),
        bass_programs: &[42, 43],
        melody_programs: &[40, 41],
        looseness_s: 0.015,
        minor: 0.6,
        ..PLAIN
    },
    Style {
        name: "orchestral-action",
        bpm: (116.0, 152.0),
        drums: kit(
            "x.......x.x.....",
            ("........x.......", 41),
            ("x.......x.......", 43),
        ),
        comping: Comping::Strums("xoxoxoxoxoxoxoxo"),
        chord_programs: &[48, 45],
        bass: Bass::Pattern("x.x.x.x.x.x.x.x."),
        bass_programs: &[43, 58],
        melody_programs: &[60, 56, 61],
        melody_density: 0.6,
        minor: 0.9,
        ..PLAIN
    },
    Style {
        name: "synth-pulse",
        bpm: (80.0, 116.0),
        comping: Comping::FastArpeggio,
        chord_programs: &[80, 88, 38],
        bass: Bass::Held,
        bass_programs: &[38, 87],
        melody_programs: &[89, 91],
        melody_density: 0.3,
        minor: 0.7,
        looseness_s: 0.0,
        ..PLAIN
    },
    Style {
        name: "reggae",
        bpm: (68.0, 90.0),
        drums: kit(
            "........x.......",
            ("........x.......", 37),
            ("x.x.x.x.x.x.x.x.", 42),
        ),
        comping: Comping::Strums("....x.......x..."),
        chord_programs: &[16, 27],
        bass: Bass::Pattern("x.....x.x...x.x."),
        melody_programs: &[56, 65],
        melody_density: 0.7,
        ..PLAIN
    },
    Style {
        name: "metal",
        bpm: (140.0, 180.0),
        drums: drums("x.x.x.x.x.x.x.x.", "....x.......x...", "x...x...x...x..."),
        comping: Comping::Strums("x.xxx.xxx.xxx.xx"),
        chord_programs: &[30],
        bass: Bass::Pattern("x.xxx.xxx.xxx.xx"),
        bass_programs: &[34],
        melody_programs: &[30],
        minor: 1.0,
        ..PLAIN
    },
    Style {
        name: "country",
        bpm: (100.0, 132.0),
        drums: kit(
            "x.......x.......",
            ("ooxoooxoooxoooxo", 38),
            ("....x.......x...", 42),
        ),
        comping: Comping::Strums("....x..x....x..x"),
        chord_programs: &[25],
        bass: Bass::Pattern("x.......x......."),
        bass_programs: &[32],
        melody_programs: &[40, 105, 22],
        minor: 0.1,
        ..PLAIN
    },
    Style {
        name: "slow-film-in-three",
        beats_per_bar: 3,
        bpm: (62.0, 92.0),
        comping: Comping::Arpeggio,
        chord_programs: &[46, 0, 11],
        bass: Bass::Held,
        bass_programs: &[48],
        melody_programs: &[40, 68, 52],
        melody_density: 0.6,
        minor: 0.7,
        looseness_s: 0.015,
        ..PLAIN
    },
    Style {
        name: "minuet",
        beats_per_bar: 3,
        bpm: (96.0, 140.0),
        comping: Comping::Strums("x...x...x..."),
        chord_programs: &[6],
        bass: Bass::Walking,
        bass_programs: &[6, 70],
        melody_programs: &[6, 73, 68],
        melody_density: 1.6,
        looseness_s: 0.01,
        ..PLAIN
    },
];
