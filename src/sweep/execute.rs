//! Makes the runs that a part still lacks, on all threads, and notes each in the journal as it ends.

use super::error::{SweepError, io_error};
use super::folder::SweepFolder;
use super::journal::{self, Journal, Outcome};
use super::layout::Run;
use super::load::Sweep;
use super::shard::Shard;
use crate::experiment::{ExperimentError, FigureKey, Progress, Scope, figures_of_run};
use crate::model::Study;
use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// How the work on a part ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Runs made now.
    pub made: u64,
    /// Runs that were there before.
    pub found: u64,
    /// Whether somebody asked to stop before all was done.
    pub interrupted: bool,
    /// How well the threads were used; `None` where nothing was to do.
    pub use_of_threads: Option<UseOfThreads>,
}

/// How long threads had a run in hand, of the time until the last one was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UseOfThreads {
    /// How many threads.
    pub threads: usize,
    /// The sum over threads of the time with a run in hand.
    pub busy: Duration,
    /// From the start of the first run to the end of the last.
    pub wall: Duration,
}

impl UseOfThreads {
    /// Busy time over threads and time: the parallel efficiency where every thread has a core.
    #[must_use]
    pub fn share(&self) -> f64 {
        let all = self.wall.as_secs_f64() * self.threads as f64;
        if all > 0.0 { self.busy.as_secs_f64() / all } else { 1.0 }
    }
}

/// A part that this process has taken: its journal, and which runs are in it.
struct Part {
    shard: Shard,
    head: String,
    journal: Journal,
    /// A bit for each run of the part.
    done: Vec<u64>,
    found: u64,
    /// Held until the part is dropped.
    _locks: [File; 2],
}

/// Makes what a part lacks; runs that failed before are made again. A run that fails is noted with its reason and the others go on.
///
/// # Errors
/// When the disk refuses, another process has the part, or there are no threads.
pub fn execute(
    sweep: &Sweep,
    folder: &SweepFolder,
    shard: Shard,
    threads: Option<usize>,
    progress: &Progress,
) -> Result<Done, SweepError> {
    only_shards_of(folder, shard)?;
    let Some(mut part) = Part::open(sweep, folder, shard)? else {
        let found = shard.size(sweep.layout.cells) * sweep.layout.runs_of_cell();
        return Ok(Done { made: 0, found, interrupted: false, use_of_threads: None });
    };
    let all = shard.size(sweep.layout.cells) * sweep.layout.runs_of_cell();
    let lacking = all - part.found;
    progress.will_make(usize::try_from(lacking).unwrap_or(usize::MAX));
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = threads {
        pool = pool.num_threads(threads);
    }
    let pool = pool.build()?;
    let (send, receive) = mpsc::channel::<(Run, Outcome)>();
    let (journal, done) = (&mut part.journal, &part.done);
    let (made, used) = std::thread::scope(|scope| {
        let writer = scope.spawn(move || -> Result<u64, SweepError> {
            let mut made = 0;
            for (run, outcome) in receive {
                if let Err(error) = journal.note(run, &outcome) {
                    progress.stop();
                    return Err(error);
                }
                made += 1;
            }
            journal.sync()?;
            Ok(made)
        });
        let used = work(sweep, shard, done, &pool, send, progress);
        let made = writer.join().unwrap_or_else(|_| Err(SweepError::Other("the journal's writer stopped".to_owned())));
        made.map(|made| (made, used))
    })?;
    let use_of_threads = Some(used);
    if made < lacking {
        return Ok(Done { made, found: part.found, interrupted: true, use_of_threads });
    }
    journal::finish(&folder.journal(shard), &part.head, &folder.part(shard))?;
    std::fs::remove_file(folder.journal(shard)).map_err(io_error("remove", &folder.journal(shard)))?;
    Ok(Done { made, found: part.found, interrupted: false, use_of_threads })
}

/// A folder has the parts of one division only.
///
/// # Errors
/// When there are parts of another one.
pub fn only_shards_of(folder: &SweepFolder, shard: Shard) -> Result<(), SweepError> {
    let other = folder.parts()?.into_iter().find(|(there, _)| there.of != shard.of);
    other.map_or(Ok(()), |(there, _)| {
        let path = folder.path().display();
        Err(SweepError::Other(format!(
            "{path} holds parts of {} and this would be one of {}; divide it as before, or take another folder with `--out`, \
             or discard what is there with `--fresh`",
            there.of, shard.of
        )))
    })
}

