//! The folder of a run's results: written whole or not at all.
//!
//! [`Folder::claim`] makes sure, before anything is simulated, that the results can go where they should. Files are
//! written to a hidden folder beside the target; [`Folder::commit`] has the disk keep them and renames it into place.

use super::claim::{Lock, exchange, hidden, tidy};
use crate::disk;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

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

fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { what, path, source }
}

/// A folder that is being filled; dropped without [`Folder::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    // Dropped before `made`, so that the folders made for it are empty by then.
    temporary: TempDir,
    /// So is this.
    lock: Lock,
    made: MadeParents,
}

impl Folder {
    /// Checks that results may go to `target`, and that its parent can be written to.
    ///
    /// # Errors
    /// When `target` is a file, a symbolic link, or a folder that holds anything else than an earlier result of
    /// clickday; when another run writes to it; when the folder beside it cannot be made.
    pub fn claim(target: &Path) -> Result<Folder, FolderError> {
        let Some(name) = target.file_name() else {
            return Err(FolderError::NoName(target.to_owned()));
        };
        // Without a slash at the end, which would follow a link.
        let target = target.with_file_name(name);
        check_target(&target)?;
        let parent = parent_of(&target);
        let made = MadeParents::make(parent)?;
        let lock = Lock::take(parent, &target).map_err(failed("write to the folder", parent))?;
        let lock = lock.ok_or_else(|| FolderError::Busy(target.clone()))?;
        tidy(parent, &target).map_err(failed("clear away what a run left in", parent))?;
        let temporary = beside(parent, &target)?;
        Ok(Folder { target, temporary, lock, made })
    }

    /// Where files are written until [`Folder::commit`].
    #[must_use]
    pub fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// Where the results will be.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Whether an earlier result is at the target, which [`Folder::commit`] will replace.
    #[must_use]
    pub fn replaces(&self) -> bool {
        is_earlier_result(&self.target)
    }

    /// Writes one file of the results; `name` may lead into a folder inside.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let path = self.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed("create the folder", parent))?;
        }
        fs::write(&path, bytes).map_err(failed("write", &path))
    }

    /// Opens one file of the results for writing.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn create(&self, name: &str) -> Result<fs::File, FolderError> {
        let path = self.path().join(name);
        fs::File::create(&path).map_err(failed("create", &path))
    }

    /// Renames the folder into place, in place of an earlier result, and gives the target's path.
    ///
    /// # Errors
    /// When the target has become something else in the meantime or the disk refuses; an earlier result then stays.
    pub fn commit(self) -> Result<PathBuf, FolderError> {
        check_target(&self.target)?;
        open_to_readers(self.temporary.path()).map_err(failed("set the permissions of", self.temporary.path()))?;
        // Before they have their name, so that not even a loss of power leaves the name of files that are not there.
        disk::keep(self.temporary.path()).map_err(failed("have the disk keep", self.temporary.path()))?;
        // In an error they are dropped from the last to the first, as the fields of a folder are from the first to the last.
        let Folder { target, made, lock, temporary } = self;
        if target.exists() && exchange(temporary.path(), &target) {
            // The earlier result has the temporary name now, and goes with it, once the exchange is on the disk.
            made.keep();
            keep_name(&target)?;
            return Ok(target);
        }
        let aside = set_aside(&target)?;
        if let Err(error) = fs::rename(temporary.path(), &target) {
            if let Some(aside) = aside {
                restore(aside, &target)?;
            }
            return Err(failed("move the results to", &target)(error));
        }
        made.keep();
        // Renamed away: there is nothing left to remove under the temporary name. The earlier result goes with `aside`.
        let _ = temporary.keep();
        keep_name(&target)?;
        drop(lock);
        Ok(target)
    }
}

/// A hidden folder beside a target.
fn beside(parent: &Path, target: &Path) -> Result<TempDir, FolderError> {
    let prefix = hidden(target) + "-";
    tempfile::Builder::new().prefix(&prefix).tempdir_in(parent).map_err(failed("write to the folder", parent))
}

/// Has the disk keep what the target's name leads to.
fn keep_name(target: &Path) -> Result<(), FolderError> {
    disk::keep_names(parent_of(target)).map_err(failed("have the disk keep the name of", target))
}

/// Moves what is at the target into a hidden folder beside it.
fn set_aside(target: &Path) -> Result<Option<TempDir>, FolderError> {
    if !target.exists() {
        return Ok(None);
    }
    let aside = beside(parent_of(target), target)?;
    fs::rename(target, aside.path().join("earlier")).map_err(failed("move the earlier result", target))?;
    Ok(Some(aside))
}

/// Moves an earlier result back; where that fails too, it stays where it is, and the error says where.
fn restore(aside: TempDir, target: &Path) -> Result<(), FolderError> {
    fs::rename(aside.path().join("earlier"), target).map_err(|error| {
        let kept = aside.keep().join("earlier");
        failed("move the earlier result back into place; it is in", &kept)(error)
    })
}

