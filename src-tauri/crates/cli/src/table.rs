//! Tables on the terminal.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};
use terminal_size::{Width, terminal_size_of};

use crate::printable::Printable;

/// Prints a table. The columns with the indices `right` are aligned right.
pub(crate) fn write(
    out: &mut dyn Write,
    headers: &[&str],
    right: &[usize],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> io::Result<()> {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    // Lines are wrapped on a terminal only.
    if let Some((Width(width), _)) = terminal_size_of(io::stdout()) {
        table.set_width(width);
    }
    table.set_header(
        headers
            .iter()
            .enumerate()
            .map(|(at, text)| cell(at, text, right)),
    );
    for row in rows {
        table.add_row(
            row.iter()
                .enumerate()
                .map(|(at, text)| cell(at, text, right)),
        );
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn cell(at: usize, text: &str, right: &[usize]) -> Cell {
    let cell = Cell::new(Printable(text));
    if right.contains(&at) {
        cell.set_alignment(CellAlignment::Right)
    } else {
        cell
    }
}

/// A duration as `m:ss`.
pub(crate) fn length(seconds: f64) -> String {
    let whole = seconds.max(0.0).round();
    format!("{}:{:02}", (whole / 60.0).floor(), whole % 60.0)
}

/// The value, or a dash for an unknown one.
pub(crate) fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "–".to_owned(), |v| v.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_steer_the_terminal() {
        let mut out = Vec::new();
        write(
            &mut out,
            &["title"],
            &[],
            [vec!["\u{1b}[2Jgone\u{7}".to_owned()]],
        )
        .unwrap();
        assert!(
            !out.contains(&0x1b) && !out.contains(&7),
            "no escape passes"
        );
    }

    #[test]
    fn lengths_are_minutes_and_seconds() {
        assert_eq!(length(61.4), "1:01");
        assert_eq!(length(3599.6), "60:00");
    }
}
