//! Mutation testing of what a run computes. The changes are those of `cargo mutants`; they are woven into one program that is built once,
//! in which a number chooses the one that is in force, and each is held against the tests that come by its place.

mod compile;
mod ledger;
mod listed;
mod sites;
mod trial;
mod weave;

use anyhow::{Context, Result};
use clap::Parser;
use ledger::{Ledger, Outcome};
use listed::Mutant;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use trial::{Ended, Suite};

/// Holds each change that cargo mutants makes against the tests that come by it.
#[derive(Debug, Parser)]
struct Settings {
    /// A checkout of the repository.
    #[arg(default_value = ".")]
    checkout: PathBuf,
    /// Where its woven copy is kept: `target/woven` in it, unless told otherwise.
    #[arg(long)]
    copy: Option<PathBuf>,
    /// Tests that are left out: a part of their name, as `golden::` or `second_engine::`.
    #[arg(long)]
    without: Vec<String>,
    /// Tests that are asked: a part of their name. All where none is given.
    #[arg(long)]
    with: Vec<String>,
    /// Tests that take longer than this many seconds are left out.
    #[arg(long, default_value_t = 60)]
    longest: u64,
    /// Tests of a change are given up when those that passed take this many seconds together.
    #[arg(long, default_value_t = 600.0)]
    patience: f64,
    /// Where to write what became of each change, a line of JSON each; those that stand there as caught are not tried again.
    #[arg(long, default_value = "target/mutants.jsonl")]
    out: PathBuf,
}

impl Settings {
    fn is_left_out(&self, test: &str) -> bool {
        let has = |parts: &[String]| parts.iter().any(|part| test.contains(part.as_str()));
        has(&self.without) || !self.with.is_empty() && !has(&self.with)
    }
}

fn main() -> Result<()> {
    let settings = Settings::parse();
    let root = settings.checkout.canonicalize().context("the checkout")?;
    let copy = settings.copy.clone().unwrap_or_else(|| root.join("target/woven"));
    fs::create_dir_all(&copy)?;
    let mutants = listed::list(&root)?;
    let woven = compile::weave_all(&root, &copy, &mutants)?;
    let programs = compile::tests(&copy)?;
    let suite = Suite::survey(&copy, &programs, Duration::from_secs(settings.longest), |test| settings.is_left_out(test))?;
    eprintln!("{} tests come by {} of {} changes", suite.tests.len(), suite.reached.len(), woven.numbers.len());

    let ledger = Ledger::open(&settings.out)?;
    for (number, mutant) in mutants.iter().enumerate().filter(|(number, _)| !woven.numbers.contains(number)) {
        let outcome = if woven.no_program.contains(&number) { Outcome::NoProgram } else { Outcome::NotWoven };
        ledger.enter(&mutant.name, outcome, "")?;
    }
    let changes = woven.numbers.iter().map(|number| (*number, &mutants[*number]));
    let changes: Vec<_> = changes.filter(|(_, mutant)| !ledger.is_caught(&mutant.name)).collect();
    try_all(&copy, &changes, suite, settings.patience, &ledger)?;
    let (counts, missed) = ledger.summary(mutants.iter().map(|mutant| mutant.name.as_str()));
    println!("{} changes: {counts:?}", mutants.len());
    missed.iter().for_each(|name| println!("missed: {name}"));
    anyhow::ensure!(missed.is_empty(), "no test caught {} changes", missed.len());
    Ok(())
}

/// Tries changes, each with its number, on all cores.
fn try_all(root: &Path, changes: &[(usize, &Mutant)], suite: Suite, patience: f64, ledger: &Ledger) -> Result<()> {
    let next = AtomicUsize::new(0);
    let suite = Mutex::new(suite);
    on_all_cores(|| {
        while let Some((number, mutant)) = changes.get(next.fetch_add(1, Ordering::Relaxed)) {
            match try_one(root, *number, mutant, &suite, patience)? {
                Some((test, Ended::Endless)) => ledger.enter(&mutant.name, Outcome::Endless, &test)?,
                Some((test, _)) => ledger.enter(&mutant.name, Outcome::Caught, &test)?,
                None => ledger.enter(&mutant.name, Outcome::Missed, "")?,
            }
        }
        Ok(())
    })
}

/// Does the same work on every core at once, until all have done it.
fn on_all_cores(work: impl Fn() -> Result<()> + Sync) -> Result<()> {
    let cores = std::thread::available_parallelism()?.get();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..cores).map(|_| scope.spawn(&work)).collect();
        all.into_iter().try_for_each(|one| one.join().map_err(|_| anyhow::anyhow!("a thread ended too soon"))?)
    })
}

/// The first test that catches a change, and how.
fn try_one(root: &Path, number: usize, mutant: &Mutant, suite: &Mutex<Suite>, patience: f64) -> Result<Option<(String, Ended)>> {
    let locked = || suite.lock().unwrap_or_else(PoisonError::into_inner);
    let order = locked().in_order(number, &mutant.module());
    let mut spent = 0.0;
    for at in order {
        let test = locked().tests[at].clone();
        spent += test.time.as_secs_f64();
        if spent > patience {
            break;
        }
        let chosen = number.to_string();
        let ended = test.run(root, ("CLICKDAY_MUTANT", OsStr::new(&chosen)), test.limit())?;
        locked().count(at, ended);
        if ended != Ended::Passed {
            return Ok(Some((test.name, ended)));
        }
    }
    Ok(None)
}
