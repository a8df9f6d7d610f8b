//! `summary.json`: every figure of a run with its interval, in the order of the scenario file.

mod conduct;
mod incident;
mod observation;

pub use incident::IncidentSummary;
pub use observation::ObservationSummary;

use conduct::ConductSummary;

pub use super::compared::ComparisonSummary;
use super::compared::comparisons;
use super::felt::RankSummary;
use super::numbers::round_all;
pub use super::rules::RuleSummary;
pub use super::worst::{FellMostSummary, WorstSummary};
use crate::experiment::{
    Audit, BudgetFigures, Collapse, Figure, Opening, OperatorFigures, PolicyResult, Results, ScopeFigures, Sequential,
    StationWork,
};
use crate::model::{Metric, Moment, Study};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;

/// The format of `summary.json`.
const FORMAT: u32 = 1;

/// What `summary.json` holds. Times are in seconds; a figure is `null` where there was nothing to measure.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    /// The format of this file.
    pub format: u32,
    /// The version of clickday that wrote it.
    pub clickday: String,
    /// The scenario's name.
    pub scenario: String,
    /// Master seed.
    pub seed: u64,
    /// Replications of each policy.
    pub replications: u32,
    /// Only where replications were added until a figure was known well enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionSummary>,
    /// Size of the copy that was simulated against the system that the file describes.
    pub scale: f64,
    /// By name, in the order of the scenario file; the first is the baseline.
    pub policies: Ordered<PolicySummary>,
    /// The policies by what people feel, the best first; only where there are four or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Vec<RankSummary>>,
    /// Every other policy against the baseline.
    pub comparisons: Vec<ComparisonSummary>,
    /// For every other policy under which some fall: the class and hour of intended arrival whose share that got through fell most.
    pub fell_most: Vec<FellMostSummary>,
    /// Published figures beside simulated ones.
    pub observations: Vec<ObservationSummary>,
    /// What was checked in every run.
    pub audit: Audit,
    /// What the simulation took.
    pub work: Work,
}

/// What the simulation took, in the machine's measure that is the same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Work {
    /// State events in all runs together: arrivals, ends of think, backoff and return, completions, timeouts, changes.
    pub events: u64,
    /// Most applicants in the system at once, in any run.
    pub peak_people: usize,
}

/// One policy's figures.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PolicySummary {
    /// All classes together.
    pub total: ScopeFigures<Figure>,
    /// By name.
    pub classes: Ordered<ClassSummary>,
    /// By name.
    pub stations: Ordered<StationSummary>,
    /// The moments at which it lets classes in again, in order; empty where it keeps nobody out.
    pub openings: Vec<OpeningSummary>,
    /// The class and hour of intended arrival that fared worst; `null` where fewer than `least_arrived` came in any.
    pub worst_treated: Option<WorstSummary>,
    /// How often it collapsed: more than half of the requests that ended lost, for ten minutes on end.
    pub collapse: Collapse,
    /// What its rules did that have figures of their own, in order; only where it has such rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<RuleSummary>>,
    /// Only where demand or capacity is unsure: the same replications with both as the file says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sure: Option<SureSummary>,
    /// Only where the scenario has a budget: what becomes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<BudgetFigures>,
    /// Only where the scenario has incidents: what was answered in each, one entry a length, the shortest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incidents: Option<Ordered<Vec<IncidentSummary>>>,
}

/// A policy's figures in the same replications with as many people and as fast workers as the file says.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SureSummary {
    /// All classes together.
    pub total: ScopeFigures<Figure>,
}

/// Why there are so many replications.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PrecisionSummary {
    /// The policy whose figure it is.
    pub policy: String,
    /// The policy to which the paired difference is taken; `null` where it is no difference.
    pub against: Option<String>,
    /// `total`, or the name of a class.
    pub scope: String,
    /// The figure.
    pub figure: String,
    /// The relative error that was asked for.
    pub goal: f64,
    /// Half of the 95 % interval over the mean; it had to be goal/(1 + goal). `null` where the mean is zero.
    pub half_width: Option<f64>,
    /// What stopped it.
    pub stopped_by: StoppedBy,
    /// The limit of replications.
    pub max_replications: u32,
}

/// What stopped the replications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StoppedBy {
    /// The figure was known well enough.
    Precision,
    /// There were as many as there may be.
    MaxReplications,
}

/// A moment at which a policy lets classes in that it kept out just before, and whether a rush follows.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct OpeningSummary {
    /// Civil time.
    pub at: String,
    /// Names of the classes that it lets in, or some of whose people it lets in.
    pub classes: Vec<String>,
    /// Whether a station is down in the ten minutes after.
    pub station_down: bool,
    /// Of the requests of all classes that ended in the ten minutes before, the share that timed out, was refused or
    /// was cut by an outage; `null` where there were none, or where bins are longer.
    pub lost_before: Figure,
    /// The same of the ten minutes after.
    pub lost_after: Figure,
}

/// The figures of a class.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ClassSummary {
    /// As for the total.
    #[serde(flatten)]
    pub figures: ScopeFigures<Figure>,
    /// Only where the class has operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operators: Option<OperatorFigures<Figure>>,
}

/// The figures of a station.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StationSummary {
    /// Requests waiting, those in service not counted.
    pub queue_length: QueueSummary,
    /// Work and its waste.
    #[serde(flatten)]
    pub work: StationWork<Figure>,
    /// What it does beyond serving from a queue.
    #[serde(flatten)]
    pub conduct: ConductSummary,
}

