//! Training and evaluation of the projector: on written scene → music pairs, and on pictures with chosen music.

pub mod pairs;
mod picture_file;
pub mod training;
