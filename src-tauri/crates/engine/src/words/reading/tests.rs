use super::*;

const TAGS: [&str; 20] = [
    "guitar",
    "acoustic",
    "piano",
    "drums",
    "beat",
    "beats",
    "strings",
    "violin",
    "cello",
    "synth",
    "electronic",
    "ambient",
    "choir",
    "choral",
    "female vocal",
    "rock",
    "classical",
    "flute",
    "vocals",
    "80s",
];

fn tags() -> KnownTags {
    KnownTags::new(TAGS.map(str::to_owned))
}

/// What each word became, in short.
fn read(brief: &str) -> Vec<String> {
    let open = |edges: &Edges| match (edges.low, edges.high) {
        (Some(low), None) => format!(">{low}"),
        (None, Some(high)) => format!("<{high}"),
        (low, high) => format!("{}-{}", low.unwrap_or_default(), high.unwrap_or_default()),
    };
    let short = |word: &ReadWord| {
        let became = match &word.became {
            Became::Vague { refused: false } => "vague".to_owned(),
            Became::Vague { refused: true } => "refused vague".to_owned(),
            Became::Measured(measure, stance) => {
                let measure = match measure {
                    Measure::Tempo { edges, .. } => format!("bpm {}", open(edges)),
                    Measure::Energy(edges) => if edges.low.is_some() {
                        "energy"
                    } else {
                        "calm"
                    }
                    .to_owned(),
                    Measure::Valence(edges) => if edges.low.is_some() {
                        "bright"
                    } else {
                        "dark"
                    }
                    .to_owned(),
                    Measure::Mode(mode) => mode.to_string(),
                    Measure::Tags(name) => name.clone(),
                    Measure::Voices => "voices".to_owned(),
                };
                match stance {
                    Stance::Wanted => measure,
                    Stance::Less => format!("less {measure}"),
                    Stance::Refused => format!("no {measure}"),
                }
            }
        };
        format!("{} = {became}", word.text)
    };
    Reading::of(brief, &tags())
        .words
        .iter()
        .map(short)
        .collect()
}

#[test]
fn words_become_what_they_mean() {
    let cases: [(&str, &[&str]); 38] = [
        ("fast", &["fast = bpm >118"]),
        ("Slow", &["slow = bpm <86"]),
        ("mid-tempo", &["mid-tempo = bpm 83-123"]),
        ("120 BPM", &["120 bpm = bpm 116-124"]),
        ("90-110 bpm", &["90-110 bpm = bpm 90-110"]),
        ("frantic", &["frantic = bpm >147", "frantic = energy"]),
        ("laid-back", &["laid-back = bpm <108", "laid-back = calm"]),
        ("up-tempo", &["up-tempo = bpm >111"]),
        ("driving", &["driving = bpm >108", "driving = energy"]),
        ("half-time feel", &["half-time = bpm <99"]),
        ("medium groove", &["medium = bpm 83-123", "groove = beat"]),
        ("walking pace", &["walking pace = bpm 73-115"]),
        ("very fast", &["very fast = bpm >143"]),
        ("slightly fast", &["slightly fast = bpm >104"]),
        ("a bit slow", &["a bit slow = bpm <106"]),
        ("not too fast", &["not too fast = bpm <126"]),
        ("not slow", &["not slow = bpm >86"]),
        ("calm", &["calm = calm"]),
        ("Powerful, LOUD", &["powerful = energy", "loud = energy"]),
        ("not quiet", &["not quiet = energy"]),
        ("building", &["building = energy"]),
        ("minor", &["minor = minor"]),
        ("in a major key", &["major key = major"]),
        ("not minor", &["not minor = major"]),
        ("cheerful", &["cheerful = bright"]),
        ("sombre", &["sombre = dark"]),
        (
            "acoustic guitar",
            &["acoustic = acoustic", "guitar = guitar"],
        ),
        ("violins", &["violins = violin"]),
        ("percussion", &["percussion = drums"]),
        ("no percussion", &["no percussion = no drums"]),
        ("-drums", &["-drums = no drums"]),
        ("drumless", &["no drum = no drums"]),
        (
            "nothing busy",
            &["nothing busy = bpm <111", "nothing busy = calm"],
        ),
        ("less strings", &["less strings = less strings"]),
        ("instrumental", &["instrumental = no voices"]),
        ("not instrumental", &["not instrumental = voices"]),
        ("non-vocal", &["non-vocal = no voices"]),
        ("choir", &["choir = choir"]),
    ];
    for (brief, wanted) in cases {
        assert_eq!(read(brief), wanted, "{brief:?}");
    }
}

