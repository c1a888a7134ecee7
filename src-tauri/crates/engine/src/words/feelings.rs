//! The field's standard words for tempo, energy and feeling, with graded targets from 0 to 1.
//!
//! Tempo follows the tempo markings (largo to presto), energy and valence the places of the words on Russell's circumplex
//! of feelings (1980): energy is its arousal. The grades come from common usage; nothing is fitted.

use needledrop_ranking::Mode;

/// What a word asks for. `None`: it says nothing about that.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Feeling {
    pub(super) tempo: Option<f32>,
    pub(super) energy: Option<f32>,
    pub(super) valence: Option<f32>,
    pub(super) mode: Option<Mode>,
}

/// A grade that a word does not give.
const N: f32 = -1.0;

/// Words of one meaning, separated by bars; their tempo, energy and valence.
type Row = (&'static str, f32, f32, f32);

const TABLE: &[Row] = &[
    // Tempo markings and plain words for tempo.
    ("largo|grave|lento|crawling|glacial", 0.1, N, N),
    ("adagio", 0.2, N, N),
    (
        "slow|slowly|unhurried|slow moving|slow paced|sluggish|plodding|ponderous",
        0.22,
        N,
        N,
    ),
    ("down tempo|downtempo|half time|halftime", 0.3, N, N),
    ("laid back|relaxed pace|lazy|leisurely", 0.35, 0.3, N),
    ("andante|walking pace|walking tempo|strolling", 0.42, N, N),
    (
        "moderato|moderate tempo|mid tempo|midtempo|medium tempo|medium|medium pulse|mid|mid paced|medium pace",
        0.5,
        N,
        N,
    ),
    ("allegretto", 0.58, N, N),
    ("driving|galloping|motoric", 0.65, 0.75, N),
    (
        "up tempo|uptempo|brisk|quick|swift|allegro|zippy|snappy",
        0.68,
        N,
        N,
    ),
    (
        "fast|fast paced|fast moving|rapid|speedy|high speed|racing|quickly|double time",
        0.75,
        N,
        N,
    ),
    ("vivace", 0.82, N, N),
    (
        "presto|prestissimo|breakneck|very fast|lightning fast",
        0.93,
        N,
        N,
    ),
    (
        "frantic|frenetic|frenzied|manic|hectic|hyperactive",
        0.95,
        0.95,
        N,
    ),
    // Arousal without a pleasant or unpleasant side.
    (
        "explosive|furious|ferocious|brutal|violent|raging|thrashing|chaotic|turbulent|stormy",
        N,
        0.94,
        N,
    ),
    ("aggressive|fierce|savage", N, 0.92, N),
    (
        "intense|powerful|pounding|thunderous|massive|bombastic|forceful|hard|hard hitting|heavy|punchy|gritty|noisy",
        N,
        0.88,
        N,
    ),
    (
        "loud|energetic|high energy|exciting|thrilling|wild|rousing|adrenaline|full of energy|vigorous",
        N,
        0.85,
        N,
    ),
    (
        "action|battle|combat|fight|fighting|war|chase|pursuit",
        0.68,
        0.85,
        N,
    ),
    ("urgent|hurried|busy|restless", 0.68, 0.72, N),
    (
        "epic|dynamic|bold|strong|stirring|cinematic action|anthemic",
        N,
        0.75,
        N,
    ),
    (
        "building|building up|rising|growing|crescendo|swelling|dramatic",
        N,
        0.65,
        N,
    ),
    ("moderate|medium energy|steady", N, 0.5, N),
    (
        "subdued|restrained|understated|sparse|minimal|minimalist|intimate|low key",
        N,
        0.25,
        N,
    ),
    (
        "mellow|chill|chilled|relaxed|relaxing|easy going|easygoing|chilled out|smooth",
        N,
        0.25,
        N,
    ),
    (
        "calm|calming|gentle|low energy|soothing|delicate|dreamy|ethereal|floating|drifting|meditative|contemplative|reflective|elegant|graceful|airy",
        N,
        0.17,
        N,
    ),
    (
        "quiet|soft|softly|still|hushed|sleepy|lullaby|whispering|faint|drowsy",
        N,
        0.12,
        N,
    ),
    ("sleep|bedtime", 0.2, 0.1, N),
    // Pleasant.
    (
        "happy|cheerful|joyful|joyous|glad|merry|cheery|jolly|happiness|joy|delighted|feel good|sunny|summery|breezy",
        N,
        N,
        0.86,
    ),
    ("upbeat|lively|bouncy|perky|bubbly|peppy", 0.68, 0.7, 0.78),
    (
        "festive|celebratory|jubilant|exuberant|euphoric|party",
        N,
        0.8,
        0.84,
    ),
    (
        "triumphant|victorious|victory|glorious|exhilarating",
        N,
        0.82,
        0.78,
    ),
    (
        "heroic|majestic|noble|grand|adventurous|regal|royal",
        N,
        0.72,
        0.66,
    ),
    (
        "uplifting|inspiring|inspirational|bright|positive|optimistic|carefree|light hearted|lighthearted",
        N,
        N,
        0.78,
    ),
    (
        "hopeful|hope|warm|loving|romantic|affectionate|content",
        N,
        N,
        0.68,
    ),
    (
        "playful|quirky|funny|comical|comic|comedic|humorous|whimsical|silly|goofy|mischievous",
        N,
        0.6,
        0.75,
    ),
    ("peaceful|serene|tranquil|idyllic|pastoral", N, 0.14, 0.66),
    ("tender|sweet", N, 0.2, 0.64),
    // Unpleasant.
    (
        "sad|sorrowful|mournful|grieving|tragic|heartbroken|sadness|sorrow|grief|depressing|funeral",
        N,
        0.28,
        0.12,
    ),
    (
        "melancholic|melancholy|wistful|lonely|desolate|bittersweet|longing|unhappy",
        N,
        0.3,
        0.2,
    ),
    ("nostalgic|moody|pensive", N, 0.35, 0.34),
    (
        "dark|sombre|somber|gloomy|bleak|grim|brooding|despair|hopeless",
        N,
        N,
        0.16,
    ),
    (
        "sinister|evil|menacing|ominous|creepy|eerie|scary|spooky|haunting|horror|frightening|threatening|dread|foreboding",
        N,
        N,
        0.14,
    ),
    (
        "tense|tension|suspenseful|suspense|anxious|nervous|uneasy|nerve racking",
        N,
        0.64,
        0.24,
    ),
    ("angry|rage|anger|hateful", N, 0.9, 0.15),
    ("dangerous|danger|panic|panicked|desperate", N, 0.78, 0.22),
    ("serious|cold|mysterious|mystery", N, N, 0.34),
    ("solemn", N, 0.3, 0.34),
];

const MODES: &[(&str, Mode)] = &[
    (
        "major|major key|in major|major mode|ionian|lydian|mixolydian",
        Mode::Major,
    ),
    (
        "minor|minor key|in minor|minor mode|aeolian|dorian|phrygian",
        Mode::Minor,
    ),
];

/// Most words in one entry.
pub(super) const MOST_WORDS: usize = 3;

/// What a word or a few words of the table ask for.
pub(super) fn of(words: &str) -> Option<Feeling> {
    let is = |all: &str| all.split('|').any(|one| one == words);
    if let Some((_, mode)) = MODES.iter().find(|(all, _)| is(all)) {
        return Some(Feeling {
            mode: Some(*mode),
            ..Feeling::default()
        });
    }
    let (_, tempo, energy, valence) = TABLE.iter().find(|(all, ..)| is(all))?;
    let said = |grade: f32| (grade >= 0.0).then_some(grade);
    Some(Feeling {
        tempo: said(*tempo),
        energy: said(*energy),
        valence: said(*valence),
        mode: None,
    })
}

/// The words that an unknown one is compared with: the first four of each row that names a feeling or an energy. Tempo
/// markings are no near meaning of anything.
pub(super) fn headwords() -> impl Iterator<Item = &'static str> {
    TABLE
        .iter()
        .filter(|(_, _, energy, valence)| *energy >= 0.0 || *valence >= 0.0)
        .flat_map(|(all, ..)| all.split('|').take(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_once_and_is_short_enough_to_be_found() {
        let mut seen = std::collections::BTreeSet::new();
        let all = TABLE
            .iter()
            .map(|row| row.0)
            .chain(MODES.iter().map(|row| row.0));
        for word in all.flat_map(|words| words.split('|')) {
            assert!(seen.insert(word), "{word} stands twice");
            assert!(word.split(' ').count() <= MOST_WORDS, "{word}");
            assert!(
                word.chars().all(|c| c.is_ascii_lowercase() || c == ' '),
                "{word}"
            );
            assert!(of(word).is_some());
        }
    }

    #[test]
    fn opposites_lie_apart() {
        let grade = |word: &str, of_feeling: fn(Feeling) -> Option<f32>| {
            of_feeling(of(word).unwrap()).unwrap()
        };
        for (low, high) in [
            ("slow", "fast"),
            ("laid back", "driving"),
            ("andante", "presto"),
        ] {
            assert!(grade(low, |f| f.tempo) < grade(high, |f| f.tempo) - 0.2);
        }
        for (low, high) in [
            ("calm", "intense"),
            ("quiet", "loud"),
            ("peaceful", "aggressive"),
        ] {
            assert!(grade(low, |f| f.energy) < grade(high, |f| f.energy) - 0.4);
        }
        for (low, high) in [
            ("sad", "happy"),
            ("melancholic", "hopeful"),
            ("dark", "uplifting"),
        ] {
            assert!(grade(low, |f| f.valence) < grade(high, |f| f.valence) - 0.4);
        }
        assert_eq!(of("minor").unwrap().mode, Some(Mode::Minor));
        assert_eq!(of("kazoo"), None);
    }
}
