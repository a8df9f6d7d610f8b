//! Policies against the baseline, paired replication by replication.

use super::figures::Single;
use super::replicate::RunFigures;
use super::results::{Comparison, ScopeFigures};
use crate::stats::Estimate;

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

/// Every figure, for the total and each class, of `runs` against those of the baseline.
pub(super) fn compare(policy: usize, runs: &[&RunFigures], against: usize, baseline: &[&RunFigures]) -> Vec<Comparison> {
    let classes = runs.first().map_or(0, |run| run.classes.len());
    let scopes = std::iter::once(None).chain((0..classes).map(Some));
    let mut comparisons = Vec::new();
    for class in scopes {
        for (figure, value) in COMPARED {
            let of = |run: &RunFigures| value(class.map_or(&run.total, |class| &run.classes[class]));
            let pairs = runs.iter().zip(baseline).filter_map(|(ours, theirs)| Some((of(ours)?, of(theirs)?)));
            let (ours, theirs): (Vec<f64>, Vec<f64>) = pairs.unzip();
            if let Some(difference) = Estimate::of_differences(&ours, &theirs) {
                let distinct = difference.is_distinct_from_zero();
                comparisons.push(Comparison { policy, against, class, figure, difference, distinct });
            }
        }
    }
    comparisons
}
