//! Files that another library writes, under a temporary name until they are complete.

use std::{
    fs::{self, File, Permissions},
    io,
    path::Path,
};
use tempfile::{Builder, TempPath};

/// Creates an empty file beside `path` whose name is that of `path`, `.part-` and random letters.
/// It is removed if it is dropped before [`place`].
pub(crate) fn beside(path: &Path) -> io::Result<TempPath> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut prefix = path.file_name().unwrap_or_default().to_owned();
    prefix.push(".part-");
    let mut builder = Builder::new();
    builder.prefix(&prefix);
    if let Some(permissions) = permissions() {
        builder.permissions(permissions);
    }
    Ok(builder.tempfile_in(folder)?.into_temp_path())
}

/// Syncs a file of [`beside`] to the disk and renames it to `path`.
pub(crate) fn place(part: TempPath, path: &Path) -> io::Result<()> {
    File::open(&part)?.sync_all()?;
    part.persist(path)?;
    Ok(())
}

/// The permissions of any new file, after the umask; those of a temporary file would exclude other
/// users.
#[cfg(unix)]
fn permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn permissions() -> Option<Permissions> {
    None
}
