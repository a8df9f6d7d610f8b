//! The folder of a sweep: `sweep.json` says what it is, `parts/` holds what was run, the rest are results.
//!
//! A file is written under a name that begins with `.clickday-sweep-` and renamed into place, so that it is there whole or not at all;
//! what a killed process left under such a name is removed by the next one.

use super::error::{SweepError, io_error};
use super::hold::{Hold, LOCK as HOLD, lock_part};
use super::layout::{Layout, Run};
use super::made::{JOURNAL, LOCK, PART, PARTS, RUN, TEMPORARY, clear, clear_temporary, names, remove_file};
use super::shard::Shard;
use crate::disk;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const LAYOUT: &str = "sweep.json";

/// A sweep's folder that is open for one layout.
#[derive(Debug)]
pub struct SweepFolder {
    path: PathBuf,
    hold: Option<Hold>,
}

/// Whether a folder holds a sweep, of whatever version.
#[must_use]
pub fn holds_sweep(folder: &Path) -> bool {
    layout_file(folder).is_ok_and(|file| file.is_some())
}

/// The layout of the sweep in a folder.
///
/// # Errors
/// When there is none, or it cannot be read.
pub fn read_layout(folder: &Path) -> Result<Layout, SweepError> {
    let path = folder.join(LAYOUT);
    let bytes = layout_file(folder)?.ok_or_else(|| SweepError::NoSweep(folder.to_owned()))?;
    serde_json::from_slice(&bytes).map_err(|error| {
        SweepError::Other(format!("{} is not as this clickday writes it ({error}); it may be of another version", path.display()))
    })
}

/// The file that tells what a sweep is, of whatever version; `None` where there is none, or one of somebody else.
fn layout_file(folder: &Path) -> Result<Option<Vec<u8>>, SweepError> {
    let path = folder.join(LAYOUT);
    if !path.is_file() {
        return Ok(None);
    }
    let bytes = fs::read(&path).map_err(io_error("read", &path))?;
    // What `--json` prints of a sweep has its name and hash too, but a list of cells.
    let ours = |value: serde_json::Value| {
        let is_text = |key: &str| value.get(key).is_some_and(serde_json::Value::is_string);
        ["clickday", "sweep", "hash", "design"].into_iter().all(is_text)
            && value.get("cells").is_some_and(serde_json::Value::is_u64)
    };
    Ok(serde_json::from_slice(&bytes).is_ok_and(ours).then_some(bytes))
}

impl SweepFolder {
    /// Opens a folder for a sweep, makes it where there is none, and holds it beside others who make parts of the same sweep; with
    /// `fresh`, a sweep that is there is removed.
    ///
    /// # Errors
    /// When the folder holds another sweep, another state of this one, or anything else; when somebody has it alone; or the disk refuses.
    pub fn open(path: &Path, layout: &Layout, fresh: bool) -> Result<SweepFolder, SweepError> {
        // Without a slash at the end, which would follow a link.
        let path = &path.components().collect::<PathBuf>();
        if path.as_os_str().is_empty() {
            return Err(SweepError::Other("--out names no folder; `.` is the one that you are in".to_owned()));
        }
        if path.symlink_metadata().is_ok_and(|about| !about.is_dir()) {
            return Err(SweepError::Other(format!("{} is no folder; choose another one for the results", path.display())));
        }
        // Asked in this order: others may begin the sweep meanwhile, and its layout is there before all else that they make.
        if !is_empty(path)? && layout_file(path)?.is_none() {
            return Err(SweepError::Foreign(path.to_owned()));
        }
        if !path.is_dir() {
            fs::create_dir_all(path).map_err(io_error("create the folder", path))?;
            keep_name(path)?;
        }
        let hold = if fresh && layout_file(path)?.is_some() { made_anew(path, layout)? } else { Hold::shared(path)? };
        let folder = SweepFolder { path: path.to_owned(), hold: Some(hold) };
        if layout_file(path)?.is_none() {
            folder.begin(layout)?;
        }
        same_sweep(path, &read_layout(path)?, layout)?;
        let parts = path.join(PARTS);
        fs::create_dir_all(&parts).map_err(io_error("create the folder", &parts))?;
        keep_name(&parts)?;
        Ok(folder)
    }

