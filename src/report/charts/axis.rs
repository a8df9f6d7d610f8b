//! Scales, and ticks at round numbers.

use crate::report::numbers::short;

/// Maps values to places on the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
    log: bool,
    /// Where a logarithmic scale puts zero.
    zero: f64,
}

impl Scale {
    /// Values from `low` to `high`, evenly.
    pub(super) fn linear((low, high): (f64, f64), (start, end): (f64, f64)) -> Scale {
        let high = if high > low { high } else { low + 1.0 };
        Scale { low, high, start, end, log: false, zero: start }
    }

    /// Values from `low` to `high`, every factor alike; what lies below `low` lies at the start, and zero at `zero`.
    pub(super) fn log((low, high): (f64, f64), (start, end): (f64, f64), zero: f64) -> Scale {
        let low = if low > 0.0 { low } else { 1.0 };
        let high = if high > low { high } else { low * 10.0 };
        Scale { low, high, start, end, log: true, zero }
    }

    /// Where a value lies; beyond either end at that end.
    pub(super) fn at(&self, value: f64) -> f64 {
        if self.log && value <= 0.0 {
            return self.zero;
        }
        let share = if self.log {
            if value <= self.low { 0.0 } else { (value / self.low).log10() / (self.high / self.low).log10() }
        } else {
            (value - self.low) / (self.high - self.low)
        };
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        self.start + (self.end - self.start) * share
    }
}

/// Round numbers from `low` to `high`, about `count` of them, the first and last possibly outside.
pub(super) fn round_ticks(low: f64, high: f64, count: usize) -> Vec<f64> {
    let range = high - low;
    if !(range.is_finite() && range > 0.0) {
        return vec![low, low + 1.0];
    }
    let rough = range / count.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= rough * 0.999).unwrap_or(rough);
    let (first, last) = ((low / step + 1e-9).floor() as i64, (high / step - 1e-9).ceil() as i64);
    (first..=last).map(|i| i as f64 * step).collect()
}

/// Powers of ten from the one at or below `low` to the one at or above `high`.
pub(super) fn powers_of_ten(low: f64, high: f64) -> Vec<f64> {
    let (first, last) = ((low.log10() + 1e-9).floor() as i32, (high.log10() - 1e-9).ceil() as i32);
    (first..=last.max(first + 1)).map(|power| 10f64.powi(power)).collect()
}

/// The labels of ticks, all with the same unit and as many decimals as they need.
pub(super) fn labels(ticks: &[f64]) -> Vec<String> {
    let largest = ticks.iter().fold(0.0, |max: f64, tick| max.max(tick.abs()));
    let (unit, name) =
        [(1e12, " T"), (1e9, " G"), (1e6, " M"), (1e4, " k")].into_iter().find(|(unit, _)| largest >= *unit).unwrap_or((1.0, ""));
    let unit = if unit == 1e4 { 1e3 } else { unit };
    let step = ticks.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(f64::INFINITY, f64::min) / unit;
    if !step.is_finite() || step < 1e-6 {
        return ticks.iter().map(|tick| short(*tick)).collect();
    }
    let decimals = (0..7).find(|d| ((step * 10f64.powi(*d)).round() - step * 10f64.powi(*d)).abs() < 1e-6).unwrap_or(6) as usize;
    let label = |tick: f64| match tick {
        0.0 => "0".to_owned(),
        _ => format!("{:.decimals$}{name}", tick / unit).replace('-', "−"),
    };
    ticks.iter().map(|tick| label(*tick)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_range() {
        assert_eq!(round_ticks(0.0, 1_430_000.0, 5), [0.0, 500_000.0, 1_000_000.0, 1_500_000.0]);
        assert_eq!(labels(&round_ticks(0.0, 1_430_000.0, 5)), ["0", "0.5 M", "1.0 M", "1.5 M"]);
        assert_eq!(labels(&round_ticks(0.0, 41_000.0, 4)), ["0", "20 k", "40 k", "60 k"]);
        assert_eq!(labels(&round_ticks(0.0, 0.8, 4)), ["0", "0.2", "0.4", "0.6", "0.8"]);
        assert_eq!(round_ticks(0.0, 0.0, 5), [0.0, 1.0]);
        assert_eq!(round_ticks(f64::NAN, 1.0, 5).len(), 2);
        assert_eq!(powers_of_ten(3.0, 4000.0), [1.0, 10.0, 100.0, 1000.0, 10_000.0]);
    }

    #[test]
    fn a_log_scale_bears_zero_and_what_is_no_number() {
        let scale = Scale::log((1.0, 100.0), (0.0, 10.0), -2.0);
        assert_eq!([0.0, -3.0, f64::NAN, 0.5, 1.0, 10.0, 1e9].map(|v| scale.at(v)), [-2.0, -2.0, 0.0, 0.0, 0.0, 5.0, 10.0]);
        assert_eq!(Scale::linear((0.0, 0.0), (0.0, 10.0)).at(0.0), 0.0);
    }
}