impl Part {
    /// Takes a part; `None` where it is finished without failures.
    fn open(sweep: &Sweep, folder: &SweepFolder, shard: Shard) -> Result<Option<Part>, SweepError> {
        let locks = [folder.lock(shard)?, folder.share()?];
        let layout = &sweep.layout;
        let head = journal::head(layout, shard);
        let (path, finished) = (folder.journal(shard), folder.part(shard));
        let runs = shard.size(layout.cells) * layout.runs_of_cell();
        let mut done = vec![0u64; usize::try_from(runs.div_ceil(64)).unwrap_or(0)];
        // A journal beside a finished part was left by a process that was stopped right after finishing, or has what the part lacked.
        let there = [&path, &finished].into_iter().find(|path| path.exists());
        let mut whole = 0;
        if let Some(there) = there {
            let mut mark = |run: Run, outcome: Outcome, _: u64, _: usize| {
                let number = layout.number(run).filter(|_| shard.has(run.cell));
                let Some(number) = number.map(|n| run.cell / shard.of * layout.runs_of_cell() + n) else { return };
                let (word, bit) = ((number / 64) as usize, 1 << (number % 64));
                // A failure is not done: it is tried again.
                match outcome {
                    Outcome::Figures(figures) if figures.len() == layout.figures.len() => done[word] |= bit,
                    _ => done[word] &= !bit,
                }
            };
            let read = journal::read(there, &head, &mut mark)?;
            let of_other = || SweepError::Other(format!("{} is of another sweep; remove it", there.display()));
            whole = read.ok_or_else(of_other)?;
        }
        let found = done.iter().map(|word| u64::from(word.count_ones())).sum();
        if found == runs && there == Some(&finished) {
            return Ok(None);
        }
        if there == Some(&finished) {
            folder.copy(&finished, &path)?;
        }
        let journal = Journal::open(&path, &head, whole)?;
        if finished.exists() {
            std::fs::remove_file(&finished).map_err(io_error("remove", &finished))?;
        }
        Ok(Some(Part { shard, head, journal, done, found, _locks: locks }))
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("shard", &self.shard).field("found", &self.found).finish_non_exhaustive()
    }
}

/// Threads take one run after the other, in order, so that no slow one holds up the rest.
fn work(
    sweep: &Sweep,
    shard: Shard,
    done: &[u64],
    pool: &rayon::ThreadPool,
    send: mpsc::Sender<(Run, Outcome)>,
    progress: &Progress,
) -> UseOfThreads {
    let layout = &sweep.layout;
    let of_cell = layout.runs_of_cell().max(1);
    let runs = shard.size(layout.cells) * of_cell;
    let next = AtomicU64::new(0);
    let points = layout.points();
    let keys = keys(sweep);
    let start = Instant::now();
    let busy = pool.broadcast(|_| {
        let mine = Instant::now();
        let mut compiled: Option<(u64, Result<Arc<Study>, String>)> = None;
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= runs || progress.is_stopped() {
                return mine.elapsed();
            }
            if done.get((number / 64) as usize).is_some_and(|word| word >> (number % 64) & 1 == 1) {
                continue;
            }
            let run = layout.run(shard.cell(number / of_cell), number % of_cell);
            let study = match &compiled {
                Some((cell, study)) if *cell == run.cell => study.clone(),
                _ => {
                    let study = sweep.study_of(&points.cell(run.cell)).map(Arc::new);
                    compiled.insert((run.cell, study)).1.clone()
                }
            };
            let outcome = match study.and_then(|study| one(sweep, &study, run, &keys, progress)) {
                Ok(None) => return mine.elapsed(),
                Ok(Some(figures)) => Outcome::Figures(figures),
                Err(why) => Outcome::Failed(why),
            };
            if send.send((run, outcome)).is_err() {
                return mine.elapsed();
            }
        }
    });
    UseOfThreads { threads: busy.len(), busy: busy.into_iter().sum(), wall: start.elapsed() }
}

/// The figures of a run; `None` where somebody asked to stop.
fn one(
    sweep: &Sweep,
    study: &Study,
    run: Run,
    keys: &[FigureKey],
    progress: &Progress,
) -> Result<Option<Vec<Option<f64>>>, String> {
    let policy = sweep.policies.get(run.policy).copied().unwrap_or(0);
    let figures = catch_unwind(AssertUnwindSafe(|| figures_of_run(study, policy, run.replication, keys, progress)));
    match figures {
        Ok(Ok(figures)) => Ok(Some(figures)),
        Ok(Err(ExperimentError::Interrupted)) => Ok(None),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the run stopped by a fault in clickday; please report it".to_owned()),
    }
}

/// The keys of the layout's figures in the study.
fn keys(sweep: &Sweep) -> Vec<FigureKey> {
    let names = &sweep.study.names;
    let ids = |names: &[String]| -> BTreeMap<String, usize> { names.iter().cloned().zip(0..).collect() };
    let (classes, stations) = (ids(&names.classes), ids(&names.stations));
    let scope = |scope: &str, name: &str| match scope {
        "class" => Scope::Class(classes.get(name).copied().unwrap_or(0)),
        "station" => Scope::Station(stations.get(name).copied().unwrap_or(0)),
        _ => Scope::Total,
    };
    let keys = sweep.layout.figures.iter();
    keys.map(|key| FigureKey { scope: scope(&key.scope, &key.name), figure: key.figure.clone() }).collect()
}
