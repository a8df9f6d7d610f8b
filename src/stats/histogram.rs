//! A histogram of whole numbers with a bounded relative error.

/// 512 buckets an octave: a bucket's middle is within 1/1024 (less than 0.1 %) of everything in it.
const BUCKET_BITS: u32 = 9;
const BUCKETS: usize = 1 << BUCKET_BITS;

/// Weighted counts of `u64` values: exact below 1024, above within 0.1 % (a log-linear histogram).
///
/// Values are nanoseconds, queue lengths, or any whole number; weights are counts (1 a value) or times. Count, mean,
/// smallest and largest are exact; only quantiles carry the error. Histograms merge by addition, in any order, to the
/// same bits. Memory is one page of 8 KiB for each octave touched, at most 56 of them.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Histogram {
    #[serde(with = "super::pages")]
    pages: Vec<Option<Box<[u128; BUCKETS]>>>,
    sum: u128,
    /// The smallest and the largest value; the wrong way round when empty.
    range: (u64, u64),
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram { pages: Vec::new(), sum: 0, range: (u64::MAX, 0) }
    }
}

impl Histogram {
    /// An empty histogram; takes no memory yet.
    #[must_use]
    pub fn new() -> Histogram {
        Histogram::default()
    }

    /// Counts a value once.
    #[inline]
    pub fn record(&mut self, value: u64) {
        let (page, bucket) = place(value);
        match self.pages.get_mut(page) {
            Some(Some(page)) => page[bucket] += 1,
            _ => self.open(page)[bucket] += 1,
        }
        // No 2^64 values, each below 2^64, add up to 2^128.
        self.sum = self.sum.wrapping_add(u128::from(value));
        // Seldom so, and a branch costs less than to write both.
        if value < self.range.0 || value > self.range.1 {
            self.widen(value);
        }
    }

    #[cold]
    fn widen(&mut self, value: u64) {
        self.range = (self.range.0.min(value), self.range.1.max(value));
    }

    /// Counts a value with a weight, such as the nanoseconds for which a level lasted.
    pub fn record_n(&mut self, value: u64, weight: u64) {
        if weight == 0 {
            return;
        }
        let (page, bucket) = place(value);
        match self.pages.get_mut(page) {
            Some(Some(page)) => page[bucket] += u128::from(weight),
            _ => self.open(page)[bucket] += u128::from(weight),
        }
        self.sum = self.sum.saturating_add(u128::from(value) * u128::from(weight));
        self.widen(value);
    }

    #[cold]
    fn open(&mut self, page: usize) -> &mut [u128; BUCKETS] {
        if self.pages.len() <= page {
            self.pages.resize(page + 1, None);
        }
        self.pages[page].get_or_insert_with(|| Box::new([0; BUCKETS]))
    }

    /// Adds all that another histogram holds.
    pub fn merge(&mut self, other: &Histogram) {
        for (number, theirs) in other.pages.iter().enumerate() {
            if let Some(theirs) = theirs {
                for (mine, theirs) in self.open(number).iter_mut().zip(theirs.iter()) {
                    *mine += theirs;
                }
            }
        }
        self.sum = self.sum.saturating_add(other.sum);
        self.range = (self.range.0.min(other.range.0), self.range.1.max(other.range.1));
    }

    /// The weight of all values together.
    #[must_use]
    pub fn count(&self) -> u128 {
        self.pages.iter().flatten().flat_map(|page| page.iter()).sum()
    }

    /// The sum of all values, each times its weight; exact below 2^128.
    #[must_use]
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The weighted mean, exact but for the last division; `None` when empty.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        self.range().map(|_| self.sum as f64 / self.count() as f64)
    }

    fn range(&self) -> Option<(u64, u64)> {
        (self.range.0 <= self.range.1).then_some(self.range)
    }

    /// The smallest value, exact; `None` when empty.
    #[must_use]
    pub fn min(&self) -> Option<u64> {
        self.range().map(|(min, _)| min)
    }

    /// The largest value, exact; `None` when empty.
    #[must_use]
    pub fn max(&self) -> Option<u64> {
        self.range().map(|(_, max)| max)
    }

    /// The smallest value whose cumulative weight reaches `p` times the total, within 0.1 %; `None` when empty.
    ///
    /// `p` = 0 gives the minimum, `p` = 1 the maximum, and no quantile leaves the range between them.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let (min, max) = self.range()?;
        if p <= 0.0 {
            return Some(min as f64);
        }
        if p >= 1.0 {
            return Some(max as f64);
        }
        // A few last bits of slack: 0.07 times 100 is 7, not the rounded 7.000000000000001.
        let rank = p * self.count() as f64 * (1.0 - 4.0 * f64::EPSILON);
        let mut below = 0;
        self.iter()
            .find(|(_, weight)| {
                below += weight;
                below as f64 >= rank
            })
            .map_or(Some(max as f64), |(value, _)| Some(value))
    }

    /// The non-empty buckets in rising order: the value that stands for each (its middle, within the range of what was
    /// recorded) and its weight.
    pub fn iter(&self) -> impl Iterator<Item = (f64, u128)> + '_ {
        let (min, max) = self.range().unwrap_or_default();
        let pages = self.pages.iter().enumerate().filter_map(|(number, page)| Some((number, page.as_ref()?)));
        pages.flat_map(move |(number, page)| {
            let filled = page.iter().enumerate().filter(|(_, weight)| **weight > 0);
            filled.map(move |(bucket, weight)| (middle(number, bucket).clamp(min as f64, max as f64), *weight))
        })
    }
}

