//! Distributions of durations.
//!
//! Samples go by inversion of the first uniform number of their stream, so that a longer draw under one policy is a
//! longer draw under the next; the gamma alone takes rejection. Every transform is `libm`'s or our own: the same bits on
//! every machine.

mod error;

use super::steps::Steps;
use super::table::Table;
use super::variates::Gamma;
use crate::random::{Draw, Key, Purpose, Stream};
use crate::stats::special::{gamma_inverse, gamma_pq, normal_quantile_of};
use crate::stats::{exp, ln, ln_normal, normal_cdf, normal_quantile};
use crate::time::{NANOS_PER_SECOND, Span};
pub use error::SamplerError;

/// A distribution of durations, compiled to constants in nanoseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampler(Kind);

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Constant(Span),
    Exponential { mean: f64 },
    Lognormal { median: f64, sigma: f64 },
    Gamma { variate: Gamma, shape: f64, scale: f64 },
    Weibull { scale: f64, power: f64 },
    Pareto { min: f64, power: f64 },
    Uniform { min: f64, width: f64 },
    Empirical(Box<Table>),
}

const LARGEST_CV: f64 = 1000.0;

impl Sampler {
    /// A constant.
    #[must_use]
    pub fn constant(span: Span) -> Sampler {
        Sampler(Kind::Constant(span))
    }

    /// The exponential distribution; a mean of 0 is the constant 0.
    ///
    /// # Errors
    /// None at present: every mean is valid.
    pub fn exponential(mean: Span) -> Result<Sampler, SamplerError> {
        Ok(Sampler(if mean == Span::ZERO { Kind::Constant(mean) } else { Kind::Exponential { mean: mean.0 as f64 } }))
    }

    /// The lognormal distribution by its mean and coefficient of variation (standard deviation over mean): σ² =
    /// ln(1+cv²), median = mean/√(1+cv²). A cv of 0 is the constant.
    ///
    /// # Errors
    /// [`SamplerError::Variation`].
    pub fn lognormal(mean: Span, cv: f64) -> Result<Sampler, SamplerError> {
        let sigma = libm::sqrt(libm::log1p(variation(cv)? * cv));
        if sigma == 0.0 || mean == Span::ZERO {
            return Ok(Sampler::constant(mean));
        }
        Ok(Sampler(Kind::Lognormal { median: mean.0 as f64 / libm::sqrt(1.0 + cv * cv), sigma }))
    }

    /// The gamma distribution by its mean and coefficient of variation: shape 1/cv², scale mean·cv². A cv of 0 is the
    /// constant. Sampled by rejection (Marsaglia & Tsang 2000) from the draw's own stream.
    ///
    /// # Errors
    /// [`SamplerError::Variation`].
    pub fn gamma(mean: Span, cv: f64) -> Result<Sampler, SamplerError> {
        let square = variation(cv)? * cv;
        let shape = 1.0 / square;
        if !shape.is_finite() || mean == Span::ZERO {
            return Ok(Sampler::constant(mean));
        }
        Ok(Sampler(Kind::Gamma { variate: Gamma::new(shape), shape, scale: mean.0 as f64 * square }))
    }

    /// The Weibull distribution, P(X > x) = exp(−(x/scale)^shape); a scale of 0 is the constant 0.
    ///
    /// # Errors
    /// [`SamplerError::Shape`].
    pub fn weibull(shape: f64, scale: Span) -> Result<Sampler, SamplerError> {
        let power = 1.0 / positive(shape)?;
        Ok(match scale {
            Span::ZERO => Sampler::constant(scale),
            _ if shape == 1.0 => Sampler(Kind::Exponential { mean: scale.0 as f64 }),
            _ => Sampler(Kind::Weibull { scale: scale.0 as f64, power }),
        })
    }

    /// The Pareto distribution, P(X > x) = (min/x)^shape.
    ///
    /// # Errors
    /// [`SamplerError::Shape`], [`SamplerError::ParetoFromZero`].
    pub fn pareto(min: Span, shape: f64) -> Result<Sampler, SamplerError> {
        let power = 1.0 / positive(shape)?;
        if min == Span::ZERO {
            return Err(SamplerError::ParetoFromZero);
        }
        Ok(Sampler(Kind::Pareto { min: min.0 as f64, power }))
    }

    /// The uniform distribution between two durations; equal ones make the constant.
    ///
    /// # Errors
    /// [`SamplerError::Range`].
    pub fn uniform(min: Span, max: Span) -> Result<Sampler, SamplerError> {
        match max.0.checked_sub(min.0) {
            None => Err(SamplerError::Range),
            Some(0) => Ok(Sampler::constant(min)),
            Some(width) => Ok(Sampler(Kind::Uniform { min: min.0 as f64, width: width as f64 })),
        }
    }

