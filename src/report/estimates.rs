//! Estimates in words: means with the half width of their 95 % interval.

use super::numbers::{duration, margin, percent, short};
use crate::stats::Estimate;

/// How a figure is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A share, told in per cent; a difference of shares in points.
    Share,
    /// A count or a ratio.
    Number,
    /// A time in seconds.
    Seconds,
}

/// What a figure is called by people.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    /// Its name among the comparisons.
    pub(super) key: &'static str,
    pub(super) words: &'static str,
    pub(super) unit: Unit,
}

/// The figures whose differences the table shows, in order, where they were compared.
pub(super) const COMPARED: [Told; 8] = [
    Told { key: "completed", words: "got through", unit: Unit::Number },
    Told { key: "completed_share", words: "share who got through", unit: Unit::Share },
    Told { key: "done_within.4h", words: "done within 4 h", unit: Unit::Share },
    Told { key: "timeout_share", words: "requests that timed out", unit: Unit::Share },
    Told { key: "requests", words: "requests sent", unit: Unit::Number },
    Told { key: "requests_per_completion", words: "requests per completion", unit: Unit::Number },
    Told { key: "time_to_complete.p50", words: "median time to complete", unit: Unit::Seconds },
    Told { key: "time_to_complete.p95", words: "time in which 95 % complete", unit: Unit::Seconds },
];

/// A value in words.
pub(super) fn value(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Share => percent(value),
        Unit::Number => short(value),
        Unit::Seconds => duration(value),
    }
}

/// Half the width of the interval, in words without the unit that the mean has; nothing without an interval.
fn half_width(estimate: Estimate, unit: Unit) -> String {
    let (Some(low), Some(high)) = (estimate.low, estimate.high) else { return String::new() };
    let half = (high - low) / 2.0;
    if half == 0.0 {
        return String::new();
    }
    match unit {
        Unit::Share => format!(" ± {}", percent(half).trim_end_matches(" %")),
        Unit::Number => format!(" ± {}", margin(half)),
        Unit::Seconds => format!(" ± {}", duration(half)),
    }
}

/// A figure with its interval; a dash where there was nothing to measure.
pub(super) fn figure(figure: Option<Estimate>, unit: Unit) -> String {
    figure.map_or_else(|| "–".to_owned(), |estimate| value(estimate.mean, unit) + &half_width(estimate, unit))
}

/// A difference with its sign and interval.
pub(super) fn difference(estimate: Estimate, unit: Unit) -> String {
    let sign = if estimate.mean > 0.0 { "+" } else { "" };
    let text = match unit {
        Unit::Share => points(estimate.mean),
        _ => value(estimate.mean, unit),
    };
    format!("{sign}{text}{}", half_width(estimate, unit))
}

/// A difference of shares: `12.3 points`.
pub(super) fn points(difference: f64) -> String {
    percent(difference).trim_end_matches(" %").to_owned() + " points"
}

/// A name on one line, without what a terminal would obey.
pub(super) fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_in_words() {
        let estimate = |mean: f64, half: f64| Estimate { mean, low: Some(mean - half), high: Some(mean + half), n: 10 };
        assert_eq!(figure(Some(estimate(0.782, 0.008)), Unit::Share), "78.2 % ± 0.8");
        assert_eq!(figure(Some(estimate(1.17e6, 5800.0)), Unit::Number), "1.17 M ± 5.8 k");
        assert_eq!(difference(estimate(-0.123, 0.004), Unit::Share), "−12.3 points ± 0.4");
        assert_eq!(difference(estimate(11_160.0, 300.0), Unit::Seconds), "+3 h 06 min ± 5 min");
        assert_eq!(figure(Some(Estimate { mean: 3.0, low: None, high: None, n: 1 }), Unit::Number), "3");
        assert_eq!(figure(None, Unit::Share), "–");
        assert_eq!(plain("a\u{1b}[31m\nb"), "a [31m b");
    }
}
