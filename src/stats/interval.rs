//! Means with their confidence intervals, and quantiles of small samples.

use super::special::normal_quantile;
use super::student::{student_t_cdf, student_t_quantile};

/// A mean over replications with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Estimate {
    /// Mean over the replications that have the figure.
    pub mean: f64,
    /// Lower end of the 95 % interval; `None` for one replication.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval; `None` for one replication.
    pub high: Option<f64>,
    /// How many replications have the figure.
    pub n: u32,
}

impl Estimate {
    /// The mean of independent values with Student's t interval, in the unit of the values; `None` of no values.
    ///
    /// Sums run in the order given: the same values in the same order give the same bits.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Estimate> {
        Estimate::of_iter(values.iter().copied())
    }

    /// The mean of the paired differences `a` − `b` with its interval; `None` of no pairs. Of lists of unequal length
    /// the shorter one counts.
    #[must_use]
    pub fn of_differences(a: &[f64], b: &[f64]) -> Option<Estimate> {
        Estimate::of_iter(a.iter().zip(b).map(|(a, b)| a - b))
    }

    fn of_iter(values: impl Iterator<Item = f64> + Clone) -> Option<Estimate> {
        let n = u32::try_from(values.clone().count()).unwrap_or(u32::MAX);
        if n == 0 {
            return None;
        }
        let count = f64::from(n);
        let mean = values.clone().sum::<f64>() / count;
        if n == 1 {
            return Some(Estimate { mean, low: None, high: None, n });
        }
        // Two passes, the second corrected for the rounding of the mean (Chan, Golub & LeVeque 1983).
        let (squares, drift) = values.map(|value| value - mean).fold((0.0, 0.0), |(s, d), x| (s + x * x, d + x));
        let variance = ((squares - drift * drift / count) / (count - 1.0)).max(0.0);
        let half = student_t_quantile(0.975, n - 1) * libm::sqrt(variance / count);
        Some(Estimate { mean, low: Some(mean - half), high: Some(mean + half), n })
    }

    /// Half the width of the interval; `None` without one.
    #[must_use]
    pub fn half_width(&self) -> Option<f64> {
        Some((self.high? - self.low?) / 2.0)
    }

    /// The two-sided p-value of Student's t test of a mean of zero, for an estimate whose interval is Student's; `None`
    /// without an interval.
    #[must_use]
    pub fn p_value(&self) -> Option<f64> {
        let half = self.half_width()?;
        if half == 0.0 {
            return Some(if self.mean == 0.0 { 1.0 } else { 0.0 });
        }
        let t = self.mean.abs() / half * student_t_quantile(0.975, self.n - 1);
        Some((2.0 - 2.0 * student_t_cdf(t, self.n - 1)).clamp(0.0, 1.0))
    }

    /// Whether the interval leaves out zero; never without an interval.
    #[must_use]
    pub fn is_distinct_from_zero(&self) -> bool {
        self.low.is_some_and(|low| low > 0.0) || self.high.is_some_and(|high| high < 0.0)
    }
}

/// The share of `successes` among `n` tries with its 95 % score interval (Wilson 1927), which holds for few tries and
/// for shares of 0 and 1; `None` of no tries.
#[must_use]
pub fn wilson(successes: u32, n: u32) -> Option<Estimate> {
    if n == 0 {
        return None;
    }
    let (successes, count) = (f64::from(successes.min(n)), f64::from(n));
    let share = successes / count;
    let z2 = libm::pow(normal_quantile(0.975), 2.0);
    let centre = (share + z2 / (2.0 * count)) / (1.0 + z2 / count);
    let half = libm::sqrt(z2 * (share * (1.0 - share) / count + z2 / (4.0 * count * count))) / (1.0 + z2 / count);
    // At the two ends the interval reaches the share exactly; rounding must not say otherwise.
    let low = if successes == 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if successes == count { 1.0 } else { (centre + half).min(1.0) };
    Some(Estimate { mean: share, low: Some(low), high: Some(high), n })
}

