//! The three yardsticks: labelled pictures and their briefs, briefs and the music they ask for, pictures and the
//! music that people chose for them. Each is split by source into a development part and a locked part.
//!
//! Figures and rules only: the engine embeds pictures and searches music.

pub mod calibration;
pub mod facts;
pub mod figures;
pub mod fitted;
pub mod hubs;
pub mod leaks;
pub mod obeyed;
pub mod pictures;
pub mod places;
pub mod rows;
pub mod split;
pub mod uses;
pub mod words;
