//! A smaller (or larger) copy of the same system.

use super::super::mistake::Checker;
use super::study::MAX_PEOPLE;
use crate::model::{Metric, PolicyRule, Population, Study};

/// Rounding may move a capacity by this much.
const TOLERANCE: f64 = 0.05;

/// Digits of the scales that are proposed.
const ROUND: [f64; 11] = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];

/// Scales people, workers, operators, queue places and observed counts by `factor`, each to the nearest whole number
/// and at least 1; what is 0 stays 0. Times stay as they are.
pub(crate) fn scale(study: &mut Study, factor: f64, check: &mut Checker<'_>) {
    if !(factor.is_finite() && factor > 0.0) {
        check.mistake(format!("cannot scale by {factor}; use a number greater than zero, such as 0.01"));
        return;
    }
    study.scale = factor;
    if factor != 1.0 {
        study.title += &format!(" (a copy at scale {factor})");
    }
    let other = other_scale(study);
    let capacity = |count: &mut u32, what: &str, name: &str, factor: f64, check: &mut Checker<'_>| {
        capacity(count, what, name, factor, &other, check);
    };
    check.within("stations", |check| {
        for (station, name) in study.model.stations.iter_mut().zip(&study.names.stations) {
            station.slowdown.scale = factor;
            check.within(name, |check| {
                check.within("workers", |check| capacity(&mut station.workers, "workers", name, factor, check));
                if let Some(queue) = &mut station.queue {
                    check.within("queue", |check| capacity(queue, "queue places", name, factor, check));
                }
                if let Some(crash) = &mut station.conduct.crash {
                    let waiting = "requests waiting at which it crashes";
                    check.within("crash", |check| {
                        check.within("queue", |check| capacity(&mut crash.queue, waiting, name, factor, check));
                    });
                }
                if let Some(connections) = &mut station.conduct.connections {
                    check.within("connections", |check| capacity(connections, "connections", name, factor, check));
                }
                for (i, (_, workers)) in station.workers_at.iter_mut().enumerate() {
                    check.within("workers_at", |check| {
                        check.within(i, |check| {
                            check.within("workers", |check| capacity(workers, "workers", name, factor, check));
                        });
                    });
                }
            });
        }
    });
    check.within("policies", |check| {
        for (policy, name) in study.model.policies.iter_mut().zip(&study.names.policies) {
            for change in &mut policy.stations {
                let station = &study.names.stations[change.station];
                let mut scale = |count: &mut u32, what: &str| {
                    check.within(name, |check| {
                        check.within("stations", |check| {
                            check.within(station, |check| capacity(count, what, station, factor, check));
                        });
                    });
                };
                change.workers.iter_mut().for_each(|workers| scale(workers, "workers"));
                change.queue.iter_mut().flatten().for_each(|queue| scale(queue, "queue places"));
                change.workers_at.iter_mut().flatten().for_each(|(_, workers)| scale(workers, "workers"));
            }
        }
    });
    check.within("classes", |check| {
        for (class, name) in study.model.classes.iter_mut().zip(&study.names.classes) {
            class.population = match class.population {
                Population::Fixed(people) => Population::Fixed(scaled(people as f64, factor) as u64),
                Population::Poisson(mean) => Population::Poisson(mean * factor),
            };
            if let Some(operators) = &mut class.operators {
                check.within(name, |check| {
                    check.within("operators", |check| capacity(&mut operators.count, "operators", name, factor, check));
                });
            }
        }
    });
    check.within("policies", |check| {
        for (policy, name) in study.model.policies.iter_mut().zip(&study.names.policies) {
            for (i, rule) in policy.rules.iter_mut().enumerate() {
                rule.scale_rates(factor);
                let kind = rule.name();
                for (key, count) in rule.counts() {
                    let place = [name, "rules", &i.to_string(), kind, key];
                    check.within_all(&place, |check| capacity(count, key, name, factor, check));
                }
            }
        }
    });
    let people: f64 = study.model.classes.iter().map(|class| class.population.mean()).sum();
    if people > MAX_PEOPLE {
        check.mistake_at(
            "classes",
            format!("scaled by {factor} there would be {people:.0} people; at most {MAX_PEOPLE:.0} are possible"),
        );
    }
    if let Some(budget) = &mut study.budget {
        budget.completions = scaled(budget.completions as f64, factor) as u64;
    }
    for observation in study.observations.iter_mut().filter(|observation| observation.metric != Metric::LostShare) {
        observation.value *= factor;
    }
}

fn scaled(count: f64, factor: f64) -> f64 {
    if count == 0.0 { 0.0 } else { (count * factor).round().max(1.0) }
}

