"""How a class and a tag are said in a sentence before MiniLM reads them.

The sentence encoder knows whole phrases better than bare labels: "00s" means nothing to it, "music of the 2000s"
does. The tagger's own spellings stay in tags.txt; these phrases only make the vectors.
"""

VOCAL = {
    "female vocalists": "music with female singers",
    "female vocalist": "music with a female singer",
    "male vocalists": "music with male singers",
    "vocal": "vocal music",
    "vocals": "music with vocals",
    "voice": "music with a voice",
    "female": "music with a woman's voice",
    "woman": "music with a woman singing",
    "female vocal": "music with female vocals",
    "female voice": "music with a female voice",
    "male": "music with a man's voice",
    "man": "music with a man singing",
    "male vocal": "music with male vocals",
    "male voice": "music with a male voice",
    "singing": "music with singing",
    "choir": "choir music",
    "choral": "choral music",
    "no vocals": "instrumental music without vocals",
    "no vocal": "instrumental music without a vocal",
    "no voice": "instrumental music without a voice",
}
DECADES = {
    "60s": "music of the 1960s",
    "70s": "music of the 1970s",
    "80s": "music of the 1980s",
    "90s": "music of the 1990s",
    "00s": "music of the 2000s",
}
SPELLED_OUT = {
    "rnb": "rhythm and blues music",
    "chill": "chill, relaxed music",
    "chillout": "chillout music",
    "oldies": "oldies music from long ago",
    "Mellow": "mellow music",
    "House": "house music",
    "Hip-Hop": "hip-hop music",
    "Progressive rock": "progressive rock music",
    "beat": "music with a beat",
    "beats": "music with beats",
    "classic": "classic music",
    "drums": "music with drums",
    "strings": "music with strings",
    "synth": "synthesizer music",
    "solo": "music for a solo instrument",
    "weird": "weird, strange music",
    "loud": "loud music",
    "quiet": "quiet music",
    "indian": "Indian music",
}

# What music of each mood is, in the order in which moods are kept: action, sad, happy, calm. The program asks packs
# without these vectors in the same words (engine/src/music/mood.rs).
MOODS = (
    "fast, loud, energetic, driving, tense action music",
    "slow, sad, melancholic, sorrowful music in a minor key",
    "happy, cheerful, upbeat, joyful music in a major key",
    "calm, quiet, soft, relaxing, peaceful ambient music",
)


def tag_phrase(tag):
    for table in (VOCAL, DECADES, SPELLED_OUT):
        if tag in table:
            return table[tag]
    return f"{tag} music"


def class_phrase(name):
    return f"a photo of {article(name)}{name}"


def article(name):
    """The indefinite article, left out before plurals and names that carry their own."""
    if name.endswith("s") and not name.endswith("ss"):
        return ""
    return "an " if name[0].lower() in "aeiou" else "a "
