//! Distributions and arrival curves in plain words, durations with their exact unit.

use super::super::{Component, Curve, Distribution};
use super::warnings::percent;
use crate::model::Between;

/// An amount of time with something between the amount and how it is spread: `400 ms of work on average (exponential)`.
pub(crate) fn spread(record: &Distribution, what: &str) -> String {
    let what = if what.is_empty() { String::new() } else { format!(" {what}") };
    match record {
        Distribution::Constant(span) => format!("{span}{what}"),
        Distribution::Exponential(x) => format!("{}{what} on average (exponential)", x.mean),
        Distribution::Lognormal(x) => format!("{}{what} on average (lognormal, cv {})", x.mean, x.cv.0),
        Distribution::Gamma(x) => format!("{}{what} on average (gamma, cv {})", x.mean, x.cv.0),
        Distribution::Weibull(x) => format!("up to {}{what} in 63 % of cases (Weibull, shape {})", x.scale, x.shape.0),
        Distribution::Pareto(x) => format!("at least {}{what} (Pareto, shape {})", x.min, x.shape.0),
        Distribution::Uniform(x) => format!("{} to {}{what} (uniform)", x.min, x.max),
        Distribution::Empirical(x) => {
            let values: Vec<_> = x.values.iter().map(|(_, value)| *value).collect();
            let (least, most) = (values.iter().min(), values.iter().max());
            let (least, most) = (least.copied().unwrap_or_default(), most.copied().unwrap_or_default());
            format!("{least} to {most}{what} (one of {} values)", values.len())
        }
    }
}

/// When one part of a class comes.
pub(super) fn arrivals(part: &Component) -> String {
    let who = if part.share.0 >= 1.0 { "all".to_owned() } else { percent(part.share.0) };
    let (how, truncate) = match &part.curve {
        Curve::Weibull(x) => {
            (format!("by a Weibull curve from {}: 63 % within {}, shape {}", x.from.text, x.scale, x.shape.0), x.truncate)
        }
        Curve::Uniform(x) => (format!("evenly from {} to {}", x.from.text, x.to.text), x.truncate),
        Curve::Spike(x) => (format!("from {} on, each {} later", x.at.text, spread(&x.delay, "")), x.truncate),
        Curve::Rates(x) => {
            let points: Vec<_> = x.points.iter().map(|(_, point)| point).collect();
            let how = if x.between == Between::Step { "in steps" } else { "along straight lines" };
            let ends = points.first().zip(points.last());
            let ends = ends.map_or(String::new(), |(first, last)| format!(" from {} to {}", first.at.text, last.at.text));
            let peak = points.iter().max_by(|a, b| a.rate.0.total_cmp(&b.rate.0));
            let peak = peak.map_or(String::new(), |peak| format!(", most at {}", peak.at.text));
            (format!("{how} through {} points{ends}{peak}", points.len()), x.truncate)
        }
        Curve::Hourly(x) => {
            let weights: Vec<f64> = x.weights.iter().map(|(_, weight)| weight.0).collect();
            (format!("by the hour of the day from {} to {}, {}", x.from.text, x.to.text, busiest(&weights)), x.truncate)
        }
        Curve::Trace(x) => (format!("as the file {} says", x.file), x.truncate),
    };
    let cut = if truncate { "; the curve is cut so that all come within the clock" } else { "" };
    format!("{who} come {how}{cut}")
}

/// The hours of the greatest weight: `most from 08:00 to 11:00`.
fn busiest(weights: &[f64]) -> String {
    let most = weights.iter().copied().fold(0.0, f64::max);
    let first = weights.iter().position(|weight| *weight == most).unwrap_or(0);
    let hours = weights[first..].iter().take_while(|weight| **weight == most).count();
    format!("most from {first:02}:00 to {:02}:00", first + hours)
}
