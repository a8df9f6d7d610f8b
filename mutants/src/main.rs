//! Mutation testing of what a run computes. The changes are those of `cargo mutants`; they are woven into one program that is built once,
//! in which a number chooses the one that is in force, and each is held against the tests that come by its place.

mod compile;
mod listed;
mod sites;
mod trial;
mod weave;

use anyhow::{Context, Result};
use clap::Parser;
use listed::Mutant;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
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
    /// Numbers of the changes that are tried, in a file, one a line. All where it is not given.
    #[arg(long)]
    only: Option<PathBuf>,
    /// Where to write what became of each change, a line of JSON each; those that stand there are not tried again.
    #[arg(long, default_value = "mutants.jsonl")]
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

    let before = fs::read_to_string(&settings.out).unwrap_or_default();
    let number = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?["number"].as_u64();
    let is_done: BTreeSet<usize> = before.lines().filter_map(number).map(|number| number as usize).collect();
    let only = settings.only.as_ref().map(fs::read_to_string).transpose()?;
    let only: Option<BTreeSet<usize>> = only.map(|text| text.lines().filter_map(|line| line.trim().parse().ok()).collect());
    let out = Mutex::new(File::options().create(true).append(true).open(&settings.out)?);
    let say = |number: usize, outcome: &str, by: &str| -> Result<()> {
        let line = serde_json::json!({ "number": number, "outcome": outcome, "by": by, "name": mutants[number].name });
        let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(writeln!(out, "{line}")?)
    };
    let wanted = |number: &usize| !is_done.contains(number) && only.as_ref().is_none_or(|only| only.contains(number));
    for number in (0..mutants.len()).filter(|number| !woven.numbers.contains(number)).filter(wanted) {
        say(number, if woven.no_program.contains(&number) { "no program" } else { "not woven" }, "")?;
    }
    let numbers: Vec<usize> = woven.numbers.iter().copied().filter(wanted).collect();
    try_all(&copy, &mutants, &numbers, suite, settings.patience, &say)
}

/// Tries changes on all cores.
fn try_all(
    root: &Path,
    mutants: &[Mutant],
    numbers: &[usize],
    suite: Suite,
    patience: f64,
    say: &(impl Fn(usize, &str, &str) -> Result<()> + Sync),
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let suite = Mutex::new(suite);
    let work = || -> Result<()> {
        while let Some(&number) = numbers.get(next.fetch_add(1, Ordering::Relaxed)) {
            match try_one(root, number, &mutants[number], &suite, patience)? {
                Some((test, Ended::Endless)) => say(number, "endless", &test)?,
                Some((test, _)) => say(number, "caught", &test)?,
                None => say(number, "missed", "")?,
            }
        }
        Ok(())
    };
    on_all_cores(work)
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
