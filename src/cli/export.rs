//! `clickday export`.

use super::exit::Failure;
use super::file::Target;
use super::print::{print, print_json};
use super::shipped;
use crate::export::{K6Options, k6};
use crate::time::{Calendar, Time};
use std::path::PathBuf;

/// Write a scenario as a load test, so that the plan can be tried on the real system
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday export inps-2020-04 --k6 --scale 0.01 --out inps.js
  clickday export my-day.json --k6 --from 2027-03-01T09:00 --to 2027-03-01T10:00 --out rush.js
  k6 run -e BASE_URL=https://test.example.org rush.js")]
pub(super) struct Args {
    /// A scenario file, or the name of a shipped scenario
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// As a script for k6 (https://k6.io)
    #[arg(long, required = true)]
    k6: bool,
    /// From this moment of the clock; from its start unless said otherwise
    #[arg(long, value_name = "MOMENT")]
    from: Option<String>,
    /// To this moment of the clock; to its end unless said otherwise
    #[arg(long, value_name = "MOMENT")]
    to: Option<String>,
    /// Part of the people, e.g. 0.01
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = super::options::scale)]
    scale: f64,
    /// Where to write the script; to standard output unless said otherwise
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print where the script is as JSON; needs --out (its schema: clickday schema export)
    #[arg(long, requires = "out")]
    json: bool,
}

/// What `export --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Exported {
    /// The script.
    script: PathBuf,
    /// Its size.
    bytes: usize,
}

pub(super) fn export(args: &Args) -> Result<(), Failure> {
    let loaded = shipped::load(&args.scenario).and_then(|scenario| Ok((scenario.compile(None)?, scenario)));
    let (study, scenario) = loaded.map_err(|mistakes| Failure::Mistakes(vec![mistakes]))?;
    let moment = |text: &Option<String>, otherwise: Time| match text {
        None => Ok(otherwise),
        Some(text) => at(&study.calendar, text, study.model.end),
    };
    let (from, to) = (moment(&args.from, Time::ZERO)?, moment(&args.to, study.model.end)?);
    if from >= to {
        return Err(Failure::Usage("--to is not after --from".to_owned()));
    }
    let script = k6(&scenario.file, &study, &K6Options { from, to, scale: args.scale });
    match &args.out {
        None => print(&script),
        Some(path) => {
            Target::claim(path, &[&args.scenario])?.write(&script)?;
            match args.json {
                true => print_json(&Exported { script: path.clone(), bytes: script.len() }),
                false => print(&format!("Script: {}", path.display())),
            }
        }
    }
}

fn at(calendar: &Calendar, text: &str, end: Time) -> Result<Time, Failure> {
    let found = calendar.parse(text).map_err(|error| Failure::Usage(error.to_string()))?;
    if found > end {
        return Err(Failure::Usage(format!("`{text}` is after clock.end")));
    }
    Ok(found)
}
