//! Training and evaluation of the projector: on written scene → music pairs, on labelled pictures, and on pictures with
//! chosen music.

pub mod check;
mod day;
mod indexed;
mod look_hash;
pub mod pairs;
mod picture_file;
pub mod pictures;
pub mod reading;
pub mod report;
mod seen;
pub mod training;
pub mod words;
