//! Policies and the places of their rules.

use super::super::leaf::Count;
use super::super::mistake::{Checker, suggestion};
use super::super::rules::{Policy, Rule, WrittenRule, autoscale};
use super::super::station::StationChange;
use super::super::tree::shorten;
use super::Context;
use super::station::workers_at;
use crate::model;

/// Shares may miss 1 by this much.
pub(crate) const SHARE_ERROR: f64 = 1e-9;

/// Compiles a policy.
pub(super) fn policy(context: &Context<'_>, record: &Policy, check: &mut Checker<'_>) -> Option<model::Policy> {
    let rules = rules(context, record, check);
    let stations: Vec<_> = check.within("stations", |check| {
        let changes = record.stations.iter();
        changes.map(|(_, name, change)| check.within(name, |check| station_change(context, name, change, check))).collect()
    });
    let stations: Option<Vec<_>> = stations.into_iter().collect();
    let policy = model::Policy { rules: rules?, stations: stations? };
    fits(context, record, &policy, check).then_some(policy)
}

/// Whether the rules that depend on what a station has fit the stations as they are under the policy.
fn fits(context: &Context<'_>, record: &Policy, policy: &model::Policy, check: &mut Checker<'_>) -> bool {
    let mut good = true;
    for (rule, (i, _)) in policy.rules.iter().zip(record.rules.iter()) {
        let model::Rule::Autoscale(autoscale) = rule else { continue };
        let place = usize::from(autoscale.station);
        let Some((_, Some(station))) = context.file.stations.0.get(place) else { continue };
        let change = policy.stations.iter().find(|change| change.station == place);
        let workers = change.and_then(|change| change.workers).or(station.workers.map(Count::as_u32)).unwrap_or(0);
        let planned = match change.and_then(|change| change.workers_at.as_ref()) {
            Some(workers_at) => !workers_at.is_empty(),
            None => !station.workers_at.0.is_empty(),
        };
        if let Some((key, fault)) = autoscale::unfit(autoscale, workers, planned) {
            check.within("rules", |check| {
                check.within(i, |check| check.within(rule.name(), |check| check.mistake_at(key, fault)));
            });
            good = false;
        }
    }
    good
}

fn rules(context: &Context<'_>, record: &Policy, check: &mut Checker<'_>) -> Option<Vec<model::Rule>> {
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
        good.then_some(rules)
    })
}

/// A sum as a person would write it, free of the dust of binary fractions.
pub(crate) fn rounded(sum: f64) -> f64 {
    if (sum - 1.0).abs() < 1e-6 { sum } else { (sum * 1e9).round() / 1e9 }
}

fn station_change(
    context: &Context<'_>,
    name: &str,
    record: &StationChange,
    check: &mut Checker<'_>,
) -> Option<model::StationChange> {
    let Some(station) = context.file.stations.position(name) else {
        let hint = suggestion(name, context.file.stations.names());
        check.mistake_of_key(format!("no station is called `{}`; {hint}", shorten(name)));
        return None;
    };
    let change = model::StationChange {
        station,
        workers: record.workers.map(Count::as_u32),
        queue: record.queue.map(|queue| queue.0.map(Count::as_u32)),
        discipline: record.discipline,
        workers_at: match &record.workers_at {
            None => None,
            Some(list) => Some(check.within("workers_at", |check| workers_at(context, list, check))?),
        },
    };
    let nothing = model::StationChange { station, ..model::StationChange::default() };
    if change == nothing {
        check.mistake("nothing is changed; give `workers`, `queue`, `discipline` or `workers_at`, or remove the station");
        return None;
    }
    let timed = context.file.stations.iter().any(|(_, known, station)| known == name && !station.workers_at.0.is_empty());
    if change.workers.is_some() && change.workers_at.is_none() && timed {
        check.mistake("the station's own `workers_at` would undo these `workers`; give `workers_at` too, `[]` for none");
        return None;
    }
    Some(change)
}