/// Page 0 holds what is below 512; page k > 0 the octave from 512·2^(k−1), in buckets of 2^(k−1).
#[inline]
fn place(value: u64) -> (usize, usize) {
    let shift = 63 - BUCKET_BITS - (value | (2 * BUCKETS as u64 - 1)).leading_zeros();
    // Shifted so, it is below 512 only on page 0; in all others the leading bit counts as one page more.
    let bucket = (value >> shift) as usize + BUCKETS * shift as usize;
    (bucket / BUCKETS, bucket % BUCKETS)
}

/// The middle of the whole numbers in a bucket.
fn middle(page: usize, bucket: usize) -> f64 {
    if page == 0 {
        return bucket as f64;
    }
    let width = 1u64 << (page - 1);
    let first = (BUCKETS + bucket) as u64 * width;
    first as f64 + (width - 1) as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::new();
        values.iter().for_each(|value| histogram.record(*value));
        histogram
    }

    #[test]
    fn an_empty_one_has_nothing_to_say() {
        let empty = Histogram::new();
        assert_eq!((empty.count(), empty.min(), empty.max()), (0, None, None));
        assert_eq!((empty.mean(), empty.quantile(0.5), empty.iter().next()), (None, None, None));
        let mut merged = Histogram::new();
        merged.merge(&empty);
        assert_eq!(merged, empty);
        merged.record_n(5, 0);
        assert_eq!(merged, empty);
    }

    #[test]
    fn quantiles_are_the_smallest_values_that_reach_their_share() {
        let hundred = of(&(1..=100).collect::<Vec<_>>());
        for percent in 1..=100 {
            assert_eq!(hundred.quantile(f64::from(percent) / 100.0), Some(f64::from(percent)));
        }
        assert_eq!(hundred.quantile(0.0), Some(1.0));
        assert_eq!(hundred.quantile(0.955), Some(96.0));
    }

    #[test]
    fn weights_of_centuries_do_not_overflow() {
        let mut lengths = Histogram::new();
        for _ in 0..1000 {
            lengths.record_n(3, u64::MAX);
            lengths.record_n(2_000_000, u64::MAX / 3);
        }
        assert_eq!(lengths.count(), 1000 * (u128::from(u64::MAX) + u128::from(u64::MAX / 3)));
        assert_eq!(lengths.quantile(0.74), Some(3.0));
        assert!((lengths.quantile(0.76).expect("filled") / 2e6 - 1.0).abs() < 1e-3);
        assert!((lengths.mean().expect("filled") - (3.0 * 0.75 + 2e6 * 0.25)).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn every_value_is_told_within_a_thousandth(value in any::<u64>(), shift in 0u32..64) {
            let value = value >> shift;
            let (page, bucket) = place(value);
            prop_assert!(page < 56 && bucket < BUCKETS);
            let told = middle(page, bucket);
            prop_assert!((told - value as f64).abs() <= 0.001 * value as f64);
            prop_assert!(value >= 1024 || told == value as f64);
        }

        #[test]
        fn buckets_keep_the_order(a in any::<u64>(), b in any::<u64>(), shift in 0u32..64) {
            let (a, b) = (a >> shift, b >> shift);
            prop_assert!((a <= b) == (place(a) <= place(b)) || place(a) == place(b));
        }

        #[test]
        fn quantiles_agree_with_the_sorted_values(
            mut values in prop::collection::vec(any::<u64>().prop_flat_map(|v| (0u32..64).prop_map(move |s| v >> s)), 1..200),
            p in 0.0..=1.0f64,
        ) {
            let histogram = of(&values);
            values.sort_unstable();
            let rank = ((p * values.len() as f64 * (1.0 - 4.0 * f64::EPSILON)).ceil() as usize).max(1);
            let want = values[rank - 1] as f64;
            let got = histogram.quantile(p).expect("filled");
            prop_assert!((got - want).abs() <= 0.001 * want, "{got} against {want}");
            prop_assert_eq!(histogram.max(), values.last().copied());
            prop_assert_eq!(histogram.min(), values.first().copied());
            prop_assert!(got <= *values.last().expect("filled") as f64);
            let exact = values.iter().map(|v| u128::from(*v)).sum::<u128>() as f64 / values.len() as f64;
            prop_assert_eq!(histogram.mean(), Some(exact));
            prop_assert_eq!(histogram.iter().map(|(_, n)| n).sum::<u128>(), values.len() as u128);
            prop_assert!(histogram.iter().zip(histogram.iter().skip(1)).all(|(a, b)| a.0 < b.0));
        }

        #[test]
        fn merging_is_recording_both(a in prop::collection::vec(any::<u64>(), 0..50), b in prop::collection::vec(0u64..5000, 0..50)) {
            let mut merged = of(&a);
            merged.merge(&of(&b));
            let together = of(&[a, b].concat());
            prop_assert_eq!(merged.iter().collect::<Vec<_>>(), together.iter().collect::<Vec<_>>());
            prop_assert_eq!((merged.count(), merged.mean(), merged.range), (together.count(), together.mean(), together.range));
        }
    }
}
