//! Sweeps: the same bytes however they are run, stopped and divided; mistakes told; results that can be read elsewhere.

mod broken;
mod divided;
mod files;
mod folder;
mod results;
mod stopped;
mod under_way;

use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A folder with a scenario and a sweep over it.
struct Home(TempDir);

impl Home {
    fn new(sweep: &Value) -> Home {
        let home = Home(tempfile::tempdir().unwrap());
        fs::write(home.path("day.json"), scenario().to_string()).unwrap();
        home.set(sweep);
        home
    }

    fn set(&self, sweep: &Value) {
        fs::write(self.path("sweep.json"), serde_json::to_string_pretty(sweep).unwrap()).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clickday"));
        command.current_dir(self.0.path()).args(line.split_whitespace());
        command
    }

    fn clickday(&self, line: &str) -> Ended {
        Ended::of(self.command(line).output().unwrap())
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }
}

/// How a command ended and what it said.
#[derive(Debug)]
struct Ended {
    status: Option<i32>,
    out: String,
    err: String,
}

impl Ended {
    fn of(output: Output) -> Ended {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ended { status: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn with(self, status: i32) -> Ended {
        assert_eq!(self.status, Some(status), "{}\n{}", self.out, self.err);
        self
    }
}

/// A morning with a rush on one counter.
fn scenario() -> Value {
    json!({
        "format": 1,
        "name": "counter",
        "clock": {"start": "2020-04-01T08:00", "end": "2020-04-01T12:00", "time_zone": "UTC", "bin": "10min"},
        "stations": {"counter": {"workers": 2, "queue": 30}},
        "classes": {
            "citizens": {
                "population": 500,
                "arrivals": [{"share": 1, "curve": {"weibull": {"from": "2020-04-01T08:00", "shape": 0.7, "scale": "1h", "truncate": true}}}],
                "journey": [{"name": "form", "station": "counter", "service": {"lognormal": {"mean": "30s", "cv": 1}}}],
                "timeout": "5min",
                "retry": {"attempts": 3, "backoff": "2min"}
            },
            "agents": {
                "population": 60,
                "operators": 4,
                "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-04-01T08:00", "to": "2020-04-01T12:00"}}}],
                "journey": [{"name": "upload", "station": "counter", "service": "40s"}],
                "timeout": "10min"
            }
        },
        "policies": {"open": {"rules": []}, "later": {"rules": [{"windows": {"open": {"agents": ["10:00-12:00"]}}}]}},
        "experiment": {"seed": 5, "replications": 3}
    })
}

/// Eighteen runs a value of the timeout, for three numbers of workers.
fn grid() -> Value {
    json!({
        "format": 1,
        "name": "counters",
        "scenario": "day.json",
        "parameters": {
            "/stations/counter/workers": {"range": {"from": 1, "to": 3, "count": 3}},
            "/classes/citizens/timeout": ["1min", "5min", "never"]
        },
        "figures": ["timeout_share", "time_to_complete.p95", "station.utilisation", "operators.uploaded", "collapsed"],
        "goal": "timeout_share<=10%",
        "cost": {"/stations/counter/workers": 2}
    })
}

/// Files of results that must be alike.
const RESULTS: [&str; 3] = ["sweep.json", "results.csv", "results.parquet"];

fn assert_same(home: &Home, one: &str, other: &str) {
    for name in RESULTS {
        let (one, other) = (home.read(&format!("{one}/{name}")), home.read(&format!("{other}/{name}")));
        assert!(one == other, "{name} differs");
    }
}

/// The rows of a table, each as its fields.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
