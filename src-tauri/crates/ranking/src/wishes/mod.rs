//! What words ask of the numbers that are known of a track, and how far a track obeys.
//!
//! A [`Wish`] names one measured property: tempo, energy, valence, mode, tags or voices. A [`Population`] holds these
//! properties for every track of a catalog, so that a share such as an energy is read as its percentile there. Its
//! [`Obedience`] is a weighted geometric mean of smooth scores from 0 to 1, 0.5 for what is not known of a track. A
//! geometric mean asks for all wishes together: one that is missed is not made up for by the others.
//!
//! A track that clearly carries what is refused lies below every track that does not ([`Obedience::held_apart`]).

mod fit;
mod obedience;
mod population;
mod wish;

pub use obedience::{Obedience, Obeying, obedience_share, words_score};
pub use population::{Measured, Population};
pub use wish::{Edges, Measure, Stance, Wish};
