//! `pack.toml`: the files of a pack, and the inputs that its models expect.

mod check;
mod tables;
#[cfg(test)]
mod tests;

pub(crate) use check::check_inside_pack;
pub use tables::{
    Audio, AudioKind, ChoiceCalibration, Crop, Filter, Manifest, MoodCalibration, PackFile,
    ProjectorFile, Text, TextKind, TextModel, Visual, VisualKind,
};
