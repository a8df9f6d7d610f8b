//! The folder of a sweep: `sweep.json` says what it is, `parts/` holds what was run, the rest are results.
//!
//! A file is written under a name that begins with `.clickday-` and renamed into place, so that it is there whole or not at all;
//! what a killed process left under such a name is removed by the next one.

use super::error::{SweepError, io_error};
use super::layout::{Layout, Run};
use super::shard::Shard;
use crate::disk;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

const LAYOUT: &str = "sweep.json";
/// By which our `sweep.json` is told from another file of that name.
const OF_LAYOUTS: [&str; 3] = ["clickday", "sweep", "hash"];
const PARTS: &str = "parts";
const TEMPORARY: &str = ".clickday-";
const JOURNAL: &str = "journal";
const PART: &str = "part";
const LOCK: &str = "lock";
/// What engines that run parts write.
pub const LOGS: &str = "logs";
/// The files of results and of engines that run parts, but for charts.
const RESULTS: [&str; 8] = [
    "results.csv",
    "results.parquet",
    "sensitivity.csv",
    "failed.csv",
    "report.html",
    "slurm.sh",
    "hyperqueue-job.py",
    "kubernetes.yaml",
];
const CHARTS: [&str; 5] = ["response", "heat-map", "effects", "pareto", "tornado"];
/// Of the state of a run under way.
const RUN: &str = "run";

/// A sweep's folder that is open for one layout.
#[derive(Debug, Clone)]
pub struct SweepFolder {
    path: PathBuf,
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
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if [io::ErrorKind::NotFound, io::ErrorKind::IsADirectory].contains(&error.kind()) => return Ok(None),
        Err(error) => return Err(io_error("read", &path)(error)),
    };
    let ours = |value: serde_json::Value| OF_LAYOUTS.iter().all(|key| value.get(key).is_some());
    Ok(serde_json::from_slice(&bytes).is_ok_and(ours).then_some(bytes))
}

impl SweepFolder {
    /// Opens a folder for a sweep, and makes it where there is none; with `fresh`, a sweep that is there is removed.
    ///
    /// # Errors
    /// When the folder holds another sweep, another state of this one, or anything else; or the disk refuses.
    pub fn open(path: &Path, layout: &Layout, fresh: bool) -> Result<SweepFolder, SweepError> {
        let folder = SweepFolder { path: path.to_owned() };
        if path.symlink_metadata().is_ok_and(|about| !about.is_dir()) {
            return Err(SweepError::Other(format!("{} is no folder; choose another one for the results", path.display())));
        }
        if fresh && folder.is_begun()? {
            folder.remove()?;
        } else if !folder.is_empty()? && !folder.is_begun()? {
            // Asked in this order: others may begin the sweep meanwhile, and its layout is there before all else that they make.
            return Err(SweepError::Foreign(path.to_owned()));
        }
        fs::create_dir_all(path).map_err(io_error("create the folder", path))?;
        if !folder.is_begun()? {
            folder.begin(layout)?;
        }
        same_sweep(path, &read_layout(path)?, layout)?;
        let parts = path.join(PARTS);
        fs::create_dir_all(&parts).map_err(io_error("create the folder", &parts))?;
        Ok(folder)
    }

    /// The folder of a sweep that was run.
    ///
    /// # Errors
    /// As [`read_layout`].
    pub fn existing(path: &Path) -> Result<(SweepFolder, Layout), SweepError> {
        let layout = read_layout(path)?;
        Ok((SweepFolder { path: path.to_owned() }, layout))
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
        let busy = || SweepError::Locked { shard, folder: self.path.clone() };
        lock(&self.path.join(PARTS).join(format!("{}.{LOCK}", shard.file_name())), File::try_lock, busy)
    }

    /// Takes the folder for work on a part, beside others who do, as long as the file lives.
    pub(super) fn share(&self) -> Result<File, SweepError> {
        lock(&self.path.join(PARTS).join(LOCK), File::try_lock_shared, || SweepError::Busy(self.path.clone()))
    }

    /// Takes the folder for this process alone as long as the file lives: to put its parts together, or to remove it.
    ///
    /// # Errors
    /// When another process works in it, or the disk refuses.
    pub fn take(&self) -> Result<File, SweepError> {
        lock(&self.path.join(PARTS).join(LOCK), File::try_lock, || SweepError::Busy(self.path.clone()))
    }

