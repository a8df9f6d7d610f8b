//! `clickday run`.

use super::bounds::BoundsArgs;
use super::exit::Failure;
use super::fluid::{covered, solved};
use super::library::find;
use super::options::{WorkArgs, chosen_policies, page_width, scale};
use super::precision::PrecisionArgs;
use super::print::print;
use super::progress::with_bar;
use super::shipped;
use crate::experiment::{self, Plan, Precision, Progress, Results};
use crate::fluid::Fluid;
use crate::model::Study;
use crate::report::{self, Folder, Library, PageSource};
use crate::scenario::{self, Mistakes};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Run scenarios: every policy in every replication, compared
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday run inps-2020-04
  clickday run inps-2020-04 --scale 0.02 --replications 3 --report
  clickday run inps-2020-04 --scale 0.02 --fluid
  clickday run small-example --precision 1% --metric time_to_complete.p50
  clickday run scenarios/history --charts none
  clickday run my-day.json --policy open --policy time-split --charts svg --out results/my-day")]
pub(super) struct Args {
    /// Scenario files, names of shipped scenarios (see clickday list), or a folder, whose published figures are shown in one table
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,
    /// Only this policy; give it again for more. The first in the file is the baseline
    #[arg(long, value_name = "NAME")]
    policy: Vec<String>,
    /// Another master seed than the file's
    #[arg(long, allow_negative_numbers = true, value_parser = seed)]
    seed: Option<u64>,
    /// Another number of runs per policy than the file's
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: Option<u32>,
    #[command(flatten)]
    precision: PrecisionArgs,
    #[command(flatten)]
    work: WorkArgs,
    /// The very folder for the results (with several scenarios or a folder of them, its parent); output/NAME unless said otherwise, output/NAME-scale-FACTOR for a copy
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A smaller copy of the same system: people, workers, operators, places and observed counts alike, e.g. 0.01
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = scale)]
    scale: Option<f64>,
    /// Solve the fluid limit too, and draw it over what was simulated
    #[arg(long)]
    fluid: bool,
    #[command(flatten)]
    bounds: BoundsArgs,
    /// Print the summary as JSON in place of the table; with several scenarios, one array of their summaries; of a folder, that of the library (its schema: clickday schema summary, or library)
    #[arg(long)]
    json: bool,
}

fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("want a whole number from 0 to {}", u64::MAX))
}

/// A scenario that is ready to run.
struct Job {
    scenario: serde_json::Value,
    study: Study,
    plan: Plan,
    precision: Option<Precision>,
    folder: Folder,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    if args.scenarios.is_empty() {
        return Err(Failure::Usage(format!(
            "say which SCENARIO to run: a file, or one of those inside the program:\n{}To write your own: clickday new my-day",
            super::list::lines()?
        )));
    }
    let progress = Arc::new(Progress::default());
    let for_handler = Arc::clone(&progress);
    // Before the first folder is made, so that no interruption can leave one behind.
    ctrlc::set_handler(move || for_handler.stop())
        .map_err(|error| Failure::Work(format!("cannot listen for interruptions: {error}")))?;
    let found = find(&args.scenarios)?;
    let several = found.files.len() > 1 || found.library.is_some();
    let jobs = prepare(args, &found.files, several)?;
    let mut shelf = found.library.map(|name| Shelf::claim(args, &name, &jobs)).transpose()?;
    let mut summaries = Vec::new();
    let mut outcome = Ok(());
    for (written, job) in jobs.into_iter().enumerate() {
        match finish(args, job, &progress, shelf.as_mut()) {
            Ok(summary) => summaries.extend(summary),
            Err(failure) => {
                outcome = Err(match failure {
                    Failure::Interrupted { .. } => Failure::Interrupted { written },
                    failure => failure,
                });
                break;
            }
        }
    }
    match shelf {
        Some(shelf) => outcome.and_then(|()| shelf.show(args)),
        None => {
            print_json(several, summaries)?;
            outcome
        }
    }
}

