//! What an experiment gives: figures with intervals, the series, comparisons, observations, the audit.
//!
//! Everything a report shows is here; reports compute nothing.

use super::budget::BudgetFigures;
use super::by_arrival::{ByArrival, FellMost, WorstTreated};
use super::incidents::IncidentFigures;
use super::outcome::{Collapse, Sequential};
use super::rules::RuleFigures;
use crate::model::{Observation, Study};
use crate::stats::Estimate;
use crate::time::Time;

/// A figure over the replications that have it; `None` where there was nothing to measure.
pub type Figure = Option<Estimate>;

/// The outcome of an experiment on one study.
#[derive(Debug, Clone)]
pub struct Results {
    /// What was simulated.
    pub study: Study,
    /// Replications of each policy.
    pub replications: u32,
    /// Master seed.
    pub seed: u64,
    /// The policies that were run, in the order of the file; the first is the baseline.
    pub policies: Vec<PolicyResult>,
    /// Every other policy against the baseline.
    pub comparisons: Vec<Comparison>,
    /// The study's observations, each with what was simulated.
    pub observations: Vec<Observed>,
    /// What was checked in every run.
    pub audit: Audit,
    /// Why there are so many replications, where their number was not given.
    pub sequential: Option<Sequential>,
    /// State events simulated in all runs together.
    pub events: u64,
    /// Most applicants in the system at once, in any run.
    pub peak_people: usize,
}

/// One policy's figures.
#[derive(Debug, Clone)]
pub struct PolicyResult {
    /// Index in `study.model.policies`.
    pub policy: usize,
    /// All classes together.
    pub total: ScopeFigures<Figure>,
    /// By class, in the order of the file.
    pub classes: Vec<ScopeFigures<Figure>>,
    /// By class: present where it has operators.
    pub operators: Vec<Option<OperatorFigures<Figure>>>,
    /// By station, in the order of the file.
    pub stations: Vec<StationFigures<Figure>>,
    /// By station: civil time at which the queue was longest, in the replication with the longest queue.
    pub time_of_max: Vec<Option<String>>,
    /// The moments inside the clock at which it lets classes in again, in order.
    pub openings: Vec<Opening>,
    /// Over the clock.
    pub series: Series,
    /// What became of people by the hour in which they intended to come.
    pub by_arrival: ByArrival,
    /// The class and hour that fared worst; `None` where too few came in every hour.
    pub worst_treated: Option<WorstTreated>,
    /// The class and hour of which fewer got through than under the baseline by the largest share; `None` where none lost.
    pub fell_most: Option<FellMost>,
    /// Share of those arrived who completed within so many seconds, rising; all replications together.
    pub completion_curve: Vec<(f64, f64)>,
    /// How often it collapsed, and what came of it.
    pub collapse: Collapse,
    /// What its rules did that have figures of their own, in order.
    pub rules: Vec<RuleFigures<Figure>>,
    /// All classes together in the same replications with as many people and as fast workers as the file says; `None`
    /// where the scenario is sure of both.
    pub sure: Option<ScopeFigures<Figure>>,
    /// What becomes of the scenario's budget; `None` where it has none.
    pub budget: Option<BudgetFigures>,
    /// What was answered in the scenario's incidents: by incident, then by length.
    pub incidents: Vec<Vec<IncidentFigures>>,
}

/// Declares a set of figures once: the struct over any type of figure, its names, and a map over them.
macro_rules! figures {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, schemars::JsonSchema)]
        pub struct $name<F> {
            $($(#[$field_doc])* pub $field: F,)*
        }

        impl<F> $name<F> {
            /// The names of the figures, in order.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($field)),*];

            /// The figures in the order of `NAMES`.
            pub fn values(&self) -> Vec<&F> {
                vec![$(&self.$field),*]
            }

            /// Puts together the same figure of several runs.
            pub fn combine<G>(runs: &[&Self], join: &mut impl FnMut(Vec<&F>) -> G) -> $name<G> {
                $name { $($field: join(runs.iter().map(|run| &run.$field).collect()),)* }
            }
        }
    };
}

