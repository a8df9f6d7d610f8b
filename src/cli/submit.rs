//! `clickday submit`.

use super::exit::Failure;
use super::options::ShowArgs;
use super::print::{print, print_json};
use super::sweep::Finished;
use crate::report::SweepResult;
use crate::submit::{Engine, Job, Script, quoted};
use crate::sweep::{LOGS, Shard, Sweep, SweepFolder, only_shards_of};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Write the job that runs a sweep in parts on Slurm, HyperQueue or Kubernetes, and submit it
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday submit scenarios/sweeps/small-workers.json --engine slurm --parts 100
  clickday submit scenarios/sweeps/small-workers.json --engine slurm --parts 100 --run
  clickday submit sweep.json --engine kubernetes --parts 50 --image registry/clickday:0.1.0 --claim sweeps")]
pub(super) struct Args {
    /// The sweep file
    #[arg(value_name = "SWEEP")]
    sweep: PathBuf,
    /// What runs the parts
    #[arg(long, value_name = "ENGINE")]
    engine: EngineName,
    /// How many parts: each should take minutes, not seconds
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    parts: u64,
    /// Submit it, wait for its end, and merge
    #[arg(long)]
    run: bool,
    /// The folder for the results, on a disk that all machines share; output/NAME unless said otherwise
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The program, as the machines find it; unless said otherwise this one, and for Kubernetes the image's
    #[arg(long, value_name = "PATH")]
    program: Option<String>,
    /// Cores of a part
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    cores: u32,
    /// Memory of a part in mebibytes; clickday check tells how much a scenario takes
    #[arg(long, value_name = "MIB", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(16..))]
    memory: u64,
    /// Time that a part may take, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 240, value_parser = clap::value_parser!(u64).range(1..=527_040))]
    minutes: u64,
    /// The container image, for Kubernetes
    #[arg(long, value_name = "IMAGE", default_value = concat!("clickday:", env!("CARGO_PKG_VERSION")))]
    image: String,
    /// The volume claim that holds the sweep, its scenario and the results, for Kubernetes; mounted at the folder that holds all three
    #[arg(long, value_name = "NAME", default_value = "clickday")]
    claim: String,
    /// Remove the sweep that is in the folder, with its results, and start again
    #[arg(long)]
    fresh: bool,
    /// Print what was written, and the results with --run, as JSON (its schema: clickday schema submit)
    #[arg(long)]
    json: bool,
}

/// What `submit --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Submitted<'c> {
    /// The script or manifest that was written.
    script: PathBuf,
    /// How many parts it runs.
    parts: u64,
    /// The command that submits it, word by word.
    submit: &'c [String],
    /// The command that submits some parts again; `LIST` stands for `3,17-19`.
    again: &'c str,
    /// The folder of the sweep.
    folder: &'c Path,
    /// The results, with `--run`; `null` without it.
    results: Option<SweepResult<'c>>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum EngineName {
    Slurm,
    Hyperqueue,
    Kubernetes,
}

impl EngineName {
    fn engine(self) -> Engine {
        match self {
            EngineName::Slurm => Engine::Slurm,
            EngineName::Hyperqueue => Engine::HyperQueue,
            EngineName::Kubernetes => Engine::Kubernetes,
        }
    }
}

pub(super) fn submit(args: &Args) -> Result<(), Failure> {
    let sweep = Sweep::load(&args.sweep).map_err(|mistakes| Failure::Mistakes(vec![mistakes]))?;
    let target = args.out.clone().unwrap_or_else(|| Path::new("output").join(&sweep.layout.sweep));
    let job = job(args, &sweep, &target)?;
    let mut folder = SweepFolder::open(&target, &sweep.layout, args.fresh)?;
    only_shards_of(&folder, Shard { k: 1, of: args.parts })?;
    let script = args.engine.engine().script(&job);
    std::fs::create_dir_all(folder.path().join(LOGS))
        .map_err(|error| Failure::Work(format!("cannot make the folder for the logs: {error}")))?;
    folder.write(script.name, script.text.as_bytes())?;
    if !args.json {
        let shown = script.submit.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        let path = folder.path().display();
        print(&format!(
            "{path}/{} is written; it is submitted by\n  {shown}\nand parts again by\n  {}\n",
            script.name, script.again
        ))?;
    }
    let again = |failure| match failure {
        Failure::Incomplete(text) => Failure::Incomplete(format!("{text}\nthis engine takes parts again by: {}", script.again)),
        other => other,
    };
    let mut finished = None;
    if args.run {
        follow(args, &script)?;
        let sweep = super::sweep::finish(&sweep.layout, &mut folder, args.parts, &ShowArgs::default()).map_err(again)?;
        finished = Some(sweep);
    }
    if args.json {
        print_json(&Submitted {
            script: folder.path().join(script.name),
            parts: args.parts,
            submit: &script.submit,
            again: &script.again,
            folder: folder.path(),
            results: finished.as_ref().map(Finished::json),
        })?;
    } else if let Some(finished) = &finished {
        finished.show(false, false)?;
    }
    finished.map_or(Ok(()), |finished| finished.outcome().map_err(again))
}

