//! Rules at stations and in clients.

use super::{seconds, some};
use clickday::model::{
    AdaptiveLifoRule, AutoscaleRule, CodelRule, Discipline, Policy, PriorityRule, ReserveRule, RetryBudgetRule, Rule, ShedRule,
    Station, ThrottleRule,
};
use proptest::prelude::*;

/// Some of them, at any stations and for any classes, as they come.
pub(super) fn rules(stations: usize, classes: usize) -> impl Strategy<Value = Vec<Rule>> {
    let one = prop_oneof![
        priority(stations, classes),
        reserve(stations, classes),
        shed(stations, classes),
        codel(stations),
        adaptive_lifo(stations),
        throttle(classes),
        retry_budget(classes),
        autoscale(stations),
    ];
    prop::collection::vec(one, 0..6)
}

fn at(stations: usize) -> impl Strategy<Value = u16> {
    (0..stations).prop_map(|station| station as u16)
}

fn priority(stations: usize, classes: usize) -> impl Strategy<Value = Rule> {
    (at(stations), prop::collection::vec(0u32..3, classes), any::<bool>())
        .prop_map(|(station, ranks, push_out)| Rule::Priority(PriorityRule { station, ranks, push_out }))
}

fn reserve(stations: usize, classes: usize) -> impl Strategy<Value = Rule> {
    (at(stations), some(classes), 0u32..4, 0u32..10)
        .prop_map(|(station, classes, workers, queue)| Rule::Reserve(ReserveRule { station, classes, workers, queue }))
}

fn shed(stations: usize, classes: usize) -> impl Strategy<Value = Rule> {
    let when = (prop::option::of(0u32..20), prop::option::of(0.0..60.0f64), any::<bool>(), any::<bool>());
    (at(stations), some(classes), when).prop_map(|(station, classes, (queue, wait, deadline, spare_begun))| {
        Rule::Shed(ShedRule { station, classes, queue, wait: wait.map(seconds), deadline, spare_begun })
    })
}

fn codel(stations: usize) -> impl Strategy<Value = Rule> {
    (at(stations), 0.0..10.0f64, 0.1..60.0f64).prop_map(|(station, target, more)| {
        Rule::Codel(CodelRule { station, target: seconds(target), interval: seconds(target + more) })
    })
}

fn adaptive_lifo(stations: usize) -> impl Strategy<Value = Rule> {
    (at(stations), 0.0..60.0f64)
        .prop_map(|(station, interval)| Rule::AdaptiveLifo(AdaptiveLifoRule { station, interval: seconds(interval) }))
}

fn throttle(classes: usize) -> impl Strategy<Value = Rule> {
    (some(classes), 1.0..3.0f64, 1.0..200.0f64)
        .prop_map(|(classes, k, window)| Rule::Throttle(ThrottleRule { classes, k, window: seconds(window) }))
}

fn retry_budget(classes: usize) -> impl Strategy<Value = Rule> {
    (some(classes), 0.0..0.5f64, 0u32..10)
        .prop_map(|(classes, ratio, burst)| Rule::RetryBudget(RetryBudgetRule { classes, ratio, burst }))
}

fn autoscale(stations: usize) -> impl Strategy<Value = Rule> {
    let times = (1.0..60.0f64, prop_oneof![Just(0.0), 0.0..100.0f64]);
    (at(stations), times, 1u32..4, 6u32..20, 0.3..1.0f64, 0.0..0.3f64).prop_map(
        |(station, (every, delay), step, ceiling, above, below)| {
            let (every, delay) = (seconds(every.round()), seconds(delay.round()));
            Rule::Autoscale(AutoscaleRule { station, every, delay, step, ceiling, above, below })
        },
    )
}

/// Takes out what `check` would refuse: what does not fit its station, and what does not go with a rule before it.
pub(super) fn keep_what_fits(policy: &mut Policy, stations: &[Station]) {
    let mut kept: Vec<Rule> = Vec::new();
    for rule in policy.rules.drain(..) {
        if fits(&rule, stations) && !kept.iter().any(|before| clash(before, &rule)) {
            kept.push(rule);
        }
    }
    policy.rules = kept;
}

fn fits(rule: &Rule, stations: &[Station]) -> bool {
    let ordered = |station: u16| stations[usize::from(station)].discipline != Discipline::ProcessorSharing;
    match rule {
        Rule::Priority(rule) => ordered(rule.station),
        Rule::AdaptiveLifo(rule) => ordered(rule.station),
        Rule::Reserve(rule) => {
            let bounded = stations[usize::from(rule.station)].queue.is_some();
            ordered(rule.station) && (rule.workers > 0 || rule.queue > 0) && (bounded || rule.queue == 0)
        }
        Rule::Shed(rule) => rule.queue.is_some() || rule.wait.is_some() || rule.deadline,
        Rule::Autoscale(rule) => {
            let station = &stations[usize::from(rule.station)];
            station.workers_at.is_empty() && station.workers <= rule.ceiling
        }
        _ => true,
    }
}

/// The station whose order of service a rule sets.
fn ordered_by(rule: &Rule) -> Option<u16> {
    match rule {
        Rule::Priority(rule) => Some(rule.station),
        Rule::Reserve(rule) => Some(rule.station),
        Rule::AdaptiveLifo(rule) => Some(rule.station),
        _ => None,
    }
}

fn clash(before: &Rule, rule: &Rule) -> bool {
    let both = |one: &[bool], other: &[bool]| one.iter().zip(other).any(|(a, b)| *a && *b);
    match (before, rule) {
        (Rule::Shed(a), Rule::Shed(b)) => a.station == b.station,
        (Rule::Codel(a), Rule::Codel(b)) => a.station == b.station,
        (Rule::Autoscale(a), Rule::Autoscale(b)) => a.station == b.station,
        (Rule::Throttle(a), Rule::Throttle(b)) => both(&a.classes, &b.classes),
        (Rule::RetryBudget(a), Rule::RetryBudget(b)) => both(&a.classes, &b.classes),
        _ => ordered_by(rule).is_some() && ordered_by(before) == ordered_by(rule),
    }
}
