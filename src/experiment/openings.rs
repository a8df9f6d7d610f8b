//! The moments at which a policy lets people in again, and what becomes of the requests just before and after.

use super::figures::Single;
use super::results::Opening;
use super::series::RunSeries;
use crate::model::{Intervals, Model, WindowsRule};
use crate::stats::Estimate;
use crate::time::{Span, Time};
use std::collections::BTreeMap;

/// How far before and after an opening requests are counted.
const AROUND: Span = Span::from_seconds(600);

/// When a class may enter under a policy, cohort by cohort; `None`: always.
#[must_use]
pub fn opening_times(model: &Model, policy: usize, class: usize) -> Vec<Option<Intervals>> {
    let Some(policy) = model.policies.get(policy) else { return vec![None] };
    let rules: Vec<&WindowsRule> = policy.windows().collect();
    cohorts(&rules, class).into_iter().map(|personal| open_times(&rules, class, personal, model.end)).collect()
}

/// The names of the parts that [`opening_times`] tells of; empty where the class is not divided.
#[must_use]
pub fn cohort_names(model: &Model, policy: usize, class: usize) -> Vec<String> {
    let Some(policy) = model.policies.get(policy) else { return vec![String::new()] };
    let rules: Vec<&WindowsRule> = policy.windows().collect();
    let named = |personal: f64| {
        let known = rules.iter().filter_map(|rule| rule.cohort(class, personal)).map(|cohort| cohort.name.as_str());
        known.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
    };
    cohorts(&rules, class).into_iter().map(named).collect()
}

/// A personal key within each cohort of a class that the rules tell apart.
fn cohorts(rules: &[&WindowsRule], class: usize) -> Vec<f64> {
    let of_rule = |rule: &&WindowsRule| rule.classes.get(class).cloned().unwrap_or_default();
    let mut ends: Vec<f64> = rules.iter().flat_map(of_rule).map(|cohort| cohort.below).filter(|below| *below < 1.0).collect();
    ends.push(1.0);
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let starts = std::iter::once(0.0).chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, end)| start.midpoint(*end)).collect()
}

/// When all rules let one enter; `None`: always.
fn open_times(rules: &[&WindowsRule], class: usize, personal: f64, end: Time) -> Option<Intervals> {
    let whole = Intervals::new(vec![(Time::ZERO, end)]);
    let named = rules.iter().filter(|rule| rule.classes.get(class).is_some_and(|cohorts| !cohorts.is_empty()));
    let all = named.filter_map(|rule| rule.open(class, personal)).fold(whole.clone(), |all, open| both(&all, open));
    (all != whole).then_some(all)
}

/// The times that lie in both.
fn both(one: &Intervals, other: &Intervals) -> Intervals {
    let (one, other) = (one.pieces(), other.pieces());
    let (mut i, mut j) = (0, 0);
    let mut pieces = Vec::new();
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        pieces.push((a.0.max(b.0), a.1.min(b.1)));
        if a.1 <= b.1 { i += 1 } else { j += 1 }
    }
    Intervals::new(pieces)
}

/// By moment inside the clock at which a policy lets people in that it kept out just before: by class, the names of the cohorts.
fn moments(model: &Model, policy: usize) -> BTreeMap<Time, BTreeMap<usize, Vec<String>>> {
    let mut moments: BTreeMap<Time, BTreeMap<usize, Vec<String>>> = BTreeMap::new();
    for class in 0..model.classes.len() {
        for (open, cohort) in opening_times(model, policy, class).iter().zip(cohort_names(model, policy, class)) {
            for at in open.iter().flat_map(Intervals::pieces).map(|piece| piece.0).filter(|at| *at > Time::ZERO) {
                moments.entry(at).or_default().entry(class).or_default().push(cohort.clone());
            }
        }
    }
    moments
}

/// An opening, and how far before and after it requests are counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    before: Time,
    at: Time,
    after: Time,
}

impl Around {
    fn new(model: &Model, at: Time) -> Around {
        Around { before: Time(at.0.saturating_sub(AROUND.0)), at, after: (at + AROUND).min(model.end) }
    }

    /// Those of a policy, in order.
    pub(super) fn openings(model: &Model, policy: usize) -> Vec<Around> {
        moments(model, policy).into_keys().map(|at| Around::new(model, at)).collect()
    }
}

/// The shares of requests lost before and after an opening, in one run.
pub(super) fn lost_around(model: &Model, run: &RunSeries, around: &Around) -> [Single; 2] {
    [lost_share(model, run, around.before, around.at), lost_share(model, run, around.at, around.after)]
}

/// Every moment inside the clock at which a policy lets classes in that it kept out just before; `lost`: by run and opening,
/// what [`lost_around`] gives.
pub(super) fn openings(model: &Model, policy: usize, lost: &[Vec<[Single; 2]>]) -> Vec<Opening> {
    let whole = |class: usize, let_in: &[String]| let_in.len() == cohort_names(model, policy, class).len();
    let opening = |(place, (at, classes)): (usize, (Time, BTreeMap<usize, Vec<String>>))| {
        let over_runs = |side: usize| Estimate::of(&lost.iter().filter_map(|run| run[place][side]).collect::<Vec<_>>());
        let after = Around::new(model, at).after;
        Opening {
            at,
            cohorts: classes.iter().map(|(c, names)| if whole(*c, names) { String::new() } else { names.join(" + ") }).collect(),
            classes: classes.into_keys().collect(),
            station_down: model.stations.iter().flat_map(|s| &s.outages).any(|o| o.from < after && at < o.to),
            lost_before: over_runs(0),
            lost_after: over_runs(1),
        }
    };
    moments(model, policy).into_iter().enumerate().map(opening).collect()
}

/// Of the requests of all classes that ended between two instants, answered or not, the share that timed out, was
/// refused or was cut; a bin that is cut counts in proportion, and bins longer than the stretch tell nothing.
fn lost_share(model: &Model, run: &RunSeries, from: Time, to: Time) -> Single {
    if model.bin > AROUND || from >= to {
        return None;
    }
    let (first, last) = (from.0 / model.bin.0, (to.0 - 1) / model.bin.0);
    let (mut lost, mut answered) = (0.0, 0.0);
    for bin in (first..=last).filter_map(|bin| usize::try_from(bin).ok()).filter(|bin| *bin < model.bins()) {
        let (start, end) = model.bin_bounds(bin);
        let inside = end.min(to).since(start.max(from)).seconds() / end.since(start).seconds();
        for class in &run.classes {
            let count = |column: &[u32]| column.get(bin).map_or(0.0, |n| f64::from(*n) * inside);
            lost += count(&class.timeouts) + count(&class.refused) + count(&class.failed);
            answered += count(&class.answered);
        }
    }
    (lost + answered > 0.0).then(|| lost / (lost + answered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_combine_by_and() {
        let pieces = |list: &[(u64, u64)]| Intervals::new(list.iter().map(|(a, b)| (Time(*a), Time(*b))).collect());
        assert_eq!(both(&pieces(&[(0, 10), (20, 30)]), &pieces(&[(5, 22), (29, 40)])), pieces(&[(5, 10), (20, 22), (29, 30)]));
    }
}