fn job(args: &Args, sweep: &Sweep, folder: &Path) -> Result<Job, Failure> {
    let whole = |path: &Path| {
        std::path::absolute(path).map_err(|error| Failure::Work(format!("cannot tell where {} is: {error}", path.display())))
    };
    let program = match &args.program {
        Some(program) => program.clone(),
        None if matches!(args.engine, EngineName::Kubernetes) => "clickday".to_owned(),
        None => std::env::current_exe()
            .map_err(|error| Failure::Work(format!("cannot tell where this program is: {error}; name it by --program")))?
            .display()
            .to_string(),
    };
    let job = Job {
        name: sweep.layout.sweep.clone(),
        program,
        sweep: whole(&args.sweep)?,
        scenario: whole(sweep.base.path())?,
        folder: whole(folder)?,
        parts: args.parts,
        cores: args.cores,
        memory: args.memory,
        minutes: args.minutes,
        image: args.image.clone(),
        claim: args.claim.clone(),
    };
    let paths = [Path::new(&job.program), &job.sweep, &job.folder];
    let is_plain = |path: &&&Path| path.to_str().is_some_and(|text| !text.chars().any(char::is_control));
    if let Some(path) = paths.iter().find(|path| !is_plain(path)) {
        let text = "holds a line break, a control character or what is no Unicode, which a script cannot name; rename it";
        return Err(Failure::Usage(format!("{path:?} {text}")));
    }
    if matches!(args.engine, EngineName::Kubernetes) && job.common_folder().parent().is_none() {
        let text =
            "one volume is to hold the sweep, its scenario and the results; put them below one folder that is not the root";
        return Err(Failure::Usage(text.to_owned()));
    }
    Ok(job)
}

/// Between two questions to the engine whether the job is under way.
const BETWEEN: Duration = Duration::from_secs(2);

/// Submits a job and waits for its end.
fn follow(args: &Args, script: &Script) -> Result<(), Failure> {
    match args.engine {
        EngineName::Slurm => {
            let id = output(&script.submit)?;
            let id = id.trim().split(';').next().unwrap_or_default().to_owned();
            if !args.json {
                print(&format!("submitted as job {id}; this waits for its end, and may be stopped: merge when it is done\n"))?;
            }
            let ask: Vec<String> = ["squeue", "-h", "-j", &id].map(str::to_owned).to_vec();
            // A job that is done is unknown after a while, which is told as a failure.
            while output(&ask).is_ok_and(|there| !there.trim().is_empty()) {
                std::thread::sleep(BETWEEN);
            }
        }
        // The tasks' states say less than the parts, which are looked at next.
        EngineName::Hyperqueue => drop(status(&script.submit, args.json)?),
        EngineName::Kubernetes => {
            status(&script.submit, args.json)?;
            let file = script.submit.last().cloned().unwrap_or_default();
            let ask: Vec<String> =
                ["kubectl", "get", "-f", &file, "-o", "jsonpath={.status.conditions[*].type}"].map(str::to_owned).to_vec();
            while !output(&ask)?.split_whitespace().any(|state| ["Complete", "Failed"].contains(&state)) {
                std::thread::sleep(BETWEEN);
            }
        }
    }
    Ok(())
}

fn command(words: &[String]) -> Command {
    let mut command = Command::new(words.first().map_or("", String::as_str));
    command.args(words.iter().skip(1)).stdin(Stdio::null());
    command
}

fn missing(words: &[String], error: &std::io::Error) -> Failure {
    let program = words.first().map_or("", String::as_str);
    Failure::Work(format!("cannot run {program}: {error}; is the engine installed here?"))
}

/// Runs a command and gives what it printed.
fn output(words: &[String]) -> Result<String, Failure> {
    let output = command(words).output().map_err(|error| missing(words, &error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::Work(format!("{} failed: {said}", words.join(" "))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command that speaks for itself, and gives whether it was content; with `aside` it speaks on standard error.
fn status(words: &[String], aside: bool) -> Result<bool, Failure> {
    let mut command = command(words);
    if aside {
        command.stdout(std::io::stderr());
    }
    command.status().map(|status| status.success()).map_err(|error| missing(words, &error))
}
