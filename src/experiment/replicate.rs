//! Replications of every policy, on all threads, put together in an order that no thread can change.

use super::budget::budget;
use super::by_arrival;
use super::collapse::collapse;
use super::compare::{compare, correct_for_several};
use super::factors::{Factors, is_unsure};
use super::figures::Single;
use super::incidents::incidents;
use super::openings::openings;
use super::outcome::Sequential;
use super::precision::Precision;
use super::progress::Progress;
use super::results::{
    Audit, AuditCheck, Comparison, Figure, Observed, OperatorFigures, PolicyResult, QueueLength, Results, ScopeFigures,
    StationConduct, StationFigures, StationWork,
};
use super::rules::RuleFigures;
use super::run_figures::RunFigures;
use super::runs::Runs;
use super::sure::{self, SureRun};
use crate::engine::{self, Keeper, Law, Nobody, RunError, SlotTally, Trial};
use crate::model::Study;
use crate::stats::Estimate;
use crate::time::{Span, Time};
use rayon::prelude::*;

/// Which runs of a study to make.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Indices of the policies in the order of the file; the first is the baseline.
    pub policies: Vec<usize>,
    /// Worker threads; `None`: one a core.
    pub threads: Option<usize>,
}

/// Why an experiment gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ExperimentError {
    /// Somebody asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// The operating system gave no threads.
    #[error("no threads could be started")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A run broke the model's laws.
    #[error("policy `{policy}`, replication {replication}: {error}")]
    Broken {
        /// Name of the policy.
        policy: String,
        /// Number of the replication, from 0.
        replication: u32,
        /// What did not add up.
        error: RunError,
    },
}

/// Runs every chosen policy in every replication.
///
/// # Errors
/// When it was interrupted, when there are no threads, or when a run broke the model's laws.
pub fn run(study: &Study, plan: &Plan, progress: &Progress) -> Result<Results, ExperimentError> {
    replicate(study, plan, None, progress)
}

/// Runs every chosen policy in the replications of the study, ten at least, and in further ones until a figure is known well
/// enough. The results are those of [`run`] with as many replications.
///
/// # Errors
/// As [`run`].
pub fn run_to_precision(
    study: &Study,
    plan: &Plan,
    precision: &Precision,
    progress: &Progress,
) -> Result<Results, ExperimentError> {
    replicate(study, plan, Some(precision), progress)
}

fn replicate(study: &Study, plan: &Plan, precision: Option<&Precision>, progress: &Progress) -> Result<Results, ExperimentError> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = plan.threads {
        pool = pool.num_threads(threads);
    }
    let pool = pool.build()?;
    let unsure = is_unsure(&study.experiment);
    let will_make = |replications: u32| {
        progress.will_make(plan.policies.len() * replications as usize * if unsure { 2 } else { 1 });
    };
    let mut study = study.clone();
    let file = study.experiment.replications;
    let mut wanted = precision.map_or(file, |precision| precision.first(file));
    will_make(wanted);
    let mut runs: Vec<Runs> = plan.policies.iter().map(|policy| Runs::of(&study, *policy)).collect();
    let mut made = 0;
    let sequential = loop {
        let factors = |replication| Factors::of(&study.experiment, replication);
        while made < wanted {
            let next = wanted.min(made + AT_ONCE);
            let batch = pool.install(|| batch::<RunFigures>(&study, plan, made..next, factors, progress))?;
            for (place, run) in (0..plan.policies.len()).cycle().zip(batch) {
                runs[place].take(&study, run);
            }
            made = next;
        }
        let Some(precision) = precision else { break None };
        let seen = precision.look(&precision.values(&runs));
        match precision.next(made, &seen) {
            Some(next) => wanted = next,
            None => break Some(seen),
        }
        will_make(precision.forecast(made, &seen).max(wanted));
    };
    will_make(made);
    study.experiment.replications = made;
    let again = 0..if unsure { made } else { 0 };
    let sure = pool.install(|| batch::<SureRun>(&study, plan, again, |_| SureRun::FACTORS, progress))?;
    Ok(put_together(&study, plan, &runs, &by_policy(&sure, plan), sequential))
}

/// Replications whose series are held at once: far more than a machine has cores, so that none waits long for the last of them.
const AT_ONCE: u32 = 64;

