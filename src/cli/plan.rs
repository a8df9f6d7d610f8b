//! `clickday plan`.

use super::exit::Failure;
use super::options::{WorkArgs, chosen_policies, page_width, scale};
use super::print::{print, print_json};
use super::progress::with_bar;
use super::shipped;
use crate::experiment::Progress;
use crate::plan::{Ask, Question, QuestionError, answer};
use crate::report::{Folder, PAGE, PlanFile, plan_page, plan_table, write_plan};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Find the smallest value of a parameter that meets goals, for every policy
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday plan scenarios/small-example.json --vary /stations/portal/workers --goal \"timeout_share<=1%\"
  clickday plan my-day.json --vary /stations/portal/workers --from 20 --to 200 \\
    --goal \"citizens:time_to_complete.p95<=2h\" --goal \"collapsed<=5%\" --confidence 90%
  clickday plan my-day.json --vary /classes/citizens/population --largest --goal \"completed_share>=99%\"")]
pub(super) struct Args {
    /// The scenario
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// What is varied: a JSON Pointer into the scenario, such as /stations/portal/workers
    #[arg(long, value_name = "POINTER")]
    vary: String,
    /// What is wanted, such as timeout_share<=1% or citizens:time_to_complete.p95<=2h; give it again for more goals at once
    #[arg(long, value_name = "GOAL", required = true)]
    goal: Vec<String>,
    /// How sure the answer is to be
    #[arg(long, value_name = "PART", default_value = "95%", value_parser = confidence)]
    confidence: f64,
    /// The lowest value; a sixteenth of the scenario's unless said otherwise
    #[arg(long, value_name = "VALUE")]
    from: Option<String>,
    /// The highest value; sixteen times the scenario's unless said otherwise
    #[arg(long, value_name = "VALUE")]
    to: Option<String>,
    /// How many values between the two are told apart, where they are not whole numbers
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u64).range(2..=10_000))]
    steps: u64,
    /// Seek the largest value, not the smallest
    #[arg(long)]
    largest: bool,
    /// Only this policy; give it again for more
    #[arg(long, value_name = "NAME")]
    policy: Vec<String>,
    /// Runs of a value at most; each gets as many as its decision needs
    #[arg(long, value_name = "N", default_value_t = 640, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    max_replications: u32,
    /// Another master seed than the file's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// A smaller copy of the same system, e.g. 0.01
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = scale)]
    scale: Option<f64>,
    #[command(flatten)]
    work: WorkArgs,
    /// The folder for the results; output/NAME-plan unless said otherwise
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the answer as JSON in place of the table (its schema: clickday schema plan)
    #[arg(long)]
    json: bool,
}

fn confidence(text: &str) -> Result<f64, String> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let part = text.strip_suffix('%').map_or_else(|| number(text), |percent| number(percent).map(|percent| percent / 100.0));
    match part {
        Some(part) if (0.5..1.0).contains(&part) => Ok(part),
        _ => Err("want a part from 50% to below 100%, such as 95%".to_owned()),
    }
}

pub(super) fn plan(args: &Args) -> Result<(), Failure> {
    let progress = Arc::new(Progress::default());
    let for_handler = Arc::clone(&progress);
    ctrlc::set_handler(move || for_handler.stop())
        .map_err(|error| Failure::Work(format!("cannot listen for interruptions: {error}")))?;
    let question = question(args)?;
    let name = format!("{}-plan", question.study.name);
    let target = args.out.clone().unwrap_or_else(|| Path::new("output").join(&name));
    let folder = Folder::claim(&target)?;
    let answers = with_bar(&progress, &name, args.work.show.quiet, || answer(&question, args.work.threads, &progress))?;
    write_plan(&question, &answers, args.work.show.charts.format(), &folder)?;
    super::report::add_scenario(&folder, &question.base.to_json())?;
    let json = PlanFile::new(&question, &answers).to_json().map_err(|error| Failure::Work(error.to_string()))?;
    if args.work.show.report {
        let page = plan_page(&json, &folder.path().join("plan.json"), args.work.show.language.shown_first());
        let page = page.map_err(|error| Failure::Work(error.to_string()))?;
        folder.write(PAGE, page.as_bytes())?;
    }
    let target = folder.commit()?;
    if args.json {
        return print_json(&json);
    }
    if args.work.show.quiet { Ok(()) } else { print(&plan_table(&question, &answers, Some(&target), page_width())) }
}

fn question(args: &Args) -> Result<Question, Failure> {
    let mistakes = |mistakes| Failure::Mistakes(vec![mistakes]);
    let mut base = shipped::load(&args.scenario).map_err(mistakes)?;
    if let Some(seed) = args.seed {
        let there = base.value("/experiment").is_some();
        let change = if there { ("/experiment/seed", seed.into()) } else { ("/experiment", serde_json::json!({"seed": seed})) };
        base = base.with(&[change]).map_err(mistakes)?;
    }
    let study = base.compile(None).map_err(mistakes)?;
    // As for a run: the file may say which copy it wants.
    let scale = args.scale.or(base.scale());
    let ask = Ask {
        vary: args.vary.clone(),
        from: args.from.clone(),
        to: args.to.clone(),
        steps: args.steps,
        goals: args.goal.clone(),
        confidence: args.confidence,
        largest: args.largest,
        policies: chosen_policies(&args.policy, &study)?,
        most: args.max_replications,
        scale,
    };
    Question::new(base, &ask).map_err(|error| match error {
        QuestionError::Mistakes(found) => Failure::Mistakes(vec![found]),
        QuestionError::Wrong(text) => Failure::Usage(text),
    })
}