    /// The folder of a sweep that was run.
    ///
    /// # Errors
    /// As [`read_layout`].
    pub fn existing(path: &Path) -> Result<(SweepFolder, Layout), SweepError> {
        let layout = read_layout(path)?;
        Ok((SweepFolder { path: path.to_owned(), hold: None }, layout))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file whole or not at all.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), SweepError> {
        self.write_with(name, |file| file.write_all(bytes))
    }

    /// Has a file written by `work`, whole or not at all.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_with(&self, name: &str, work: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), SweepError> {
        let target = self.path.join(name);
        let mut temporary = temporary_in(&self.path)?;
        work(temporary.as_file_mut()).map_err(io_error("write to", &target))?;
        put(temporary, &target)
    }

    /// Removes a file of the results; none is as well.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove_file(&self, name: &str) -> Result<(), SweepError> {
        remove_file(&self.path.join(name))
    }

    /// All parts of which anything is there, in order, each with whether it is finished.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn parts(&self) -> Result<Vec<(Shard, bool)>, SweepError> {
        let folder = self.path.join(PARTS);
        let mut parts = Vec::new();
        for name in names(&folder)? {
            let Some((stem, ending)) = name.rsplit_once('.') else { continue };
            if let (Some(shard), true) = (Shard::of_file_name(stem), [JOURNAL, PART].contains(&ending)) {
                parts.push((shard, ending == PART));
            }
        }
        parts.sort_unstable();
        // Where a part is there both finished and not, it was being finished: the journal goes before.
        parts.dedup_by_key(|(shard, _)| *shard);
        Ok(parts)
    }

    pub(super) fn journal(&self, shard: Shard) -> PathBuf {
        self.path.join(PARTS).join(format!("{}.{JOURNAL}", shard.file_name()))
    }

    pub(super) fn part(&self, shard: Shard) -> PathBuf {
        self.path.join(PARTS).join(format!("{}.{PART}", shard.file_name()))
    }

    /// Where the state of a run under way is kept, and the name under which it is written. Only the process that has the part
    /// writes it, and what a killed one left is written over.
    pub(super) fn under_way(&self, shard: Shard, run: Run) -> [PathBuf; 2] {
        let Run { cell, policy, replication } = run;
        let name = format!("{}.{cell}-{policy}-{replication}.{RUN}", shard.file_name());
        ["", TEMPORARY].map(|prefix| self.path.join(PARTS).join(format!("{prefix}{name}")))
    }

    /// The states that are kept of runs of a part, whole or not.
    pub(super) fn all_under_way(&self, shard: Shard) -> Result<Vec<PathBuf>, SweepError> {
        let folder = self.path.join(PARTS);
        let of_part = format!("{}.", shard.file_name());
        let is_state = |name: &String| {
            name.strip_prefix(TEMPORARY).unwrap_or(name).starts_with(&of_part)
                && Path::new(name).extension() == Some(RUN.as_ref())
        };
        Ok(names(&folder)?.iter().filter(|name| is_state(name)).map(|name| folder.join(name)).collect())
    }

    /// Copies a file of the folder, whole or not at all.
    pub(super) fn copy(&self, from: &Path, to: &Path) -> Result<(), SweepError> {
        let mut temporary = temporary_in(&self.path)?;
        let mut source = File::open(from).map_err(io_error("read", from))?;
        io::copy(&mut source, temporary.as_file_mut()).map_err(io_error("write to", to))?;
        put(temporary, to)
    }

    /// Takes a part for this process as long as the file lives.
    pub(super) fn lock(&self, shard: Shard) -> Result<File, SweepError> {
        let path = self.path.join(PARTS).join(format!("{}.{LOCK}", shard.file_name()));
        lock_part(&path, shard, &self.path)
    }

    /// Takes the folder for this process alone, to put its parts together.
    ///
    /// # Errors
    /// When another process works in it, or has made it another sweep's; or the disk refuses.
    pub fn take(&mut self, layout: &Layout) -> Result<(), SweepError> {
        match &self.hold {
            Some(hold) => hold.be_alone()?,
            None => self.hold = Some(Hold::alone(&self.path)?),
        }
        same_sweep(&self.path, &read_layout(&self.path)?, layout)
    }

    /// Removes what a killed process left under a temporary name, or of runs that were made since. Only for who has the folder alone.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn tidy(&self) -> Result<(), SweepError> {
        clear_temporary(&self.path)?;
        for (shard, _) in self.parts()? {
            self.all_under_way(shard)?.iter().try_for_each(|path| remove_file(path))?;
        }
        Ok(())
    }

    /// Writes the layout, unless another process has.
    fn begin(&self, layout: &Layout) -> Result<(), SweepError> {
        let target = self.path.join(LAYOUT);
        let temporary = written(&self.path, layout)?;
        temporary.as_file().sync_all().map_err(io_error("write to", &target))?;
        match temporary.persist_noclobber(&target) {
            Ok(_) => keep_name(&target),
            Err(_) if layout_file(&self.path)?.is_some() => Ok(()),
            Err(_) if target.exists() => Err(SweepError::Foreign(self.path.clone())),
            // Some disks cannot tell whether a name is taken.
            Err(error) => put(error.file, &target),
        }
    }
}

