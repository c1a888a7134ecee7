//! Calls of the session on a blocking thread.

use std::sync::Arc;

use needledrop_session::{Fault, Session};
use tauri::State;

/// The session as Tauri hands it to a command.
pub(super) type Shared<'a> = State<'a, Arc<Session>>;

/// Runs a call of the session on a blocking thread. A panic of the call becomes the fault `panicked`.
pub(super) async fn blocking<T: Send + 'static>(
    session: Shared<'_>,
    call: impl FnOnce(&Arc<Session>) -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let session = session.inner().clone();
    tauri::async_runtime::spawn_blocking(move || call(&session))
        .await
        .map_err(|error| {
            Fault::new(
                "panicked",
                format!("an internal error stopped a call: {error}"),
            )
        })?
}
