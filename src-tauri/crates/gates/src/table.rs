//! The crate table of ARCHITECTURE.md.

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The crate's short name, as [`crate::workspace::short_name`] makes it.
    pub name: String,
    /// Short names of the workspace crates that this crate may depend on.
    pub knows: Vec<String>,
}

const COLUMNS: [&str; 3] = ["crate", "is for", "knows"];

/// Reads the first table whose columns are `crate`, `is for` and `knows`.
///
/// The first cell begins with the crate's name in backticks. The last cell is a comma-separated list of names in
/// backticks, or `–` for none.
///
/// # Errors
/// No such table, no rows in it, or a cell that is written in another way.
pub fn parse(markdown: &str) -> Result<Vec<Row>, String> {
    let mut lines = markdown.lines().skip_while(|line| cells(line) != COLUMNS);
    lines
        .next()
        .ok_or("ARCHITECTURE.md has no table with the columns crate | is for | knows")?;
    let rows: Vec<Row> = lines
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .map(row)
        .collect::<Result<_, _>>()?;
    if rows.is_empty() {
        return Err("the crate table of ARCHITECTURE.md has no rows".into());
    }
    Ok(rows)
}

fn cells(line: &str) -> Vec<&str> {
    line.trim()
        .trim_matches('|')
        .split('|')
        .map(str::trim)
        .collect()
}

fn row(line: &str) -> Result<Row, String> {
    let [first, _, last] = cells(line)[..] else {
        return Err(format!(
            "the crate table needs three cells in each line; found: {line}"
        ));
    };
    let name = leading_name(first).ok_or_else(|| format!("no crate name in backticks: {first}"))?;
    let knows = match last {
        "–" => Vec::new(),
        list => list
            .split(',')
            .map(|item| {
                let item = item.trim();
                let name = item
                    .strip_prefix('`')
                    .and_then(|rest| rest.strip_suffix('`'));
                name.map(str::to_owned).ok_or_else(|| {
                    format!(
                        "row {name_of}: {item:?} is no crate name in backticks",
                        name_of = first
                    )
                })
            })
            .collect::<Result<_, _>>()?,
    };
    Ok(Row { name, knows })
}

fn leading_name(cell: &str) -> Option<String> {
    let (name, _) = cell.strip_prefix('`')?.split_once('`')?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "# Architecture\n\n| crate | is for | knows |\n|---|---|---|\n";

    #[test]
    fn rows_carry_the_names_in_backticks() {
        let text = format!(
            "{HEAD}| `shell` (src-tauri/src) | `wiring` | `a`, `b` |\n| `a` | x | – |\n\n| `no` | x | – |\n"
        );
        let expected = [("shell", vec!["a", "b"]), ("a", vec![])];
        let rows = parse(&text).expect("a table");
        let rows: Vec<_> = rows
            .iter()
            .map(|r| (&*r.name, r.knows.iter().map(|k| &**k).collect()))
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_missing_or_empty_table_is_an_error() {
        assert!(parse("").is_err());
        assert!(parse("# Architecture\n\n| crate | is for |\n|---|---|\n| `a` | x |\n").is_err());
        assert!(parse(HEAD).is_err());
    }

    #[test]
    fn a_cell_written_in_another_way_is_an_error() {
        for line in [
            "| a | x | – |",
            "| `a` | x | all below |",
            "| `a` | x | `b`, c |",
            "| `a` | x |",
            "| `a` | x | |",
        ] {
            assert!(parse(&format!("{HEAD}{line}\n")).is_err(), "{line}");
        }
    }
}