/// Where the one table of a folder of scenarios is put together.
struct Shelf {
    library: Library,
    folder: Folder,
}

impl Shelf {
    fn claim(args: &Args, name: &str, jobs: &[Job]) -> Result<Shelf, Failure> {
        if jobs.iter().any(|job| job.study.name == name) {
            return Err(Failure::Usage(format!("a scenario in the folder `{name}` has the folder's name; rename one of them")));
        }
        Ok(Shelf { library: Library::new(name), folder: Folder::claim(&target(args, name, true))? })
    }

    /// Writes the table beside the results of the scenarios, and shows it.
    fn show(self, args: &Args) -> Result<(), Failure> {
        self.library.write(&self.folder)?;
        let target = self.folder.commit()?;
        if args.json {
            return super::print::print_json(&self.library.to_json().map_err(|error| Failure::Work(error.to_string()))?);
        }
        if args.work.show.quiet {
            return Ok(());
        }
        print(&format!(
            "{}\nFiles: {}, and one folder for each scenario beside it\n",
            self.library.table(page_width()),
            target.display()
        ))
    }
}

/// One scenario's summary as it is in its file, and those of several as one array.
fn print_json(several: bool, mut summaries: Vec<serde_json::Value>) -> Result<(), Failure> {
    let json = match summaries.pop() {
        None => return Ok(()),
        Some(only) if !several => only,
        Some(last) => summaries.into_iter().chain([last]).collect(),
    };
    super::print::print_json(&json)
}

/// Runs one scenario, puts its results in place, and shows them; gives the summary where it is asked for as JSON.
fn finish(args: &Args, job: Job, progress: &Progress, shelf: Option<&mut Shelf>) -> Result<Option<serde_json::Value>, Failure> {
    let results = play(args, &job, progress)?;
    report::write_all(&results, args.work.show.charts.format(), &job.folder)?;
    super::report::add_scenario(&job.folder, &job.scenario)?;
    let fluid = args.fluid.then(|| solved(&results.study, &job.plan.policies, None)).transpose()?;
    if let Some(fluid) = &fluid {
        report::write_fluid(&results.study, fluid, Some(&results), args.work.show.charts.format(), &job.folder)?;
    }
    if args.work.show.report {
        let source = PageSource {
            study: &results.study,
            scenario: &job.scenario,
            folder: job.folder.path(),
            language: args.work.show.language.shown_first(),
        };
        // What it reads was written by this run: where it is gone, that is no mistake in the input.
        let page = report::page(&source).map_err(|error| Failure::Work(error.to_string()))?;
        job.folder.write(report::PAGE, page.as_bytes())?;
    }
    if progress.is_stopped() {
        return Err(Failure::Interrupted { written: 0 });
    }
    let replaces = job.folder.replaces();
    let target = job.folder.commit()?;
    if let Some(shelf) = shelf {
        shelf.library.add(&results);
        return Ok(None);
    }
    if args.json {
        return report::Summary::new(&results).to_json().map(Some).map_err(|error| Failure::Work(error.to_string()));
    }
    show(args, &results, fluid.as_ref(), (&target, replaces))?;
    Ok(None)
}

