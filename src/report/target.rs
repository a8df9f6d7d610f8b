//! Where results may go: to a new or an empty folder, or in place of an earlier result and of nothing else.

use super::files::{is_nothing, is_of_results};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The files by which an earlier result is known, and the key that they have.
const MARKERS: [&str; 3] = ["summary.json", "plan.json", "fluid.json"];
const KEY: &str = "clickday";

/// Why results cannot go to a folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The name leads to something that is no folder.
    #[error("{} is a file, not a folder; choose another folder for the results", .0.display())]
    NotAFolder(PathBuf),
    /// The name leads to a symbolic link.
    #[error("{} is a symbolic link; name the folder that it leads to", .0.display())]
    Symlink(PathBuf),
    /// A path such as `/` or `..` that names no folder that could be replaced.
    #[error("{} does not name a folder that results could replace; name a new one", .0.display())]
    NoName(PathBuf),
    /// The folder holds something else than an earlier result.
    #[error("{} is not empty and holds no earlier result of clickday; choose another folder, or empty it", .0.display())]
    Foreign(PathBuf),
    /// The folder holds files of others beside an earlier result.
    #[error(
        "{} holds an earlier result, which would be replaced, and with it {}; move what is not of clickday elsewhere, or choose \
         another folder",
        folder.display(),
        names.join(", ")
    )]
    Mixed {
        /// The folder.
        folder: PathBuf,
        /// What is not of clickday; the first few of many.
        names: Vec<String>,
    },
    /// Another run is writing there.
    #[error("another run is writing its results to {}; wait for it, or choose another folder", .0.display())]
    Busy(PathBuf),
    /// The disk or its permissions.
    #[error("cannot {what} {}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl FolderError {
    /// The same of a folder that was elsewhere when it was looked at.
    pub(super) fn of(self, folder: &Path) -> FolderError {
        let folder = folder.to_owned();
        match self {
            FolderError::Foreign(_) => FolderError::Foreign(folder),
            FolderError::Mixed { names, .. } => FolderError::Mixed { folder, names },
            other => other,
        }
    }
}

pub(super) fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { what, path, source }
}

/// Refuses a target that is anything but absent, empty or an earlier result.
pub(super) fn check_target(target: &Path) -> Result<(), FolderError> {
    let kind = match fs::symlink_metadata(target) {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed("look at", target)(error)),
    };
    if kind.is_symlink() {
        return Err(FolderError::Symlink(target.to_owned()));
    }
    if !kind.is_dir() {
        return Err(FolderError::NotAFolder(target.to_owned()));
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(target).map_err(failed("read the folder", target))? {
        let entry = entry.map_err(failed("read the folder", target))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !is_nothing(name));
    if !names.is_empty() && !is_earlier_result(target) {
        return Err(FolderError::Foreign(target.to_owned()));
    }
    names.retain(|name| !is_of_results(name));
    if names.is_empty() { Ok(()) } else { Err(FolderError::Mixed { folder: target.to_owned(), names: first_few(names) }) }
}

/// Names in order; of many the first few, and how many more there are.
fn first_few(mut names: Vec<String>) -> Vec<String> {
    const FEW: usize = 5;
    names.sort();
    let more = names.len().saturating_sub(FEW);
    names.truncate(FEW);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names
}

pub(super) fn is_earlier_result(folder: &Path) -> bool {
    MARKERS.iter().any(|marker| {
        let path = folder.join(marker);
        let text = if path.is_file() { fs::read_to_string(path).unwrap_or_default() } else { String::new() };
        serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|result| result.get(KEY).is_some())
    })
}
