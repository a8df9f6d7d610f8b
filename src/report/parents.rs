//! The folders above a target.

use super::target::{FolderError, failed};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folders that were made to hold the target; removed again unless kept.
#[derive(Debug)]
pub(super) struct MadeParents(Vec<PathBuf>);

impl MadeParents {
    /// Makes `folder` and those above it that do not exist.
    pub(super) fn make(folder: &Path) -> Result<MadeParents, FolderError> {
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

    pub(super) fn keep(mut self) {
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
