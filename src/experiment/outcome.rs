//! What an experiment gives beside figures: how often a policy collapsed, and what ended the replications.

use super::results::Figure;

/// How often a policy's runs collapsed: more than half of the requests that ended lost, for ten minutes on end.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Collapse {
    /// Share of the replications that collapsed, with Wilson's interval.
    pub probability: Figure,
    /// The main figures over the replications that collapsed; `null` where none did.
    pub given_collapse: Option<Outcome>,
    /// The same over the others.
    pub given_none: Option<Outcome>,
}

/// The main figures of all classes together over some of the replications.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Outcome {
    /// `completed` over `arrived`.
    pub completed_share: Figure,
    /// `timeouts` over `requests`.
    pub timeout_share: Figure,
    /// First intent to completion, of those who completed, in seconds.
    pub time_to_complete: Median,
}

/// The median of a distribution.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Median {
    /// Median.
    pub p50: Figure,
}

/// Where replications were added until a figure was known well enough: what stopped it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequential {
    /// Index of the policy in `study.model.policies`.
    pub policy: usize,
    /// Index of the policy to which the difference is taken, where the figure is a difference.
    pub against: Option<usize>,
    /// Class index; `None`: all classes together.
    pub class: Option<usize>,
    /// The figure.
    pub metric: String,
    /// The relative error that was asked for.
    pub goal: f64,
    /// Half of the interval over the mean; `None` where the mean is zero or there is no interval.
    pub half_width: Option<f64>,
    /// Whether the goal was met; else the replications reached the limit.
    pub met: bool,
    /// The limit.
    pub most: u32,
}
