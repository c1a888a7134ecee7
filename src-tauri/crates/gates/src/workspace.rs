//! What `cargo metadata` says of the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

/// The workspace's own packages and every package that they resolve to.
#[derive(Debug, Default)]
pub struct Workspace {
    /// Short name of each member, with the members that its normal and build dependencies name.
    pub members: BTreeMap<String, BTreeSet<String>>,
    /// Short name of each member, with the names of all packages in its dependency tree, itself left out.
    pub trees: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Option<Resolve>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `dev`, `build`, or none for a normal dependency.
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<NodeDependency>,
}

#[derive(Deserialize)]
struct NodeDependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

const DEV: Option<&str> = Some("dev");

/// `needledrop-audio` is `audio`; `needledrop`, the package of the window, is `shell`.
pub fn short_name(package: &str) -> String {
    match package.strip_prefix("needledrop-") {
        Some(rest) => rest.to_owned(),
        None if package == "needledrop" => "shell".to_owned(),
        None => package.to_owned(),
    }
}

/// Asks cargo for the workspace at `top`: names and kinds without network access, and the resolved tree for the
/// machine that this runs on.
///
/// # Errors
/// Cargo does not start, fails, or its answer holds no packages.
pub fn ask(cargo: &Path, top: &Path) -> Result<Workspace, String> {
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--filter-platform",
            "host-tuple",
        ])
        .current_dir(top)
        .output()
        .map_err(|e| format!("{} does not start: {e}", cargo.display()))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("cargo metadata failed, {}: {said}", output.status));
    }
    read(&output.stdout)
}

/// Reads the JSON that `cargo metadata --format-version 1` prints.
///
/// # Errors
/// No JSON of this form, no members, or no resolved tree.
pub fn read(json: &[u8]) -> Result<Workspace, String> {
    let metadata: Metadata =
        serde_json::from_slice(json).map_err(|e| format!("cargo metadata: {e}"))?;
    let resolve = metadata
        .resolve
        .ok_or("cargo metadata gave no resolved dependency tree")?;
    let by_id: BTreeMap<&str, &Package> = metadata.packages.iter().map(|p| (&*p.id, p)).collect();
    let nodes: BTreeMap<&str, &Node> = resolve.nodes.iter().map(|n| (&*n.id, n)).collect();
    let mut members = Vec::new();
    for id in &metadata.workspace_members {
        members.push(
            *by_id
                .get(&**id)
                .ok_or_else(|| format!("cargo metadata has no package {id}"))?,
        );
    }
    if members.is_empty() {
        return Err("cargo metadata names no member of the workspace".into());
    }
    let names: BTreeSet<&str> = members.iter().map(|p| &*p.name).collect();
    let mut workspace = Workspace::default();
    for member in members {
        let direct = member
            .dependencies
            .iter()
            .filter(|d| d.kind.as_deref() != DEV && names.contains(&*d.name))
            .map(|d| short_name(&d.name))
            .collect();
        workspace.members.insert(short_name(&member.name), direct);
        workspace
            .trees
            .insert(short_name(&member.name), tree(&member.id, &nodes, &by_id)?);
    }
    Ok(workspace)
}

fn tree(
    root: &str,
    nodes: &BTreeMap<&str, &Node>,
    packages: &BTreeMap<&str, &Package>,
) -> Result<BTreeSet<String>, String> {
    let (mut seen, mut open) = (BTreeSet::from([root]), vec![root]);
    let mut found = BTreeSet::new();
    while let Some(id) = open.pop() {
        let node = nodes
            .get(id)
            .ok_or_else(|| format!("cargo metadata did not resolve {id}"))?;
        for dependency in &node.deps {
            let counts = dependency
                .dep_kinds
                .iter()
                .any(|k| k.kind.as_deref() != DEV);
            if counts && seen.insert(&dependency.pkg) {
                let package = packages
                    .get(&*dependency.pkg)
                    .ok_or_else(|| format!("cargo metadata has no package {}", dependency.pkg))?;
                found.insert(package.name.clone());
                open.push(&dependency.pkg);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{
        "packages": [
            {"id": "e", "name": "needledrop-engine", "dependencies": [
                {"name": "needledrop-audio", "kind": null}, {"name": "needledrop-media", "kind": "dev"},
                {"name": "needledrop-models", "kind": "build"}, {"name": "serde", "kind": null}]},
            {"id": "a", "name": "needledrop-audio", "dependencies": []},
            {"id": "s", "name": "serde", "dependencies": []},
            {"id": "t", "name": "tempfile", "dependencies": []},
            {"id": "d", "name": "serde_derive", "dependencies": []},
            {"id": "m", "name": "needledrop-media", "dependencies": []},
            {"id": "o", "name": "needledrop-models", "dependencies": []}],
        "workspace_members": ["e", "a", "m", "o"],
        "resolve": {"nodes": [
            {"id": "e", "deps": [
                {"pkg": "a", "dep_kinds": [{"kind": null}]}, {"pkg": "m", "dep_kinds": [{"kind": "dev"}]},
                {"pkg": "s", "dep_kinds": [{"kind": "dev"}, {"kind": null}]},
                {"pkg": "t", "dep_kinds": [{"kind": "dev"}]}]},
            {"id": "s", "deps": [{"pkg": "d", "dep_kinds": [{"kind": "build"}]}]},
            {"id": "a", "deps": []}, {"id": "d", "deps": []}, {"id": "t", "deps": []}, {"id": "m", "deps": []},
            {"id": "o", "deps": []}]}}"#;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn development_dependencies_do_not_count() {
        let workspace = read(JSON.as_bytes()).expect("metadata");
        assert_eq!(workspace.members["engine"], set(&["audio", "models"]));
        assert_eq!(
            workspace.trees["engine"],
            set(&["needledrop-audio", "serde", "serde_derive"])
        );
        assert_eq!(workspace.members.len(), 4);
    }

    #[test]
    fn an_answer_without_packages_or_tree_is_an_error() {
        assert!(read(b"").is_err());
        assert!(read(b"{}").is_err());
        let empty = r#"{"packages": [], "workspace_members": [], "resolve": {"nodes": []}}"#;
        assert!(read(empty.as_bytes()).is_err());
        assert!(read(JSON.replace("\"resolve\"", "\"other\"").as_bytes()).is_err());
        assert!(
            read(
                JSON.replace("{\"id\": \"s\", \"deps\"", "{\"id\": \"x\", \"deps\"")
                    .as_bytes()
            )
            .is_err()
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_cargo_that_fails_or_prints_nothing_is_an_error() {
        use std::fs;
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().expect("a folder");
        let scripts = [
            ("fails", "exit 101"),
            ("silent", "exit 0"),
            ("late", "cat answer; exit 101"),
        ];
        fs::write(folder.path().join("answer"), JSON).expect("written");
        for (name, body) in scripts {
            let path = folder.path().join(name);
            fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
            assert!(ask(&path, folder.path()).is_err(), "{name}");
        }
        assert!(ask(&folder.path().join("missing"), folder.path()).is_err());
    }
}