    /// Removes what a killed process left under a temporary name, or of runs that were made since. Only where no other part can be under way.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn tidy(&self) -> Result<(), SweepError> {
        for folder in [self.path.clone(), self.path.join(PARTS)] {
            for name in names(&folder)?.iter().filter(|name| name.starts_with(TEMPORARY)) {
                remove_file(&folder.join(name))?;
            }
        }
        for (shard, _) in self.parts()? {
            self.all_under_way(shard)?.iter().try_for_each(|path| remove_file(path))?;
        }
        Ok(())
    }

    fn is_begun(&self) -> Result<bool, SweepError> {
        Ok(layout_file(&self.path)?.is_some())
    }

    /// Writes the layout, unless another process has.
    fn begin(&self, layout: &Layout) -> Result<(), SweepError> {
        let target = self.path.join(LAYOUT);
        let mut temporary = temporary_in(&self.path)?;
        temporary.write_all(text_of(layout)?.as_bytes()).map_err(io_error("write to", &target))?;
        temporary.as_file().sync_all().map_err(io_error("write to", &target))?;
        match temporary.persist_noclobber(&target) {
            Ok(_) => keep_name(&target),
            Err(_) if self.is_begun()? => Ok(()),
            // Some disks cannot tell whether a name is taken.
            Err(error) => put(error.file, &target),
        }
    }

    fn is_empty(&self) -> Result<bool, SweepError> {
        Ok(names(&self.path)?.iter().all(|name| name.starts_with(TEMPORARY)))
    }

    /// Removes the sweep and its results, unless somebody works on it. What others have put there stays.
    fn remove(&self) -> Result<(), SweepError> {
        for (shard, _) in self.parts()? {
            self.lock(shard)?;
        }
        let _alone = if self.path.join(PARTS).is_dir() { Some(self.take()?) } else { None };
        let is_chart = |name: &str| {
            let chart = name.strip_suffix(".png").or_else(|| name.strip_suffix(".svg"));
            chart.is_some_and(|chart| CHARTS.contains(&chart))
        };
        let made = |name: &&String| name.starts_with(TEMPORARY) || RESULTS.contains(&name.as_str()) || is_chart(name);
        for name in names(&self.path)?.iter().filter(made) {
            remove_file(&self.path.join(name))?;
        }
        for folder in [LOGS, PARTS].map(|name| self.path.join(name)).into_iter().filter(|folder| folder.is_dir()) {
            fs::remove_dir_all(&folder).map_err(io_error("remove", &folder))?;
        }
        // Last, so that what is left where this was stopped is still known for a sweep.
        self.remove_file(LAYOUT)
    }
}

/// Takes a lock in one of the two ways.
fn lock(
    path: &Path,
    take: fn(&File) -> Result<(), fs::TryLockError>,
    busy: impl FnOnce() -> SweepError,
) -> Result<File, SweepError> {
    let file = File::options().create(true).truncate(false).write(true).open(path).map_err(io_error("write to", path))?;
    match take(&file) {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(busy()),
        // Disks without locks are left to the care of whoever starts the parts.
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
        Err(fs::TryLockError::Error(error)) => Err(io_error("lock", path)(error)),
    }
}

fn text_of(layout: &Layout) -> Result<String, SweepError> {
    let text = serde_json::to_string_pretty(layout).map_err(|error| SweepError::Other(error.to_string()))?;
    Ok(text + "\n")
}

fn same_sweep(path: &Path, there: &Layout, ours: &Layout) -> Result<(), SweepError> {
    const WAY_OUT: &str = "`--fresh` discards what is there and starts again, `--out DIR` takes another folder";
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

fn names(folder: &Path) -> Result<Vec<String>, SweepError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io_error("read the folder", folder)(error)),
    };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    names.collect::<Result<_, _>>().map_err(io_error("read the folder", folder))
}

/// Whether a file has not its name yet.
pub(super) fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(TEMPORARY))
}

pub(super) fn remove_file(path: &Path) -> Result<(), SweepError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove", path)(error)),
        _ => Ok(()),
    }
}

/// A file under a temporary name, with the permissions that a plainly made file gets.
pub(super) fn temporary_in(folder: &Path) -> Result<NamedTempFile, SweepError> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder).map_err(io_error("write to the folder", folder))
}

/// Puts a file that was written under a temporary name in its place.
pub(super) fn put(temporary: NamedTempFile, target: &Path) -> Result<(), SweepError> {
    temporary.as_file().sync_all().map_err(io_error("write to", target))?;
    temporary.persist(target).map_err(|error| io_error("write to", target)(error.error))?;
    keep_name(target)
}

fn keep_name(target: &Path) -> Result<(), SweepError> {
    disk::keep_names(target.parent().unwrap_or(Path::new("."))).map_err(io_error("have the disk keep the name of", target))
}
