//! A file that a command writes where the user wants it: whole or not at all, and never over what the command itself reads.

use super::exit::Failure;
use crate::disk;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where a file is to go.
#[derive(Debug)]
pub(super) struct Target {
    /// As the user named it.
    named: PathBuf,
    /// Where a link leads.
    path: PathBuf,
    /// A device or a pipe, which is written to and not replaced.
    is_special: bool,
}

impl Target {
    /// Looks at the place, before any work is done for it. `read` are files that the command reads.
    ///
    /// # Errors
    /// When a folder is there, or one of the files that are read; when no file can be made there.
    pub(super) fn claim(named: &Path, read: &[&Path]) -> Result<Target, Failure> {
        let path = fs::canonicalize(named).unwrap_or_else(|_| named.to_owned());
        let kind = fs::metadata(&path).map(|about| about.file_type());
        let shown = named.display();
        if kind.as_ref().is_ok_and(fs::FileType::is_dir) {
            return Err(Failure::Usage(format!("{shown} is a folder; name a file")));
        }
        let is_path = |other: &&&Path| fs::canonicalize(other).is_ok_and(|other| other == path);
        if let Some(other) = read.iter().find(is_path) {
            return Err(Failure::Usage(format!("{shown} is {}, which is read; name another file", other.display())));
        }
        let is_special = kind.is_ok_and(|kind| !kind.is_file());
        let target = Target { named: named.to_owned(), path, is_special };
        if !is_special {
            target.beside()?;
        }
        Ok(target)
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When the disk refuses; what was there before then stays.
    pub(super) fn write(&self, text: &str) -> Result<(), Failure> {
        if self.is_special {
            let written = File::options().write(true).open(&self.path).and_then(|mut file| file.write_all(text.as_bytes()));
            return written.map_err(|error| self.failed(&error));
        }
        let mut beside = self.beside()?;
        let written = beside.write_all(text.as_bytes()).and_then(|()| beside.as_file().sync_all());
        written.map_err(|error| self.failed(&error))?;
        beside.persist(&self.path).map_err(|error| self.failed(&error.error))?;
        Ok(())
    }

    fn beside(&self) -> Result<tempfile::NamedTempFile, Failure> {
        disk::unnamed_in(disk::folder_of(&self.path), ".clickday-").map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::Work(format!("cannot write {}: {error}", self.named.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(result: Result<Target, Failure>) -> String {
        match result {
            Err(Failure::Usage(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn folders_and_what_is_read_are_refused_and_other_files_replaced_whole() {
        let home = tempfile::tempdir().unwrap();
        let (day, out) = (home.path().join("day.json"), home.path().join("out.js"));
        fs::write(&day, "day").unwrap();
        assert!(refusal(Target::claim(home.path(), &[])).contains("is a folder; name a file"));
        assert!(refusal(Target::claim(&home.path().join("./day.json"), &[&day])).contains("which is read"));
        assert!(matches!(Target::claim(&home.path().join("nowhere/out.js"), &[]), Err(Failure::Work(_))));
        for text in ["one", "two"] {
            Target::claim(&out, &[&day]).unwrap().write(text).unwrap();
            assert_eq!(fs::read_to_string(&out).unwrap(), text);
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_devices_stay_devices() {
        use std::os::unix::fs::{FileTypeExt, symlink};
        let home = tempfile::tempdir().unwrap();
        let (file, link, null) = (home.path().join("file"), home.path().join("link"), home.path().join("null"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        symlink("/dev/null", &null).unwrap();
        Target::claim(&link, &[]).unwrap().write("new").unwrap();
        assert!(link.is_symlink() && fs::read_to_string(&file).unwrap() == "new");
        assert!(refusal(Target::claim(&link, &[&file])).contains("which is read"));
        Target::claim(&null, &[]).unwrap().write("new").unwrap();
        assert!(null.is_symlink() && fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }
}
