//! The folders of this machine. There are no environment variables for them: a checkout is found from the path of
//! the executable, all other folders from the platform's conventions.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::error::EngineError;

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
    /// The source checkout that the executable was built in, if there is one.
    pub checkout: Option<PathBuf>,
    /// The catalog for commands that name none.
    pub default_catalog: PathBuf,
}

impl Places {
    /// The folders of this user and this executable.
    ///
    /// Packs are looked for in `models` beside the executable (an unpacked release), then in
    /// `share/needledrop/models` if the executable is in `bin` (a Debian package), in
    /// `Resources/models` if it is in `MacOS` (a bundle of macOS), in `models` of the checkout that
    /// it was built in, and in the data folder. No other folder above the executable counts: on a
    /// shared disk it may belong to somebody else. The default catalog is `catalog-cache/starter` of
    /// that checkout, or `catalogs/default` of the data folder.
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
        let checkout = exe.and_then(checkout_of);
        let installed = exe.map(installed_packs).unwrap_or_default();
        let packs = installed
            .into_iter()
            .chain(checkout.map(|dir| dir.join("models")))
            .filter(|dir| dir.is_dir())
            .chain([data.join("models")])
            .collect();
        let default_catalog = checkout.map_or_else(
            || data.join("catalogs/default"),
            |dir| dir.join("catalog-cache/starter"),
        );
        Places {
            config: config.to_owned(),
            data: data.to_owned(),
            cache: cache.to_owned(),
            packs,
            checkout: checkout.map(Path::to_owned),
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

/// Folders where a package or a release puts packs for the executable `exe`.
fn installed_packs(exe: &Path) -> Vec<PathBuf> {
    let Some(dir) = exe.parent() else {
        return Vec::new();
    };
    let packaged = match dir.file_name().and_then(|name| name.to_str()) {
        Some("bin") => Some("share/needledrop/models"),
        Some("MacOS") => Some("Resources/models"),
        _ => None,
    };
    let packaged = packaged
        .zip(dir.parent())
        .map(|(below, prefix)| prefix.join(below));
    [dir.join("models")].into_iter().chain(packaged).collect()
}

/// The checkout that `exe` was built in: the parent of its folder `target`.
fn checkout_of(exe: &Path) -> Option<&Path> {
    let target = exe.ancestors().find(|dir| dir.ends_with("target"))?;
    target.parent().filter(|dir| {
        dir.join("src-tauri/crates/engine").is_dir() && dir.join("Cargo.toml").is_file()
    })
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
    fn packs_and_checkouts_in_other_folders_above_the_executable_do_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let shared = dir.path();
        for pack in [
            "models/a",
            "share/needledrop/models/a",
            "Resources/models/a",
        ] {
            fs::create_dir_all(shared.join(pack)).unwrap();
            fs::write(shared.join(pack).join("pack.toml"), "").unwrap();
        }
        fs::create_dir_all(shared.join("src-tauri/crates/engine")).unwrap();
        fs::write(shared.join("Cargo.toml"), "").unwrap();
        for exe in [
            "mine/needledrop",
            "mine/usr/bin/needledrop",
            "mine/App/MacOS/needledrop",
        ] {
            let found = places(&shared.join(exe), shared);
            assert_eq!(found.packs, [shared.join("data/models")], "{exe}");
            assert_eq!(found.checkout, None, "{exe}");
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
