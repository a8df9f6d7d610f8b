//! What is written to the disk: whole or not at all, and before it gets its name, so that it outlasts a loss of power.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Has the disk keep all files and folders below a folder, and the folder.
///
/// # Errors
/// When the disk refuses: what was written may not be there later, whatever was said when it was written.
pub(crate) fn keep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let (path, kind) = entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)))?;
        if kind.is_dir() {
            keep(&path)?;
        } else if kind.is_file() {
            // Windows wants a file that is open for writing; elsewhere that may be more than the file allows.
            File::options().read(cfg!(unix)).append(!cfg!(unix)).open(&path)?.sync_all()?;
        }
    }
    keep_names(folder)
}

/// Has the disk keep the names in a folder.
///
/// # Errors
/// When the disk refuses. A file system that keeps no folders on demand is as good as it gets, and no error.
#[cfg(unix)]
pub(crate) fn keep_names(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        Err(error) if !matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Err(error),
        _ => Ok(()),
    }
}

/// Elsewhere a folder cannot be opened for that.
#[cfg(not(unix))]
pub(crate) fn keep_names(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The folder that holds a path.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file in a folder that has not its name yet, with the permissions that a plainly made file gets.
///
/// # Errors
/// When the disk refuses.
pub(crate) fn unnamed_in(folder: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // The process's umask takes from it what it must.
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    builder.prefix(prefix).tempfile_in(folder)
}

/// Writes a file that must not be there yet; where it cannot be written whole there is none.
///
/// # Errors
/// When a file is there, or the disk refuses.
pub(crate) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).inspect_err(|_| {
        // It was made a moment ago, by this function.
        let _ = fs::remove_file(path);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_folders_are_kept_and_what_is_not_there_is_told() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir_all(home.path().join("charts/more")).unwrap();
        fs::write(home.path().join("charts/more/one.png"), b"one").unwrap();
        keep(home.path()).unwrap();
        assert_eq!(fs::read(home.path().join("charts/more/one.png")).unwrap(), b"one");
        assert_eq!(keep(&home.path().join("nowhere")).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(keep_names(&home.path().join("nowhere")).is_err(), cfg!(unix));
    }

    #[test]
    fn a_new_file_replaces_nothing() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("new.json");
        write_new(&path, "one").unwrap();
        assert_eq!(write_new(&path, "two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
    }
}