/// Every chosen policy in some replications, by replication and then by policy.
fn batch<R: From<RunFigures> + Send>(
    study: &Study,
    plan: &Plan,
    replications: std::ops::Range<u32>,
    factors: impl Fn(u32) -> Factors + Sync,
    progress: &Progress,
) -> Result<Vec<R>, ExperimentError> {
    let jobs: Vec<(u32, usize)> =
        replications.flat_map(|replication| plan.policies.iter().map(move |policy| (replication, *policy))).collect();
    let jobs = jobs.par_iter().with_max_len(1);
    let one = |(replication, policy): &(u32, usize)| {
        one_run(study, *policy, *replication, factors(*replication), progress, &mut Nobody).map(R::from)
    };
    jobs.map(one).collect()
}

fn by_policy<'r, R>(runs: &'r [R], plan: &Plan) -> Vec<Vec<&'r R>> {
    let policies = plan.policies.len();
    (0..policies).map(|policy| runs.iter().skip(policy).step_by(policies).collect()).collect()
}

pub(super) fn one_run(
    study: &Study,
    policy: usize,
    replication: u32,
    factors: Factors,
    progress: &Progress,
    keeper: &mut dyn Keeper,
) -> Result<RunFigures, ExperimentError> {
    let Factors { demand, capacity } = factors;
    let trial = Trial { policy, seed: study.experiment.seed, replication, demand, capacity, check_every_bin: false };
    let model = study.model.under(policy);
    let record = engine::simulate_kept(&model, &trial, &mut progress.watch(&model), keeper).map_err(|error| match error {
        RunError::Interrupted => ExperimentError::Interrupted,
        error => ExperimentError::Broken { policy: study.names.policies[policy].clone(), replication, error },
    })?;
    Ok(RunFigures::from(record))
}

/// `runs` and `sure`: by policy, then by replication.
fn put_together(study: &Study, plan: &Plan, runs: &[Runs], sure: &[Vec<&SureRun>], sequential: Option<Sequential>) -> Results {
    let baseline = plan.policies[0];
    let all = || runs.iter().flat_map(|runs| &runs.figures);
    let again = || sure.iter().flatten();
    let first = &runs[0];
    let policies: Vec<PolicyResult> = runs
        .iter()
        .zip(sure)
        .map(|(runs, sure)| PolicyResult { sure: sure::totals(sure), ..policy_result(study, runs, first) })
        .collect();
    let others = runs.iter().skip(1);
    let mut comparisons: Vec<Comparison> =
        others.flat_map(|ours| compare(ours.policy, &ours.figures, baseline, &runs[0].figures)).collect();
    correct_for_several(&mut comparisons);
    Results {
        study: study.clone(),
        replications: study.experiment.replications,
        seed: study.experiment.seed,
        policies,
        comparisons,
        observations: observations(study, runs),
        audit: audit(all().map(|run| run.laws.as_slice()).chain(again().map(|run| run.laws.as_slice()))),
        sequential,
        events: all().map(|run| run.events).chain(again().map(|run| run.events)).sum(),
        peak_people: all().map(|run| run.peak_people).chain(again().map(|run| run.peak_people)).max().unwrap_or(0),
    }
}

fn policy_result(study: &Study, runs: &Runs, baseline: &Runs) -> PolicyResult {
    let mut join = |values: Vec<&Single>| -> Figure { Estimate::of(&values.into_iter().flatten().copied().collect::<Vec<_>>()) };
    let classes = 0..study.model.classes.len();
    let stations = 0..study.model.stations.len();
    let figures = &runs.figures;
    PolicyResult {
        policy: runs.policy,
        total: ScopeFigures::combine(&figures.iter().map(|run| &run.total).collect::<Vec<_>>(), &mut join),
        classes: classes
            .clone()
            .map(|i| ScopeFigures::combine(&figures.iter().map(|run| &run.classes[i]).collect::<Vec<_>>(), &mut join))
            .collect(),
        operators: classes
            .map(|i| {
                let of_runs: Option<Vec<_>> = figures.iter().map(|run| run.operators[i].as_ref()).collect();
                of_runs.map(|of_runs| OperatorFigures::combine(&of_runs, &mut join))
            })
            .collect(),
        stations: stations.clone().map(|i| station_figures(figures, i, &mut join)).collect(),
        time_of_max: stations.map(|i| time_of_max(study, figures, i)).collect(),
        openings: openings(&study.model, runs.policy, &runs.lost_around),
        series: runs.series.means(),
        by_arrival: by_arrival::combine(&slots(runs)),
        worst_treated: by_arrival::worst_treated(&study.model, &slots(runs)),
        fell_most: by_arrival::fell_most(&study.model, &slots(runs), &slots(baseline)),
        completion_curve: completion_curve(runs),
        collapse: collapse(figures, &runs.collapsed),
        rules: rule_figures(figures, &mut join),
        sure: None,
        budget: budget(study, &runs.accounts),
        incidents: incidents(&figures.iter().map(|run| run.incidents.as_slice()).collect::<Vec<_>>()),
    }
}

