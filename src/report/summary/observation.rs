//! Published figures beside simulated ones.

use super::{class_names, metric_name, name};
use crate::experiment::{Figure, Observed};
use crate::model::{Moment, Study};
use schemars::JsonSchema;
use serde::Serialize;

/// A published figure beside the simulated one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ObservationSummary {
    /// The moment it speaks of; in its place `from` and `to` where it speaks of a stretch of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Start of the stretch of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// End of the stretch of time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The policy under which it was simulated.
    pub policy: String,
    /// The class, or several joined by ` + `; `null` is the total.
    pub class: Option<String>,
    /// What was counted; `_rate` behind it: per second.
    pub metric: String,
    /// The published value.
    pub observed: f64,
    /// What the simulation gives.
    pub simulated: Figure,
    /// Relative tolerance.
    pub tolerance: f64,
    /// Whether the simulated mean lies within the tolerance.
    pub holds: bool,
    /// Where the published value comes from; empty where the scenario does not say.
    pub source: String,
}

impl ObservationSummary {
    /// What a study observed, and what came of it.
    pub(super) fn new(study: &Study, observed: &Observed) -> ObservationSummary {
        let observation = &observed.observation;
        let label = |at| Some(study.calendar.label(at));
        let (at, from, to) = match observation.moment {
            Moment::At(at) => (label(at), None, None),
            Moment::Between(from, to) => (None, label(from), label(to)),
        };
        ObservationSummary {
            at,
            from,
            to,
            policy: name(&study.names.policies, observed.policy),
            class: class_names(study, &observation.classes),
            metric: metric_name(observation.metric, observation.moment),
            observed: observation.value,
            simulated: observed.simulated,
            tolerance: observation.tolerance,
            holds: observed.holds,
            source: observation.source.clone(),
        }
    }
}
