//! `clickday sweep`.

use super::bounds::BoundsArgs;
use super::exit::{Failure, tell};
use super::options::{ShowArgs, WorkArgs, page_width};
use super::print::{print, print_json};
use super::progress::with_bar;
use crate::experiment::Progress;
use crate::report::{PAGE, SweepResult, broken_cells, sweep_page, sweep_table, write_sweep};
use crate::sweep::{Cells, Done, Keeping, Method, Shard, Sweep, SweepFolder, assemble, execute};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Run a scenario at many values of its parameters, on all cores; started again, it goes on where it stopped
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday sweep scenarios/sweeps/small-workers.json --report
  clickday sweep scenarios/sweeps/small-workers.json --json --charts none | jq '.cells[0]'
  clickday sweep scenarios/sweeps/small-workers.json --shard 3/10
  clickday merge output/small-workers")]
pub(super) struct Args {
    /// The sweep file
    #[arg(value_name = "SWEEP")]
    sweep: PathBuf,
    /// Only every n-th cell, beginning with the k-th: part k of n, for `clickday merge`
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Tell which parameters matter, by Morris' walks or by Sobol indices, whatever the file's design is
    #[arg(long, value_name = "METHOD", num_args = 0..=1, require_equals = true, default_missing_value = "morris")]
    sensitivity: Option<Sensitivity>,
    #[command(flatten)]
    work: WorkArgs,
    /// The folder for the results; output/NAME unless said otherwise
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Remove the sweep that is in the folder, with its results, and start again
    #[arg(long)]
    fresh: bool,
    /// Keep the state of a run under way after so many seconds of work on it
    #[arg(long, value_name = "SECONDS", hide = true, value_parser = seconds)]
    keep_every: Option<Duration>,
    #[command(flatten)]
    bounds: BoundsArgs,
    /// Print the results as JSON in place of the table, or what became of a part (its schema: clickday schema sweep-result)
    #[arg(long)]
    json: bool,
}

/// What `sweep --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub(super) enum Swept<'c> {
    /// All of the sweep; `merge --json` prints the same.
    Whole(SweepResult<'c>),
    /// With `--shard`: a part, of which there are no results yet.
    Part {
        /// Which one, such as `3/10`.
        part: String,
        /// How many cells it has.
        cells: u64,
        /// Runs that were made now.
        made: u64,
        /// Runs that were there already.
        found: u64,
        /// Runs that failed.
        failed: u64,
        /// The folder of the sweep.
        folder: &'c Path,
    },
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| "want a number of seconds such as 40".to_owned())
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Sensitivity {
    /// Screening: which parameters matter at all, in few runs
    Morris,
    /// Which share of the variance each explains, alone and with the others
    Sobol,
}

impl Sensitivity {
    fn method(self) -> Method {
        match self {
            Sensitivity::Morris => Method::Morris,
            Sensitivity::Sobol => Method::Sobol,
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Sensitivity::Morris => "morris",
            Sensitivity::Sobol => "sobol-indices",
        }
    }
}

pub(super) fn sweep(args: &Args) -> Result<(), Failure> {
    let progress = Arc::new(Progress::default());
    let for_handler = Arc::clone(&progress);
    ctrlc::set_handler(move || for_handler.stop())
        .map_err(|error| Failure::Work(format!("cannot listen for interruptions: {error}")))?;
    let method = args.sensitivity.map(Sensitivity::method);
    let sweep = Sweep::load_for(&args.sweep, method).map_err(|mistakes| Failure::Mistakes(vec![mistakes]))?;
    let name = match args.sensitivity {
        None => sweep.layout.sweep.clone(),
        Some(sensitivity) => format!("{}-{}", sweep.layout.sweep, sensitivity.ending()),
    };
    let target = args.out.clone().unwrap_or_else(|| Path::new("output").join(name));
    let shard = args.shard.unwrap_or(Shard::WHOLE);
    let runs = shard.size(sweep.layout.cells).saturating_mul(sweep.layout.runs_of_cell());
    args.bounds.allow_sweep(&sweep.layout.sweep, &sweep.study, runs, args.work.threads)?;
    let mut folder = SweepFolder::open(&target, &sweep.layout, args.fresh)?;
    let label = match args.shard {
        None => sweep.layout.sweep.clone(),
        Some(shard) => format!("{} part {shard}", sweep.layout.sweep),
    };
    let warn = |text: &str| tell(&format!("clickday: warning: {text}"));
    let keeping = Keeping { every: args.keep_every.unwrap_or(Keeping::EVERY), warn: &warn };
    let work = || execute(&sweep, &folder, shard, args.work.threads, &progress, &keeping);
    let done = with_bar(&progress, &label, args.work.show.quiet, work)?;
    if done.interrupted {
        let kept = done.found + done.made;
        let more = if done.under_way > 0 { format!(", {} more as far as they are", done.under_way) } else { String::new() };
        return Err(Failure::Incomplete(format!(
            "stopped; {kept} of {} runs are kept{more}, and the same command goes on with the rest",
            shard.size(sweep.layout.cells) * sweep.layout.runs_of_cell()
        )));
    }
    if !args.work.show.quiet && !args.json {
        print(&told(&done))?;
    }
    if args.shard.is_some() {
        return end_of_part(args, &sweep, &folder, shard, &done);
    }
    let finished = finish(&sweep.layout, &mut folder, 1, &args.work.show)?;
    finished.show(args.work.show.quiet, args.json)?;
    finished.outcome()
}

