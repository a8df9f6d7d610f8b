//! Folders of scenarios, wherever a command takes scenario files.

use super::exit::Failure;
use std::fs;
use std::path::{Path, PathBuf};

/// Scenario files as a command was given them, the folders among them opened.
pub(super) struct Found {
    /// In the order given; those of a folder by name.
    pub(super) files: Vec<PathBuf>,
    /// What the first folder is called; `None` where only files were given.
    pub(super) library: Option<String>,
}

/// Opens every folder: its scenarios are the files in it that end in `.json`, not those of folders further below.
pub(super) fn find(paths: &[PathBuf]) -> Result<Found, Failure> {
    let mut found = Found { files: Vec::new(), library: None };
    for path in paths {
        if !path.is_dir() {
            found.files.push(path.clone());
            continue;
        }
        let mut inside = scenarios_in(path)?;
        if inside.is_empty() {
            return Err(Failure::Usage(format!("{} holds no scenario files (*.json)", path.display())));
        }
        inside.sort();
        found.files.append(&mut inside);
        found.library.get_or_insert_with(|| name(path));
    }
    Ok(found)
}

fn scenarios_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error| Failure::Usage(format!("cannot read the folder {}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.extension().is_some_and(|ending| ending == "json") && path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

/// The folder's own name, also where it was given as `.`.
fn name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().map_or_else(|| "library".to_owned(), |name| name.to_string_lossy().into_owned())
}
