//! What was answered in an incident, in `summary.json`.

use super::{Ordered, name};
use crate::experiment::{IncidentCounts, IncidentFigures, PolicyResult};
use crate::model::{Incident, Study};
use crate::time::Span;
use schemars::JsonSchema;
use serde::Serialize;

/// What was answered in an incident of one length.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct IncidentSummary {
    /// Civil time at which it begins.
    pub from: String,
    /// Civil time at which it ends.
    pub to: String,
    /// Its length in seconds.
    pub lasts: f64,
    /// All classes together.
    pub total: IncidentCounts,
    /// By name.
    pub classes: Ordered<IncidentCounts>,
}

impl IncidentSummary {
    fn new(study: &Study, incident: &Incident, lasts: Span, figures: &IncidentFigures) -> IncidentSummary {
        let classes = figures.classes.iter().enumerate();
        IncidentSummary {
            from: study.calendar.label(incident.from),
            to: study.calendar.label(incident.from + lasts),
            lasts: lasts.seconds(),
            total: figures.total,
            classes: Ordered(classes.map(|(id, counts)| (name(&study.names.classes, id), *counts)).collect()),
        }
    }

    /// By name, then by length; `None` where the scenario has no incidents.
    pub(super) fn all(study: &Study, policy: &PolicyResult) -> Option<Ordered<Vec<IncidentSummary>>> {
        let incidents = study.model.incidents.iter().zip(&policy.incidents).enumerate();
        let lengths = |incident: &Incident, figures: &[IncidentFigures]| {
            incident
                .lasts
                .iter()
                .zip(figures)
                .map(|(lasts, figures)| IncidentSummary::new(study, incident, *lasts, figures))
                .collect()
        };
        let all: Vec<(String, Vec<IncidentSummary>)> =
            incidents.map(|(id, (incident, figures))| (name(&study.names.incidents, id), lengths(incident, figures))).collect();
        (!all.is_empty()).then_some(Ordered(all))
    }
}
