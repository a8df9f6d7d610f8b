//! Why a sweep could not be run or put together.

use super::shard::Shard;
use std::io;
use std::path::{Path, PathBuf};

/// Why a sweep could not be run or put together.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The folder holds another sweep.
    #[error("{}", .0)]
    Other(String),
    /// The folder holds something else.
    #[error("{} is not empty and holds no sweep of clickday; choose another folder, or empty it", .0.display())]
    Foreign(PathBuf),
    /// No sweep is in the folder.
    #[error("{} holds no sweep; name the folder that `clickday sweep` wrote to", .0.display())]
    NoSweep(PathBuf),
    /// Another process works on the same part.
    #[error("another process is working on part {shard} in {}; let it finish, or stop it", folder.display())]
    Locked {
        /// The part.
        shard: Shard,
        /// The sweep's folder.
        folder: PathBuf,
    },
    /// Other processes work in the folder.
    #[error("another process is working in {}; let it finish, or stop it", .0.display())]
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
    /// The operating system gave no threads.
    #[error("no threads could be started")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

/// Makes an error of the disk.
pub(super) fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SweepError {
    let path = path.to_owned();
    move |source| SweepError::Io { what, path, source }
}
