//! The woven program: changes that are no program are left out until the rest compiles, and its tests are built.

use crate::listed::{self, Changes, Mutant};
use crate::weave;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Optimised, for it is built once and run thousands of times; with the checks of a debug build, which catch changes too.
const PROFILE: [&str; 4] = ["--config", "profile.dev.opt-level=2", "--config", "profile.dev.debug=0"];

#[derive(Debug, Deserialize)]
struct Message {
    #[serde(default)]
    message: Option<Diagnostic>,
    #[serde(default)]
    executable: Option<PathBuf>,
    #[serde(default)]
    target: Option<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// The compiler's number for a match that leaves cases out.
const NOT_ALL_CASES: &str = "E0004";

#[derive(Debug, Deserialize)]
struct Diagnostic {
    level: String,
    code: Option<Code>,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

impl Diagnostic {
    fn is_code(&self, code: &str) -> bool {
        self.code.as_ref().is_some_and(|own| own.code == code)
    }
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    byte_start: usize,
    byte_end: usize,
}

/// A program of tests.
#[derive(Debug)]
pub struct TestProgram {
    pub name: String,
    pub path: PathBuf,
}

/// What could be woven, and what is left out because it is no program.
#[derive(Debug)]
pub struct Woven {
    pub numbers: BTreeSet<usize>,
    pub no_program: BTreeSet<usize>,
}

/// Names of changes that were no program the last time, in the woven copy.
const NO_PROGRAM: &str = "no-program.txt";

/// Copies the checkout at `root` to `copy`, with all changes woven in. Files that stay as they are there are not written, so that
/// little is built again.
///
/// # Errors
/// Where files cannot be read or written, or the compiler complains of something that no change is to blame for.
pub fn weave_all(root: &Path, copy: &Path, mutants: &[Mutant]) -> Result<Woven> {
    let before = fs::read_to_string(copy.join(NO_PROGRAM)).unwrap_or_default();
    let before: BTreeSet<&str> = before.lines().collect();
    let mut no_program: BTreeSet<usize> =
        (0..mutants.len()).filter(|number| before.contains(mutants[*number].name.as_str())).collect();
    loop {
        let numbers = write_all(root, copy, &listed::by_file(mutants, &no_program))?;
        let culprits = culprits(copy)?;
        eprintln!("{} changes woven, {} of them no program", numbers.len(), culprits.len());
        if culprits.is_empty() {
            let names: Vec<_> = no_program.iter().map(|number| mutants[*number].name.as_str()).collect();
            fs::write(copy.join(NO_PROGRAM), names.join("\n"))?;
            return Ok(Woven { numbers, no_program });
        }
        no_program.extend(culprits);
    }
}

/// Writes the copy anew where it differs, and tells which changes are in it.
fn write_all(root: &Path, copy: &Path, changes: &BTreeMap<String, Changes>) -> Result<BTreeSet<usize>> {
    let output = Command::new("git").current_dir(root).args(["ls-files", "-z"]).output().context("git ls-files")?;
    anyhow::ensure!(output.status.success(), "{} is no checkout of the repository", root.display());
    let files = String::from_utf8(output.stdout)?;
    let mut numbers = BTreeSet::new();
    for file in files.split('\0').filter(|file| root.join(file).is_file()) {
        let mut bytes = fs::read(root.join(file)).with_context(|| file.to_owned())?;
        if let Some(changes) = changes.get(file) {
            let (woven, of_file) = weave::weave(&String::from_utf8(bytes)?, changes).with_context(|| file.to_owned())?;
            numbers.extend(of_file);
            bytes = woven.into_bytes();
        }
        if file == "src/lib.rs" {
            bytes.extend_from_slice(b"\npub mod chooser;\n");
        }
        write_if_new(&copy.join(file), &bytes)?;
        let mode = fs::metadata(root.join(file))?.permissions();
        fs::set_permissions(copy.join(file), mode)?;
    }
    write_if_new(&copy.join("src/chooser.rs"), weave::CHOOSER.as_bytes())?;
    Ok(numbers)
}

fn write_if_new(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    fs::create_dir_all(path.parent().context("a file without a folder")?)?;
    fs::write(path, bytes).with_context(|| path.display().to_string())
}

/// The changes that the compiler complains of.
fn culprits(root: &Path) -> Result<BTreeSet<usize>> {
    let mut culprits = BTreeSet::new();
    let mut others = Vec::new();
    let (messages, compiles) = cargo(root, &["check", "--lib"])?;
    for message in messages {
        let Some(diagnostic) = message.message.filter(|message| message.level == "error" && !message.spans.is_empty()) else {
            continue;
        };
        let of = diagnostic.spans.iter().find_map(|span| {
            let woven = fs::read_to_string(root.join(&span.file_name)).ok()?;
            let gone = || weave::next_gone(&woven, span.byte_end).filter(|_| diagnostic.is_code(NOT_ALL_CASES));
            weave::number_at(&woven, span.byte_start..span.byte_end).or_else(gone)
        });
        match of {
            Some(number) => drop(culprits.insert(number)),
            None => others.push(diagnostic.rendered.unwrap_or_default()),
        }
    }
    if culprits.is_empty() && !compiles {
        bail!("the woven program cannot be built, and no change is to blame:\n{}", others.concat());
    }
    Ok(culprits)
}

/// Builds the unit tests and all files of tests.
///
/// # Errors
/// Where they cannot be built.
pub fn tests(root: &Path) -> Result<Vec<TestProgram>> {
    let (messages, compiles) = cargo(root, &["test", "--no-run"])?;
    anyhow::ensure!(compiles, "the tests of the woven program cannot be built");
    let programs = messages.into_iter().filter_map(|message| {
        let (path, target) = message.executable.zip(message.target)?;
        let is_test = target.kind.iter().any(|kind| kind == "test" || kind == "lib");
        is_test.then_some(TestProgram { name: target.name, path })
    });
    Ok(programs.collect())
}

/// What cargo says, and whether it came to a good end.
fn cargo(root: &Path, what: &[&str]) -> Result<(Vec<Message>, bool)> {
    let output = Command::new("cargo")
        .current_dir(root)
        .args(PROFILE)
        .args(what)
        .args(["--message-format", "json"])
        .env("RUSTFLAGS", "--cap-lints warn")
        .stderr(Stdio::inherit())
        .output()
        .context("cargo")?;
    let lines = String::from_utf8_lossy(&output.stdout);
    Ok((lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(), output.status.success()))
}
