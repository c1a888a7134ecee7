//! What reaches the output supervisor's thread.

use crate::output::{DeviceError, OpenDevice, OutputChoice};

pub(crate) enum Message {
    /// A command was sent: render it now instead of at the next step. Needed without a device only.
    Wake,
    Opened(Box<OpenDevice>),
    /// No device could be opened, and the reason.
    NoOutput(String),
    DeviceFailed(DeviceError),
    Choose(OutputChoice),
    Close,
}
