//! Distributions of durations.

use super::super::distribution::Distribution;
use super::super::mistake::Checker;
use crate::model::Sampler;
use crate::time::Span;

/// Compiles the distribution at which the checker works.
pub(crate) fn sampler(record: &Distribution, check: &mut Checker<'_>) -> Option<Sampler> {
    let (kind, made) = match record {
        Distribution::Constant(span) => return Some(Sampler::constant(*span)),
        Distribution::Exponential(x) => ("exponential", Sampler::exponential(x.mean)),
        Distribution::Lognormal(x) => ("lognormal", Sampler::lognormal(x.mean, x.cv.0)),
        Distribution::Gamma(x) => ("gamma", Sampler::gamma(x.mean, x.cv.0)),
        Distribution::Weibull(x) => ("weibull", Sampler::weibull(x.shape.0, x.scale)),
        Distribution::Pareto(x) => ("pareto", Sampler::pareto(x.min, x.shape.0)),
        Distribution::Uniform(x) if x.min > x.max => {
            let text = format!("max is {} and min is {}; max must not be less than min", x.max, x.min);
            check.within("uniform", |check| check.mistake_at("max", text));
            return None;
        }
        Distribution::Uniform(x) => ("uniform", Sampler::uniform(x.min, x.max)),
        Distribution::Empirical(x) => {
            let values: Vec<Span> = x.values.iter().map(|(_, value)| *value).collect();
            let weights: Vec<f64> = x.weights.iter().map(|(_, weight)| weight.0).collect();
            let fault = empirical_fault(&values, &weights);
            if let Some((key, text)) = fault {
                check.within("empirical", |check| check.mistake_at(key, text));
                return None;
            }
            ("empirical", Sampler::empirical(&values, &weights))
        }
    };
    made.map_err(|error| check.mistake_at(kind, error.to_string())).ok()
}

fn empirical_fault(values: &[Span], weights: &[f64]) -> Option<(&'static str, String)> {
    if values.is_empty() {
        Some(("values", "there are no values; give at least one".to_owned()))
    } else if !weights.is_empty() && weights.len() != values.len() {
        let text = format!("{} weights for {} values; give one for each value, or none", weights.len(), values.len());
        Some(("weights", text))
    } else if !weights.is_empty() && weights.iter().sum::<f64>() <= 0.0 {
        Some(("weights", "all weights are zero; make one of them greater".to_owned()))
    } else {
        None
    }
}

/// Compiles the distribution under a key, if there is one: `Some(None)` where there is none.
pub(crate) fn optional(key: &str, record: Option<&Distribution>, check: &mut Checker<'_>) -> Option<Option<Sampler>> {
    match record {
        Some(record) => check.within(key, |check| sampler(record, check)).map(Some),
        None => Some(None),
    }
}
