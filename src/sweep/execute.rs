//! Makes the runs that a part still lacks, on all threads, and notes each in the journal as it ends.

use super::error::{SweepError, io_error};
use super::folder::{SweepFolder, is_temporary};
use super::journal::{self, Journal, Outcome};
use super::layout::Run;
use super::load::Sweep;
use super::made::remove_file;
use super::shard::Shard;
use super::under_way::{Keeping, RunKeeper};
use crate::experiment::{ExperimentError, FigureKey, Progress, Scope, figures_of_run};
use crate::model::Study;
use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

/// How the work on a part ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Runs made now.
    pub made: u64,
    /// Runs that were there before.
    pub found: u64,
    /// Of those made now, the runs that went on from a state that was kept.
    pub went_on: u64,
    /// How many events they had behind them.
    pub spared: u64,
    /// Whether somebody asked to stop before all was done.
    pub interrupted: bool,
    /// The runs that were stopped, and are kept as far as they are.
    pub under_way: usize,
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
    _lock: File,
}

/// A run that was made.
struct Made {
    run: Run,
    outcome: Outcome,
    /// After how many events it went on, if it did.
    went_on: Option<u64>,
    /// Whether its state is still kept.
    has_state: bool,
}

/// Makes what a part lacks; runs that failed before are made again, and those that were under way go on. A run that fails is noted with its reason and the others go on.
///
/// # Errors
/// When the disk refuses, another process has the part, or there are no threads.
pub fn execute(
    sweep: &Sweep,
    folder: &SweepFolder,
    shard: Shard,
    threads: Option<usize>,
    progress: &Progress,
    keeping: &Keeping<'_>,
) -> Result<Done, SweepError> {
    only_shards_of(folder, shard)?;
    let all = shard.size(sweep.layout.cells) * sweep.layout.runs_of_cell();
    let mut end = Done { made: 0, found: all, went_on: 0, spared: 0, interrupted: false, under_way: 0, use_of_threads: None };
    let Some(mut part) = Part::open(sweep, folder, shard)? else { return Ok(end) };
    end.found = part.found;
    let lacking = all - part.found;
    progress.will_make(usize::try_from(lacking).unwrap_or(usize::MAX));
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = threads {
        pool = pool.num_threads(threads);
    }
    let pool = pool.build()?;
    let (send, receive) = mpsc::channel::<Made>();
    let (journal, done) = (&mut part.journal, &part.done);
    let work = Work { sweep, folder, shard, done, keys: keys(sweep), progress, keeping, warned: AtomicBool::new(false) };
    end.use_of_threads = Some(std::thread::scope(|scope| {
        let end = &mut end;
        let writer = scope.spawn(move || note_all(receive, journal, (folder, shard), end).inspect_err(|_| progress.stop()));
        let used = work.all(&pool, send);
        let noted = writer.join().unwrap_or_else(|_| Err(SweepError::Other("the journal's writer stopped".to_owned())));
        noted.map(|()| used)
    })?);
    if end.made < lacking {
        end.interrupted = true;
        end.under_way = folder.all_under_way(shard)?.iter().filter(|path| !is_temporary(path)).count();
        return Ok(end);
    }
    journal::finish(&folder.journal(shard), &part.head, &folder.part(shard))?;
    std::fs::remove_file(folder.journal(shard)).map_err(io_error("remove", &folder.journal(shard)))?;
    folder.all_under_way(shard)?.iter().try_for_each(|path| remove_file(path))?;
    Ok(end)
}

/// Notes runs as they end; only then is the state of one dropped.
fn note_all(
    runs: mpsc::Receiver<Made>,
    journal: &mut Journal,
    (folder, shard): (&SweepFolder, Shard),
    end: &mut Done,
) -> Result<(), SweepError> {
    for Made { run, outcome, went_on, has_state } in runs {
        journal.note(run, &outcome)?;
        if has_state {
            journal.sync()?;
            remove_file(&folder.under_way(shard, run)[0])?;
        }
        end.made += 1;
        end.went_on += u64::from(went_on.is_some());
        end.spared += went_on.unwrap_or(0);
    }
    journal.sync()
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
        let lock = folder.lock(shard)?;
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
        Ok(Some(Part { shard, head, journal, done, found, _lock: lock }))
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("shard", &self.shard).field("found", &self.found).finish_non_exhaustive()
    }
}

