//! `clickday report`.

use super::exit::Failure;
use super::file::Target;
use super::options::LanguageArgs;
use super::print::{print, print_json};
use crate::model::Study;
use crate::report::{self, Folder, PageSource};
use crate::scenario::Scenario;
use crate::sweep::{SweepFolder, assemble, holds_sweep};
use std::fs;
use std::path::{Path, PathBuf};

/// The copy of the scenario among the results.
const SCENARIO: &str = "scenario.json";

/// Make the report of a run, a sweep or a plan that was already done: one HTML page that needs nothing else
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday report output/inps-2020-04
  clickday report output/inps-2020-04 --language it --out rapporto.html
  clickday report results/my-day --scenario my-day.json
  clickday report output/small-workers")]
pub(super) struct Args {
    /// The folder of the results
    #[arg(value_name = "OUTPUT_DIR")]
    folder: PathBuf,
    /// The scenario that was run; the copy in the folder unless said otherwise (needed where it reads a trace)
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Where to write the page; report.html in the folder unless said otherwise
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    language: LanguageArgs,
    /// Print the page's path as JSON (its schema: clickday schema report)
    #[arg(long)]
    json: bool,
}

/// What `report --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Written {
    /// The page.
    report: PathBuf,
    /// Its size.
    bytes: usize,
}

/// Puts a copy of the scenario beside its results.
pub(super) fn add_scenario(folder: &Folder, scenario: &serde_json::Value) -> Result<(), Failure> {
    Ok(folder.write(SCENARIO, format!("{scenario:#}\n").as_bytes())?)
}

pub(super) fn report(args: &Args) -> Result<(), Failure> {
    let target = args.out.clone().unwrap_or_else(|| args.folder.join(report::PAGE));
    let is_page =
        target.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm"));
    if target.is_file() && !is_page {
        return Err(Failure::Usage(format!("{} is there and is no page; name a file that ends in .html", target.display())));
    }
    let page = match (holds_sweep(&args.folder), args.folder.join("plan.json").is_file()) {
        (true, _) | (_, true) if args.scenario.is_some() => {
            return Err(Failure::Usage(
                "--scenario is for the results of a run; those of sweeps and plans have all they need".to_owned(),
            ));
        }
        (true, _) => of_sweep(args)?,
        (_, true) => of_plan(args)?,
        _ => of_run(args)?,
    };
    Target::claim(&target, &[])?.write(&page)?;
    if args.json {
        return print_json(&Written { report: target, bytes: page.len() });
    }
    print(&format!("Report: {}", target.display()))
}

fn of_run(args: &Args) -> Result<String, Failure> {
    let (name, scale) = of_summary(&args.folder)?;
    let path = args.scenario.clone().unwrap_or_else(|| args.folder.join(SCENARIO));
    let (scenario, study) = study(&path, scale).map_err(|failure| match args.scenario {
        None if fs::read_to_string(&path).is_ok_and(|text| text.contains("\"trace\"")) => {
            let text = "the traces that the scenario names are not among its results; name the scenario file by --scenario";
            Failure::Usage(text.to_owned())
        }
        _ => failure,
    })?;
    if study.name != name {
        let text = format!("{} is the scenario `{}`, but the results are of `{name}`", path.display(), study.name);
        return Err(Failure::Usage(text));
    }
    let json = scenario.to_json();
    let source = PageSource { study: &study, scenario: &json, folder: &args.folder, language: args.language.shown_first() };
    Ok(report::page(&source)?)
}

/// The page of a sweep, from its parts.
fn of_sweep(args: &Args) -> Result<String, Failure> {
    let (folder, layout) = SweepFolder::existing(&args.folder)?;
    let of = super::merge::division(&folder)?;
    match assemble(&folder, &layout, of)? {
        Ok(cells) => Ok(report::sweep_page(&cells, args.language.shown_first())),
        Err(missing) => Err(super::merge::missing(&layout, &folder, of, &missing)),
    }
}

fn of_plan(args: &Args) -> Result<String, Failure> {
    let path = args.folder.join("plan.json");
    Ok(report::plan_page(&read_json(&path)?, &path, args.language.shown_first())?)
}

fn read_json(path: &Path) -> Result<serde_json::Value, Failure> {
    let text = fs::read_to_string(path).map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))?;
    serde_json::from_str(&text).map_err(|error| Failure::Usage(format!("{} is not JSON: {error}", path.display())))
}

/// The scenario's name and the size of the copy, as the summary says them.
fn of_summary(folder: &Path) -> Result<(String, f64), Failure> {
    let path = folder.join("summary.json");
    if !path.exists() {
        let text = format!("{} holds no results of clickday: it has no summary.json, sweep.json or plan.json", folder.display());
        return Err(Failure::Usage(text));
    }
    let summary = read_json(&path)?;
    let name = summary.get("scenario").and_then(serde_json::Value::as_str);
    let scale = summary.get("scale").and_then(serde_json::Value::as_f64).filter(|scale| *scale > 0.0);
    match (name, scale) {
        (Some(name), Some(scale)) => Ok((name.to_owned(), scale)),
        _ => Err(Failure::Usage(format!("{} is no summary of clickday", path.display()))),
    }
}

fn study(path: &Path, scale: f64) -> Result<(Scenario, Study), Failure> {
    let wanted = Some(scale).filter(|scale| *scale != 1.0);
    let loaded = Scenario::load(path).and_then(|scenario| {
        let study = scenario.compile(wanted)?;
        Ok((scenario, study))
    });
    loaded.map_err(|mistakes| Failure::Mistakes(vec![mistakes]))
}
