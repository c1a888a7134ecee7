//! Weights of the learned scores. Written by `benches/cuts/fit.py`; not to be edited by hand.

use super::{flat, mix, net::Net, sudden};

pub(super) static SUDDEN: Net<{ sudden::CLUES }, 1> = Net { mean: [0.0; 20], scale: [1.0; 20], hidden: [[0.0; 20]; 1], bias: [0.0], out: [0.0], lift: 0.0 };
pub(super) static MIX: Net<{ mix::CLUES }, 1> = Net { mean: [0.0; 18], scale: [1.0; 18], hidden: [[0.0; 18]; 1], bias: [0.0], out: [0.0], lift: 0.0 };
pub(super) static FLAT: Net<{ flat::CLUES }, 1> = Net { mean: [0.0; 14], scale: [1.0; 14], hidden: [[0.0; 14]; 1], bias: [0.0], out: [0.0], lift: 0.0 };
