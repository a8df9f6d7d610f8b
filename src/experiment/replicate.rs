//! Replications of every policy, on all threads, put together in an order that no thread can change.

use super::by_arrival;
use super::collapse::collapse;
use super::compare::{compare, correct_for_several};
use super::factors::{Factors, is_unsure};
use super::figures::{self, Single};
use super::observe::observe;
use super::openings::openings;
use super::outcome::Sequential;
use super::precision::Precision;
use super::progress::Progress;
use super::results::{
    Audit, AuditCheck, Comparison, Figure, Observed, OperatorFigures, PolicyResult, QueueLength, Results, ScopeFigures,
    StationFigures, StationWork,
};
use super::series::{self, RunSeries};
use super::sure::{self, SureRun};
use crate::engine::{self, Law, Record, RunError, SlotTally, Trial};
use crate::model::Study;
use crate::stats::{Estimate, Histogram};
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

/// One run's figures.
#[derive(Debug)]
pub(super) struct RunFigures {
    pub(super) total: ScopeFigures<Single>,
    pub(super) classes: Vec<ScopeFigures<Single>>,
    operators: Vec<Option<OperatorFigures<Single>>>,
    stations: Vec<StationFigures<Single>>,
    /// By station: longest queue and when.
    queue_max: Vec<(u32, Time)>,
    pub(super) series: RunSeries,
    /// By class and slot.
    slots: Vec<Vec<SlotTally>>,
    time_to_complete: Histogram,
    pub(super) laws: Vec<Law>,
    pub(super) events: u64,
    pub(super) peak_people: usize,
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
    let mut runs: Vec<RunFigures> = Vec::new();
    let mut made = 0;
    let sequential = loop {
        let factors = |replication| Factors::of(&study.experiment, replication);
        runs.extend(pool.install(|| batch::<RunFigures>(&study, plan, made..wanted, factors, progress))?);
        made = wanted;
        let Some(precision) = precision else { break None };
        let place = plan.policies.iter().position(|policy| *policy == precision.policy).unwrap_or(0);
        let seen = precision.look(&precision.values(runs.iter().skip(place).step_by(plan.policies.len())));
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
    Ok(put_together(&study, plan, &by_policy(&runs, plan), &by_policy(&sure, plan), sequential))
}

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
        one_run(study, *policy, *replication, factors(*replication), progress).map(R::from)
    };
    jobs.map(one).collect()
}

fn by_policy<'r, R>(runs: &'r [R], plan: &Plan) -> Vec<Vec<&'r R>> {
    let policies = plan.policies.len();
    (0..policies).map(|policy| runs.iter().skip(policy).step_by(policies).collect()).collect()
}

fn one_run(
    study: &Study,
    policy: usize,
    replication: u32,
    factors: Factors,
    progress: &Progress,
) -> Result<RunFigures, ExperimentError> {
    let Factors { demand, capacity } = factors;
    let trial = Trial { policy, seed: study.experiment.seed, replication, demand, capacity, check_every_bin: false };
    let record = engine::simulate(&study.model, &trial, &mut progress.watch(&study.model)).map_err(|error| match error {
        RunError::Interrupted => ExperimentError::Interrupted,
        error => ExperimentError::Broken { policy: study.names.policies[policy].clone(), replication, error },
    })?;
    Ok(RunFigures::from(record))
}

impl From<Record> for RunFigures {
    fn from(record: Record) -> RunFigures {
        let (total, time_to_complete) = figures::of_total(&record);
        let classes = record.classes.iter().map(figures::of_class).collect();
        let operators = record.classes.iter().map(figures::of_operators).collect();
        let stations = record.stations.iter().map(figures::of_station).collect();
        let queue_max = record.stations.iter().map(|station| (station.queue_max, station.queue_max_at)).collect();
        let (slots, series) = record.classes.into_iter().map(|class| (class.slots, class.series)).unzip();
        RunFigures {
            total,
            classes,
            operators,
            stations,
            queue_max,
            time_to_complete,
            laws: record.laws,
            events: record.events,
            peak_people: record.peak_people,
            slots,
            series: RunSeries {
                classes: series,
                stations: record.stations.into_iter().map(|station| station.series).collect(),
                queued_max: record.queued_max,
            },
        }
    }
}

/// `runs` and `sure`: by policy, then by replication.
fn put_together(
    study: &Study,
    plan: &Plan,
    runs: &[Vec<&RunFigures>],
    sure: &[Vec<&SureRun>],
    sequential: Option<Sequential>,
) -> Results {
    let baseline = plan.policies[0];
    let others = plan.policies.iter().zip(runs).skip(1);
    let all = || runs.iter().flatten();
    let again = || sure.iter().flatten();
    let policy = |place: usize| PolicyResult {
        sure: sure::totals(&sure[place]),
        ..policy_result(study, plan.policies[place], &runs[place])
    };
    let mut comparisons: Vec<Comparison> = others.flat_map(|(policy, ours)| compare(*policy, ours, baseline, &runs[0])).collect();
    correct_for_several(&mut comparisons);
    Results {
        study: study.clone(),
        replications: study.experiment.replications,
        seed: study.experiment.seed,
        policies: (0..runs.len()).map(policy).collect(),
        comparisons,
        observations: observations(study, plan, runs),
        audit: audit(all().map(|run| run.laws.as_slice()).chain(again().map(|run| run.laws.as_slice()))),
        sequential,
        events: all().map(|run| run.events).chain(again().map(|run| run.events)).sum(),
        peak_people: all().map(|run| run.peak_people).chain(again().map(|run| run.peak_people)).max().unwrap_or(0),
    }
}

