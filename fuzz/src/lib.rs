//! One target for every parser of foreign bytes. `README.md` says how they are run.

mod audio;
mod credits;
mod database;
mod index;
mod media;
mod pack;
mod scratch;
mod settings;
mod target;
mod timecode;

pub use target::Target;

/// All targets, in the order of their names.
pub const TARGETS: [Target; 16] = [
    database::CATALOG,
    index::CELLS,
    media::CONTAINERS,
    credits::CREDITS,
    audio::DECODE,
    pack::LOCK,
    pack::MANIFEST,
    audio::METADATA,
    media::PACKETS,
    database::PROJECTS,
    audio::RECOGNISE,
    settings::SETTINGS,
    pack::TENSORS,
    timecode::TIMECODE,
    pack::TOKENIZER,
    index::VECTORS,
];
