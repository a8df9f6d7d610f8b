//! What the account covers, and what it must refuse to be asked.

use crate::model::{Discipline, Rule, Study};

/// The keys of a study, under some of its policies, that the fluid does not cover, each with what is wrong.
#[must_use]
pub fn uncovered(study: &Study, policies: &[usize]) -> Vec<String> {
    let mut found = Vec::new();
    let model = &study.model;
    if model.measure_from > crate::time::Time::ZERO {
        found.push("clock.measure_from: the fluid counts from the start of the clock".to_owned());
    }
    for (station, name) in model.stations.iter().zip(&study.names.stations) {
        let conduct = &station.conduct;
        let things = [
            (!station.slowdown.is_none(), "slowdown", "services that slow down as workers get busy"),
            (conduct.calls.is_some(), "calls", "calls of another station"),
            (conduct.crash.is_some(), "crash", "breaking down under load"),
            (conduct.cold_start.is_some(), "cold_start", "being slow after a restart"),
            (conduct.health_check.is_some(), "health_check", "being taken out of service by health checks"),
        ];
        let things = things.iter().filter(|(is_there, _, _)| *is_there);
        found.extend(things.map(|(_, key, what)| format!("stations.{name}.{key}: the fluid has no {what}")));
        if shares(station.discipline) {
            found.push(format!("stations.{name}.discipline: the fluid has no processor sharing"));
        }
    }
    for id in policies {
        let (Some(policy), Some(name)) = (model.policies.get(*id), study.names.policies.get(*id)) else { continue };
        let rules = policy.rules.iter().enumerate().filter(|(_, rule)| !matches!(rule, Rule::Windows(_)));
        found.extend(rules.map(|(place, rule)| {
            let rule = rule.name();
            format!("policies.{name}.rules[{place}].{rule}: of all rules the fluid covers `windows` only")
        }));
        let sharing = policy.stations.iter().filter(|change| change.discipline.is_some_and(shares));
        found.extend(sharing.map(|_| format!("policies.{name}.stations: the fluid has no processor sharing")));
    }
    found
}

fn shares(discipline: Discipline) -> bool {
    discipline == Discipline::ProcessorSharing
}
