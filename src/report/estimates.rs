//! Estimates in words: means with the half width of their 95 % interval.

use super::numbers::{duration, in_full, margin, percent, short};
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

/// A value in words.
pub(super) fn value(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Share => percent(value),
        Unit::Number => short(value),
        Unit::Seconds => duration(value),
    }
}

/// Half the width of the interval; none without an interval or with one of no width.
fn half_width(estimate: Estimate) -> Option<f64> {
    let half = (estimate.high? - estimate.low?) / 2.0;
    (half.is_finite() && half > 0.0 && estimate.mean.is_finite()).then_some(half)
}

/// A mean and half the width of its interval: one unit for both, and both to the same digit, which the interval decides.
fn with_interval(estimate: Estimate, unit: Unit) -> String {
    let mean = estimate.mean;
    let alone = || value(mean, unit);
    let Some(half) = half_width(estimate) else {
        return if unit == Unit::Number { in_full(mean) } else { alone() };
    };
    let both = |size: f64, decimals: usize| {
        let text = format!("{:.decimals$} ± {:.decimals$}", mean / size, half / size).replace('-', "−");
        if text.starts_with("−0") && text[3..].split(' ').next().is_some_and(|rest| !rest.contains(|c| matches!(c, '1'..='9')))
        {
            text.trim_start_matches('−').to_owned()
        } else {
            text
        }
    };
    match unit {
        Unit::Share if half < 0.000_05 && alone().starts_with(['<', '>']) => alone(),
        Unit::Share if half < 0.000_05 => format!("{:.2} ± <0.01 %", mean * 100.0).replace('-', "−"),
        Unit::Share if half < 0.000_95 => both(0.01, 2) + " %",
        Unit::Share => both(0.01, 1) + " %",
        Unit::Number if half >= 95.0 && mean.abs() < 1e9 => {
            let place = 10f64.powf(half.log10().floor() - 1.0);
            let rounded = |number: f64| in_full((number / place).round() * place);
            format!("{} ± {}", rounded(mean), rounded(half))
        }
        Unit::Number if (half >= 9.5 || (mean.abs() >= 1e4 && half >= 0.95)) && mean.abs() < 1e9 => {
            format!("{} ± {half:.0}", in_full(mean))
        }
        Unit::Number if mean.abs() >= 1e4 && mean.abs() < 1e9 => format!("{} ± {}", in_full(mean), margin(half)),
        Unit::Number if mean.abs() >= 1e9 || half < 1e-6 => format!("{} ± {}", alone(), margin(half)),
        Unit::Number => both(1.0, (1 - half.log10().floor() as i32).clamp(0, 7) as usize),
        Unit::Seconds => {
            const UNITS: [(f64, &str); 5] = [(86_400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"), (0.001, "ms")];
            let fits = |(size, _): &&(f64, &str)| mean.abs().max(half) >= size * 2.0 && half >= size * 0.05;
            UNITS
                .iter()
                .find(fits)
                .map_or_else(alone, |(size, name)| format!("{} {name}", both(*size, usize::from(half < size * 2.0))))
        }
    }
}

/// A figure with its interval; a dash where there was nothing to measure.
pub(super) fn figure(figure: Option<Estimate>, unit: Unit) -> String {
    figure.map_or_else(|| "–".to_owned(), |estimate| with_interval(estimate, unit))
}

/// A difference with its sign and interval.
pub(super) fn difference(estimate: Estimate, unit: Unit) -> String {
    let text = with_interval(estimate, unit);
    let sign = if estimate.mean > 0.0 { "+" } else { "" };
    match unit {
        Unit::Share => format!("{sign}{} points", text.trim_end_matches(" %")),
        _ => format!("{sign}{text}"),
    }
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
        assert_eq!(figure(Some(estimate(0.782, 0.008)), Unit::Share), "78.2 ± 0.8 %");
        assert_eq!(figure(Some(estimate(1.17e6, 5800.0)), Unit::Number), "1,170,000 ± 5,800");
        assert_eq!(difference(estimate(-0.123, 0.004), Unit::Share), "−12.3 ± 0.4 points");
        assert_eq!(difference(estimate(11_160.0, 300.0), Unit::Seconds), "+3.1 ± 0.1 h");
        assert_eq!(figure(Some(estimate(1_381_243.0, 69.0)), Unit::Number), "1,381,243 ± 69");
        assert_eq!(figure(Some(estimate(16.2, 0.34)), Unit::Number), "16.20 ± 0.34");
        assert_eq!(figure(Some(estimate(120.0, 1.11)), Unit::Seconds), "120.0 ± 1.1 s");
        assert_eq!(figure(Some(estimate(240.0, 0.668)), Unit::Seconds), "240.0 ± 0.7 s");
        assert_eq!(figure(Some(estimate(1.03, 0.0108)), Unit::Seconds), "1030 ± 11 ms");
        assert_eq!(difference(estimate(-0.000_01, 0.0004), Unit::Share), "0.00 ± 0.04 points");
        assert_eq!(figure(Some(estimate(0.922, 0.0005)), Unit::Share), "92.20 ± 0.05 %");
        assert_eq!(figure(Some(Estimate { mean: 150_000.0, low: None, high: None, n: 1 }), Unit::Number), "150,000");
        assert_eq!(figure(Some(Estimate { mean: 3.0, low: None, high: None, n: 1 }), Unit::Number), "3");
        assert_eq!(figure(None, Unit::Share), "–");
        assert_eq!(plain("a\u{1b}[31m\nb"), "a [31m b");
    }
}
