//! What stations do beyond serving from a queue.

use crate::experiment::{Figure, StationConduct};
use schemars::JsonSchema;
use serde::Serialize;

/// Figures of a station that are there only where they have something to tell.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ConductSummary {
    /// Share of busy time in which workers were held by calls of another station.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_share: Figure,
    /// How often it broke down by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crashes: Figure,
    /// How often health checks took it out of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_out: Figure,
    /// Hours of workers that are paid for, where they follow the load.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_hours: Figure,
}

impl From<&StationConduct<Figure>> for ConductSummary {
    fn from(conduct: &StationConduct<Figure>) -> ConductSummary {
        let StationConduct { held_share, crashes, taken_out, worker_hours } = conduct.clone();
        ConductSummary { held_share, crashes, taken_out, worker_hours }
    }
}
