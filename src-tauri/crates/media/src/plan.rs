//! Which packets are decoded for which sampling times. Pure.
//!
//! The frame *at* a time t is the last one that starts at or before t (the one a
//! player shows). Exact sampling takes it for every time. Fast sampling takes the nearest
//! picture that decodes alone (an entry) where one lies in the same shot and within
//! one second, and spends a bounded number of further pictures where it tells most:
//! the sparser the entries, the more times have none near, and the more it may spend.
//!
//! Either way only what a chosen picture is built from is decoded: from the entry
//! before it up to it, without pictures that no other refers to.

mod dense;
mod fast;
mod needed;
mod route;
mod sampled;
mod shown;

pub(crate) use dense::dense;
pub(crate) use route::{Route, Target};
pub(crate) use sampled::route;

#[cfg(test)]
mod tests;
