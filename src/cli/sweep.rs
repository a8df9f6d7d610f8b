//! `clickday sweep`.

use super::bounds::BoundsArgs;
use super::exit::Failure;
use super::options::{ShowArgs, WorkArgs, page_width};
use super::print::print;
use super::progress::with_bar;
use crate::experiment::Progress;
use crate::report::{PAGE, broken_cells, sweep_page, sweep_table, write_sweep};
use crate::sweep::{Cells, Done, Method, Shard, Sweep, SweepFolder, assemble, execute};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Run a scenario at many values of its parameters, on all cores; started again, it goes on where it stopped
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday sweep scenarios/sweeps/small-workers.json --report
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
    /// Discard what is in the folder and start again
    #[arg(long)]
    fresh: bool,
    #[command(flatten)]
    bounds: BoundsArgs,
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
    let folder = SweepFolder::open(&target, &sweep.layout, args.fresh)?;
    let label = match args.shard {
        None => sweep.layout.sweep.clone(),
        Some(shard) => format!("{} part {shard}", sweep.layout.sweep),
    };
    let work = || execute(&sweep, &folder, shard, args.work.threads, &progress);
    let done = with_bar(&progress, &label, args.work.show.quiet, work)?;
    if done.interrupted {
        let kept = done.found + done.made;
        return Err(Failure::Incomplete(format!(
            "stopped; {kept} of {} runs are kept, and the same command goes on with the rest",
            shard.size(sweep.layout.cells) * sweep.layout.runs_of_cell()
        )));
    }
    if !args.work.show.quiet {
        print(&told(&done))?;
    }
    if args.shard.is_some() {
        return end_of_part(args, &sweep, &folder, shard);
    }
    finish(&sweep.layout, &folder, 1, &args.work.show)
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
    format!("{runs}{used}\n")
}

/// What a part says when it is done.
fn end_of_part(args: &Args, sweep: &Sweep, folder: &SweepFolder, shard: Shard) -> Result<(), Failure> {
    let failed = crate::sweep::failures_of_part(folder, &sweep.layout, shard)?;
    if !args.work.show.quiet {
        let path = folder.path().display();
        print(&format!("part {shard} is in {path}; when all are there: clickday merge {path}\n"))?;
    }
    if failed == 0 {
        return Ok(());
    }
    Err(Failure::Incomplete(format!("{failed} runs of part {shard} failed; clickday merge tells which and why")))
}

/// Puts parts together, writes the results and shows them.
pub(super) fn finish(layout: &crate::sweep::Layout, folder: &SweepFolder, of: u64, show: &ShowArgs) -> Result<(), Failure> {
    // While parts are lacking others begin theirs, and are not to be turned away by a look at what is lacking.
    let finished = folder.parts()?.iter().filter(|(_, finished)| *finished).count() as u64;
    let alone = if finished == of { Some(folder.take()?) } else { None };
    let cells: Cells = match assemble(folder, layout, of)? {
        Ok(cells) => cells,
        Err(missing) => return Err(super::merge::missing(layout, folder, of, &missing)),
    };
    let alone = alone.map_or_else(|| folder.take(), Ok)?;
    write_sweep(&cells, show.charts.format(), folder)?;
    if show.report {
        folder.write(PAGE, sweep_page(&cells, show.language.shown_first()).as_bytes())?;
    }
    folder.tidy()?;
    drop(alone);
    if !show.quiet {
        print(&sweep_table(&cells, folder.path(), page_width()))?;
    }
    let broken = broken_cells(&cells);
    if broken.is_empty() {
        return Ok(());
    }
    let shown: Vec<&str> = broken.iter().take(20).map(String::as_str).collect();
    let more = if broken.len() > 20 { format!("\n… and {} more in failed.csv", broken.len() - 20) } else { String::new() };
    Err(Failure::Incomplete(format!(
        "{} of {} cells failed, and the results are without them:\n{}{more}",
        broken.len(),
        layout.cells,
        shown.join("\n")
    )))
}
