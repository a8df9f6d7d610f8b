//! What the policies change against the baseline, in a sentence each.

use super::estimates::{Unit, plain, points, value};
use super::numbers::short;
use super::summary::name;
use crate::experiment::{Comparison, Results};

/// More policies than these are told by the table alone.
const MOST: usize = 4;

/// A sentence for each policy but the baseline; nothing where there is none to compare.
pub(super) fn verdicts(results: &Results) -> Vec<String> {
    results.policies.iter().skip(1).take(MOST).filter_map(|policy| verdict(results, policy.policy)).collect()
}

fn verdict(results: &Results, policy: usize) -> Option<String> {
    let names = &results.study.names;
    let baseline = results.policies.first()?.policy;
    let mut parts: Vec<String> = Vec::new();
    parts.extend(find(results, policy, None, "timeout_share").map(timeouts));
    parts.extend(find(results, policy, None, "completed").map(completed));
    let classes = names.classes.len();
    let scopes = if classes > 1 { (0..classes).map(Some).collect() } else { vec![None] };
    parts.extend(sooner_or_later(results, policy, &scopes));
    (!parts.is_empty()).then(|| {
        let (policy, baseline) = (plain(&name(&names.policies, policy)), plain(&name(&names.policies, baseline)));
        format!("{policy} against {baseline}: {}.", parts.join("; "))
    })
}

fn find<'a>(results: &'a Results, policy: usize, class: Option<usize>, figure: &str) -> Option<&'a Comparison> {
    results.comparisons.iter().find(|c| c.policy == policy && c.class == class && c.figure == figure)
}

fn timeouts(comparison: &Comparison) -> String {
    let mean = comparison.difference.mean;
    match (comparison.distinct, mean < 0.0) {
        (false, _) => "the share of requests that time out cannot be told apart".to_owned(),
        (true, true) => format!("the share of requests that time out falls by {}", points(-mean)),
        (true, false) => format!("the share of requests that time out rises by {}", points(mean)),
    }
}

fn completed(comparison: &Comparison) -> String {
    let mean = comparison.difference.mean;
    match (comparison.distinct, mean < 0.0) {
        (false, _) => "as many get through, as far as can be told".to_owned(),
        (true, true) => format!("{} fewer get through", short(-mean)),
        (true, false) => format!("{} more get through", short(mean)),
    }
}

/// For whom the median time to complete grows, for whom it shrinks, for whom one cannot tell.
fn sooner_or_later(results: &Results, policy: usize, scopes: &[Option<usize>]) -> Vec<String> {
    let mut unclear = Vec::new();
    let mut parts = Vec::new();
    for scope in scopes {
        let who = scope.map_or_else(|| "people".to_owned(), |class| plain(&name(&results.study.names.classes, class)));
        let Some(comparison) = find(results, policy, *scope, "time_to_complete.p50") else { continue };
        let mean = comparison.difference.mean;
        if comparison.distinct {
            let direction = if mean < 0.0 { "sooner" } else { "later" };
            parts.push(format!("{who} complete {} {direction}", value(mean.abs(), Unit::Seconds)));
        } else {
            unclear.push(who);
        }
    }
    if let Some(first) = parts.first_mut() {
        *first += " (median)";
    }
    if parts.is_empty() && unclear.len() > 1 {
        parts.push("for no class a change of the median time to complete can be told".to_owned());
    } else if !unclear.is_empty() {
        parts.push(format!("for {} no change can be told", unclear.join(", ")));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn a_sentence_for_each_other_policy() {
        let verdicts = verdicts(&testdata::two_days());
        assert_eq!(verdicts.len(), 2);
        assert!(verdicts[0].starts_with("time-split against open: the share of requests that time out "), "{}", verdicts[0]);
        assert!(verdicts.iter().any(|v| v.contains("cannot be told apart") || v.contains("can be told")), "{verdicts:?}");
        assert!(super::verdicts(&testdata::one_policy()).is_empty());
        assert!(super::verdicts(&testdata::nothing()).is_empty());
    }
}
