//! Ctrl-C: the first one stops the job, the second one ends the process.

use tokio_util::sync::CancellationToken;

use crate::end::INTERRUPTED;

/// A token that is cancelled by the first Ctrl-C (or SIGTERM); the second ends the process.
pub(crate) fn token() -> CancellationToken {
    let token = CancellationToken::new();
    let on_signal = token.clone();
    let installed = ctrlc::set_handler(move || {
        if on_signal.is_cancelled() {
            std::process::exit(i32::from(INTERRUPTED));
        }
        eprintln!("\nstopping; press Ctrl-C again to stop at once");
        on_signal.cancel();
    });
    if let Err(error) = installed {
        // Without the handler, Ctrl-C ends the process at once. Every job can be continued after that.
        eprintln!("needledrop: Ctrl-C will stop without finishing the current step: {error}");
    }
    token
}
