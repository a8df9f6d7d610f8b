//! What the rules of a policy did, in `summary.json`.

use super::summary::Ordered;
use crate::experiment::{Figure, Quantiles, RuleFigures};
use schemars::JsonSchema;
use serde::Serialize;

/// What a rule of a policy did.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RuleSummary {
    /// The kind of rule.
    pub rule: String,
    /// Counts, averages and maxima by name.
    pub figures: Ordered<Figure>,
    /// Distributions of times in seconds by name; only where there are some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<Ordered<Quantiles<Figure>>>,
}

impl RuleSummary {
    /// The figures of a rule.
    #[must_use]
    pub fn new(rule: &RuleFigures<Figure>) -> RuleSummary {
        let times: Vec<_> = rule.times.iter().map(|(name, times)| ((*name).to_owned(), times.clone())).collect();
        RuleSummary {
            rule: rule.rule.to_owned(),
            figures: Ordered(rule.figures.iter().map(|(name, figure)| ((*name).to_owned(), *figure)).collect()),
            times: (!times.is_empty()).then_some(Ordered(times)),
        }
    }
}
