//! The command line through the binary: what it prints, what it writes, what it refuses, and with which exit status.

mod folders;
#[cfg(unix)]
mod interrupted;
mod refused;
mod results;
mod said;
#[path = "../support/mod.rs"]
mod support;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::{contains, is_empty};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::small_day;
use tempfile::TempDir;

/// So many replications that no test could wait for them: who refuses in time has not simulated.
const ENDLESS: u32 = 100_000;

/// Ends a command that hangs; none comes near it.
const PATIENCE: Duration = Duration::from_secs(120);

const CHARTS: usize = 8;

/// A folder of its own with a scenario in it, and the command run there.
struct Home(TempDir);

impl Home {
    fn new() -> Home {
        let home = Home(tempfile::tempdir().unwrap());
        home.scenario("day.json", &small_day());
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn scenario(&self, name: &str, scenario: &Value) {
        fs::write(self.path(name), serde_json::to_string_pretty(scenario).unwrap()).unwrap();
    }

    fn clickday(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clickday"));
        command.current_dir(self.0.path()).args(line.split_whitespace()).timeout(PATIENCE);
        command
    }

    /// Runs `day.json` without charts, with few replications.
    fn run(&self, options: &str) -> Command {
        self.clickday(&format!("run day.json --replications 2 --charts none {options}"))
    }

    /// The names in a folder, sorted.
    fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }

    fn summary(&self, folder: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path(folder).join("summary.json")).unwrap()).unwrap()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}
