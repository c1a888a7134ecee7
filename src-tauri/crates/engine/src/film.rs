//! stub
use crate::{
    EngineError, Places,
    job::{Job, Outcome},
};
use std::path::Path;
/// stub
pub fn film(
    _: &Places,
    _: &Path,
    _: Option<(f64, f64)>,
    _: usize,
    _: u32,
    _: &Job<'_>,
    _: &mut dyn FnMut(usize, f64, Vec<u8>),
) -> Result<Outcome<()>, EngineError> {
    Ok(Outcome::Completed(()))
}
