//! Foreign text on the terminal.

use std::fmt::{self, Display, Formatter, Write};

/// Text of files, tags, catalogs or errors, printed so that nothing in it can steer the terminal: control characters
/// and those that turn the direction of writing become spaces.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printable<T>(pub(crate) T);

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(Harmless(out), "{}", self.0)
    }
}

struct Harmless<'a, 'b>(&'a mut Formatter<'b>);

impl Write for Harmless<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let steers = |c: char| {
            c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let mut first = true;
        for part in text.split(steers) {
            if !first {
                self.0.write_char(' ')?;
            }
            first = false;
            self.0.write_str(part)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_steer_the_terminal() {
        for (text, printed) in [
            ("\u{1b}[2Jgone\u{7}", " [2Jgone "),
            ("two\r\nlines", "two  lines"),
            ("\u{9b}31m", " 31m"),
            ("evil\u{202e}gpj.exe", "evil gpj.exe"),
            ("Dvořák – Für Elise ♯", "Dvořák – Für Elise ♯"),
        ] {
            assert_eq!(Printable(text).to_string(), printed, "{text:?}");
        }
        let path = std::path::Path::new("a\u{1b}b");
        assert_eq!(Printable(path.display()).to_string(), "a b");
    }
}
