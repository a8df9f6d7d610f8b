//! `clickday calibrate`.

use super::exit::Failure;
use super::file::Target;
use super::print::{print, print_json};
use super::progress::with_bar;
use super::shipped;
use crate::calibrate::{CalibrateError, Calibration, Free, Settings, calibrate as fit, fitted_name};
use crate::experiment::Progress;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;

/// Fit chosen numbers of a scenario to its published figures, and say what these tell and what they do not
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday calibrate my-day.json --free /stations/portal/workers=20..200
  clickday calibrate inps-2020-04 --scale 0.02 --replications 2 \\
    --free /classes/citizens/arrivals/0/share=0.1..0.5 --free /classes/citizens/journey/2/service/exponential/mean=2s..20s")]
pub(super) struct Args {
    /// A scenario file with observations, or the name of a shipped scenario
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// A number or duration that may be changed, and between which ends; give it again for more
    #[arg(long, required = true, value_name = "POINTER=LOW..HIGH")]
    free: Vec<String>,
    /// A smaller copy of the same system, e.g. 0.05
    #[arg(long, value_name = "FACTOR", value_parser = super::options::scale)]
    scale: Option<f64>,
    /// Runs of each try; all tries use the same random numbers
    #[arg(long, value_name = "N", default_value = "4", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    replications: u32,
    /// Another master seed than the file's
    #[arg(long)]
    seed: Option<u64>,
    /// Tries of the search at most; a few more tell the intervals
    #[arg(long, value_name = "N", default_value = "80", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    tries: u32,
    /// Threads; all cores unless said otherwise
    #[arg(long, value_name = "N", value_parser = super::options::threads)]
    threads: Option<usize>,
    /// Where to write the scenario with the fitted values; NAME-fitted.json unless said otherwise
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
    /// Print the outcome as JSON (its schema: clickday schema calibrate)
    #[arg(long)]
    json: bool,
}

/// What `calibrate --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Calibrated {
    /// The scenario with the fitted values.
    scenario: PathBuf,
    /// What came of the fit.
    #[serde(flatten)]
    calibration: Calibration,
}

impl From<CalibrateError> for Failure {
    fn from(error: CalibrateError) -> Failure {
        match error {
            CalibrateError::Mistakes(mistakes) => Failure::Mistakes(vec![mistakes]),
            CalibrateError::NoObservations => Failure::Usage(error.to_string()),
            CalibrateError::Experiment(error) => error.into(),
        }
    }
}

pub(super) fn calibrate(args: &Args) -> Result<(), Failure> {
    let scenario = shipped::load(&args.scenario).map_err(|mistakes| Failure::Mistakes(vec![mistakes]))?;
    let free: Vec<Free> = args
        .free
        .iter()
        .map(|text| Free::parse(text, &scenario))
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.json", fitted_name(&scenario))));
    if args.out.is_none() && path.exists() {
        let text = format!("{} is there already, and may have been worked on; name the file by --out", path.display());
        return Err(Failure::Usage(text));
    }
    let place = Target::claim(&path, &[&args.scenario])?;
    let progress = Arc::new(Progress::default());
    let for_handler = Arc::clone(&progress);
    ctrlc::set_handler(move || for_handler.stop())
        .map_err(|error| Failure::Work(format!("cannot listen for interruptions: {error}")))?;
    let settings = Settings {
        scale: args.scale,
        replications: args.replications,
        seed: args.seed,
        tries: args.tries as usize,
        threads: args.threads,
    };
    let label = format!("fitting {}", scenario.file.name.0);
    let (fitted, calibration) = with_bar(&progress, &label, args.quiet, || fit(&scenario, &free, &settings, &progress))?;
    place.write(&format!("{:#}\n", fitted.to_json()))?;
    if args.json {
        return print_json(&Calibrated { scenario: path, calibration });
    }
    if args.quiet {
        return Ok(());
    }
    print(&format!("{}\nScenario with the fitted values: {}", told(&calibration), path.display()))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_owned())
}

fn told(calibration: &Calibration) -> String {
    let mut text = format!(
        "misfit {:.3} before, {:.3} after {} tries (sum of squares in tolerances, {} observations)\n\n",
        calibration.misfit_before,
        calibration.misfit_after,
        calibration.tries,
        calibration.observations.len()
    );
    for fitted in &calibration.fitted {
        text += &format!(
            "{}\n  {} -> {}, 95 % interval {} to {}{}\n",
            fitted.pointer,
            plain(&fitted.before),
            plain(&fitted.value),
            plain(&fitted.low),
            plain(&fitted.high),
            if fitted.told { "" } else { " (the observations do not tell it)" }
        );
    }
    for confusion in &calibration.confusions {
        let along: Vec<String> = confusion.along.iter().map(|(pointer, part)| format!("{pointer} ({part:+})")).collect();
        text += &match along.as_slice() {
            [one] => format!("\nNothing tells {one}.\n"),
            _ => format!("\nThe observations cannot tell apart, in parts of their ranges: {}\n", along.join(", ")),
        };
    }
    text += "\nobserved, before, after:\n";
    for seen in &calibration.observations {
        text += &format!(
            "  {} ({}): {} ± {} %, {}, {}\n",
            seen.metric,
            seen.policy,
            number(Some(seen.observed)),
            number(Some(seen.tolerance * 100.0)),
            number(seen.before),
            number(seen.after)
        );
    }
    text
}