/// Removes the sweep in a folder and its results, unless somebody works on it, and begins another one. What others have put there stays.
fn made_anew(folder: &Path, layout: &Layout) -> Result<Hold, SweepError> {
    let hold = Hold::alone(folder)?;
    clear(folder)?;
    // In one step, so that what is left where this is stopped is still known for a sweep.
    put(written(folder, layout)?, &folder.join(LAYOUT))?;
    hold.share()?;
    Ok(hold)
}

/// A layout under a temporary name.
fn written(folder: &Path, layout: &Layout) -> Result<NamedTempFile, SweepError> {
    let mut temporary = temporary_in(folder)?;
    temporary.write_all(text_of(layout)?.as_bytes()).map_err(io_error("write to", &folder.join(LAYOUT)))?;
    Ok(temporary)
}

fn is_empty(folder: &Path) -> Result<bool, SweepError> {
    Ok(names(folder)?.iter().all(|name| name.starts_with(TEMPORARY) || name == HOLD))
}

fn text_of(layout: &Layout) -> Result<String, SweepError> {
    let text = serde_json::to_string_pretty(layout).map_err(|error| SweepError::Other(error.to_string()))?;
    Ok(text + "\n")
}

fn same_sweep(path: &Path, there: &Layout, ours: &Layout) -> Result<(), SweepError> {
    const WAY_OUT: &str = "`--fresh` discards that one and starts again, `--out DIR` takes another folder";
    let shown = path.display();
    if there.sweep != ours.sweep {
        return Err(SweepError::Other(format!("{shown} holds another sweep, `{}`; {WAY_OUT}", there.sweep)));
    }
    if there.hash != ours.hash {
        return Err(SweepError::Other(format!(
            "the sweep file, its scenario or a trace was changed since {shown} was begun, and results of both would be mixed; \
             {WAY_OUT}, and with the files as they were it goes on where it stopped"
        )));
    }
    if there.clickday != ours.clickday {
        return Err(SweepError::Other(format!(
            "{shown} was begun by clickday {}, and this is {}; go on with that one, or {WAY_OUT}",
            there.clickday, ours.clickday
        )));
    }
    Ok(())
}

/// Whether a file has not its name yet.
pub(super) fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY))
}

/// A file under a temporary name.
pub(super) fn temporary_in(folder: &Path) -> Result<NamedTempFile, SweepError> {
    disk::unnamed_in(folder, TEMPORARY).map_err(io_error("write to the folder", folder))
}

/// Puts a file that was written under a temporary name in its place.
pub(super) fn put(temporary: NamedTempFile, target: &Path) -> Result<(), SweepError> {
    temporary.as_file().sync_all().map_err(io_error("write to", target))?;
    temporary.persist(target).map_err(|error| io_error("write to", target)(error.error))?;
    keep_name(target)
}

/// Has the disk keep what a name leads to.
pub(super) fn keep_name(target: &Path) -> Result<(), SweepError> {
    disk::keep_names(disk::folder_of(target)).map_err(io_error("have the disk keep the name of", target))
}