/// The number of requests waiting at a station.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct QueueSummary {
    /// Average over time.
    pub time_average: Figure,
    /// 95th percentile over time.
    pub p95: Figure,
    /// Largest.
    pub max: Figure,
    /// Civil time at which the queue was longest, in the replication with the longest queue.
    pub time_of_max: Option<String>,
}

/// A JSON object whose keys stay in the order of the scenario file.
#[derive(Debug, Clone, PartialEq)]
pub struct Ordered<T, N = String>(pub Vec<(N, T)>);

impl<T: Serialize, N: Serialize> Serialize for Ordered<T, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<T: JsonSchema, N> JsonSchema for Ordered<T, N> {
    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": "object", "additionalProperties": generator.subschema_for::<T>()})
    }
}

impl Summary {
    /// The summary of an experiment.
    #[must_use]
    pub fn new(results: &Results) -> Summary {
        let study = &results.study;
        Summary {
            format: FORMAT,
            clickday: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: study.name.clone(),
            seed: results.seed,
            replications: results.replications,
            precision: results.sequential.as_ref().map(|sequential| precision_summary(study, sequential)),
            scale: study.scale,
            policies: Ordered(
                results.policies.iter().map(|p| (name(&study.names.policies, p.policy), policy_summary(study, p))).collect(),
            ),
            ranking: Some(super::felt::ranking(results)).filter(|ranking| !ranking.is_empty()),
            comparisons: comparisons(results),
            fell_most: FellMostSummary::all(results),
            observations: results.observations.iter().map(|o| ObservationSummary::new(study, o)).collect(),
            audit: results.audit.clone(),
            work: Work { events: results.events, peak_people: results.peak_people },
        }
    }

    /// As JSON, every number to nine significant digits.
    ///
    /// # Errors
    /// Never with the types as they are; serde_json's signature says it might.
    pub fn to_json(&self) -> serde_json::Result<Value> {
        let mut value = serde_json::to_value(self)?;
        round_all(&mut value);
        Ok(value)
    }

    /// The text of `summary.json`.
    ///
    /// # Errors
    /// As [`Summary::to_json`].
    pub fn to_text(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(&self.to_json()?)? + "\n")
    }
}

/// The JSON Schema of `summary.json`.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(Summary).to_value()
}

/// The metric's name in files.
pub(super) fn metric_name(metric: Metric, moment: Moment) -> String {
    let rate = matches!(moment, Moment::Between(..)) && metric != Metric::LostShare && !metric.is_level();
    format!("{}{}", metric.name(), if rate { "_rate" } else { "" })
}

/// The names of some classes joined by ` + `; `None` is the total.
pub(super) fn class_names(study: &Study, classes: &[usize]) -> Option<String> {
    let names: Vec<String> = classes.iter().map(|class| name(&study.names.classes, *class)).collect();
    (!names.is_empty()).then(|| names.join(" + "))
}

/// The name of an id; its number where there is none.
pub(super) fn name(names: &[String], id: usize) -> String {
    names.get(id).cloned().unwrap_or_else(|| id.to_string())
}

fn policy_summary(study: &Study, policy: &PolicyResult) -> PolicySummary {
    let class = |(id, figures): (usize, &ScopeFigures<Figure>)| {
        let operators = policy.operators.get(id).cloned().flatten();
        (name(&study.names.classes, id), ClassSummary { figures: figures.clone(), operators })
    };
    let stations = policy.stations.iter().enumerate().map(|(id, station)| {
        let queue = &station.queue_length;
        let queue_length = QueueSummary {
            time_average: queue.time_average,
            p95: queue.p95,
            max: queue.max,
            time_of_max: policy.time_of_max.get(id).cloned().flatten(),
        };
        (
            name(&study.names.stations, id),
            StationSummary { queue_length, work: station.work.clone(), conduct: (&station.conduct).into() },
        )
    });
    PolicySummary {
        total: policy.total.clone(),
        classes: Ordered(policy.classes.iter().enumerate().map(class).collect()),
        stations: Ordered(stations.collect()),
        openings: policy.openings.iter().map(|opening| opening_summary(study, opening)).collect(),
        worst_treated: policy.worst_treated.as_ref().map(|worst| WorstSummary::new(study, worst)),
        collapse: policy.collapse.clone(),
        rules: (!policy.rules.is_empty()).then(|| policy.rules.iter().map(RuleSummary::new).collect()),
        sure: policy.sure.clone().map(|total| SureSummary { total }),
        budget: policy.budget.clone(),
        incidents: IncidentSummary::all(study, policy),
    }
}

fn precision_summary(study: &Study, sequential: &Sequential) -> PrecisionSummary {
    PrecisionSummary {
        policy: name(&study.names.policies, sequential.policy),
        against: sequential.against.map(|against| name(&study.names.policies, against)),
        scope: sequential.class.map_or_else(|| "total".to_owned(), |class| name(&study.names.classes, class)),
        figure: sequential.metric.clone(),
        goal: sequential.goal,
        half_width: sequential.half_width,
        stopped_by: if sequential.met { StoppedBy::Precision } else { StoppedBy::MaxReplications },
        max_replications: sequential.most,
    }
}

fn opening_summary(study: &Study, opening: &Opening) -> OpeningSummary {
    OpeningSummary {
        at: study.calendar.label(opening.at),
        classes: opening.classes.iter().map(|class| name(&study.names.classes, *class)).collect(),
        station_down: opening.station_down,
        lost_before: opening.lost_before,
        lost_after: opening.lost_after,
    }
}

#[cfg(test)]
mod tests;