/// By run, class and slot.
fn slots(runs: &Runs) -> Vec<&[Vec<SlotTally>]> {
    runs.figures.iter().map(|run| run.slots.as_slice()).collect()
}

fn station_figures(runs: &[RunFigures], i: usize, join: &mut impl FnMut(Vec<&Single>) -> Figure) -> StationFigures<Figure> {
    let queues: Vec<_> = runs.iter().map(|run| &run.stations[i].queue_length).collect();
    let work: Vec<_> = runs.iter().map(|run| &run.stations[i].work).collect();
    let conduct: Vec<_> = runs.iter().map(|run| &run.stations[i].conduct).collect();
    StationFigures {
        queue_length: QueueLength::combine(&queues, join),
        work: StationWork::combine(&work, join),
        conduct: StationConduct::combine(&conduct, join),
    }
}

fn rule_figures(runs: &[RunFigures], join: &mut impl FnMut(Vec<&Single>) -> Figure) -> Vec<RuleFigures<Figure>> {
    let rules = 0..runs.first().map_or(0, |run| run.rules.len());
    rules.map(|i| RuleFigures::combine(&runs.iter().map(|run| &run.rules[i]).collect::<Vec<_>>(), join)).collect()
}

const MINUTE: Span = Span::from_seconds(60);

/// When the queue was longest, in the run where it was longest; nothing where nobody ever waited.
fn time_of_max(study: &Study, runs: &[RunFigures], station: usize) -> Option<String> {
    let longest = runs.iter().map(|run| run.queue_max[station]).reduce(|best, next| if next.0 > best.0 { next } else { best });
    let whole_minute = |at: Time| Time(at.0 - at.0 % MINUTE.0);
    longest.filter(|(length, _)| *length > 0).map(|(_, at)| study.calendar.label(whole_minute(at)))
}

/// Most points that a completion curve needs to look smooth.
const CURVE_POINTS: usize = 600;

fn completion_curve(runs: &Runs) -> Vec<(f64, f64)> {
    let arrived: f64 = runs.figures.iter().filter_map(|run| run.total.counts.arrived).sum();
    let mut done = 0;
    let points: Vec<(f64, f64)> = runs
        .time_to_complete
        .iter()
        .map(|(nanos, count)| {
            done += count;
            (nanos * 1e-9, done as f64 / arrived)
        })
        .collect();
    let every = points.len().div_ceil(CURVE_POINTS).max(1);
    let last = points.len().saturating_sub(1);
    points.iter().enumerate().filter(|(i, _)| i % every == 0 || *i == last).map(|(_, point)| *point).collect()
}

/// The study's observations under the policies that were run.
fn observations(study: &Study, runs: &[Runs]) -> Vec<Observed> {
    let observed = |(place, observation): (usize, &crate::model::Observation)| {
        let policy = observation.policy.unwrap_or(0);
        let ours = runs.iter().find(|runs| runs.policy == policy)?;
        let values: Vec<f64> = ours.observed.iter().filter_map(|run| run[place]).collect();
        let simulated = Estimate::of(&values);
        let within = observation.tolerance * observation.value.abs();
        let holds = simulated.is_some_and(|s| (s.mean - observation.value).abs() <= within);
        Some(Observed { observation: observation.clone(), policy, simulated, holds })
    };
    study.observations.iter().enumerate().filter_map(observed).collect()
}

/// The worst residual of each law over all runs.
fn audit<'r>(runs: impl Iterator<Item = &'r [Law]>) -> Audit {
    let mut checks: Vec<AuditCheck> = Vec::new();
    for laws in runs {
        // Policies differ in their laws: a rule has its own.
        for law in laws {
            match checks.iter_mut().find(|check| check.name == law.name) {
                None => checks.push(AuditCheck { name: law.name.to_owned(), residual: law.residual }),
                Some(check) if law.residual.unsigned_abs() > check.residual.unsigned_abs() => check.residual = law.residual,
                Some(_) => {}
            }
        }
    }
    Audit { holds: checks.iter().all(|check| check.residual == 0), checks }
}
