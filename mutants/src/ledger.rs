//! What became of each change, in a file of one line of JSON each. The last line of a name counts.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Changes of which it has been shown that they make no difference, each with the reason.
const NO_DIFFERENCE: &str = include_str!("../no-difference.tsv");

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// A test failed.
    Caught,
    /// A test ran on and on, or took all memory.
    Endless,
    /// The compiler does not take it.
    NoProgram,
    /// It stands where nothing can be chosen when the program runs, as in the length of an array.
    NotWoven,
    /// All tests pass, and it is known why it makes no difference.
    NoDifference,
    /// All tests pass.
    Missed,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    name: String,
    outcome: Outcome,
    /// The test that caught it.
    by: String,
}

#[derive(Debug)]
pub struct Ledger {
    file: Mutex<File>,
    outcomes: Mutex<BTreeMap<String, Outcome>>,
    reasons: HashMap<&'static str, &'static str>,
}

impl Ledger {
    /// Goes on with the file at `path`, or begins it.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn open(path: &Path) -> Result<Ledger> {
        let before = fs::read_to_string(path).unwrap_or_default();
        let entries = before.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
        let outcomes = entries.map(|entry| (entry.name, entry.outcome)).collect();
        let file = File::options().create(true).append(true).open(path).with_context(|| path.display().to_string())?;
        let reasons = NO_DIFFERENCE.lines().filter_map(|line| line.split_once('\t')).collect();
        Ok(Ledger { file: Mutex::new(file), outcomes: Mutex::new(outcomes), reasons })
    }

    /// Whether a test has caught it already.
    pub fn is_caught(&self, name: &str) -> bool {
        matches!(locked(&self.outcomes).get(name), Some(Outcome::Caught | Outcome::Endless))
    }

    /// Enters what became of a change.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn enter(&self, name: &str, outcome: Outcome, by: &str) -> Result<()> {
        let known = outcome == Outcome::Missed && self.reasons.contains_key(name);
        let outcome = if known { Outcome::NoDifference } else { outcome };
        let entry = Entry { name: name.to_owned(), outcome, by: by.to_owned() };
        writeln!(locked(&self.file), "{}", serde_json::to_string(&entry)?)?;
        locked(&self.outcomes).insert(entry.name, outcome);
        Ok(())
    }

    /// How many changes had each outcome, and the names of those that were missed.
    pub fn summary<'a>(&self, names: impl Iterator<Item = &'a str>) -> (BTreeMap<Outcome, u32>, Vec<&'a str>) {
        let outcomes = locked(&self.outcomes);
        let (mut counts, mut missed) = (BTreeMap::new(), Vec::new());
        for name in names {
            if let Some(outcome) = outcomes.get(name) {
                *counts.entry(*outcome).or_default() += 1;
                missed.extend((*outcome == Outcome::Missed).then_some(name));
            }
        }
        (counts, missed)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