/// The quantile `p` (0 to 1) of a sample, linear between the order statistics (type 7 of Hyndman & Fan 1996, the
/// default of R and NumPy); `None` of no values.
#[must_use]
pub fn sample_quantile(values: &[f64], p: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let place = p.clamp(0.0, 1.0) * last as f64;
    let below = (place as usize).min(last);
    let (from, to) = (sorted[below], sorted[(below + 1).min(last)]);
    let part = place - below as f64;
    Some(if part == 0.0 { from } else { from + part * (to - from) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(got: Option<f64>, want: f64) {
        let got = got.expect("a value");
        assert!((got - want).abs() < 1e-9 * want.abs().max(1.0), "got {got}, want {want}");
    }

    #[test]
    fn the_interval_is_students() {
        // Mean 5, standard deviation sqrt(2.5), t(0.975, 4) = 2.776445105197793.
        let estimate = Estimate::of(&[3.0, 4.0, 5.0, 6.0, 7.0]).expect("values");
        assert_eq!((estimate.mean, estimate.n), (5.0, 5));
        near(estimate.low, 5.0 - 2.776_445_105_197_793 * (0.5_f64).sqrt());
        near(estimate.high, 5.0 + 2.776_445_105_197_793 * (0.5_f64).sqrt());
        assert!(estimate.is_distinct_from_zero());
    }

    #[test]
    fn a_large_offset_costs_no_precision() {
        let far: Vec<f64> = [3.0, 4.0, 5.0, 6.0, 7.0].iter().map(|x| x + 1e9).collect();
        let estimate = Estimate::of(&far).expect("values");
        let half = estimate.high.expect("an interval") - estimate.mean;
        assert!((half - 2.776_445_105_197_793 * (0.5_f64).sqrt()).abs() < 1e-6, "{half}");
    }

    /// The ten pairs of Student (1908), hours of sleep gained by two drugs: t = −4.0621 and p = 0.002833 with 9 degrees
    /// of freedom, as in the help of R's `t.test`.
    #[test]
    fn the_paired_test_is_students() {
        let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
        let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        let difference = Estimate::of_differences(&first, &second).expect("pairs");
        assert!((difference.p_value().expect("an interval") - 0.002_833).abs() < 5e-7, "{:?}", difference.p_value());
        assert_eq!(Estimate::of(&[1.0]).expect("a value").p_value(), None);
        assert_eq!(Estimate::of(&[1.0, 1.0]).expect("values").p_value(), Some(0.0));
        assert_eq!(Estimate::of(&[0.0, 0.0]).expect("values").p_value(), Some(1.0));
        // On the edge of the interval p is the level.
        let edge = Estimate { mean: 2.0, low: Some(0.0), high: Some(4.0), n: 7 };
        assert!((edge.p_value().expect("an interval") - 0.05).abs() < 1e-12);
    }

    #[test]
    fn few_values_claim_little() {
        assert_eq!(Estimate::of(&[]), None);
        let one = Estimate::of(&[7.0]).expect("a value");
        assert_eq!(one, Estimate { mean: 7.0, low: None, high: None, n: 1 });
        assert!(!one.is_distinct_from_zero());
        assert!(!Estimate::of(&[-1.0, 1.0]).expect("values").is_distinct_from_zero());
        assert!(!Estimate::of(&[0.0, 0.0, 0.0]).expect("values").is_distinct_from_zero());
        assert!(Estimate::of(&[-2.0, -2.0]).expect("values").is_distinct_from_zero());
    }

    #[test]
    fn paired_differences_forget_what_the_pairs_share() {
        let noise = [1000.0, -500.0, 20.0, 340.0];
        let a: Vec<f64> = noise.iter().zip([1.0, 1.1, 0.9, 1.0]).map(|(n, d)| n + d).collect();
        let difference = Estimate::of_differences(&a, &noise).expect("pairs");
        assert!(difference.is_distinct_from_zero() && (difference.mean - 1.0).abs() < 1e-12);
    }

    #[test]
    fn wilson_gives_published_intervals() {
        // Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29, at four decimals.
        for (successes, n, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let got = wilson(successes, n).expect("tries");
            assert!((got.low.expect("low") - low).abs() < 5e-5, "{got:?}");
            assert!((got.high.expect("high") - high).abs() < 5e-5, "{got:?}");
        }
        assert_eq!(wilson(5, 5).expect("tries").high, Some(1.0));
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn sample_quantiles_are_those_of_type_seven() {
        let values = [40.0, 10.0, 30.0, 20.0];
        near(sample_quantile(&values, 0.0), 10.0);
        near(sample_quantile(&values, 0.05), 11.5);
        near(sample_quantile(&values, 0.5), 25.0);
        near(sample_quantile(&values, 0.95), 38.5);
        near(sample_quantile(&values, 1.0), 40.0);
        near(sample_quantile(&[3.0], 0.3), 3.0);
        assert_eq!(sample_quantile(&[], 0.5), None);
    }

    /// Half way between two numbers 2 apart the mean is rounded by 1: corrected for that, the variance of the two is 2,
    /// and the interval 12.706·sqrt(2/2) to either side, in steps of 2.
    #[test]
    fn the_variance_does_not_suffer_from_a_rounded_mean() {
        let estimate = Estimate::of(&[1e16, 1e16 + 2.0]).expect("values");
        assert_eq!((estimate.mean, estimate.low, estimate.high), (1e16, Some(1e16 - 12.0), Some(1e16 + 12.0)));
        // 0, 2, 4 and 8: a variance of 35/3, and 3.1824 standard errors of 1.7078 on each side.
        let estimate = Estimate::of(&[5e15, 5e15 + 2.0, 5e15 + 4.0, 5e15 + 8.0]).expect("values");
        assert_eq!((estimate.mean, estimate.low, estimate.high), (5e15 + 4.0, Some(5e15 - 1.0), Some(5e15 + 9.0)));
    }
}
