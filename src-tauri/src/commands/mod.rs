//! What the window can ask, a file a feature. Bodies are wiring: they run on a blocking thread, so the
//! window never waits for them.

mod audition;
mod catalog;
mod clips;
mod drag;
mod matches;
mod picks;
mod place;

pub use audition::*;
pub use catalog::*;
pub use clips::*;
pub use drag::*;
pub use matches::*;
pub use picks::*;
pub use place::*;

use std::sync::Arc;

use tauri::State;

use crate::desk::Desk;
use crate::fault::Fault;

type Shared<'a> = State<'a, Arc<Desk>>;

/// Runs what may take a while off the window's thread.
async fn off<T: Send + 'static>(
    desk: Shared<'_>,
    work: impl FnOnce(&Arc<Desk>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let desk = desk.inner().clone();
    tauri::async_runtime::spawn_blocking(move || work(&desk))
        .await
        .map_err(|error| Fault::new("internal", format!("a call broke off: {error}")))?
}
