//! A series as a line of no more points than the page can show, with the band around it.

use crate::model::Model;

/// A line with its band, in seconds since `clock.start` and values.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Trace {
    /// Times and values.
    pub(super) line: Vec<(f64, f64)>,
    /// Times with the lowest and highest value.
    pub(super) band: Vec<(f64, f64, f64)>,
}

impl Trace {
    /// A level or a rate: averages over so many bins that at most `points` are left. The band goes from the lowest of
    /// `low` to the highest of `high` in them; without these, of the values themselves.
    pub(super) fn of_level(model: &Model, values: &[f64], low: &[f64], high: &[f64], points: usize) -> Trace {
        let mut trace = Trace::default();
        let bins = values.len().min(model.bins());
        let group = bins.div_ceil(points.max(1)).max(1);
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
                let at = from.midpoint(to);
                trace.line.push((at, sum / weight));
                trace.band.push((at, lowest.min(sum / weight), highest.max(sum / weight)));
            }
        }
        trace.widen_single_point(model);
        trace
    }

    /// A running total of counts, from zero at the start.
    pub(super) fn of_total(model: &Model, counts: &[f64], points: usize) -> Trace {
        let bins = counts.len().min(model.bins());
        let group = bins.div_ceil(points.max(1)).max(1);
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

    /// A single point is drawn as the level that it is, over the whole clock.
    fn widen_single_point(&mut self, model: &Model) {
        if let ([(_, value)], [(_, low, high)]) = (self.line.as_slice(), self.band.as_slice()) {
            let (value, low, high, end) = (*value, *low, *high, model.end.seconds());
            self.line = vec![(0.0, value), (end, value)];
            self.band = vec![(0.0, low, high), (end, low, high)];
        }
    }
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
        assert_eq!(trace.line.len(), 500);
        assert_eq!(trace.highest(), 50.0);
        let total = Trace::of_total(&model, &values, 500);
        assert_eq!(total.line.len(), 501);
        assert_eq!(total.line.last().map(|(_, v)| *v), Some(1_000_049.0));
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
