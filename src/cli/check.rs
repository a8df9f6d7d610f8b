//! `clickday check`.

use super::exit::Failure;
use super::library::find;
use super::print::{print, print_json};
use super::shipped;
use crate::scenario::{Mistake, Mistakes, explain, warnings};
use crate::sweep::{Sweep, explain_sweep, is_sweep};
use std::path::{Path, PathBuf};

/// Read scenarios and sweeps and explain them in plain words, or list every mistake, without running anything
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clickday check inps-2020-04\n  clickday check my-day.json\n  clickday check --json scenarios/history"
)]
pub(super) struct Args {
    /// Scenario or sweep files, folders of them, or names of shipped scenarios
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print JSON in place of words (its schema: clickday schema check)
    #[arg(long)]
    json: bool,
}

/// What `check --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Checked {
    /// In the order of the command line.
    files: Vec<CheckedFile>,
}

/// A file that was checked.
#[derive(Debug, Default, serde::Serialize, schemars::JsonSchema)]
struct CheckedFile {
    /// As the user named it.
    path: PathBuf,
    /// Whether it can be run.
    good: bool,
    /// The scenario's name; `null` where it cannot be run.
    name: Option<String>,
    /// What the file says, in plain words; `null` where it cannot be run.
    explained: Option<String>,
    /// What to beware of.
    warnings: Vec<String>,
    /// Why it cannot be run.
    mistakes: Vec<CheckedMistake>,
}

/// A mistake and its place.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
struct CheckedMistake {
    /// The line, from 1; `null` where the file could not be read.
    line: Option<u32>,
    /// The character of the line, from 1.
    column: Option<u32>,
    /// JSON pointer of the value; `null` where the text is not JSON.
    pointer: Option<String>,
    /// What is wrong; what would be right.
    text: String,
}

impl CheckedMistake {
    fn new(mistake: &Mistake) -> CheckedMistake {
        CheckedMistake {
            line: mistake.at.map(|at| at.line),
            column: mistake.at.map(|at| at.column),
            pointer: mistake.pointer.clone(),
            text: mistake.text.clone(),
        }
    }
}

fn look(path: &Path) -> Result<CheckedFile, Mistakes> {
    if is_sweep(path) {
        let sweep = Sweep::load(path)?;
        let explained = Some(explain_sweep(&sweep));
        let name = Some(sweep.layout.sweep);
        return Ok(CheckedFile { path: path.to_owned(), good: true, name, explained, ..CheckedFile::default() });
    }
    let scenario = shipped::load(path)?;
    // The copy that would be run must be possible too.
    scenario.compile(scenario.scale())?;
    let study = scenario.compile(None)?;
    Ok(CheckedFile {
        path: path.to_owned(),
        good: true,
        explained: Some(explain(&scenario, &study)),
        warnings: warnings(&study),
        name: Some(study.name),
        mistakes: Vec::new(),
    })
}

pub(super) fn check(args: &Args) -> Result<(), Failure> {
    let mut mistakes = Vec::new();
    let mut files = Vec::new();
    for (index, path) in find(&args.files)?.files.iter().enumerate() {
        match look(path) {
            Ok(file) if args.json => files.push(file),
            Ok(file) => {
                let text = file.explained.unwrap_or_default();
                print(&format!("{}{text}", if index > 0 { "\n" } else { "" }))?;
            }
            Err(found) => {
                let told = found.0.iter().map(CheckedMistake::new).collect();
                files.push(CheckedFile { path: path.clone(), mistakes: told, ..CheckedFile::default() });
                mistakes.push(found);
            }
        }
    }
    if args.json {
        print_json(&Checked { files })?;
    }
    if mistakes.is_empty() { Ok(()) } else { Err(Failure::Mistakes(mistakes)) }
}
