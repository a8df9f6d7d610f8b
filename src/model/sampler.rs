//! Distributions of durations.

use crate::random::Stream;
use crate::time::Span;

/// A distribution of durations, compiled to constants in nanoseconds.
#[derive(Debug, Clone)]
pub struct Sampler(Span);

/// Why parameters make no distribution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SamplerError {
    /// placeholder
    #[error("bad")]
    Bad,
}

impl Sampler {
    /// A constant.
    #[must_use]
    pub fn constant(span: Span) -> Sampler {
        Sampler(span)
    }

    /// One draw.
    #[inline]
    #[must_use]
    pub fn sample(&self, _stream: &mut Stream<'_>) -> Span {
        self.0
    }

    /// The constant, if it is one.
    #[must_use]
    pub fn as_constant(&self) -> Option<Span> {
        Some(self.0)
    }

    /// The expected value in seconds; infinite for a Pareto of shape 1 or less.
    #[must_use]
    pub fn mean_seconds(&self) -> f64 {
        self.0.seconds()
    }
}