fn policy_result(study: &Study, policy: usize, runs: &[&RunFigures]) -> PolicyResult {
    let mut join = |values: Vec<&Single>| -> Figure { Estimate::of(&values.into_iter().flatten().copied().collect::<Vec<_>>()) };
    let classes = 0..study.model.classes.len();
    let stations = 0..study.model.stations.len();
    let of_runs: Vec<&RunSeries> = runs.iter().map(|run| &run.series).collect();
    let slots: Vec<&[Vec<SlotTally>]> = runs.iter().map(|run| run.slots.as_slice()).collect();
    PolicyResult {
        policy,
        total: ScopeFigures::combine(&runs.iter().map(|run| &run.total).collect::<Vec<_>>(), &mut join),
        classes: classes
            .clone()
            .map(|i| ScopeFigures::combine(&runs.iter().map(|run| &run.classes[i]).collect::<Vec<_>>(), &mut join))
            .collect(),
        operators: classes
            .map(|i| {
                let of_runs: Option<Vec<_>> = runs.iter().map(|run| run.operators[i].as_ref()).collect();
                of_runs.map(|of_runs| OperatorFigures::combine(&of_runs, &mut join))
            })
            .collect(),
        stations: stations.clone().map(|i| station_figures(runs, i, &mut join)).collect(),
        time_of_max: stations.map(|i| time_of_max(study, runs, i)).collect(),
        openings: openings(&study.model, policy, &of_runs),
        series: series::combine(&of_runs),
        by_arrival: by_arrival::combine(&slots),
        worst_treated: by_arrival::worst_treated(&study.model, &slots),
        completion_curve: completion_curve(runs),
        collapse: collapse(&study.model, runs),
        sure: None,
    }
}

fn station_figures(runs: &[&RunFigures], i: usize, join: &mut impl FnMut(Vec<&Single>) -> Figure) -> StationFigures<Figure> {
    let queues: Vec<_> = runs.iter().map(|run| &run.stations[i].queue_length).collect();
    let work: Vec<_> = runs.iter().map(|run| &run.stations[i].work).collect();
    StationFigures { queue_length: QueueLength::combine(&queues, join), work: StationWork::combine(&work, join) }
}

const MINUTE: Span = Span::from_seconds(60);

/// When the queue was longest, in the run where it was longest; nothing where nobody ever waited.
fn time_of_max(study: &Study, runs: &[&RunFigures], station: usize) -> Option<String> {
    let longest = runs.iter().map(|run| run.queue_max[station]).reduce(|best, next| if next.0 > best.0 { next } else { best });
    let whole_minute = |at: Time| Time(at.0 - at.0 % MINUTE.0);
    longest.filter(|(length, _)| *length > 0).map(|(_, at)| study.calendar.label(whole_minute(at)))
}

/// Most points that a completion curve needs to look smooth.
const CURVE_POINTS: usize = 600;

fn completion_curve(runs: &[&RunFigures]) -> Vec<(f64, f64)> {
    let mut times = Histogram::default();
    runs.iter().for_each(|run| times.merge(&run.time_to_complete));
    let arrived: f64 = runs.iter().filter_map(|run| run.total.counts.arrived).sum();
    let mut done = 0;
    let points: Vec<(f64, f64)> = times
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
fn observations(study: &Study, plan: &Plan, runs: &[Vec<&RunFigures>]) -> Vec<Observed> {
    let observed = |observation: &crate::model::Observation| {
        let policy = observation.policy.unwrap_or(0);
        let ours = plan.policies.iter().position(|chosen| *chosen == policy)?;
        let values = runs[ours].iter().filter_map(|run| observe(&study.model, observation, &run.series));
        let simulated = Estimate::of(&values.collect::<Vec<_>>());
        let within = observation.tolerance * observation.value.abs();
        let holds = simulated.is_some_and(|s| (s.mean - observation.value).abs() <= within);
        Some(Observed { observation: observation.clone(), policy, simulated, holds })
    };
    study.observations.iter().filter_map(observed).collect()
}

/// The worst residual of each law over all runs.
fn audit<'r>(runs: impl Iterator<Item = &'r [Law]>) -> Audit {
    let mut checks: Vec<AuditCheck> = Vec::new();
    for laws in runs {
        for (index, law) in laws.iter().enumerate() {
            match checks.get_mut(index) {
                None => checks.push(AuditCheck { name: law.name.to_owned(), residual: law.residual }),
                Some(check) if law.residual.unsigned_abs() > check.residual.unsigned_abs() => check.residual = law.residual,
                Some(_) => {}
            }
        }
    }
    Audit { holds: checks.iter().all(|check| check.residual == 0), checks }
}
