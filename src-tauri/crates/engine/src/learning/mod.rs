//! Training and evaluation of the projector, on written pairs and on chosen ones.

pub mod pairs;
pub mod training;
