//! Where things are on this machine. No environment variables of our own: a checkout is found
//! from the executable, everything else through the platform's conventions.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::error::EngineError;

/// Where packs lie below a folder that an executable lies below too.
const INSTALLED: [&str; 3] = ["models", "share/needledrop/models", "Resources/models"];

/// Folders that the use cases read and write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Settings.
    pub config: PathBuf,
    /// Catalogs and packs that were downloaded or built here.
    pub data: PathBuf,
    /// Whatever can be made again.
    pub cache: PathBuf,
    /// Folders that hold packs, the first one wins.
    pub packs: Vec<PathBuf>,
    /// The checkout that the executable was built in, where it lies in one.
    pub checkout: Option<PathBuf>,
    /// The catalog to use where none is named.
    pub default_catalog: PathBuf,
}

impl Places {
    /// The places of this user and this executable.
    ///
    /// Packs are looked for in every folder above the executable, in `models` (a checkout, an unpacked
    /// release), `share/needledrop/models` (a Debian package) and `Resources/models` (a bundle of
    /// macOS), then in the data folder. The default
    /// catalog is `catalog-cache/starter` of the checkout that the executable was built in, or
    /// `catalogs/default` of the data folder.
    ///
    /// # Errors
    /// [`EngineError::NoHome`] when the platform names no home for this user.
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

    /// Folder of a pack: a name to look up, or the path of a folder that holds a `pack.toml`.
    ///
    /// # Errors
    /// [`EngineError::UnknownPack`], listing what there is.
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

    /// Folders of all packs, by name; of two with one name only the first.
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
        assert!(found.pack_dir("../mine").is_err(), "a name does not climb");
    }
}
