//! What is wrong with the parameters of a distribution.

/// Why parameters make no distribution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SamplerError {
    /// A coefficient of variation out of range.
    #[error("the coefficient of variation is {0}; it must be a number from 0 to 1000")]
    Variation(f64),
    /// A shape that is no positive number.
    #[error("the shape is {0}; it must be a number greater than 0")]
    Shape(f64),
    /// A Pareto distribution from zero.
    #[error("the minimum of a Pareto distribution is 0; it must be longer")]
    ParetoFromZero,
    /// A range upside down.
    #[error("the maximum is shorter than the minimum; it must be at least as long")]
    Range,
    /// An empirical distribution of nothing.
    #[error("there are no values; at least one is needed")]
    NoValues,
    /// Weights that do not go with the values.
    #[error("{weights} weights for {values} values; give one weight a value, or none for equal weights")]
    WeightCount {
        /// How many values there are.
        values: usize,
        /// How many weights there are.
        weights: usize,
    },
    /// A weight out of range.
    #[error("weight number {} is {weight}; weights must be numbers from 0 up", index + 1)]
    Weight {
        /// Its place, from 0.
        index: usize,
        /// The weight.
        weight: f64,
    },
    /// Nothing to choose.
    #[error("all weights are 0; at least one must be greater")]
    NoWeight,
}
