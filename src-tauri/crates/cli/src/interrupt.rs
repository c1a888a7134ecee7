//! Ctrl-C: the first one asks, the second one kills.

use tokio_util::sync::CancellationToken;

use crate::INTERRUPTED;

/// A token that is cancelled by the first Ctrl-C (or SIGTERM); the second ends the process.
pub(crate) fn token() -> CancellationToken {
    let token = CancellationToken::new();
    let on_signal = token.clone();
    let installed = ctrlc::set_handler(move || {
        if on_signal.is_cancelled() {
            std::process::exit(i32::from(INTERRUPTED));
        }
        eprintln!("\nstopping; once more to stop at once");
        on_signal.cancel();
    });
    if let Err(error) = installed {
        // Ctrl-C then ends the process at once, which every job survives.
        eprintln!("needledrop: Ctrl-C will not stop gently: {error}");
    }
    token
}
