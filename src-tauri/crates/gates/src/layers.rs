//! Compares the workspace with the crate table: which crates there are, and which of them know each other.

use std::collections::BTreeMap;

use crate::table::Row;
use crate::workspace::Workspace;

/// The package that alone may depend on the window toolkit.
const SHELL: &str = "shell";

/// Packages of the window toolkit.
const WINDOW_TOOLKIT: [&str; 6] = ["tauri", "tauri-runtime", "wry", "tao", "gtk", "webkit2gtk"];

/// Everything that is wrong, one sentence each; empty where the workspace and the table agree.
pub fn problems(rows: &[Row], workspace: &Workspace) -> Vec<String> {
    let mut found = Vec::new();
    let mut places = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        if places.insert(&*row.name, place).is_some() {
            found.push(format!("the crate table has two rows for `{}`", row.name));
        }
        if !workspace.members.contains_key(&row.name) {
            found.push(format!(
                "the crate table has a row for `{}`, which is no crate of the workspace",
                row.name
            ));
        }
    }
    for (place, row) in rows.iter().enumerate() {
        for known in &row.knows {
            match places.get(&**known) {
                None => found.push(format!(
                    "row `{}`: `{known}` has no row of its own",
                    row.name
                )),
                Some(&other) if other <= place => {
                    found.push(format!(
                        "row `{}`: `{known}` must stand in a lower row",
                        row.name
                    ));
                }
                Some(_) => {}
            }
        }
    }
    for (name, dependencies) in &workspace.members {
        let Some(row) = rows.iter().find(|row| row.name == *name) else {
            found.push(format!("crate `{name}` has no row in the crate table"));
            continue;
        };
        for dependency in dependencies.iter().filter(|d| !row.knows.contains(d)) {
            found.push(format!(
                "crate `{name}` must not depend on `{dependency}`: its row does not name it"
            ));
        }
        for known in row.knows.iter().filter(|k| !dependencies.contains(*k)) {
            found.push(format!(
                "row `{name}` names `{known}`, but the crate does not depend on it"
            ));
        }
    }
    for (name, tree) in workspace.trees.iter().filter(|(name, _)| *name != SHELL) {
        for package in WINDOW_TOOLKIT.iter().filter(|p| tree.contains(**p)) {
            found.push(format!(
                "crate `{name}` must not depend on the window toolkit: {package} is in its tree"
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn row(name: &str, knows: &[&str]) -> Row {
        Row {
            name: name.into(),
            knows: knows.iter().map(|k| (*k).to_owned()).collect(),
        }
    }

    /// `lines`: a crate, the crates that it depends on, and the other packages of its tree.
    fn workspace(lines: &[(&str, &[&str], &[&str])]) -> Workspace {
        let set = |names: &[&str]| {
            names
                .iter()
                .map(|n| (*n).to_owned())
                .collect::<BTreeSet<_>>()
        };
        let mut workspace = Workspace::default();
        for (name, members, tree) in lines {
            workspace.members.insert((*name).into(), set(members));
            workspace.trees.insert((*name).into(), set(tree));
        }
        workspace
    }

    /// The one problem that this table and this workspace have.
    fn only(rows: &[Row], workspace: &Workspace) -> String {
        let found = problems(rows, workspace);
        assert_eq!(found.len(), 1, "{found:#?}");
        found[0].clone()
    }

    #[test]
    fn a_table_that_says_what_the_crates_do_has_no_problems() {
        let rows = [
            row("shell", &["engine"]),
            row("engine", &["audio"]),
            row("audio", &[]),
        ];
        let crates = workspace(&[
            ("shell", &["engine"], &["tauri", "gtk"]),
            ("engine", &["audio"], &["serde"]),
            ("audio", &[], &[]),
        ]);
        assert_eq!(problems(&rows, &crates), Vec::<String>::new());
    }

    #[test]
    fn an_arrow_that_the_table_does_not_name_is_a_problem() {
        let rows = [row("engine", &[]), row("audio", &[])];
        let crates = workspace(&[("engine", &["audio"], &[]), ("audio", &[], &[])]);
        assert!(only(&rows, &crates).contains("must not depend on `audio`"));
    }

    #[test]
    fn an_arrow_that_only_the_table_names_is_a_problem() {
        let rows = [row("engine", &["audio"]), row("audio", &[])];
        let crates = workspace(&[("engine", &[], &[]), ("audio", &[], &[])]);
        assert!(only(&rows, &crates).contains("does not depend on it"));
    }

    #[test]
    fn an_arrow_that_points_up_is_a_problem() {
        let rows = [row("audio", &[]), row("engine", &["audio"])];
        let crates = workspace(&[("engine", &["audio"], &[]), ("audio", &[], &[])]);
        assert!(only(&rows, &crates).contains("lower row"));
    }

    #[test]
    fn a_crate_without_a_row_is_a_problem() {
        let crates = workspace(&[("engine", &[], &[]), ("audio", &[], &[])]);
        assert!(only(&[row("engine", &[])], &crates).contains("`audio` has no row"));
    }

    #[test]
    fn a_row_without_a_crate_or_twice_is_a_problem() {
        let crates = workspace(&[("engine", &[], &[])]);
        assert!(
            only(&[row("engine", &[]), row("audio", &[])], &crates)
                .contains("no crate of the workspace")
        );
        assert!(only(&[row("engine", &[]), row("engine", &[])], &crates).contains("two rows"));
    }

    #[test]
    fn the_window_toolkit_anywhere_below_the_shell_is_a_problem() {
        for package in WINDOW_TOOLKIT {
            let crates = workspace(&[("engine", &[], &["serde", package])]);
            assert!(only(&[row("engine", &[])], &crates).contains(package));
        }
    }
}