figures! {
    /// Counts of applicants and requests, and their shares.
    Counts {
        /// Applicants of the class, present at `measure_from` or coming later.
        population,
        /// Those whose intended arrival lay within the clock.
        arrived,
        /// Those whose intended arrival lay beyond `clock.end`.
        not_arrived,
        /// Applicants who got through.
        completed,
        /// Applicants who gave up for good.
        abandoned,
        /// Applicants who arrived and are neither completed nor abandoned at the end.
        pending,
        /// Sessions begun.
        sessions,
        /// Requests sent, retries and closed gates included.
        requests,
        /// Requests answered in time.
        answered,
        /// Requests whose client stopped waiting.
        timeouts,
        /// Requests turned away at once: queue full or station down.
        refused,
        /// Requests cut by an outage.
        failed,
        /// Requests answered by a closed gate.
        closed,
        /// Requests that repeat a failed try of the same session.
        retries,
        /// `completed` over `arrived`.
        completed_share,
        /// `timeouts` over `requests`.
        timeout_share,
        /// `timeouts`, `refused` and `failed` over these and `answered`: of the requests that ended, those without an answer.
        lost_share,
        /// `requests` over `completed`.
        requests_per_completion,
    }
}

figures! {
    /// A distribution of times in seconds.
    Quantiles {
        /// Mean.
        mean,
        /// Median.
        p50,
        /// 90th percentile.
        p90,
        /// 95th percentile.
        p95,
        /// 99th percentile.
        p99,
        /// Largest.
        max,
    }
}

figures! {
    /// Share of those arrived who completed within a time, among all who arrived early enough to have had it.
    DoneWithin {
        /// One hour.
        #[serde(rename = "1h")]
        one_hour,
        /// Four hours.
        #[serde(rename = "4h")]
        four_hours,
        /// A day of 24 hours.
        #[serde(rename = "24h")]
        a_day,
    }
}

/// The figures of a class or of the total.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct ScopeFigures<F> {
    /// Counts and shares.
    #[serde(flatten)]
    pub counts: Counts<F>,
    /// Shares done within a time of the intended arrival.
    pub done_within: DoneWithin<F>,
    /// Time in queue of requests that started service with their client still there, zeros included, in seconds.
    pub wait: Quantiles<F>,
    /// First intent to completion, of those who completed, in seconds.
    pub time_to_complete: Quantiles<F>,
}

impl<F> ScopeFigures<F> {
    /// Puts together the same figure of several runs.
    pub fn combine<G>(runs: &[&Self], join: &mut impl FnMut(Vec<&F>) -> G) -> ScopeFigures<G> {
        fn part<'a, F, P>(runs: &[&'a ScopeFigures<F>], field: impl Fn(&'a ScopeFigures<F>) -> &'a P) -> Vec<&'a P> {
            runs.iter().map(|run| field(run)).collect()
        }
        ScopeFigures {
            counts: Counts::combine(&part(runs, |run| &run.counts), join),
            done_within: DoneWithin::combine(&part(runs, |run| &run.done_within), join),
            wait: Quantiles::combine(&part(runs, |run| &run.wait), join),
            time_to_complete: Quantiles::combine(&part(runs, |run| &run.time_to_complete), join),
        }
    }
}

figures! {
    /// What a class's operators did.
    OperatorFigures {
        /// Applications collected.
        collected,
        /// Applications uploaded.
        uploaded,
        /// Longest backlog: collected, not uploaded, and in no operator's hands.
        backlog_max,
        /// Time with an application in hand over working time.
        utilisation,
    }
}

figures! {
    /// The number of requests waiting at a station.
    QueueLength {
        /// Average over time.
        time_average,
        /// 95th percentile over time.
        p95,
        /// Largest.
        max,
    }
}

figures! {
    /// What a station did.
    StationWork {
        /// Busy time over worker time outside outages.
        utilisation,
        /// Share of busy time spent on orphans and refusals.
        wasted_share,
        /// Services finished, orphans included.
        served,
        /// Requests turned away at once: queue full or station down.
        refused,
        /// Requests that found the queue full and were told nothing.
        dropped,
        /// Requests whose client stopped waiting here.
        timeouts,
    }
}

figures! {
    /// What a station does beyond serving from a queue; each figure only where it has something to tell.
    StationConduct {
        /// Share of busy time in which workers were held by calls of another station.
        held_share,
        /// How often it broke down by itself.
        crashes,
        /// How often health checks took it out of service.
        taken_out,
        /// Hours of workers that are paid for, where they follow the load.
        worker_hours,
    }
}

