//! The folder of a run's results: written whole or not at all.
//!
//! [`Folder::claim`] makes sure, before anything is simulated, that the results can go where they should. Files are
//! written to a hidden folder beside the target; [`Folder::commit`] has the disk keep them and renames it into place.

use super::claim::{Lock, exchange, hidden, tidy};
use super::files::is_of_results;
use super::parents::MadeParents;
use super::target::{FolderError, check_target, failed, is_earlier_result};
use crate::disk;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

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
        let parent = disk::folder_of(&target);
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

    /// Writes one file of the results.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        debug_assert!(is_of_results(name), "{name} is not known for a file of results");
        let path = self.path().join(name);
        fs::write(&path, bytes).map_err(failed("write", &path))
    }

    /// Opens one file of the results for writing.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn create(&self, name: &str) -> Result<fs::File, FolderError> {
        debug_assert!(is_of_results(name), "{name} is not known for a file of results");
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
            let temporary = only_a_result(temporary, &target)?;
            made.keep();
            keep_name(&target)?;
            // The earlier result has the temporary name now, and goes with it, once the exchange is on the disk.
            drop(temporary);
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
    disk::keep_names(disk::folder_of(target)).map_err(failed("have the disk keep the name of", target))
}

/// Looks at what was exchanged for the results: where somebody has put files there since it was looked at, it goes back.
fn only_a_result(exchanged: TempDir, target: &Path) -> Result<TempDir, FolderError> {
    let Err(error) = check_target(exchanged.path()) else { return Ok(exchanged) };
    if exchange(exchanged.path(), target) {
        return Err(error.of(target));
    }
    let kept = exchanged.keep();
    Err(failed("put back what others have put there meanwhile; it is in", &kept)(io::Error::other("the system refuses")))
}

/// Moves what is at the target into a hidden folder beside it.
fn set_aside(target: &Path) -> Result<Option<TempDir>, FolderError> {
    if !target.exists() {
        return Ok(None);
    }
    let aside = beside(disk::folder_of(target), target)?;
    let earlier = aside.path().join("earlier");
    fs::rename(target, &earlier).map_err(failed("move the earlier result", target))?;
    if let Err(error) = check_target(&earlier) {
        restore(aside, target)?;
        return Err(error.of(target));
    }
    Ok(Some(aside))
}

/// Moves an earlier result back; where that fails too, it stays where it is, and the error says where.
fn restore(aside: TempDir, target: &Path) -> Result<(), FolderError> {
    fs::rename(aside.path().join("earlier"), target).map_err(|error| {
        let kept = aside.keep().join("earlier");
        failed("move the earlier result back into place; it is in", &kept)(error)
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
        first.write("timeouts.svg", b"old").unwrap();
        assert!(!target.exists(), "nothing before commit");
        assert_eq!(first.commit().unwrap(), target);
        let second = Folder::claim(&target).unwrap();
        second.write("summary.json", br#"{"clickday": "0.2.0"}"#).unwrap();
        second.write("timeouts.png", b"new").unwrap();
        assert_eq!(names(&target), ["summary.json", "timeouts.svg"], "the earlier result stays until commit");
        second.commit().unwrap();
        assert_eq!(names(&target), ["summary.json", "timeouts.png"]);
        assert_eq!(names(home.path()), ["day"]);
    }

    /// What `--json` prints has the key too, and may lie in any folder.
    #[test]
    fn files_of_others_beside_a_result_are_kept_and_named() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("project");
        fs::create_dir(&target).unwrap();
        let all = [
            ".DS_Store",
            ".~lock.series.csv#",
            "a.txt",
            "b.txt",
            "c.txt",
            "charts",
            "d.txt",
            "day.json",
            "series.csv",
            "summary.json",
        ];
        for name in all {
            fs::write(target.join(name), r#"{"clickday": "0.1.0"}"#).unwrap();
        }
        let error = Folder::claim(&target).unwrap_err();
        assert!(error.to_string().contains("a.txt, b.txt, c.txt, charts, d.txt, 1 more; move"), "{error}");
        assert_eq!(names(&target), all);
        for name in &all[2..8] {
            fs::remove_file(target.join(name)).unwrap();
        }
        Folder::claim(&target).unwrap().commit().unwrap();
        assert!(names(&target).is_empty(), "what systems leave goes with the result");
    }

    #[test]
    fn what_came_between_the_look_and_the_exchange_goes_back() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("day");
        fs::create_dir(&target).unwrap();
        fs::write(target.join("new.txt"), b"new").unwrap();
        let exchanged = beside(home.path(), &target).unwrap();
        fs::write(exchanged.path().join("mine.txt"), b"mine").unwrap();
        if exchange(exchanged.path(), &target) {
            exchange(exchanged.path(), &target);
            assert!(matches!(only_a_result(exchanged, &target), Err(FolderError::Foreign(folder)) if folder == target));
            assert_eq!((names(&target), names(home.path()).len()), (vec!["mine.txt".to_owned()], 1));
        }
        assert!(matches!(set_aside(&target), Err(FolderError::Foreign(folder)) if folder == target));
        assert_eq!((names(&target).len(), names(home.path()).len()), (1, 1));
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
