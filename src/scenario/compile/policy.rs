//! Policies and the places of their rules.

use super::super::mistake::Checker;
use super::super::rules::{Policy, Rule, WrittenRule};
use super::Context;
use crate::model;

/// Shares may miss 1 by this much.
pub(crate) const SHARE_ERROR: f64 = 1e-9;

/// Compiles a policy.
pub(super) fn policy(context: &Context<'_>, record: &Policy, check: &mut Checker<'_>) -> Option<model::Policy> {
    check.within("rules", |check| {
        let compiled = record.rules.iter().map(|(i, rule)| check.within(i, |check| rule.compile(context, check)));
        let rules: Option<Vec<model::Rule>> = compiled.collect::<Vec<_>>().into_iter().collect();
        let rules = rules?;
        let mut good = true;
        for (place, (i, _)) in record.rules.iter().enumerate() {
            let (before, rule) = (&rules[..place], &rules[place]);
            if let Some(fault) = Rule::misplaced(rule, before, context) {
                check.within(i, |check| check.within(rule.name(), |check| check.mistake_of_key(fault)));
                good = false;
            }
        }
        good.then_some(model::Policy { rules })
    })
}

/// A sum as a person would write it, free of the dust of binary fractions.
pub(crate) fn rounded(sum: f64) -> f64 {
    if (sum - 1.0).abs() < 1e-6 { sum } else { (sum * 1e9).round() / 1e9 }
}
