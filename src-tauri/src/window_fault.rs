//! Errors of the window toolkit as faults.

use needledrop_session::Fault;

/// A fault with the code `window` and the error's text.
pub fn window_fault(error: impl std::fmt::Display) -> Fault {
    Fault::new("window", error.to_string())
}
