//! Policies against the baseline, paired replication by replication.

use super::figures::Single;
use super::results::{Comparison, ScopeFigures};
use super::run_figures::RunFigures;
use crate::stats::{Estimate, holm};
use std::collections::BTreeMap;

type Compared = fn(&ScopeFigures<Single>) -> Single;

/// The figures that are compared, by their path in the summary.
const COMPARED: [(&str, Compared); 14] = [
    ("completed", |s| s.counts.completed),
    ("completed_share", |s| s.counts.completed_share),
    ("abandoned", |s| s.counts.abandoned),
    ("requests", |s| s.counts.requests),
    ("timeouts", |s| s.counts.timeouts),
    ("timeout_share", |s| s.counts.timeout_share),
    ("lost_share", |s| s.counts.lost_share),
    ("requests_per_completion", |s| s.counts.requests_per_completion),
    ("done_within.1h", |s| s.done_within.one_hour),
    ("done_within.4h", |s| s.done_within.four_hours),
    ("done_within.24h", |s| s.done_within.a_day),
    ("wait.mean", |s| s.wait.mean),
    ("time_to_complete.p50", |s| s.time_to_complete.p50),
    ("time_to_complete.p95", |s| s.time_to_complete.p95),
];

/// The names of the figures that are compared, in order: every other policy has each, for the total and every class, but where there
/// was nothing to measure.
#[must_use]
pub fn compared_figures() -> Vec<&'static str> {
    COMPARED.iter().map(|(name, _)| *name).collect()
}

/// Every figure, for the total and each class, of `runs` against those of the baseline.
pub(super) fn compare(policy: usize, runs: &[RunFigures], against: usize, baseline: &[RunFigures]) -> Vec<Comparison> {
    let classes = runs.first().map_or(0, |run| run.classes.len());
    let scopes = std::iter::once(None).chain((0..classes).map(Some));
    let mut comparisons = Vec::new();
    for class in scopes {
        for (figure, value) in COMPARED {
            let of = |run: &RunFigures| value(class.map_or(&run.total, |class| &run.classes[class]));
            let pairs = runs.iter().zip(baseline).filter_map(|(ours, theirs)| Some((of(ours)?, of(theirs)?)));
            let (ours, theirs): (Vec<f64>, Vec<f64>) = pairs.unzip();
            if let Some(difference) = Estimate::of_differences(&ours, &theirs) {
                let (distinct, p_holm) = (difference.is_distinct_from_zero(), difference.p_value());
                comparisons.push(Comparison { policy, against, class, figure, difference, distinct, p_holm });
            }
        }
    }
    comparisons
}

/// The chance that is taken of finding a difference where there is none.
const LEVEL: f64 = 0.05;

/// With several policies against one baseline, a difference counts as found only after Holm's correction over the
/// policies, for each figure and scope. The intervals stay as they are.
pub(super) fn correct_for_several(comparisons: &mut [Comparison]) {
    let mut families: BTreeMap<(Option<usize>, &str), Vec<usize>> = BTreeMap::new();
    for (index, comparison) in comparisons.iter().enumerate().filter(|(_, c)| c.p_holm.is_some()) {
        families.entry((comparison.class, comparison.figure)).or_default().push(index);
    }
    for family in families.values().filter(|family| family.len() > 1) {
        let alone: Vec<f64> = family.iter().filter_map(|index| comparisons[*index].p_holm).collect();
        for (index, p) in family.iter().zip(holm(&alone)) {
            comparisons[*index].p_holm = Some(p);
            comparisons[*index].distinct = p < LEVEL;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(policy: usize, class: Option<usize>, differences: &[f64]) -> Comparison {
        let difference = Estimate::of(differences).unwrap();
        let (distinct, p_holm) = (difference.is_distinct_from_zero(), difference.p_value());
        Comparison { policy, against: 0, class, figure: "completed", difference, distinct, p_holm }
    }

    #[test]
    fn one_policy_is_judged_by_its_interval_and_several_by_holm() {
        // Differences whose p-values are 0.0323 and 0.00283, and one of another family.
        let weak = [3.0, -1.0, 2.0, 4.0, 0.0, 3.0, -2.0, 5.0, 1.0, 2.0];
        let strong = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let alone = of(1, None, &weak).p_holm.unwrap();
        assert!((0.025..0.05).contains(&alone), "{alone}");
        let mut two = vec![of(1, None, &weak), of(2, None, &strong), of(1, Some(0), &weak)];
        correct_for_several(&mut two);
        assert_eq!(two.iter().map(|c| c.distinct).collect::<Vec<_>>(), [true, true, true]);
        assert!((two[1].p_holm.unwrap() - 2.0 * 0.002_833).abs() < 1e-6);
        let mut three = vec![of(1, None, &weak), of(2, None, &weak), of(3, None, &strong), of(1, Some(0), &weak)];
        correct_for_several(&mut three);
        assert_eq!(three.iter().map(|c| c.distinct).collect::<Vec<_>>(), [false, false, true, true]);
        assert_eq!(three[0].p_holm, Some(2.0 * alone));
        assert_eq!(three[3].p_holm, Some(alone), "another class is another question");
        assert!(three[0].difference.is_distinct_from_zero(), "its own interval stays");
    }
}
