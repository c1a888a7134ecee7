//! Instruments, voices and styles by the words that people use, and the tags that mean them.
//!
//! The tags are those of the tagger's two lists (MagnaTagATune and Million Song Dataset); a pack with other tags is reached by
//! the tags' own names.

/// A group of tags that mean one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Its name on the screen.
    pub(super) name: &'static str,
    /// Words for it, separated by bars.
    words: &'static str,
    /// Tags, separated by bars.
    tags: &'static str,
    /// It is a kind of voice.
    pub(super) sung: bool,
}

impl Group {
    pub(super) fn tags(&self) -> impl Iterator<Item = &'static str> {
        self.tags.split('|')
    }
}

const fn played(name: &'static str, words: &'static str, tags: &'static str) -> Group {
    Group {
        name,
        words,
        tags,
        sung: false,
    }
}

const fn sung(name: &'static str, words: &'static str, tags: &'static str) -> Group {
    Group {
        name,
        words,
        tags,
        sung: true,
    }
}

const GROUPS: &[Group] = &[
    played(
        "strings",
        "strings|string|string section|string quartet|string orchestra|bowed strings",
        "strings|violin|cello",
    ),
    played("violin", "violin|violins|fiddle|viola|violinist", "violin"),
    played("cello", "cello|cellos|cellist", "cello"),
    played(
        "guitar",
        "guitar|guitars|guitarist|electric guitar|electric guitars|bass guitar|strumming|riff|riffs",
        "guitar",
    ),
    played("acoustic", "acoustic|unplugged", "acoustic"),
    played("piano", "piano|pianos|pianist|grand piano", "piano"),
    played(
        "harpsichord",
        "harpsichord|cembalo|clavichord|spinet",
        "harpsichord",
    ),
    played("harp", "harp|harps|lyre", "harp"),
    played(
        "flute",
        "flute|flutes|recorder|pan flute|tin whistle|whistle",
        "flute",
    ),
    played("sitar", "sitar|sitars", "sitar"),
    played(
        "drums",
        "drum|drums|drumming|percussion|percussive|drum kit|drum beat|drum loop|drum machine|drummer",
        "drums|beat|beats",
    ),
    played(
        "beat",
        "beat|beats|groove|grooves|groovy|rhythmic",
        "beat|beats|drums|dance",
    ),
    played(
        "synth",
        "synth|synths|synthesizer|synthesizers|synthesiser|synthesisers|synth pad|synth pads|pads",
        "synth|electronic",
    ),
    played(
        "orchestra",
        "orchestra|orchestral|symphonic|symphony|full orchestra|philharmonic",
        "classical|strings|classic|violin",
    ),
    played(
        "classical",
        "classical|classic|baroque|chamber music",
        "classical|classic",
    ),
    played(
        "electronic",
        "electronic|electronica|electro|edm",
        "electronic|electronica|electro",
    ),
    played("techno", "techno|trance|rave", "techno"),
    played("house", "house|deep house", "House"),
    played("dance", "dance|danceable|disco|club", "dance|party"),
    played(
        "ambient",
        "ambient|ambience|drone|drones|soundscape|atmospheric",
        "ambient|new age",
    ),
    played("new age", "new age", "new age"),
    played(
        "lounge",
        "chillout|chill out|lounge|lo fi|lofi",
        "chillout|chill|easy listening",
    ),
    played(
        "rock",
        "rock|hard rock|classic rock|rocking",
        "rock|hard rock|classic rock|alternative rock",
    ),
    played(
        "metal",
        "metal|heavy metal|thrash metal|death metal",
        "metal|heavy metal",
    ),
    played("punk", "punk|punk rock", "punk"),
    played(
        "indie",
        "indie|indie rock|indie pop|alternative",
        "indie|indie rock|indie pop|alternative",
    ),
    played("pop", "pop|poppy|synth pop", "pop|indie pop"),
    played("jazz", "jazz|jazzy|swing|big band|bebop", "jazz"),
    played("blues", "blues|bluesy", "blues"),
    played("folk", "folk|folky|folk music|celtic", "folk"),
    played("country", "country|bluegrass", "country"),
    played("hip-hop", "hip hop|hiphop|rap", "Hip-Hop"),
    played("funk", "funk|funky", "funk"),
    played("soul", "soul|rnb|motown|soulful", "soul|rnb"),
    played("Indian", "indian|raga", "indian|sitar"),
    played(
        "experimental",
        "experimental|weird|avant garde",
        "experimental|weird",
    ),
    played(
        "choir",
        "choir|choirs|choral|chorus|chant|chanting|gregorian",
        "choir|choral",
    ),
    sung("opera", "opera|operatic|aria|soprano|tenor", "opera"),
    sung(
        "female voice",
        "female vocal|female vocals|female voice|female voices|female singer|woman singing|female vocalist",
        "female|woman|female vocal|female voice|female vocalists|female vocalist",
    ),
    sung(
        "male voice",
        "male vocal|male vocals|male voice|male voices|male singer|man singing|male vocalist",
        "male|man|male vocal|male voice|male vocalists",
    ),
];

