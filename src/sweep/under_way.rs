//! The state of runs under way, in files beside the journal, so that a kill loses less than a minute of a run that takes hours.
//!
//! A file is a line that names the run, the version and the format; what the engine wrote; and CRC-32 of both. It is written
//! under a temporary name and renamed, so that an earlier state is there until a later one is. What is torn, or of another run,
//! sweep or version, is no state: the run begins anew.

use super::folder::SweepFolder;
use super::layout::{Layout, Run};
use super::shard::Shard;
use crate::disk;
use crate::experiment::{Keeper, SNAPSHOT_FORMAT};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How the state of runs under way is kept.
pub struct Keeping<'w> {
    /// After so much work on a run since it began, or was kept. Runs that take less write nothing.
    pub every: Duration,
    /// Is told once if the disk refuses to keep a state; the runs go on.
    pub warn: &'w (dyn Fn(&str) + Sync),
}

impl Keeping<'_> {
    /// With the time that it takes to write the state down, less than a minute.
    pub const EVERY: Duration = Duration::from_secs(40);
    /// Less work than this is not worth the writing when somebody asks to stop.
    const WORTH: Duration = Duration::from_secs(5);
}

impl std::fmt::Debug for Keeping<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keeping").field("every", &self.every).finish_non_exhaustive()
    }
}

/// Keeps the state of one run.
pub(super) struct RunKeeper<'k> {
    path: PathBuf,
    temporary: PathBuf,
    head: String,
    keeping: &'k Keeping<'k>,
    /// Whether the warning was given.
    warned: &'k AtomicBool,
    /// When the run began, or was kept last.
    since: Instant,
    went_on: Option<u64>,
}

impl<'k> RunKeeper<'k> {
    pub(super) fn new(
        (folder, layout): (&SweepFolder, &Layout),
        (shard, run): (Shard, Run),
        keeping: &'k Keeping<'k>,
        warned: &'k AtomicBool,
    ) -> RunKeeper<'k> {
        let [path, temporary] = folder.under_way(shard, run);
        let (head, since) = (head(layout, run), Instant::now());
        RunKeeper { path, temporary, head, keeping, warned, since, went_on: None }
    }

    /// After how many events the run went on; `None` where it began anew.
    pub(super) fn spared(&self) -> Option<u64> {
        self.went_on
    }

    /// Whether a state is kept.
    pub(super) fn has_state(&self) -> bool {
        self.path.exists()
    }

    /// Drops what is kept. What cannot be removed is in nobody's way.
    pub(super) fn forget(&mut self) {
        let _ = fs::remove_file(&self.path);
        self.went_on = None;
    }

    fn write(&self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut file = Summed { inner: File::create(&self.temporary)?, sum: crc32fast::Hasher::new() };
        file.write_all(self.head.as_bytes())?;
        write(&mut file)?;
        let Summed { inner: mut file, sum } = file;
        file.write_all(&sum.finalize().to_le_bytes())?;
        file.sync_all()?;
        fs::rename(&self.temporary, &self.path)?;
        disk::keep_names(self.path.parent().unwrap_or(Path::new(".")))
    }
}

impl Keeper for RunKeeper<'_> {
    fn kept(&mut self) -> Option<Box<dyn Read + '_>> {
        let state = state(&self.path, &self.head).ok().flatten()?;
        Some(Box::new(state))
    }

    fn went_on(&mut self, events: Option<u64>) {
        self.went_on = events;
        self.since = Instant::now();
    }

    fn is_due(&mut self, stops: bool) -> bool {
        let least = if stops { Keeping::WORTH.min(self.keeping.every) } else { self.keeping.every };
        self.since.elapsed() >= least
    }

    fn keep(&mut self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) {
        if let Err(error) = self.write(write) {
            let _ = fs::remove_file(&self.temporary);
            if !self.warned.swap(true, Ordering::Relaxed) {
                (self.keeping.warn)(&format!(
                    "cannot keep the state of a run that is under way in {}: {error}; runs go on, and one that is stopped will lose \
                     more than a minute",
                    self.path.display()
                ));
            }
        }
        self.since = Instant::now();
    }
}

/// What the state of a run begins with.
fn head(layout: &Layout, run: Run) -> String {
    let (Layout { clickday, hash, seed, .. }, Run { cell, policy, replication }) = (layout, run);
    let bits = usize::BITS;
    format!(
        "clickday {clickday} state {SNAPSHOT_FORMAT} of {bits} bits, sweep {hash} seed {seed} cell {cell} policy {policy} \
         replication {replication}\n"
    )
}

