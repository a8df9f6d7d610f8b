//! Means with their confidence intervals.

/// A mean over replications with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Estimate {
    /// Mean over the replications that have the figure.
    pub mean: f64,
    /// Lower end of the 95 % interval; `None` for one replication.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval; `None` for one replication.
    pub high: Option<f64>,
    /// How many replications have the figure.
    pub n: u32,
}
