//! A series as a line of no more points than the page can show, with the band around it.

use crate::model::Model;
use crate::time::Span;

/// A line with its band, in seconds since `clock.start` and values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Trace {
    /// Times and values.
    pub(super) line: Vec<(f64, f64)>,
    /// Times with the lowest and highest value.
    pub(super) band: Vec<(f64, f64, f64)>,
}

impl Trace {
    /// A level or a rate in steps: a value holds over its bin, or over so many bins that about `points` are left. The band goes from the lowest of
    /// `low` to the highest of `high` in them; without these, of the values themselves.
    pub(super) fn of_level(model: &Model, values: &[f64], low: &[f64], high: &[f64], points: usize) -> Trace {
        let mut trace = Trace::default();
        let bins = values.len().min(model.bins());
        let group = grouped(model, bins, points);
        for first in (0..bins).step_by(group) {
            let last = (first + group).min(bins);
            let (from, to) = (model.bin_bounds(first).0.seconds(), model.bin_bounds(last - 1).1.seconds());
            let (mut sum, mut weight) = (0.0, 0.0);
            let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
            for bin in (first..last).filter(|bin| values[*bin].is_finite()) {
                let (start, end) = model.bin_bounds(bin);
                let width = end.since(start).seconds();
                sum += values[bin] * width;
                weight += width;
                lowest = lowest.min(low.get(bin).copied().unwrap_or(values[bin]));
                highest = highest.max(high.get(bin).copied().unwrap_or(values[bin]));
            }
            if weight > 0.0 {
                let value = sum / weight;
                let (lowest, highest) = (lowest.min(value), highest.max(value));
                trace.line.extend([(from, value), (to, value)]);
                trace.band.extend([(from, lowest, highest), (to, lowest, highest)]);
            }
        }
        trace
    }

    /// A running total of counts, from zero at the start.
    pub(super) fn of_total(model: &Model, counts: &[f64], points: usize) -> Trace {
        let bins = counts.len().min(model.bins());
        let group = grouped(model, bins, points);
        let mut line = Vec::new();
        let mut total = 0.0;
        for (bin, count) in counts.iter().take(bins).enumerate() {
            if line.is_empty() {
                line.push((0.0, 0.0));
            }
            total += if count.is_finite() { *count } else { 0.0 };
            if (bin + 1).is_multiple_of(group) || bin + 1 == bins {
                line.push((model.bin_bounds(bin).1.seconds(), total));
            }
        }
        Trace { line, band: Vec::new() }
    }

    /// Whether there is nothing to draw.
    pub(super) fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// The largest value of line and band.
    pub(super) fn highest(&self) -> f64 {
        let line = self.line.iter().map(|(_, value)| *value);
        line.chain(self.band.iter().map(|(_, _, high)| *high)).filter(|v| v.is_finite()).fold(0.0, f64::max)
    }

    /// The smallest value of the line above zero.
    pub(super) fn lowest_above_zero(&self) -> Option<f64> {
        self.line.iter().map(|(_, value)| *value).filter(|value| *value > 0.0).reduce(f64::min)
    }
}

/// How many bins become one step: about as many as leave `points` steps, and where it can be so many that steps begin at
/// round times.
fn grouped(model: &Model, bins: usize, points: usize) -> usize {
    const ROUND: [u64; 3] = [900, 3600, 86_400];
    let rough = bins.div_ceil(points.max(1)).max(1);
    if rough == 1 {
        return 1;
    }
    let fits = |span: &u64| {
        let whole =
            |group: &usize| Span::from_seconds(*span).0.is_multiple_of((*group as u64).saturating_mul(model.bin.0).max(1));
        ((rough * 3 / 4).max(1)..=rough * 2).filter(whole).min_by_key(|group| group.abs_diff(rough))
    };
    ROUND.iter().find_map(fits).unwrap_or(rough)
}

/// Counts of bins as a rate per `unit` seconds; the last bin may be shorter.
pub(super) fn rates(model: &Model, counts: &[f64], unit: f64) -> Vec<f64> {
    let rate = |(bin, count): (usize, &f64)| {
        let (from, to) = model.bin_bounds(bin);
        let width = to.since(from).seconds();
        if width > 0.0 { count / width * unit } else { 0.0 }
    };
    counts.iter().take(model.bins()).enumerate().map(rate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn a_million_bins_become_few_points_and_no_peak_is_lost() {
        let model = testdata::a_million_bins().study.model;
        let mut values = vec![1.0; model.bins()];
        values[777_777] = 50.0;
        let trace = Trace::of_level(&model, &values, &[], &[], 500);
        assert_eq!(trace.line.len(), 2 * 500);
        assert_eq!(trace.highest(), 50.0);
        let total = Trace::of_total(&model, &values, 500);
        assert_eq!(total.line.len(), 501);
        assert_eq!(total.line.last().map(|(_, v)| *v), Some(1_000_049.0));
    }

    #[test]
    fn steps_begin_at_round_times_and_never_before_what_they_show() {
        let model = testdata::two_days().study.model;
        let values: Vec<f64> = (0..model.bins()).map(|bin| if bin < 16 * 60 { 0.0 } else { 1.0 }).collect();
        for points in [260, 520] {
            let trace = Trace::of_level(&model, &values, &[], &[], points);
            assert!(trace.line.iter().all(|(_, value)| *value == 0.0 || *value == 1.0));
            let first = trace.line.iter().find(|(_, value)| *value > 0.0).map(|(at, _)| *at);
            assert_eq!(first, Some(16.0 * 3600.0));
        }
    }

    #[test]
    fn one_bin_is_a_level_and_no_bin_is_nothing() {
        let model = testdata::one_bin().study.model;
        assert_eq!(Trace::of_level(&model, &[3.0], &[], &[], 500).line, [(0.0, 3.0), (86_400.0, 3.0)]);
        assert!(Trace::of_level(&model, &[], &[], &[], 500).is_empty());
        assert!(Trace::of_total(&model, &[], 500).is_empty());
        assert_eq!(rates(&model, &[86_400.0], 60.0), [60.0]);
    }
}
