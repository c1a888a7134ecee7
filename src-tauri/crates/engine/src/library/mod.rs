//! A catalog that is opened and searched.

pub(crate) mod documents;
pub(crate) mod open;
pub mod search;
mod text_towers;
pub mod tracks;