const VOICES: &[&str] = &[
    "vocal",
    "vocals",
    "voice",
    "voices",
    "singing",
    "singer",
    "singers",
    "sung",
    "song with words",
    "lyrics",
    "lyric",
    "words",
    "word",
    "vocalist",
    "vocalists",
    "sings",
    "a cappella",
    "acapella",
    "spoken word",
];
const INSTRUMENTAL: &[&str] = &[
    "instrumental",
    "instrumentals",
    "purely instrumental",
    "instrumental only",
    "room for speech",
    "room for dialogue",
    "room for narration",
    "under dialogue",
    "under speech",
    "under narration",
];

/// Words for what the tagger has no tag for, and the known word that comes nearest in use.
const LIKE: &[(&str, &str)] = &[
    (
        "brass|horn|horns|french horn|french horns|fanfare|timpani|oboe|clarinet|bassoon|woodwind|woodwinds",
        "orchestra",
    ),
    (
        "trumpet|trumpets|trombone|saxophone|sax|clarinets|double bass|upright bass",
        "jazz",
    ),
    (
        "banjo|mandolin|ukulele|accordion|bagpipes|bagpipe|medieval|tavern|irish|pirate",
        "folk",
    ),
    (
        "bongos|congas|taiko|tabla|cymbals|snare|hi hat|tribal|tribal drums|marimba|shaker",
        "percussion",
    ),
    ("harmonica|slide guitar|lap steel", "blues"),
    ("lute|dulcimer|zither|koto", "harp"),
    ("keyboard|keyboards|electric piano|rhodes", "piano"),
    (
        "cyberpunk|synthwave|futuristic|sci fi|science fiction",
        "synth",
    ),
    (
        "humming|shouting|vocal samples|vocal chops|narration",
        "voices",
    ),
];

/// The known word that an instrument without a tag is read as.
pub(super) fn like(words: &str) -> Option<&'static str> {
    let is = |all: &str| all.split('|').any(|one| one == words);
    LIKE.iter()
        .find(|(all, _)| is(all))
        .map(|(_, known)| *known)
}

/// Most words in one entry.
pub(super) const MOST_WORDS: usize = 3;

/// The group that these words name.
pub(super) fn group(words: &str) -> Option<&'static Group> {
    GROUPS
        .iter()
        .find(|group| group.words.split('|').any(|one| one == words))
}

/// Whether these words mean singing or speech of any kind.
pub(super) fn is_voice(words: &str) -> bool {
    VOICES.contains(&words)
}

/// Whether these words mean music without voices.
pub(super) fn is_instrumental(words: &str) -> bool {
    INSTRUMENTAL.contains(&words)
}

/// A word for each group, to compare unknown words with.
pub(super) fn headwords() -> impl Iterator<Item = &'static str> {
    GROUPS
        .iter()
        .flat_map(|group| group.words.split('|').take(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for group in GROUPS {
            for word in group.words.split('|') {
                assert!(seen.insert(word), "{word} stands twice");
                assert!(word.split(' ').count() <= MOST_WORDS, "{word}");
                assert!(!is_voice(word) && !is_instrumental(word), "{word}");
            }
        }
    }

    #[test]
    fn synonyms_name_one_group() {
        for (word, name) in [
            ("percussion", "drums"),
            ("fiddle", "violin"),
            ("synthesizers", "synth"),
            ("string section", "strings"),
            ("female vocals", "female voice"),
        ] {
            assert_eq!(group(word).map(|g| g.name), Some(name), "{word}");
        }
        assert!(group("kazoo").is_none());
    }

    #[test]
    fn instruments_without_a_tag_are_read_as_known_words() {
        let mut seen = std::collections::BTreeSet::new();
        for (words, known) in LIKE {
            assert!(group(known).is_some() || is_voice(known), "{known}");
            for word in words.split('|') {
                assert!(seen.insert(word) && group(word).is_none(), "{word}");
                assert!(word.split(' ').count() <= MOST_WORDS, "{word}");
            }
        }
        assert_eq!(like("bongos"), Some("percussion"));
    }
}
