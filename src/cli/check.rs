//! `clickday check`.

use super::exit::Failure;
use super::print::print;
use crate::scenario::{Scenario, explain};
use std::path::PathBuf;

/// Read scenarios and explain them in plain words, or list every mistake, without running anything
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  clickday check scenarios/inps-2020-04.json")]
pub(super) struct Args {
    /// Scenario files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(super) fn check(args: &Args) -> Result<(), Failure> {
    let mut mistakes = Vec::new();
    for (index, path) in args.files.iter().enumerate() {
        let explained = Scenario::load(path).and_then(|scenario| Ok(explain(&scenario, &scenario.compile(None)?)));
        match explained {
            Ok(text) => print(&format!("{}{text}", if index > 0 { "\n" } else { "" }))?,
            Err(found) => mistakes.push(found),
        }
    }
    if mistakes.is_empty() { Ok(()) } else { Err(Failure::Mistakes(mistakes)) }
}