/// Bytes read at once.
const CHUNK: usize = 1 << 18;
const SUM: u64 = size_of::<u32>() as u64;

/// What the engine wrote, if the file is whole and begins with that head.
fn state(path: &Path, head: &str) -> io::Result<Option<impl Read + use<>>> {
    let mut file = File::open(path)?;
    let Some(summed) = file.metadata()?.len().checked_sub(SUM) else { return Ok(None) };
    let Some(length) = summed.checked_sub(head.len() as u64) else { return Ok(None) };
    let mut begin = vec![0; head.len()];
    file.read_exact(&mut begin)?;
    if begin != head.as_bytes() {
        return Ok(None);
    }
    let mut sum = crc32fast::Hasher::new();
    sum.update(&begin);
    let mut chunk = vec![0; CHUNK];
    let mut left = length;
    while left > 0 {
        let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        file.read_exact(&mut chunk[..wanted])?;
        sum.update(&chunk[..wanted]);
        left -= wanted as u64;
    }
    let mut told = [0; SUM as usize];
    file.read_exact(&mut told)?;
    if u32::from_le_bytes(told) != sum.finalize() {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(head.len() as u64))?;
    Ok(Some(file.take(length)))
}

/// A file with the checksum of what was written.
struct Summed {
    inner: File,
    sum: crc32fast::Hasher,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_work_is_kept_and_less_of_it_when_the_run_stops() {
        let keeping = Keeping { every: Keeping::EVERY, warn: &|_| {} };
        let warned = AtomicBool::new(false);
        for (seconds, goes_on, stops) in [(0, false, false), (6, false, true), (41, true, true)] {
            let since = Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap();
            let (path, temporary, head) = (PathBuf::new(), PathBuf::new(), String::new());
            let mut keeper = RunKeeper { path, temporary, head, keeping: &keeping, warned: &warned, since, went_on: None };
            assert_eq!([keeper.is_due(false), keeper.is_due(true)], [goes_on, stops], "after {seconds} s");
            keeper.went_on(Some(7));
            assert!(!keeper.is_due(false) && !keeper.is_due(true), "what was kept is no work of this process");
        }
    }

    fn keep(path: &Path, head: &str, text: &[u8]) -> Result<(), String> {
        let told = std::sync::Mutex::new(String::new());
        let warn = |text: &str| *told.lock().unwrap() += text;
        let keeping = Keeping { every: Duration::ZERO, warn: &warn };
        let warned = AtomicBool::new(false);
        let (path, temporary) = (path.to_owned(), path.with_extension("temporary"));
        let head = head.to_owned();
        let since = Instant::now();
        let mut keeper = RunKeeper { path, temporary, head, keeping: &keeping, warned: &warned, since, went_on: None };
        for _ in 0..2 {
            keeper.keep(&mut |to| to.write_all(text));
        }
        assert!(!keeper.temporary.exists(), "nothing is left under another name");
        let told = told.lock().unwrap().clone();
        if told.is_empty() { Ok(()) } else { Err(told) }
    }

    fn read(path: &Path, head: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        state(path, head).ok().flatten()?.read_to_end(&mut bytes).unwrap();
        Some(bytes)
    }

    #[test]
    fn a_state_cut_or_changed_anywhere_or_of_another_run_is_none() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("1-of-1.0-0-0.run");
        assert_eq!(read(&path, "run 7\n"), None);
        keep(&path, "run 7\n", b"all that it is").unwrap();
        assert_eq!(read(&path, "run 7\n"), Some(b"all that it is".to_vec()));
        assert_eq!((read(&path, "run 8\n"), read(&path, &"run 7\n".repeat(9))), (None, None));
        let whole = fs::read(&path).unwrap();
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            assert_eq!(read(&path, "run 7\n"), None, "cut at {end}");
        }
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            fs::write(&path, bytes).unwrap();
            assert_eq!(read(&path, "run 7\n"), None, "changed at {place}");
        }
    }

    #[test]
    fn a_disk_that_refuses_is_told_once() {
        let home = tempfile::tempdir().unwrap();
        let told = keep(&home.path().join("nowhere/1-of-1.0-0-0.run"), "run 7\n", b"state").unwrap_err();
        assert_eq!(told.matches("cannot keep the state").count(), 1, "{told}");
    }
}