/// What the threads work on.
struct Work<'w> {
    sweep: &'w Sweep,
    folder: &'w SweepFolder,
    shard: Shard,
    /// A bit for each run of the part.
    done: &'w [u64],
    keys: Vec<FigureKey>,
    progress: &'w Progress,
    keeping: &'w Keeping<'w>,
    warned: AtomicBool,
}

impl Work<'_> {
    /// Threads take one run after the other, in order, so that no slow one holds up the rest.
    fn all(&self, pool: &rayon::ThreadPool, send: mpsc::Sender<Made>) -> UseOfThreads {
        let layout = &self.sweep.layout;
        let of_cell = layout.runs_of_cell().max(1);
        let runs = self.shard.size(layout.cells) * of_cell;
        let next = AtomicU64::new(0);
        let points = layout.points();
        let start = Instant::now();
        let busy = pool.broadcast(|_| {
            let mine = Instant::now();
            let mut compiled: Option<(u64, Result<Arc<Study>, String>)> = None;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= runs || self.progress.is_stopped() {
                    return mine.elapsed();
                }
                if self.done.get((number / 64) as usize).is_some_and(|word| word >> (number % 64) & 1 == 1) {
                    continue;
                }
                let run = layout.run(self.shard.cell(number / of_cell), number % of_cell);
                let study = match &compiled {
                    Some((cell, study)) if *cell == run.cell => study.clone(),
                    _ => {
                        let study = self.sweep.study_of(&points.cell(run.cell)).map(Arc::new);
                        compiled.insert((run.cell, study)).1.clone()
                    }
                };
                let Some(made) = self.one(run, study) else { return mine.elapsed() };
                if send.send(made).is_err() {
                    return mine.elapsed();
                }
            }
        });
        UseOfThreads { threads: busy.len(), busy: busy.into_iter().sum(), wall: start.elapsed() }
    }

    /// Makes a run; `None` where somebody asked to stop.
    fn one(&self, run: Run, study: Result<Arc<Study>, String>) -> Option<Made> {
        let mut keeper = RunKeeper::new((self.folder, &self.sweep.layout), (self.shard, run), self.keeping, &self.warned);
        let play = |keeper: &mut RunKeeper<'_>| match &study {
            Ok(study) => self.figures(study, run, keeper),
            Err(why) => Err(why.clone()),
        };
        let mut figures = play(&mut keeper);
        if figures.is_err() && keeper.spared().is_some() {
            // A state is trusted no further than this.
            keeper.forget();
            figures = play(&mut keeper);
        }
        let outcome = match figures {
            Ok(figures) => Outcome::Figures(figures?),
            Err(why) => Outcome::Failed(why),
        };
        Some(Made { run, outcome, went_on: keeper.spared(), has_state: keeper.has_state() })
    }

    /// The figures of a run; `None` where somebody asked to stop.
    fn figures(&self, study: &Study, run: Run, keeper: &mut RunKeeper<'_>) -> Result<Option<Vec<Option<f64>>>, String> {
        let policy = self.sweep.policies.get(run.policy).copied().unwrap_or(0);
        let (keys, progress) = (&self.keys, self.progress);
        let figures = catch_unwind(AssertUnwindSafe(|| figures_of_run(study, policy, run.replication, keys, progress, keeper)));
        match figures {
            Ok(Ok(figures)) => Ok(Some(figures)),
            Ok(Err(ExperimentError::Interrupted)) => Ok(None),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("the run stopped by a fault in clickday; please report it".to_owned()),
        }
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
