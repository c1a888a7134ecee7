//! `needledrop look --plot`: one picture of a clip. Filmstrip, cuts, motion and pulse, and below them the best track
//! with its beats, on one time axis.

mod canvas;
mod content;
mod draw;

pub(crate) use canvas::DrawError;
pub(crate) use content::Content;
pub(crate) use draw::draw;
