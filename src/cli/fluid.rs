//! `clickday fluid`.

use super::exit::Failure;
use super::options::{Charts, chosen_policies, page_width, scale};
use super::print::{print, print_json};
use super::shipped;
use crate::fluid::{Fluid, solve, uncovered};
use crate::model::Study;
use crate::report::{FluidFile, Folder, fluid_table, write_fluid};
use crate::time::Span;
use std::path::{Path, PathBuf};

/// Solve the fluid limit of a scenario: any number of people in a second or so, and no chance in it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday fluid inps-2020-04
  clickday fluid inps-2020-04 --scale 1000 --policy time-split
  clickday run inps-2020-04 --scale 0.02 --fluid")]
pub(super) struct Args {
    /// Scenario file, or the name of a shipped scenario (see clickday list)
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Only this policy; give it again for more
    #[arg(long, value_name = "NAME")]
    policy: Vec<String>,
    /// A smaller or larger copy of the same system, e.g. 0.01 or 1000
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = scale)]
    scale: Option<f64>,
    /// Width of the cells of time; chosen by the timeouts and the clock unless said otherwise
    #[arg(long, value_name = "DURATION", value_parser = step)]
    step: Option<Span>,
    /// The folder for the results; output/NAME-fluid unless said otherwise
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How to draw the chart
    #[arg(long, value_name = "FORMAT", default_value = "png")]
    charts: Charts,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
    /// Print the figures as JSON in place of the table (its schema: clickday schema fluid)
    #[arg(long)]
    json: bool,
}

/// Reads `--step`.
fn step(text: &str) -> Result<Span, String> {
    match Span::parse(text) {
        Ok(span) if span > Span::ZERO => Ok(span),
        _ => Err("want a duration such as 5s".to_owned()),
    }
}

pub(super) fn fluid(args: &Args) -> Result<(), Failure> {
    let load = shipped::load(&args.scenario).and_then(|scenario| scenario.compile(args.scale.or(scenario.scale())));
    let study = load.map_err(|mistakes| Failure::Mistakes(vec![mistakes]))?;
    let policies = chosen_policies(&args.policy, &study)?;
    let fluid = solved(&study, &policies, args.step)?;
    let name = match args.scale.filter(|scale| *scale != 1.0) {
        None => format!("{}-fluid", study.name),
        Some(scale) => format!("{}-fluid-scale-{scale}", study.name),
    };
    let folder = Folder::claim(&args.out.clone().unwrap_or_else(|| Path::new("output").join(&name)))?;
    write_fluid(&study, &fluid, None, args.charts.format(), &folder)?;
    let target = folder.commit()?;
    if args.json {
        return print_json(&FluidFile::new(&study, &fluid).to_json().map_err(|error| Failure::Work(error.to_string()))?);
    }
    if args.quiet { Ok(()) } else { print(&fluid_table(&study, &fluid, None, Some(&target), page_width())) }
}

/// Refuses what the fluid does not cover, with the keys.
pub(super) fn covered(study: &Study, policies: &[usize]) -> Result<(), Failure> {
    refuse(study, &uncovered(study, policies))
}

fn refuse(study: &Study, wrong: &[String]) -> Result<(), Failure> {
    if wrong.is_empty() {
        return Ok(());
    }
    let list: String = wrong.iter().map(|wrong| format!("\n  {wrong}")).collect();
    let way = "leave these out, choose other policies by --policy, or simulate without the fluid";
    Err(Failure::Usage(format!("the fluid does not cover all of `{}`:{list}\n{way}", study.name)))
}

/// The fluid of some policies.
pub(super) fn solved(study: &Study, policies: &[usize], step: Option<Span>) -> Result<Fluid, Failure> {
    solve(study, policies, step).or_else(|wrong| {
        refuse(study, &wrong)?;
        Err(Failure::Usage("the fluid does not cover it".to_owned()))
    })
}
