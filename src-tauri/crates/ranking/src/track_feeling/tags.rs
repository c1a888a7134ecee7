//! What the tags of musicnn's taggers say of arousal and valence.
//!
//! The directions are those that listeners and social tags give these words and genres: loud, fast and distorted music
//! arouses, metal and noise displease, dance and soul please (Saari & Eerola 2014; C. Laurier, M. Sordo, J. Serrà &
//! P. Herrera, *Music mood representations from social tags*, ISMIR 2009). They were set by hand in steps of a half, with
//! a look at how single tags go with labels of development sources, not fitted. A tag that is not here says nothing.

/// What a tag says of a track with it, each from -1 to 1.
pub(super) struct TagFeeling {
    /// Name of the tag; case is ignored.
    pub(super) name: &'static str,
    /// From -1 (calm) to 1 (excited).
    pub(super) arousal: f64,
    /// From -1 (unpleasant) to 1 (pleasant).
    pub(super) valence: f64,
}

const fn tag(name: &'static str, arousal: f64, valence: f64) -> TagFeeling {
    TagFeeling {
        name,
        arousal,
        valence,
    }
}

/// Every tag that says something.
#[rustfmt::skip]
pub(super) const TAGS: [TagFeeling; 52] = [
    tag("60s", 0.0, 0.5),
    tag("70s", 0.0, 0.5),
    tag("acoustic", -0.5, 0.5),
    tag("alternative rock", 0.5, -0.5),
    tag("ambient", -1.0, 0.0),
    tag("beat", 0.5, 0.0),
    tag("beats", 0.5, 0.0),
    tag("beautiful", -0.5, 0.5),
    tag("catchy", 0.5, 0.5),
    tag("cello", -0.5, -0.5),
    tag("chill", -0.5, 0.5),
    tag("chillout", -0.5, 0.5),
    tag("choral", -0.5, 0.0),
    tag("classic rock", 0.5, 0.0),
    tag("classical", -0.5, 0.0),
    tag("country", 0.0, 0.5),
    tag("dance", 1.0, 0.5),
    tag("drums", 0.5, 0.0),
    tag("easy listening", -0.5, 1.0),
    tag("electro", 0.5, 0.0),
    tag("experimental", 0.0, -1.0),
    tag("fast", 1.0, 0.0),
    tag("flute", -0.5, 0.5),
    tag("folk", 0.0, 0.5),
    tag("funk", 0.5, 1.0),
    tag("happy", 0.5, 1.0),
    tag("hard rock", 1.0, -0.5),
    tag("harp", -0.5, 0.5),
    tag("heavy metal", 1.0, -1.0),
    tag("Hip-Hop", 0.5, 0.0),
    tag("House", 0.5, 0.5),
    tag("indie pop", 0.0, 0.5),
    tag("indie rock", 0.5, 0.0),
    tag("jazz", 0.0, 0.5),
    tag("loud", 1.0, -0.5),
    tag("Mellow", -1.0, 0.5),
    tag("metal", 1.0, -1.0),
    tag("new age", -1.0, 0.5),
    tag("oldies", 0.0, 0.5),
    tag("party", 1.0, 1.0),
    tag("pop", 0.0, 0.5),
    tag("punk", 1.0, -0.5),
    tag("quiet", -1.0, 0.0),
    tag("rnb", 0.0, 0.5),
    tag("rock", 0.5, 0.0),
    tag("sad", -1.0, -1.0),
    tag("slow", -1.0, 0.0),
    tag("soft", -1.0, 0.5),
    tag("solo", -0.5, 0.0),
    tag("soul", 0.0, 0.5),
    tag("techno", 1.0, 0.0),
    tag("weird", 0.0, -1.0),
];