    /// The values themselves, each as likely as its weight; no weights are equal weights.
    ///
    /// # Errors
    /// [`SamplerError::NoValues`], [`SamplerError::WeightCount`], [`SamplerError::Weight`], [`SamplerError::NoWeight`].
    pub fn empirical(values: &[Span], weights: &[f64]) -> Result<Sampler, SamplerError> {
        if values.is_empty() {
            return Err(SamplerError::NoValues);
        }
        if !weights.is_empty() && weights.len() != values.len() {
            return Err(SamplerError::WeightCount { values: values.len(), weights: weights.len() });
        }
        let bad = |weight: &f64| !(weight.is_finite() && *weight >= 0.0);
        if let Some(index) = weights.iter().position(bad) {
            return Err(SamplerError::Weight { index, weight: weights[index] });
        }
        // Relative to the largest, so that no sum overflows.
        let largest = weights.iter().copied().fold(0.0, f64::max);
        let weight = |index| weights.get(index).map_or(1.0, |weight| weight / largest);
        let steps = Steps::new(values.iter().enumerate().map(|(index, value)| (value.0, weight(index))).collect());
        let steps = steps.ok_or(SamplerError::NoWeight)?;
        let (first, last) = (steps.quantile(0.0), steps.quantile(1.0));
        if first == last {
            return Ok(Sampler::constant(Span(first)));
        }
        let table = Table::new(steps).ok_or(SamplerError::NoWeight)?;
        Ok(Sampler(Kind::Empirical(Box::new(table))))
    }

    /// One draw, to the nearest nanosecond.
    #[inline]
    #[must_use]
    pub fn sample(&self, stream: &mut Stream<'_>) -> Span {
        self.take(stream)
    }

    #[inline(always)]
    fn take(&self, stream: &mut Stream<'_>) -> Span {
        match &self.0 {
            Kind::Constant(span) => *span,
            Kind::Exponential { mean } => Span::from_nanos(mean * hazard(stream)),
            _ => self.sample_other(stream),
        }
    }

    /// The first draw of a name, the same as of its stream. Not put in line: all that it needs comes in registers, and the
    /// stream stays in them.
    #[inline(never)]
    fn sample_name(&self, key: &Key, applicant: u64, draw: u64) -> Span {
        match &self.0 {
            Kind::Constant(_) | Kind::Exponential { .. } => self.take(&mut key.stream_of(applicant, draw)),
            _ => self.sample_other(&mut key.stream_of(applicant, draw)),
        }
    }

    /// One draw by its name, see [`Key::stream`].
    #[inline]
    #[must_use]
    pub fn draw(&self, key: &Key, purpose: Purpose, applicant: u64, draw: Draw) -> Span {
        self.sample_name(key, applicant, draw.named(purpose))
    }

    #[inline(never)]
    fn sample_other(&self, stream: &mut Stream<'_>) -> Span {
        Span::from_nanos(match &self.0 {
            Kind::Lognormal { median, sigma } => median * exp(sigma * normal_quantile(stream.uniform())),
            Kind::Gamma { variate, scale, .. } => scale * variate.sample(stream),
            Kind::Uniform { min, width } => min + width * stream.uniform(),
            Kind::Empirical(table) => return Span(table.sample(stream)),
            Kind::Constant(_) | Kind::Exponential { .. } | Kind::Weibull { .. } | Kind::Pareto { .. } => {
                self.at_hazard(hazard(stream))
            }
        })
    }

    /// The constant, if it is one.
    #[inline]
    #[must_use]
    pub fn as_constant(&self) -> Option<Span> {
        match self.0 {
            Kind::Constant(span) => Some(span),
            _ => None,
        }
    }

    /// The expected value in seconds; infinite for a Pareto of shape 1 or less.
    #[must_use]
    pub fn mean_seconds(&self) -> f64 {
        let nanos = match &self.0 {
            Kind::Constant(span) => span.0 as f64,
            Kind::Exponential { mean } => *mean,
            Kind::Lognormal { median, sigma } => median * libm::exp(0.5 * sigma * sigma),
            Kind::Gamma { shape, scale, .. } => shape * scale,
            Kind::Weibull { scale, power } => scale * libm::tgamma(1.0 + power),
            Kind::Pareto { power, .. } if *power >= 1.0 => f64::INFINITY,
            Kind::Pareto { min, power } => min / (1.0 - power),
            Kind::Uniform { min, width } => min + 0.5 * width,
            Kind::Empirical(table) => table.steps.mean(),
        };
        nanos / NANOS_PER_SECOND as f64
    }

