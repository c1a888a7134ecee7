//! `needledrop look --plot`: a clip on one sheet. Filmstrip, cuts, motion and pulse, and under them the
//! best track with its beats, all over one time axis.

mod canvas;
mod content;
mod draw;

pub(crate) use canvas::DrawError;
pub(crate) use content::Content;
pub(crate) use draw::draw;
