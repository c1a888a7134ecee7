//! What the window can ask, a file a feature. Bodies are wiring: they run on a blocking thread, so the
//! window never waits for them.
#![allow(
    clippy::let_underscore_must_use,
    reason = "what Tauri's command macro makes of a function has such a let"
)]

pub mod audition;
pub mod catalog;
pub mod clips;
pub mod drag;
pub mod matches;
pub mod picks;
pub mod place;

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