/// Reads every scenario and claims every folder, so that what can fail early does.
fn prepare(args: &Args, files: &[PathBuf], several: bool) -> Result<Vec<Job>, Failure> {
    let mut mistakes: Vec<Mistakes> = Vec::new();
    let mut studies: Vec<Study> = Vec::new();
    let mut scenarios = Vec::new();
    for path in files {
        let compiled =
            |scenario: scenario::Scenario| Ok((scenario.compile(args.scale.or(scenario.scale()))?, scenario.to_json()));
        match shipped::load(path).and_then(compiled) {
            Ok((study, scenario)) => {
                studies.push(study);
                scenarios.push(scenario);
            }
            Err(found) => mistakes.push(found),
        }
    }
    if !mistakes.is_empty() {
        return Err(Failure::Mistakes(mistakes));
    }
    if let Some(twice) = studies.iter().enumerate().find(|(i, study)| studies[..*i].iter().any(|other| other.name == study.name))
    {
        return Err(Failure::Usage(format!("two scenarios are named `{}`; run them one by one", twice.1.name)));
    }
    let plans: Vec<(Plan, Option<Precision>)> = studies.iter().map(|study| plans(args, study)).collect::<Result<_, _>>()?;
    studies
        .into_iter()
        .zip(scenarios)
        .zip(plans)
        .map(|((mut study, scenario), (plan, precision))| {
            study.experiment.seed = args.seed.unwrap_or(study.experiment.seed);
            study.experiment.replications = args.replications.unwrap_or(study.experiment.replications);
            let most = precision.as_ref().map_or(study.experiment.replications, |precision| precision.most);
            if args.fluid {
                covered(&study, &plan.policies)?;
            }
            args.bounds.allow(&study, plan.policies.len(), most, plan.threads)?;
            let folder = Folder::claim(&target(args, &study.name, several))?;
            Ok(Job { scenario, study, plan, precision, folder })
        })
        .collect()
}

/// A small copy has another folder than the whole, so that a look at it replaces no result.
fn target(args: &Args, name: &str, several: bool) -> PathBuf {
    match args.out.as_deref() {
        None => Path::new("output").join(match args.scale.filter(|scale| *scale != 1.0) {
            None => name.to_owned(),
            Some(scale) => format!("{name}-scale-{scale}"),
        }),
        Some(parent) if several => parent.join(name),
        Some(folder) => folder.to_owned(),
    }
}

/// What to run, and how often where that is not given.
fn plans(args: &Args, study: &Study) -> Result<(Plan, Option<Precision>), Failure> {
    let plan = plan(args, study)?;
    let precision = args.precision.of(study, &plan.policies)?;
    Ok((plan, precision))
}

/// The chosen policies in the order of the file.
fn plan(args: &Args, study: &Study) -> Result<Plan, Failure> {
    Ok(Plan { policies: chosen_policies(&args.policy, study)?, threads: args.work.threads })
}

fn play(args: &Args, job: &Job, progress: &Progress) -> Result<Results, Failure> {
    progress.restart();
    let work = || match &job.precision {
        Some(precision) => experiment::run_to_precision(&job.study, &job.plan, precision, progress),
        None => experiment::run(&job.study, &job.plan, progress),
    };
    Ok(with_bar(progress, &job.study.name, args.work.show.quiet, work)?)
}

fn show(args: &Args, results: &Results, fluid: Option<&Fluid>, (target, replaces): (&Path, bool)) -> Result<(), Failure> {
    if args.work.show.quiet {
        return Ok(());
    }
    let mut text = report::table(results, Some(target), page_width());
    if replaces {
        text += "       (replaced the earlier result)\n";
    }
    let warnings = scenario::warnings(&results.study);
    if !warnings.is_empty() {
        let told: Vec<String> =
            warnings.iter().map(|warning| report::wrapped(&format!("- {warning}"), "  ", page_width())).collect();
        text += &format!("\nBeware\n{}\n", told.join("\n"));
    }
    if let Some(fluid) = fluid {
        text += &format!("\n{}", report::fluid_table(&results.study, fluid, Some(results), None, page_width()));
    }
    print(&emphasised(&text))
}

/// The title and the headings in bold; standard output takes the marks out where there is no terminal or no colour wanted.
fn emphasised(text: &str) -> String {
    let bold = |line: &str| format!("\u{1b}[1m{line}\u{1b}[0m");
    let (title, rest) = text.split_once('\n').unwrap_or((text, ""));
    format!("{}\n{}", bold(title), rest.replace("\nBeware\n", &format!("\n{}\n", bold("Beware"))))
}