fn told(done: &Done) -> String {
    let runs = match (done.found, done.made) {
        (0, made) => format!("{made} runs made"),
        (found, 0) => return format!("all {found} runs were there already; --fresh makes them anew\n"),
        (found, made) => format!("{made} runs made, {found} were there already"),
    };
    let used = done.use_of_threads.map_or_else(String::new, |used| {
        let threads = if used.threads == 1 { "1 thread".to_owned() } else { format!("{} threads", used.threads) };
        format!("; {threads} at work {:.1} % of {:.1} s", used.share() * 100.0, used.wall.as_secs_f64())
    });
    let went_on = match done.went_on {
        0 => String::new(),
        runs => format!("; {runs} of them went on in the middle, after {} events", done.spared),
    };
    format!("{runs}{went_on}{used}\n")
}

/// What a part says when it is done.
fn end_of_part(args: &Args, sweep: &Sweep, folder: &SweepFolder, shard: Shard, done: &Done) -> Result<(), Failure> {
    let failed = crate::sweep::failures_of_part(folder, &sweep.layout, shard)?;
    if args.json {
        print_json(&Swept::Part {
            part: shard.to_string(),
            cells: shard.size(sweep.layout.cells),
            made: done.made,
            found: done.found,
            failed,
            folder: folder.path(),
        })?;
    } else if !args.work.show.quiet {
        let path = folder.path().display();
        print(&format!("part {shard} is in {path}; when all are there: clickday merge {path}\n"))?;
    }
    if failed == 0 {
        return Ok(());
    }
    Err(Failure::Incomplete(format!("{failed} runs of part {shard} failed; clickday merge tells which and why")))
}

/// A sweep whose results are written.
pub(super) struct Finished {
    cells: Cells,
    folder: PathBuf,
    files: Vec<String>,
}

/// Puts parts together and writes the results.
pub(super) fn finish(
    layout: &crate::sweep::Layout,
    folder: &mut SweepFolder,
    of: u64,
    show: &ShowArgs,
) -> Result<Finished, Failure> {
    // While parts are lacking others begin theirs, and are not to be turned away by a look at what is lacking.
    let finished = folder.parts()?.iter().filter(|(_, finished)| *finished).count() as u64;
    if finished == of {
        folder.take(layout)?;
    }
    let cells: Cells = match assemble(folder, layout, of)? {
        Ok(cells) => cells,
        Err(missing) => return Err(super::merge::missing(layout, folder, of, &missing)),
    };
    if finished != of {
        folder.take(layout)?;
    }
    let mut files = write_sweep(&cells, show.charts.format(), folder)?;
    if show.report {
        folder.write(PAGE, sweep_page(&cells, show.language.shown_first()).as_bytes())?;
        files.push(PAGE.to_owned());
    }
    folder.tidy()?;
    Ok(Finished { cells, folder: folder.path().to_owned(), files })
}

impl Finished {
    /// What is printed as JSON.
    pub(super) fn json(&self) -> SweepResult<'_> {
        SweepResult::new(&self.cells, &self.folder, &self.files)
    }

    /// Shows the results.
    pub(super) fn show(&self, quiet: bool, json: bool) -> Result<(), Failure> {
        match (json, quiet) {
            (true, _) => print_json(&Swept::Whole(self.json())),
            (false, true) => Ok(()),
            (false, false) => print(&sweep_table(&self.cells, &self.folder, page_width())),
        }
    }

    /// Says which cells failed.
    pub(super) fn outcome(&self) -> Result<(), Failure> {
        let broken = broken_cells(&self.cells);
        if broken.is_empty() {
            return Ok(());
        }
        let shown: Vec<&str> = broken.iter().take(20).map(String::as_str).collect();
        let more = if broken.len() > 20 { format!("\n… and {} more in failed.csv", broken.len() - 20) } else { String::new() };
        Err(Failure::Incomplete(format!(
            "{} of {} cells failed, and the results are without them:\n{}{more}",
            broken.len(),
            self.cells.layout.cells,
            shown.join("\n")
        )))
    }
}
