//! Answers on stdout, failures on stderr or as JSON.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use clap::error::ContextKind;
use needledrop_engine::{Class, EngineError};
use serde::Serialize;

use crate::contact_sheet::DrawError;
use crate::printable::Printable;

/// Prints answers as tables or as one JSON document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
}

/// A failure as `--json` prints it, with its exit code.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    code: String,
    message: String,
    hint: Option<String>,
    #[serde(skip)]
    exit: u8,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints `document` as JSON, or what `human` writes.
    pub(crate) fn print<T: Serialize>(
        self,
        document: &T,
        human: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = if self.json {
            serde_json::to_writer(&mut out, document)
                .map_err(io::Error::from)
                .and_then(|()| out.write_all(b"\n"))
        } else {
            human(&mut out)
        };
        settle(written.and_then(|()| out.flush()))
    }

    /// Prints a failure and returns its exit code.
    pub(crate) fn fail(self, failure: &Failure) -> ExitCode {
        #[derive(Serialize)]
        struct Document<'a> {
            error: &'a Failure,
        }
        if self.json {
            let printed = self.print(&Document { error: failure }, |_| Ok(()));
            if printed.is_err() {
                return ExitCode::from(5);
            }
        } else {
            eprintln!("error: {}", Printable(&failure.message));
            if let Some(hint) = &failure.hint {
                eprintln!(" hint: {}", Printable(hint));
            }
        }
        ExitCode::from(failure.exit)
    }
}

/// Ends the process with exit code 0 if the reader has closed the pipe (`| head`).
fn settle(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Failure {
            code: "output_failed".to_owned(),
            message: format!("the answer could not be printed: {error}"),
            hint: None,
            exit: 5,
        }),
    }
}

impl Failure {
    /// The failure of a wrong command line.
    pub(crate) fn usage(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let first = text.lines().next().unwrap_or_default();
        let message = first
            .strip_prefix("error: ")
            .unwrap_or(first)
            .trim()
            .to_owned();
        let missing = match error.get(ContextKind::InvalidArg) {
            Some(names) if message.ends_with(':') => format!(" {names}"),
            _ => String::new(),
        };
        Self {
            code: "usage".to_owned(),
            message: message + &missing,
            hint: Some("see `needledrop --help` and `needledrop COMMAND --help`".to_owned()),
            exit: 2,
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
            hint: error.hint(),
            exit: error.class() as u8,
        }
    }
}

impl From<DrawError> for Failure {
    fn from(error: DrawError) -> Self {
        Self {
            code: "plot_failed".to_owned(),
            message: format!("the contact sheet could not be drawn: {}", error.reason),
            hint: None,
            exit: Class::Internal as u8,
        }
    }
}
