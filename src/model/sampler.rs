//! Distributions of durations (stub: means only).

use crate::random::Stream;
use crate::time::Span;

/// A distribution of durations, compiled to constants in nanoseconds.
#[derive(Debug, Clone)]
pub struct Sampler(f64, bool);

/// Why parameters make no distribution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SamplerError {
    /// placeholder
    #[error("parameters make no distribution")]
    Bad,
}

type Made = Result<Sampler, SamplerError>;

#[allow(missing_docs, clippy::missing_errors_doc, clippy::must_use_candidate)]
impl Sampler {
    pub fn constant(span: Span) -> Sampler {
        Sampler(span.seconds(), true)
    }
    pub fn exponential(mean: Span) -> Made {
        Ok(Sampler(mean.seconds(), false))
    }
    pub fn lognormal(mean: Span, _cv: f64) -> Made {
        Ok(Sampler(mean.seconds(), false))
    }
    pub fn gamma(mean: Span, _cv: f64) -> Made {
        Ok(Sampler(mean.seconds(), false))
    }
    pub fn weibull(shape: f64, scale: Span) -> Made {
        Ok(Sampler(scale.seconds() * libm::tgamma(1.0 + 1.0 / shape), false))
    }
    pub fn pareto(min: Span, shape: f64) -> Made {
        Ok(Sampler(if shape > 1.0 { min.seconds() * shape / (shape - 1.0) } else { f64::INFINITY }, false))
    }
    pub fn uniform(min: Span, max: Span) -> Made {
        Ok(Sampler((min.seconds() + max.seconds()) / 2.0, false))
    }
    pub fn empirical(values: &[Span], _weights: &[f64]) -> Made {
        Ok(Sampler(values.iter().map(|v| v.seconds()).sum::<f64>() / values.len() as f64, false))
    }
    pub fn sample(&self, _stream: &mut Stream<'_>) -> Span {
        Span::from_nanos(self.0 * 1e9)
    }
    pub fn as_constant(&self) -> Option<Span> {
        self.1.then(|| Span::from_nanos(self.0 * 1e9))
    }
    pub fn mean_seconds(&self) -> f64 {
        self.0
    }
}
