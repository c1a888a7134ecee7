//! Which packets are decoded for which sampling times. Pure.
//!
//! The frame *at* a time t is the last one that starts at or before t, as in a player. Exact
//! sampling takes it for every time. Fast sampling takes the nearest picture that decodes alone (an
//! entry) if one lies in the same shot and within one second. For the other times it decodes a
//! bounded number of further pictures where they help most; the bound grows with the distance of
//! entries.
//!
//! Only the packets that a chosen picture depends on are decoded: from the entry before it, without
//! pictures that no other refers to.

mod between;
mod dense;
mod display_order;
mod fast;
mod needed;
mod route;
mod sampled;

pub(crate) use between::between;
pub(crate) use dense::dense;
pub(crate) use route::{Route, Target};
pub(crate) use sampled::route;

#[cfg(test)]
mod tests;
