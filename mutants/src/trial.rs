//! Each change held against the tests that come by its place.

use crate::compile::TestProgram;
use crate::on_all_cores;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A failure is not to be kept: it would be tried first with the next change, and the repository does not have it.
const QUIET: [(&str, &str); 2] = [("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true"), ("RUST_BACKTRACE", "0")];

/// One test, how long it takes, and how often it has caught something.
#[derive(Debug, Clone)]
pub struct Test {
    pub name: String,
    program: PathBuf,
    exact: String,
    pub time: Duration,
    caught: u32,
    tried: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Passed,
    Failed,
    /// Took more processor time or memory than it may.
    Endless,
}

/// All tests of some programs that pass as the program is, and for each change the tests that come by it.
#[derive(Debug)]
pub struct Suite {
    pub tests: Vec<Test>,
    pub reached: BTreeMap<usize, Vec<usize>>,
}

impl Suite {
    /// Runs every test once as the program is, on all cores. Tests that fail then, or take longer than `longest`, are left out, and said.
    ///
    /// # Errors
    /// Where a program cannot be run.
    pub fn survey(root: &Path, programs: &[TestProgram], longest: Duration, is_left_out: impl Fn(&str) -> bool) -> Result<Suite> {
        let mut all = Vec::new();
        for program in programs {
            for exact in names(root, program)? {
                let name = format!("{}::{exact}", program.name);
                let path = program.path.clone();
                all.push(Test { name, program: path, exact, time: Duration::ZERO, caught: 0, tried: 0 });
            }
        }
        all.retain(|test| !is_left_out(&test.name));
        let next = AtomicUsize::new(0);
        let suite = Mutex::new(Suite { tests: Vec::new(), reached: BTreeMap::new() });
        on_all_cores(|| {
            while let Some(test) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                let (test, changes) = test.survey(root, longest)?;
                suite.lock().unwrap_or_else(PoisonError::into_inner).add(test, changes);
            }
            Ok(())
        })?;
        Ok(suite.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&mut self, test: Test, changes: Option<Vec<usize>>) {
        let Some(changes) = changes else {
            eprintln!("left out, for it fails or takes too long as it is: {}", test.name);
            return;
        };
        for change in changes {
            self.reached.entry(change).or_default().push(self.tests.len());
        }
        self.tests.push(test);
    }

    /// The tests that come by a change: those of its own module first, then those that catch most in the least time.
    pub fn in_order(&self, change: usize, module: &str) -> Vec<usize> {
        let mut tests = self.reached.get(&change).cloned().unwrap_or_default();
        let cost = |test: &usize| {
            let test = &self.tests[*test];
            let is_near = test.name.contains(module);
            if is_near { test.cost_of_a_catch() / 100.0 } else { test.cost_of_a_catch() }
        };
        tests.sort_by(|a, b| cost(a).total_cmp(&cost(b)));
        tests
    }

    /// Counts what a test made of a change.
    pub fn count(&mut self, test: usize, ended: Ended) {
        self.tests[test].tried += 1;
        self.tests[test].caught += u32::from(ended != Ended::Passed);
    }
}

impl Test {
    /// How long the test takes and which changes it comes by, if it passes. What an earlier survey of the same program found is kept.
    fn survey(&self, root: &Path, longest: Duration) -> Result<(Test, Option<Vec<usize>>)> {
        let kept = root.join("target/reached").join(self.name.replace([':', '/'], "-"));
        if !is_newer(&kept, &self.program) {
            let _ = fs::remove_file(&kept);
            fs::create_dir_all(root.join("target/reached"))?;
            let start = Instant::now();
            let ended = self.run(root, ("CLICKDAY_REACHED", kept.as_os_str()), longest)?;
            let time = start.elapsed().as_secs_f64();
            let mut file = File::options().create(true).append(true).open(&kept)?;
            writeln!(file, "{ended:?} after {time}")?;
        }
        let text = fs::read_to_string(&kept)?;
        let time = text.lines().find_map(|line| line.split_once(" after ")?.1.parse().ok()).unwrap_or(0.0);
        let test = Test { time: Duration::from_secs_f64(time), ..self.clone() };
        let passed = text.contains("Passed after") && test.time <= longest;
        Ok((test, passed.then(|| changes_in(&text))))
    }

    fn cost_of_a_catch(&self) -> f64 {
        self.time.as_secs_f64().max(0.01) * f64::from(self.tried + 4) / f64::from(self.caught + 1)
    }

    /// Processor time after which a test is taken to run for ever.
    pub fn limit(&self) -> Duration {
        self.time * 4 + Duration::from_secs(5)
    }

    /// Runs the test with one variable of the environment set.
    ///
    /// # Errors
    /// Where the program cannot be started.
    pub fn run(&self, root: &Path, variable: (&str, &std::ffi::OsStr), limit: Duration) -> Result<Ended> {
        let mut child = Command::new("prlimit")
            .current_dir(root)
            .arg(format!("--cpu={}", limit.as_secs().max(1)))
            .args(["--as=8000000000", "--core=0", "--"])
            .arg(&self.program)
            .args(["--exact", &self.exact, "--test-threads", "1"])
            .env(variable.0, variable.1)
            .envs(QUIET)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("prlimit")?;
        let start = Instant::now();
        // A test that waits for ever takes no processor time.
        let most = limit * 4 + Duration::from_secs(60);
        let mut pause = Duration::from_millis(2);
        loop {
            if let Some(status) = child.try_wait()? {
                let by_signal = status.code().is_none_or(|code| code > 128);
                return Ok(if status.success() {
                    Ended::Passed
                } else if by_signal {
                    Ended::Endless
                } else {
                    Ended::Failed
                });
            }
            if start.elapsed() > most {
                child.kill()?;
                child.wait()?;
                return Ok(Ended::Endless);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
    }
}

fn names(root: &Path, program: &TestProgram) -> Result<Vec<String>> {
    let output = Command::new(&program.path).current_dir(root).args(["--list", "--format", "terse"]).output()?;
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(lines.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}

fn is_newer(file: &Path, than: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    time(file).zip(time(than)).is_some_and(|(file, than)| file > than)
}

fn changes_in(trace: &str) -> Vec<usize> {
    let mut changes: Vec<usize> = trace
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(least, most)| Some(least.parse().ok()?..=most.parse().ok()?))
        .flatten()
        .collect();
    changes.sort_unstable();
    changes.dedup();
    changes
}