#[test]
fn compound_briefs_are_read_part_by_part() {
    let cases: [(&str, &[&str]); 12] = [
        (
            "wacky, frantic, fast",
            &[
                "wacky = vague",
                "frantic = bpm >147",
                "frantic = energy",
                "fast = bpm >118",
            ],
        ),
        (
            "tense military percussion, fast",
            &[
                "tense = energy",
                "tense = dark",
                "military = vague",
                "percussion = drums",
                "fast = bpm >118",
            ],
        ),
        (
            "slow sad piano without vocals or drums",
            &[
                "slow = bpm <86",
                "sad = calm",
                "sad = dark",
                "piano = piano",
                "without vocals = no voices",
                "without drums = no drums",
            ],
        ),
        (
            "no heavy electric guitars",
            &["no electric guitars = no guitar"],
        ),
        ("no kazoo", &["no kazoo = refused vague"]),
        ("taiko", &["taiko = drums"]),
        ("no tribal drums", &["no tribal drums = less drums"]),
        ("leave room for speech", &["room for speech = no voices"]),
        ("rain at night", &["rain at night = vague"]),
        ("80s synths", &["80s = 80s", "synths = synth"]),
        (
            "no more than 100 bpm and happy",
            &["no more than 100 bpm = bpm <100", "happy = bright"],
        ),
        ("music for the", &[]),
    ];
    for (brief, wanted) in cases {
        assert_eq!(read(brief), wanted, "{brief:?}");
    }
}

#[test]
fn sentence_space_is_asked_for_all_but_tempo_and_mode() {
    let reading = Reading::of(
        "Dark synth in minor, 120 bpm, fast, wacky, no drums",
        &tags(),
    );
    assert_eq!(reading.wanted, "dark synth, wacky");
    assert_eq!(reading.unwanted, ["drums"]);
    assert!(Reading::of("fast, minor", &tags()).wanted.is_empty());
    assert!(Reading::of(" , .", &tags()).is_empty());
}

#[test]
fn an_unknown_word_takes_the_meaning_of_its_neighbour_at_less_weight() {
    let mut reading = Reading::of("wacky, no rattle", &tags());
    assert_eq!(
        reading.unexplained(),
        [(0, "wacky".to_owned()), (1, "rattle".to_owned())]
    );
    reading.explain(1, "percussion", &tags());
    reading.explain(0, "quirky", &tags());
    let words = &reading.words;
    assert!(words.iter().all(|word| word.through.is_some()), "{words:?}");
    let valence = Measure::Valence(Edges::over(0.55));
    assert_eq!(words[1].became, Became::Measured(valence, Stance::Wanted));
    assert!(words[1].weight < VALENCE);
    let drums = Measure::Tags("drums".to_owned());
    assert_eq!(words[2].became, Became::Measured(drums, Stance::Less));
    assert_eq!(reading.groups["drums"], ["drums", "beat", "beats"]);
    assert_eq!(reading.wishes().len(), 3);
}

#[test]
fn tags_that_the_catalog_lacks_are_vague() {
    let none = KnownTags::new([]);
    let reading = Reading::of("piano, no drums", &none);
    assert!(reading.wishes().is_empty());
    assert_eq!(reading.unexplained().len(), 2);
}

#[test]
fn a_hostile_brief_is_bounded() {
    for brief in [
        "fast ".repeat(100_000),
        "not too ".repeat(100_000),
        "\u{202e}é-ß'".repeat(100_000),
    ] {
        let reading = Reading::of(&brief, &tags());
        assert!(reading.words.len() <= MOST_WORDS);
        assert!(reading.wanted.len() <= 8_000 && reading.unwanted.len() <= 64);
    }
}