/// Which other scale to choose.
fn other_scale(study: &Study) -> String {
    let stations = study.model.stations.iter();
    let of_stations = stations.flat_map(|station| {
        let changes = station.workers_at.iter().map(|(_, workers)| *workers);
        let conduct = station.conduct.crash.map(|crash| crash.queue).into_iter().chain(station.conduct.connections);
        changes.chain([station.workers]).chain(station.queue).chain(conduct)
    });
    let operators = study.model.classes.iter().filter_map(|class| class.operators.as_ref()).map(|operators| operators.count);
    let rules = study.model.policies.iter().flat_map(|policy| &policy.rules);
    let of_rules = rules.flat_map(|rule| rule.clone().counts().into_iter().map(|(_, count)| *count).collect::<Vec<_>>());
    let of_policies = study.model.policies.iter().flat_map(|policy| &policy.stations).flat_map(|change| {
        let changes = change.workers_at.iter().flatten().map(|(_, workers)| *workers);
        changes.chain(change.workers).chain(change.queue.flatten())
    });
    let counts: Vec<u32> = of_stations.chain(operators).chain(of_rules).chain(of_policies).collect();
    let round = (-9..0).flat_map(|exponent| ROUND.iter().filter_map(move |digits| format!("{digits}e{exponent}").parse().ok()));
    match round.into_iter().find(|factor: &f64| counts.iter().all(|count| fits(*count, *factor))) {
        Some(factor) => format!("choose another scale: the smallest round one that keeps every capacity within 5 % is {factor}"),
        None => "choose another scale: no round one below 1 keeps every capacity within 5 %".to_owned(),
    }
}

/// Whether rounding leaves a scaled capacity nearly what it should be.
fn fits(count: u32, factor: f64) -> bool {
    let exact = f64::from(count) * factor;
    let rounded = scaled(f64::from(count), factor);
    (rounded - exact).abs() <= TOLERANCE * exact && rounded <= f64::from(u32::MAX)
}

/// Scales a capacity, or says that rounding would move it too far.
fn capacity(count: &mut u32, what: &str, name: &str, factor: f64, other: &str, check: &mut Checker<'_>) {
    let exact = f64::from(*count) * factor;
    let rounded = scaled(f64::from(*count), factor);
    if !fits(*count, factor) {
        let exact = (exact * 1e3).round() / 1e3;
        check.mistake(format!(
            "scaled by {factor}, the {count} {what} of `{name}` would be {exact} and are rounded to {rounded}, more than 5 % off; {other}"
        ));
        return;
    }
    // Between 0 and `u32::MAX`, as was just checked.
    *count = rounded as u32;
}

#[cfg(test)]
mod tests {
    use crate::model::Rule;
    use crate::scenario::Scenario;
    use std::path::Path;

    /// The numbers of people, places and workers in a rule, and of people a minute.
    fn numbers(rule: &Rule) -> Vec<f64> {
        match rule {
            Rule::Autoscale(rule) => vec![rule.step.into(), rule.ceiling.into()],
            Rule::Reserve(rule) => vec![rule.workers.into(), rule.queue.into()],
            Rule::RetryBudget(rule) => vec![rule.burst.into()],
            Rule::Shed(rule) => rule.queue.into_iter().map(f64::from).collect(),
            Rule::Callback(rule) => vec![rule.below.into()],
            Rule::Slots(rule) => vec![rule.capacity.into()],
            Rule::RateLimit(rule) => vec![rule.per_minute, rule.burst],
            Rule::WaitingRoom(rule) => {
                let counts = [rule.active_sessions, rule.places].into_iter().flatten().map(f64::from);
                rule.per_minute.into_iter().chain(counts).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Those of each rule of a shipped example, in a copy.
    fn of_copy(example: &str, scale: Option<f64>) -> Vec<Vec<f64>> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/rules").join(example).with_extension("json");
        let study = Scenario::load(&path).and_then(|scenario| scenario.compile(scale)).unwrap_or_else(|error| panic!("{error}"));
        study.model.policies.iter().flat_map(|policy| &policy.rules).map(numbers).collect()
    }

    #[test]
    fn a_copy_has_its_share_of_every_number_in_a_rule() {
        let examples = ["autoscale", "reserve", "retry-budget", "shed", "callback", "slots", "waiting-room"];
        let as_written: [&[&[f64]]; 7] = [
            &[&[4.0, 40.0]],
            &[&[2.0, 20.0]],
            &[&[50.0]],
            &[&[200.0], &[], &[]],
            &[&[260.0, 500.0], &[260.0, 500.0], &[240.0]],
            &[&[140.0]],
            &[&[], &[220.0], &[220.0], &[220.0, 2000.0]],
        ];
        for (example, numbers) in examples.iter().zip(as_written) {
            assert_eq!(of_copy(example, None), numbers, "{example}");
            let doubled: Vec<Vec<f64>> = numbers.iter().map(|rule| rule.iter().map(|number| 2.0 * number).collect()).collect();
            assert_eq!(of_copy(example, Some(2.0)), doubled, "{example}");
        }
    }

    #[test]
    fn a_limit_of_requests_is_scaled_where_people_share_it_and_not_where_each_has_their_own() {
        assert_eq!(of_copy("rate-limit", None), [[1140.0, 20.0], [1140.0, 20.0], [2.0, 1.0]]);
        assert_eq!(of_copy("rate-limit", Some(2.0)), [[2280.0, 40.0], [2280.0, 40.0], [2.0, 1.0]]);
    }
}