/// The figures of a station.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct StationFigures<F> {
    /// Requests waiting, those in service not counted.
    pub queue_length: QueueLength<F>,
    /// Work and its waste.
    #[serde(flatten)]
    pub work: StationWork<F>,
    /// What it does beyond serving from a queue.
    pub conduct: StationConduct<F>,
}

/// Series over the clock, means over replications; every column has one value per bin, or is empty where it has no
/// meaning for the row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// All classes together; queues are those of all stations together.
    pub total: Columns,
    /// By class.
    pub classes: Vec<Columns>,
    /// By station.
    pub stations: Vec<Columns>,
}

/// The columns of `series.csv` for one scope.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Columns {
    /// Applicants who came in the bin.
    pub arrived: Vec<f64>,
    /// Requests sent in the bin.
    pub requests: Vec<f64>,
    /// Applicants who completed in the bin; for a station, services finished with the client still there.
    pub completed: Vec<f64>,
    /// Timeouts in the bin.
    pub timeouts: Vec<f64>,
    /// Requests turned away at once in the bin.
    pub refused: Vec<f64>,
    /// Requests cut by an outage in the bin.
    pub failed: Vec<f64>,
    /// Requests answered by a closed gate in the bin.
    pub closed: Vec<f64>,
    /// Requests waiting, averaged over the bin.
    pub queue_average: Vec<f64>,
    /// Most requests waiting at once in the bin.
    pub queue_max: Vec<f64>,
    /// Applicants between two tries, averaged over the bin.
    pub in_orbit: Vec<f64>,
    /// Applicants waiting to return or for a window, averaged over the bin.
    pub away: Vec<f64>,
    /// Applications collected and in no operator's hands, averaged over the bin.
    pub backlog: Vec<f64>,
    /// 5 % of the replications have a `queue_average` below this.
    pub queue_p05: Vec<f64>,
    /// 95 % of the replications have a `queue_average` below this.
    pub queue_p95: Vec<f64>,
    /// Applicants in waiting rooms, averaged over the bin.
    pub in_room: Vec<f64>,
    /// Applicants called in from waiting rooms in the bin.
    pub admitted: Vec<f64>,
}

/// A moment at which a policy lets classes in that it kept out just before.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// When.
    pub at: Time,
    /// Indices of the classes that it lets in, or some of whose people it lets in.
    pub classes: Vec<usize>,
    /// By class of `classes`: the cohorts that it lets in, joined by ` + `; empty where it lets in the whole class.
    pub cohorts: Vec<String>,
    /// Whether a station is down in the ten minutes after.
    pub station_down: bool,
    /// Of the requests of all classes that ended in the ten minutes before, the share that timed out, was refused or
    /// was cut.
    pub lost_before: Figure,
    /// The same of the ten minutes after.
    pub lost_after: Figure,
}

/// A paired difference between a policy and the baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Index in `study.model.policies`.
    pub policy: usize,
    /// Index of the baseline in `study.model.policies`.
    pub against: usize,
    /// Class index; `None` is the total.
    pub class: Option<usize>,
    /// The figure: a name of [`Counts`], or `time_to_complete.p50` and the like.
    pub figure: &'static str,
    /// Policy minus baseline, replication by replication.
    pub difference: Estimate,
    /// Whether it can be told from zero: with one policy beside the baseline, whether the interval leaves out zero; with
    /// several, whether `p_holm` is below 0.05. Never with one replication.
    pub distinct: bool,
    /// The p-value of the paired t test after Holm's correction over the policies that are compared with the baseline;
    /// `None` for one replication.
    pub p_holm: Option<f64>,
}

/// A published figure beside the simulated one.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// The published figure.
    pub observation: Observation,
    /// The policy under which it was simulated (index in `study.model.policies`).
    pub policy: usize,
    /// What the simulation gives, in the observation's unit.
    pub simulated: Figure,
    /// Whether the simulated mean lies within the tolerance.
    pub holds: bool,
}

/// What was checked at the end of every run.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Audit {
    /// Whether every residual is zero.
    pub holds: bool,
    /// One line a law.
    pub checks: Vec<AuditCheck>,
}

/// One law with the largest violation found in any run.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct AuditCheck {
    /// The law.
    pub name: String,
    /// Left side minus right side, the largest over runs, classes and stations; zero when it holds.
    pub residual: i64,
}
