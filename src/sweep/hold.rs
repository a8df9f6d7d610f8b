//! Who may do what in a sweep's folder: those who make parts share it, and one who puts them together or clears them away has it alone.
//!
//! All is told by locks of one file, which stays as long as the folder, and of one a part; they go with the process that has them.

use super::error::{SweepError, io_error};
use super::shard::Shard;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// The file by which processes tell each other who works in a folder.
pub(super) const LOCK: &str = ".clickday-lock";

/// A folder, as it is held.
#[derive(Debug)]
pub(super) struct Hold {
    folder: PathBuf,
    file: File,
}

impl Hold {
    /// Beside others who make parts.
    pub(super) fn shared(folder: &Path) -> Result<Hold, SweepError> {
        let hold = Hold { folder: folder.to_owned(), file: lock_file(&folder.join(LOCK))? };
        hold.share()?;
        Ok(hold)
    }

    /// Nobody else may hold it.
    pub(super) fn alone(folder: &Path) -> Result<Hold, SweepError> {
        let hold = Hold { folder: folder.to_owned(), file: lock_file(&folder.join(LOCK))? };
        hold.be_alone()?;
        Ok(hold)
    }

    /// Goes on beside others. What somebody may have changed at the moment of the change is to be looked at again.
    pub(super) fn share(&self) -> Result<(), SweepError> {
        self.change(File::try_lock_shared)
    }

    /// Goes on alone. What somebody may have changed at the moment of the change is to be looked at again.
    pub(super) fn be_alone(&self) -> Result<(), SweepError> {
        self.change(File::try_lock)
    }

    fn change(&self, how: fn(&File) -> Result<(), TryLockError>) -> Result<(), SweepError> {
        let path = self.folder.join(LOCK);
        // Not every system lets a lock be changed that is held.
        self.file.unlock().or_else(unless_unsupported).map_err(io_error("unlock", &path))?;
        locked(how(&self.file), &path, || SweepError::Busy(self.folder.clone()))
    }
}

/// Takes a part for this process as long as the file lives. The folder is to be held, so that nobody clears the file away.
pub(super) fn lock_part(path: &Path, shard: Shard, folder: &Path) -> Result<File, SweepError> {
    let file = lock_file(path)?;
    locked(file.try_lock(), path, || SweepError::Locked { shard, folder: folder.to_owned() })?;
    Ok(file)
}

/// Some network file systems share a file only with those who may read it, and give it to one alone who may write.
fn lock_file(path: &Path) -> Result<File, SweepError> {
    File::options().create(true).truncate(false).read(true).write(true).open(path).map_err(io_error("write to", path))
}

fn locked(done: Result<(), TryLockError>, path: &Path, busy: impl FnOnce() -> SweepError) -> Result<(), SweepError> {
    match done {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(busy()),
        Err(TryLockError::Error(error)) => unless_unsupported(error).map_err(io_error("lock", path)),
    }
}

/// Disks without locks are left to the care of whoever starts the parts.
fn unless_unsupported(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::Unsupported { Ok(()) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_share_and_one_is_alone() {
        let home = tempfile::tempdir().unwrap();
        let busy = |hold: Result<Hold, SweepError>| matches!(hold, Err(SweepError::Busy(folder)) if folder == home.path());
        let first = Hold::shared(home.path()).unwrap();
        let second = Hold::shared(home.path()).unwrap();
        assert!(busy(Hold::alone(home.path())));
        drop(second);
        first.be_alone().unwrap();
        assert!(busy(Hold::shared(home.path())) && busy(Hold::alone(home.path())));
        first.share().unwrap();
        assert!(Hold::shared(home.path()).is_ok());
    }
}
