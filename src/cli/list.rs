//! `clickday list`.

use super::exit::Failure;
use super::print::{print, print_json};
use super::shipped::SHIPPED;
use crate::model::{Population, Study};
use crate::scenario::{Mistakes, Scenario};
use crate::time::{Span, Time};
use std::path::Path;

/// List the scenarios that are inside the program, a line each
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  clickday list\n  clickday list --json\n  clickday run inps-2020-04 --scale 0.05")]
pub(super) struct Args {
    /// Print JSON in place of lines (its schema: clickday schema list)
    #[arg(long)]
    json: bool,
}

/// A shipped scenario.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Entry {
    /// The name by which it is run.
    name: &'static str,
    /// What it is.
    title: String,
    /// When its clock starts, in civil time.
    from: String,
    /// When its clock ends.
    to: String,
    /// How many people want to get through.
    population: f64,
    /// Names of the policies, the baseline first.
    policies: Vec<String>,
}

/// What `list --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Listed {
    /// The scenarios that can be run by name.
    scenarios: Vec<Entry>,
}

fn entry(name: &'static str, text: &str) -> Result<(Entry, Span), Mistakes> {
    let study = Scenario::parse(text, Path::new(name))?.compile(None)?;
    let end = study.model.end;
    let entry = Entry {
        name,
        title: study.title.clone(),
        from: study.calendar.label(Time::ZERO),
        to: study.calendar.label(end),
        population: people(&study),
        policies: study.names.policies,
    };
    Ok((entry, end.since(Time::ZERO)))
}

fn people(study: &Study) -> f64 {
    let size = |population| match population {
        Population::Fixed(count) => count as f64,
        Population::Poisson(mean) => mean,
    };
    study.model.classes.iter().map(|class| size(class.population)).sum()
}

fn entries() -> Result<Vec<(Entry, Span)>, Failure> {
    let all: Result<Vec<_>, Mistakes> = SHIPPED.iter().map(|(name, text)| entry(name, text)).collect();
    all.map_err(|mistakes| Failure::Mistakes(vec![mistakes]))
}

/// A line for each shipped scenario.
pub(super) fn lines() -> Result<String, Failure> {
    let entries = entries()?;
    let room = entries.iter().map(|(entry, _)| entry.name.len()).max().unwrap_or(0);
    let line = |(entry, length): &(Entry, Span)| {
        let policies = match entry.policies.len() {
            1 => "1 policy".to_owned(),
            n => format!("{n} policies"),
        };
        format!("  {:room$}  {} ({policies}, {length})\n", entry.name, entry.title)
    };
    Ok(entries.iter().map(line).collect())
}

pub(super) fn list(args: &Args) -> Result<(), Failure> {
    if args.json {
        let scenarios = entries()?.into_iter().map(|(entry, _)| entry).collect();
        return print_json(&Listed { scenarios });
    }
    print(&format!(
        "Scenarios inside the program; run one by its name, e.g. clickday run {} --scale 0.05\n{}",
        SHIPPED.first().map_or("", |(name, _)| name),
        lines()?
    ))
}
