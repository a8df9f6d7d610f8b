//! `clickday report`.

use super::exit::Failure;
use super::print::{print, print_json};
use crate::model::Study;
use crate::report::{self, Folder, Language, PageSource};
use crate::scenario::Scenario;
use std::fs;
use std::path::{Path, PathBuf};

/// The copy of the scenario among the results.
const SCENARIO: &str = "scenario.json";

/// Make the report of a run that was already done: one HTML page that needs nothing else
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday report output/inps-2020-04
  clickday report output/inps-2020-04 --language it --out rapporto.html
  clickday report results/my-day --scenario my-day.json")]
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
    /// The language that the report shows first; the other is one click away
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: ReportLanguage,
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

/// The languages of the report.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum ReportLanguage {
    /// English
    En,
    /// Italian
    It,
}

impl ReportLanguage {
    pub(super) fn shown_first(self) -> Language {
        match self {
            ReportLanguage::En => Language::English,
            ReportLanguage::It => Language::Italian,
        }
    }
}

/// Puts a copy of the scenario beside its results.
pub(super) fn add_scenario(folder: &Folder, scenario: &serde_json::Value) -> Result<(), Failure> {
    Ok(folder.write(SCENARIO, format!("{scenario:#}\n").as_bytes())?)
}

pub(super) fn report(args: &Args) -> Result<(), Failure> {
    let (name, scale) = of_summary(&args.folder)?;
    let path = args.scenario.clone().unwrap_or_else(|| args.folder.join(SCENARIO));
    let (scenario, study) = study(&path, scale)?;
    if study.name != name {
        let text = format!("{} is the scenario `{}`, but the results are of `{name}`", path.display(), study.name);
        return Err(Failure::Usage(text));
    }
    let json = scenario.to_json();
    let source = PageSource { study: &study, scenario: &json, folder: &args.folder, language: args.language.shown_first() };
    let page = report::page(&source)?;
    let target = args.out.clone().unwrap_or_else(|| args.folder.join(report::PAGE));
    write_whole(&target, &page)?;
    if args.json {
        return print_json(&Written { report: target, bytes: page.len() });
    }
    print(&format!("Report: {}", target.display()))
}

/// The scenario's name and the size of the copy, as the summary says them.
fn of_summary(folder: &Path) -> Result<(String, f64), Failure> {
    let path = folder.join("summary.json");
    let text = fs::read_to_string(&path)
        .map_err(|error| Failure::Usage(format!("{} holds no results of clickday: {error}", folder.display())))?;
    let summary: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| Failure::Usage(format!("{} is not JSON: {error}", path.display())))?;
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

/// Writes a file beside its place first, so that a page is there whole or not at all.
pub(super) fn write_whole(target: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Work(format!("cannot write {}: {error}", target.display()));
    let folder = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        // As a file that is plainly made: the process's umask takes from it what it must.
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    }
    let mut beside = builder.prefix(".clickday-").tempfile_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut beside, text.as_bytes()).map_err(failed)?;
    beside.persist(target).map_err(|error| failed(error.error))?;
    Ok(())
}