    /// The inverse of the distribution function in nanoseconds, `p` in (0, 1): the smallest x with P(X ≤ x) ≥ `p`.
    #[must_use]
    pub fn quantile(&self, p: f64) -> f64 {
        match &self.0 {
            Kind::Empirical(table) => table.steps.quantile(p) as f64,
            Kind::Lognormal { median, sigma } => median * libm::exp(sigma * normal_quantile(p)),
            Kind::Gamma { shape, scale, .. } => scale * gamma_inverse(*shape, p, 1.0 - p),
            Kind::Uniform { min, width } => min + width * p,
            _ => self.at_hazard(-libm::log1p(-p)),
        }
    }

    /// P(X ≤ `nanos`).
    #[must_use]
    pub fn cdf(&self, nanos: f64) -> f64 {
        match &self.0 {
            _ if nanos < 0.0 => 0.0,
            Kind::Constant(span) => f64::from(nanos >= span.0 as f64),
            // Whole numbers up to `nanos` are those below the next one.
            Kind::Empirical(table) => table.steps.share_below((nanos as u64).saturating_add(1)),
            Kind::Lognormal { median, sigma } => normal_cdf(libm::log(nanos / median) / sigma),
            Kind::Gamma { shape, scale, .. } => gamma_pq(*shape, nanos / scale).0,
            Kind::Uniform { min, width } => ((nanos - min) / width).clamp(0.0, 1.0),
            _ => -libm::expm1(-self.hazard(nanos)),
        }
    }

    /// The x in nanoseconds whose cumulative hazard −ln P(X > x) is `hazard`: the quantile of 1 − e^−hazard, precise
    /// however near to 1 that is.
    #[inline]
    pub(super) fn at_hazard(&self, hazard: f64) -> f64 {
        match &self.0 {
            Kind::Constant(span) => span.0 as f64,
            Kind::Exponential { mean } => mean * hazard,
            // Half the time of `pow`, and 1e-14 is precise enough for a duration.
            Kind::Weibull { scale, power } => scale * exp(power * ln(hazard)),
            Kind::Pareto { min, power } => min * exp(hazard * power),
            Kind::Uniform { min, width } => min - width * libm::expm1(-hazard),
            Kind::Lognormal { median, sigma } => {
                median * libm::exp(sigma * normal_quantile_of(-libm::expm1(-hazard), libm::exp(-hazard)))
            }
            Kind::Gamma { shape, scale, .. } => scale * gamma_inverse(*shape, -libm::expm1(-hazard), libm::exp(-hazard)),
            Kind::Empirical(table) => table.steps.quantile(-libm::expm1(-hazard)) as f64,
        }
    }

    /// −ln P(X > `nanos`).
    pub(super) fn hazard(&self, nanos: f64) -> f64 {
        let nanos = nanos.max(0.0);
        match &self.0 {
            Kind::Exponential { mean } => nanos / mean,
            Kind::Weibull { scale, power } => libm::pow(nanos / scale, 1.0 / power),
            Kind::Pareto { min, power } => (libm::log(nanos / min) / power).max(0.0),
            Kind::Lognormal { median, sigma } => -libm::log(normal_cdf(-libm::log(nanos / median) / sigma)),
            Kind::Gamma { shape, scale, .. } => -libm::log(gamma_pq(*shape, nanos / scale).1),
            Kind::Constant(_) | Kind::Uniform { .. } | Kind::Empirical(_) => -libm::log1p(-self.cdf(nanos)),
        }
    }

    /// The values with their shares, where there are finitely many.
    pub(super) fn atoms(&self) -> Option<Vec<(u64, f64)>> {
        match &self.0 {
            Kind::Constant(span) => Some(vec![(span.0, 1.0)]),
            Kind::Empirical(table) => Some(table.steps.weighted().collect()),
            _ => None,
        }
    }
}

/// A draw of the exponential distribution of mean 1.
#[inline]
fn hazard(stream: &mut Stream<'_>) -> f64 {
    // A stream's 1 − u is exact, so that the plain logarithm loses nothing.
    -ln_normal(stream.one_less_uniform())
}

fn variation(cv: f64) -> Result<f64, SamplerError> {
    if (0.0..=LARGEST_CV).contains(&cv) { Ok(cv) } else { Err(SamplerError::Variation(cv)) }
}

fn positive(shape: f64) -> Result<f64, SamplerError> {
    if shape > 0.0 && shape.is_finite() { Ok(shape) } else { Err(SamplerError::Shape(shape)) }
}

#[cfg(test)]
mod tests;
