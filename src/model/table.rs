//! Weighted values to draw from, however many there are.

use super::steps::Steps;
use crate::random::Stream;
use rand_distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;

/// Weighted values, both ways round: steps for quantiles, an alias table for draws in constant time however many there
/// are (Walker 1977; Vose 1991). The table needs arithmetic only, so its draws are the same on every machine.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) steps: Steps,
    values: Vec<u64>,
    alias: WeightedAliasIndex<f64>,
}

impl Table {
    /// A table of the steps; `None` when they are too many or too light for an alias table.
    pub(super) fn new(steps: Steps) -> Option<Table> {
        let (values, weights) = steps.weighted().unzip();
        let alias = WeightedAliasIndex::new(weights).ok()?;
        Some(Table { steps, values, alias })
    }

    /// One draw. O(1).
    #[inline]
    pub(super) fn sample(&self, stream: &mut Stream<'_>) -> u64 {
        self.values[self.alias.sample(stream)]
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Table) -> bool {
        self.steps == other.steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_the_same_steps_are_equal() {
        let table = |last| Steps::new(vec![(1, 1.0), (last, 3.0)]).and_then(Table::new).expect("some have weight");
        assert_eq!(table(5), table(5));
        assert_ne!(table(5), table(6));
    }
}
