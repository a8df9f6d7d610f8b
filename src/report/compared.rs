//! Paired differences between policies, for the summary.

use super::summary::name;
use crate::experiment::{Figure, Results, compared_figures};
use schemars::JsonSchema;
use serde::Serialize;

/// A paired difference between a policy and the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ComparisonSummary {
    /// The policy.
    pub policy: String,
    /// The baseline.
    pub against: String,
    /// `total`, or the name of a class.
    pub scope: String,
    /// A key of the scope's figures, `time_to_complete.p50` for one inside a group.
    pub figure: String,
    /// Policy minus baseline, replication by replication; `null` where no replication has the figure under both.
    pub difference: Figure,
    /// Whether it can be told from zero: with one policy beside the baseline, whether the interval leaves out zero; with
    /// several, whether `p_holm` is below 0.05. Never with one replication.
    pub distinct: bool,
    /// The p-value of the paired t test after Holm's correction over the policies; `null` for one replication or no difference.
    pub p_holm: Option<f64>,
}

/// Every figure that is compared, of every other policy, the total first and then class by class: also where there is nothing to
/// compare, so that a figure that is looked for is found.
pub(super) fn comparisons(results: &Results) -> Vec<ComparisonSummary> {
    let names = &results.study.names;
    let Some((baseline, others)) = results.policies.split_first() else { return Vec::new() };
    let scopes = || std::iter::once(None).chain((0..names.classes.len()).map(Some));
    let wanted = others.iter().flat_map(|policy| {
        scopes().flat_map(move |class| compared_figures().into_iter().map(move |figure| (policy.policy, class, figure)))
    });
    let summary = |(policy, class, figure): (usize, Option<usize>, &str)| {
        let found = results.comparisons.iter().find(|c| c.policy == policy && c.class == class && c.figure == figure);
        ComparisonSummary {
            policy: name(&names.policies, policy),
            against: name(&names.policies, baseline.policy),
            scope: class.map_or_else(|| "total".to_owned(), |class| name(&names.classes, class)),
            figure: figure.to_owned(),
            difference: found.map(|comparison| comparison.difference),
            distinct: found.is_some_and(|comparison| comparison.distinct),
            p_holm: found.and_then(|comparison| comparison.p_holm),
        }
    };
    wanted.map(summary).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn a_figure_that_nobody_has_is_null_and_not_left_out() {
        let mut results = testdata::two_days();
        let all = comparisons(&results);
        assert_eq!(all.len(), 2 * 6 * compared_figures().len());
        results.comparisons.retain(|c| c.figure != "completed" || c.class.is_some());
        let fewer = comparisons(&results);
        let missing = fewer.iter().find(|c| c.scope == "total" && c.figure == "completed").unwrap();
        assert_eq!((fewer.len(), missing.difference, missing.distinct, missing.p_holm), (all.len(), None, false, None));
        assert!(comparisons(&testdata::one_policy()).is_empty() && comparisons(&testdata::nothing()).is_empty());
    }
}
