//! One writer at a time for a folder of results: a locked file beside it, which goes with its owner.

use sha2::{Digest, Sha256};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// How often to look again where the file goes away between two steps.
const LOOKS: usize = 100;

/// The lock of a target; given back when dropped, and by the system when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Locked as long as it is open.
    _file: File,
}

/// What is hidden beside a target is called so, with more behind it: what a killed run left can be told from what others use.
pub(super) fn hidden(target: &Path) -> String {
    // Every build of clickday is to find what another one left.
    let name = target.file_name().unwrap_or_default();
    let digest = Sha256::digest(name.as_encoded_bytes());
    let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!(".clickday-{short}")
}

impl Lock {
    /// Takes the lock of a target in `parent`; `None` where another process has it.
    pub(super) fn take(parent: &Path, target: &Path) -> io::Result<Option<Lock>> {
        let path = parent.join(hidden(target) + ".lock");
        for _ in 0..LOOKS {
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                // A file system without locks: as good as it gets.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            // Whoever had it before may have removed it between the two steps.
            if is_still_there(&file, &path) {
                return Ok(Some(Lock { path, _file: file }));
            }
        }
        Ok(None)
    }
}

#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |a: fs::Metadata, b: fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    file.metadata().is_ok_and(|ours| fs::metadata(path).is_ok_and(|there| same(ours, there)))
}

#[cfg(not(unix))]
fn is_still_there(_: &File, path: &Path) -> bool {
    path.exists()
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Where that fails the next one finds it unlocked.
        let _ = fs::remove_file(&self.path);
    }
}

/// Clears away what killed runs to the same target have left beside it, and puts an earlier result back that one had set aside.
/// Only for the owner of the lock.
pub(super) fn tidy(parent: &Path, target: &Path) -> io::Result<()> {
    let ours = hidden(target) + "-";
    for entry in fs::read_dir(parent)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with(&ours) {
            continue;
        }
        let earlier = entry.path().join("earlier");
        let nothing_there = !target.exists() || fs::read_dir(target).is_ok_and(|mut entries| entries.next().is_none());
        if earlier.is_dir() && nothing_there {
            fs::rename(earlier, target)?;
        }
        fs::remove_dir_all(entry.path())?;
    }
    Ok(())
}

/// Exchanges two folders in one step, so that at no moment there is none; `false` where the system cannot.
#[cfg(target_os = "linux")]
pub(super) fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn exchange(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_the_next_when_it_is_done() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("day");
        let first = Lock::take(home.path(), &target).unwrap();
        assert!(first.is_some());
        assert!(Lock::take(home.path(), &target).unwrap().is_none());
        assert!(Lock::take(home.path(), &home.path().join("night")).unwrap().is_some(), "another folder is free");
        drop(first);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
        assert!(Lock::take(home.path(), &target).unwrap().is_some());
    }

    #[test]
    fn what_a_killed_run_left_is_cleared_away() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("day");
        let left = home.path().join(hidden(&target) + "-abc");
        let set_aside = home.path().join(hidden(&target) + "-def");
        let of_others = home.path().join(hidden(&home.path().join("night")) + "-abc");
        for folder in [&left, &of_others, &set_aside.join("earlier")] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(set_aside.join("earlier/summary.json"), "{}").unwrap();
        tidy(home.path(), &target).unwrap();
        assert!(target.join("summary.json").is_file(), "the earlier result is back");
        assert!(!left.exists() && !set_aside.exists() && of_others.exists());
    }

    #[test]
    fn folders_change_places() {
        let home = tempfile::tempdir().unwrap();
        let (one, other) = (home.path().join("one"), home.path().join("other"));
        fs::create_dir_all(one.join("a")).unwrap();
        fs::create_dir_all(other.join("b")).unwrap();
        if exchange(&one, &other) {
            assert!(one.join("b").is_dir() && other.join("a").is_dir());
        } else {
            assert!(one.join("a").is_dir() && other.join("b").is_dir());
        }
    }
}
