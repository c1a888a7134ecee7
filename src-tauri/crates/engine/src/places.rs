//! The folders of this machine. There are no environment variables for them: a checkout is found from the path of
//! the executable, all other folders from the platform's conventions.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::error::EngineError;

/// Folders of packs, relative to a folder above the executable.
const INSTALLED: [&str; 3] = ["models", "share/needledrop/models", "Resources/models"];

/// The folders that the use cases read and write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Holds the settings of the application.
    pub config: PathBuf,
    /// Holds catalogs and packs that were downloaded or built on this machine.
    pub data: PathBuf,
    /// Holds what can be made again: proxies, filmstrips, analyses of clips.
    pub cache: PathBuf,
    /// Folders of packs; of two packs with one name, the one in the first folder counts.
    pub packs: Vec<PathBuf>,
    /// The source checkout that contains the executable, if there is one.
    pub checkout: Option<PathBuf>,
    /// The catalog for commands that name none.
    pub default_catalog: PathBuf,
}

impl Places {
    /// The folders of this user and this executable.
    ///
    /// Folders of packs, in order: below each folder above the executable, `models` (a checkout, an unpacked
    /// release), `share/needledrop/models` (a Debian package) and `Resources/models` (a bundle of macOS); then
    /// `models` in the data folder. The default catalog is `catalog-cache/starter` of the checkout, or
    /// `catalogs/default` of the data folder where there is no checkout.
    ///
    /// # Errors
    /// [`EngineError::NoHome`] when the platform has no home folder for this user.
    pub fn find() -> Result<Places, EngineError> {
        let dirs = ProjectDirs::from("", "", "needledrop").ok_or(EngineError::NoHome)?;
        let exe = std::env::current_exe().and_then(|exe| exe.canonicalize());
        Ok(Places::from_dirs(
            exe.ok().as_deref(),
            dirs.config_dir(),
            dirs.data_dir(),
            dirs.cache_dir(),
        ))
    }

    fn from_dirs(exe: Option<&Path>, config: &Path, data: &Path, cache: &Path) -> Places {
        let above: Vec<&Path> = exe.map_or(Vec::new(), |exe| exe.ancestors().skip(1).collect());
        let mut packs: Vec<PathBuf> = above
            .iter()
            .flat_map(|dir| INSTALLED.map(|place| dir.join(place)))
            .filter(|dir| dir.is_dir())
            .collect();
        packs.push(data.join("models"));
        let checkout = above
            .iter()
            .find(|dir| is_checkout(dir))
            .map(|dir| dir.to_path_buf());
        let default_catalog = checkout.as_ref().map_or_else(
            || data.join("catalogs/default"),
            |dir| dir.join("catalog-cache/starter"),
        );
        Places {
            config: config.to_owned(),
            data: data.to_owned(),
            cache: cache.to_owned(),
            packs,
            checkout,
            default_catalog,
        }
    }

    /// Folder of the pack with this name, or the path itself where it holds a `pack.toml`.
    ///
    /// # Errors
    /// [`EngineError::UnknownPack`] with the names of all packs.
    pub fn pack_dir(&self, name: &str) -> Result<PathBuf, EngineError> {
        if !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.') {
            let found = self
                .packs
                .iter()
                .map(|dir| dir.join(name))
                .find(|dir| holds_pack(dir));
            if let Some(dir) = found {
                return Ok(dir);
            }
        }
        if holds_pack(Path::new(name)) {
            return Ok(PathBuf::from(name));
        }
        Err(EngineError::UnknownPack {
            name: name.to_owned(),
            known: self
                .pack_dirs()
                .iter()
                .filter_map(|dir| folder_name(dir))
                .collect(),
        })
    }

    /// Folders of all packs, sorted by name; of two packs with one name, only the first.
    pub fn pack_dirs(&self) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = Vec::new();
        for dir in &self.packs {
            let Ok(entries) = std::fs::read_dir(dir) else {
                continue;
            };
            for entry in entries.flatten() {
                let dir = entry.path();
                let known = found.iter().any(|f| f.file_name() == dir.file_name());
                if !known && holds_pack(&dir) {
                    found.push(dir);
                }
            }
        }
        found.sort_by_key(|dir| folder_name(dir));
        found
    }
}

fn holds_pack(dir: &Path) -> bool {
    dir.join("pack.toml").is_file()
}

fn is_checkout(dir: &Path) -> bool {
    dir.join("src-tauri/crates/engine").is_dir() && dir.join("Cargo.toml").is_file()
}

fn folder_name(dir: &Path) -> Option<String> {
    dir.file_name()
        .map(|name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn places(exe: &Path, home: &Path) -> Places {
        Places::from_dirs(
            Some(exe),
            &home.join("config"),
            &home.join("data"),
            &home.join("cache"),
        )
    }

    #[test]
    fn a_checkout_is_found_from_the_executable() {
        let dir = tempfile::tempdir().unwrap();
        let repo = dir.path();
        fs::create_dir_all(repo.join("src-tauri/crates/engine")).unwrap();
        fs::create_dir_all(repo.join("models/embedded")).unwrap();
        fs::write(repo.join("Cargo.toml"), "").unwrap();
        fs::write(repo.join("models/embedded/pack.toml"), "").unwrap();
        let found = places(&repo.join("target/release/needledrop"), dir.path());
        assert_eq!(found.default_catalog, repo.join("catalog-cache/starter"));
        assert_eq!(
            found.pack_dir("embedded").unwrap(),
            repo.join("models/embedded")
        );
        assert_eq!(found.pack_dirs(), [repo.join("models/embedded")]);
    }

    #[test]
    fn an_installed_executable_uses_the_data_folder() {
        let dir = tempfile::tempdir().unwrap();
        let found = places(&dir.path().join("bin/needledrop"), dir.path());
        assert_eq!(
            found.default_catalog,
            dir.path().join("data/catalogs/default")
        );
        assert_eq!(found.packs.last().unwrap(), &dir.path().join("data/models"));
    }

    #[test]
    fn packs_are_found_where_packages_put_them() {
        for (exe, packs) in [
            ("usr/bin/needledrop-app", "usr/share/needledrop/models"),
            (
                "Needledrop.app/Contents/MacOS/needledrop-app",
                "Needledrop.app/Contents/Resources/models",
            ),
            ("Needledrop/needledrop-app.exe", "Needledrop/models"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let pack = dir.path().join(packs).join("embedded");
            fs::create_dir_all(&pack).unwrap();
            fs::write(pack.join("pack.toml"), "").unwrap();
            let found = places(&dir.path().join(exe), dir.path());
            assert_eq!(found.pack_dir("embedded").unwrap(), pack);
        }
    }

    #[test]
    fn an_unknown_pack_names_the_known_ones() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("data/models/mine")).unwrap();
        fs::write(dir.path().join("data/models/mine/pack.toml"), "").unwrap();
        let found = places(&dir.path().join("bin/needledrop"), dir.path());
        let error = found.pack_dir("yours").unwrap_err();
        assert!(error.to_string().contains("mine"), "{error}");
        assert!(
            found.pack_dir("../mine").is_err(),
            "a name cannot leave the folders of packs"
        );
    }
}