/// The folder that holds `target`.
fn parent_of(target: &Path) -> &Path {
    match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Refuses a target that is anything but absent, empty or an earlier result.
fn check_target(target: &Path) -> Result<(), FolderError> {
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
    let empty = fs::read_dir(target).map_err(failed("read the folder", target))?.next().is_none();
    if empty || is_earlier_result(target) { Ok(()) } else { Err(FolderError::Foreign(target.to_owned())) }
}

fn is_earlier_result(folder: &Path) -> bool {
    MARKERS.iter().any(|marker| {
        let text = fs::read_to_string(folder.join(marker)).unwrap_or_default();
        serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|result| result.get(KEY).is_some())
    })
}

/// Temporary folders are private; results are for everyone whom the process lets read its files.
#[cfg(unix)]
fn open_to_readers(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    // The mode of a plainly made folder tells the process's umask.
    let plain = folder.join(".mode");
    fs::create_dir(&plain)?;
    let mode = fs::metadata(&plain)?.permissions().mode();
    fs::remove_dir(&plain)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn open_to_readers(_: &Path) -> io::Result<()> {
    Ok(())
}

/// The folders that were made to hold the target; removed again unless kept.
#[derive(Debug)]
struct MadeParents(Vec<PathBuf>);

impl MadeParents {
    /// Makes `folder` and those above it that do not exist.
    fn make(folder: &Path) -> Result<MadeParents, FolderError> {
        let missing: Vec<PathBuf> =
            folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.exists()).map(Path::to_owned).collect();
        let mut made = MadeParents(Vec::new());
        for above in missing.iter().rev() {
            match fs::create_dir(above) {
                Ok(()) => made.0.push(above.clone()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && above.is_dir() => {}
                Err(error) => return Err(failed("create the folder", above)(error)),
            }
        }
        Ok(made)
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for MadeParents {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // Refused where somebody else has put something in it meanwhile, and rightly so.
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_foreign_folder_a_file_and_a_link_are_refused_and_kept() {
        let home = tempfile::tempdir().unwrap();
        let foreign = home.path().join("thesis");
        fs::create_dir(&foreign).unwrap();
        fs::write(foreign.join("summary.json"), r#"{"title": "not of clickday"}"#).unwrap();
        let error = Folder::claim(&foreign).unwrap_err();
        assert!(matches!(error, FolderError::Foreign(_)), "{error}");
        assert!(error.to_string().contains("thesis") && error.to_string().contains("not empty"));
        let file = foreign.join("summary.json");
        assert!(matches!(Folder::claim(&file), Err(FolderError::NotAFolder(_))));
        assert!(matches!(Folder::claim(Path::new("/")), Err(FolderError::NoName(_))));
        assert!(matches!(Folder::claim(&foreign.join("..")), Err(FolderError::NoName(_))));
        assert_eq!(names(home.path()), ["thesis"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_refused_even_one_that_leads_nowhere() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("link");
        std::os::unix::fs::symlink(home.path().join("nowhere"), &link).unwrap();
        assert!(matches!(Folder::claim(&link), Err(FolderError::Symlink(_))));
        assert!(matches!(Folder::claim(&link.join("")), Err(FolderError::Symlink(_))), "a slash at the end");
    }

    #[test]
    fn an_earlier_result_is_replaced_whole() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("day");
        let first = Folder::claim(&target).unwrap();
        first.write("summary.json", br#"{"clickday": "0.1.0"}"#).unwrap();
        first.write("old.txt", b"old").unwrap();
        assert!(!target.exists(), "nothing before commit");
        assert_eq!(first.commit().unwrap(), target);
        let second = Folder::claim(&target).unwrap();
        second.write("summary.json", br#"{"clickday": "0.2.0"}"#).unwrap();
        second.write("charts/new.txt", b"new").unwrap();
        assert_eq!(names(&target), ["old.txt", "summary.json"], "the earlier result stays until commit");
        second.commit().unwrap();
        assert_eq!(names(&target), ["charts", "summary.json"]);
        assert_eq!(names(home.path()), ["day"]);
    }

    #[test]
    fn what_became_foreign_in_the_meantime_is_not_replaced() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("day");
        let folder = Folder::claim(&target).unwrap();
        fs::create_dir(&target).unwrap();
        fs::write(target.join("mine.txt"), b"mine").unwrap();
        assert!(matches!(folder.commit(), Err(FolderError::Foreign(_))));
        assert_eq!(names(home.path()), ["day"]);
        assert_eq!(names(&target), ["mine.txt"]);
    }

    #[test]
    fn a_folder_that_is_dropped_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::claim(&home.path().join("a/b/day")).unwrap();
        folder.write("summary.json", b"{}").unwrap();
        assert!(home.path().join("a/b").is_dir());
        drop(folder);
        assert!(names(home.path()).is_empty());
        let kept = Folder::claim(&home.path().join("a/b/day")).unwrap().commit().unwrap();
        assert!(kept.is_dir());
        assert_eq!(names(&home.path().join("a/b")), ["day"]);
    }

    #[test]
    fn a_parent_that_cannot_hold_folders_is_told_with_its_path() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, b"").unwrap();
        let error = Folder::claim(&file.join("day")).unwrap_err();
        assert!(error.to_string().contains("file"), "{error}");
        assert_eq!(names(home.path()), ["file"]);
    }
}
