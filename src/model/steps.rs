//! A distribution on finitely many whole numbers: the constant, empirical and traced parts of samplers and curves.

/// Rising values with their cumulative shares, the last of which is 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Steps {
    values: Box<[u64]>,
    cumulative: Box<[f64]>,
}

impl Steps {
    /// Sorts and joins the weighted values; `None` when nothing has weight. Weights are finite and not negative.
    pub(super) fn new(mut weighted: Vec<(u64, f64)>) -> Option<Steps> {
        weighted.retain(|(_, weight)| *weight > 0.0);
        weighted.sort_by_key(|(value, _)| *value);
        weighted.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        let mut sum = 0.0;
        let sums: Vec<f64> = weighted
            .iter()
            .map(|(_, weight)| {
                sum += weight;
                sum
            })
            .collect();
        (!weighted.is_empty()).then(|| Steps {
            values: weighted.iter().map(|(value, _)| *value).collect(),
            cumulative: sums.iter().map(|part| part / sum).collect(),
        })
    }

    /// The values with their shares.
    pub(super) fn weighted(&self) -> impl Iterator<Item = (u64, f64)> + '_ {
        let below = std::iter::once(&0.0).chain(self.cumulative.iter());
        self.values.iter().zip(self.cumulative.iter().zip(below)).map(|(value, (upto, below))| (*value, upto - below))
    }

    /// The smallest value whose cumulative share reaches `p`. O(log n).
    #[inline]
    pub(super) fn quantile(&self, p: f64) -> u64 {
        let index = self.cumulative.partition_point(|share| *share < p);
        self.values[index.min(self.values.len() - 1)]
    }

    /// The same for rising `p`, from where the last question left the cursor. O(1) amortised.
    #[inline]
    pub(super) fn quantile_from(&self, p: f64, cursor: &mut usize) -> u64 {
        while *cursor + 1 < self.values.len() && self.cumulative[*cursor] < p {
            *cursor += 1;
        }
        self.values[*cursor]
    }

    /// Share of what is smaller than `value`.
    pub(super) fn share_below(&self, value: u64) -> f64 {
        match self.values.partition_point(|v| *v < value) {
            0 => 0.0,
            n => self.cumulative[n - 1],
        }
    }

    /// Mean of the values.
    pub(super) fn mean(&self) -> f64 {
        self.weighted().map(|(value, share)| value as f64 * share).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_sorted_joined_and_weighed() {
        let steps = Steps::new(vec![(30, 1.0), (10, 2.0), (30, 1.0), (7, 0.0)]).expect("some have weight");
        assert_eq!(steps.weighted().collect::<Vec<_>>(), [(10, 0.5), (30, 0.5)]);
        assert_eq!([0.0, 0.5, 0.51, 1.0].map(|p| steps.quantile(p)), [10, 10, 30, 30]);
        assert_eq!([10, 11, 30, 31].map(|v| steps.share_below(v)), [0.0, 0.5, 0.5, 1.0]);
        assert_eq!(steps.mean(), 20.0);
        let mut cursor = 0;
        assert_eq!([0.1, 0.5, 0.7, 1.0].map(|p| steps.quantile_from(p, &mut cursor)), [10, 10, 30, 30]);
        assert_eq!(Steps::new(vec![(1, 0.0)]), None);
    }

    #[test]
    fn nothing_lies_beyond_the_last_value() {
        let steps = Steps::new(vec![(10, 1.0), (30, 1.0)]).expect("some have weight");
        let beyond = 1.0 + f64::EPSILON;
        let mut cursor = 0;
        assert_eq!((steps.quantile(beyond), steps.quantile_from(beyond, &mut cursor)), (30, 30));
        assert_eq!(steps.quantile_from(beyond, &mut cursor), 30);
    }
}
