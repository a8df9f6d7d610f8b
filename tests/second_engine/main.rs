//! A second engine, deliberately simple, plays random small scenarios, and must come to the very same as the fast one:
//! every count, every bin, every nanosecond.
//!
//! `CLICKDAY_ROUNDS=100000 cargo test --release --test second_engine` plays more of them than the usual few hundred.

mod engine;
mod scenario;

use clickday::engine::{ClassTally, Record, Trial, simulate};
use clickday::model::Model;
use clickday::scenario::Scenario;
use clickday::time::Time;
use engine::{ClassBook, Second, StationBook, play};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::path::Path;

/// How many scenarios a round of tests plays.
fn rounds() -> u32 {
    std::env::var("CLICKDAY_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(300)
}

#[test]
fn both_engines_agree_to_the_last_unit() {
    let config = Config { cases: rounds(), failure_persistence: None, max_shrink_iters: 4000, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&proptest::collection::vec(any::<u8>(), 0..220), |tape| agree(&tape));
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// Tapes of the plainest scenario, and of those on which something was found.
const FOUND: &[&[u8]] = &[&[], &[1; 160], &[2; 160], &[3; 160], &[7; 160]];

/// Tapes on which the engines, or this test, once disagreed.
#[test]
fn both_engines_agree_on_what_was_found() {
    for tape in FOUND {
        agree(tape).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// What is compared does happen: every outcome, in many scenarios.
#[test]
fn scenarios_are_eventful() {
    let mut seen = [0; 11];
    let rules = ["windows", "priority", "reserve", "shed", "codel", "adaptive_lifo", "throttle", "retry_budget", "rate_limit"];
    let mut rules = rules.map(|name| (name, 0));
    let mut chance: u64 = 1;
    for _ in 0..400 {
        let tape: Vec<u8> = std::iter::repeat_with(|| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (chance >> 56) as u8
        })
        .take(220)
        .collect();
        let text = scenario::scenario(&tape).to_string();
        let study = Scenario::parse(&text, Path::new("made.json")).and_then(|scenario| scenario.compile(None));
        let study = study.unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
        for (name, count) in &mut rules {
            *count += u32::from(study.model.policies[0].rules.iter().any(|rule| rule.name() == *name));
        }
        let run = play(&study.model, 0, 1, 0);
        let of_classes = run.classes.iter().map(|class| &class.tally);
        for tally in of_classes {
            let counts = [
                tally.completed,
                tally.abandoned,
                tally.timeouts,
                tally.refused,
                tally.failed,
                tally.closed,
                tally.retries,
                tally.sessions.saturating_sub(tally.arrived),
            ];
            counts.iter().zip(&mut seen).for_each(|(count, seen)| *seen += u32::from(*count > 0));
        }
        seen[8] += u32::from(run.stations.iter().any(|station| station.wasted > 0));
        seen[9] += u32::from(run.stations.iter().any(|station| station.dropped > 0));
        seen[10] += u32::from(run.classes.iter().any(|class| class.backlog.max(Time::ZERO, study.model.end) > 1));
    }
    assert!(seen.iter().all(|seen| *seen >= 5), "{seen:?}");
    assert!(rules.iter().all(|(_, count)| *count >= 10), "{rules:?}");
}

fn agree(tape: &[u8]) -> Result<(), TestCaseError> {
    let made = scenario::scenario(tape);
    let text = serde_json::to_string_pretty(&made).unwrap_or_default();
    let study = Scenario::parse(&text, Path::new("made.json")).and_then(|scenario| scenario.compile(None));
    let study = study.map_err(|mistakes| TestCaseError::fail(format!("not valid: {mistakes}\n{text}")))?;
    let seed = study.experiment.seed;
    let trial = Trial { policy: 0, seed, replication: 3, demand: 1.0, capacity: 1.0, check_every_bin: true };
    let fast = simulate(&study.model, &trial, &mut |_| true);
    let fast = fast.map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
    let slow = play(&study.model, 0, seed, 3);
    same(&study.model, &fast, &slow).map_err(|what| TestCaseError::fail(format!("{what}\n{text}")))
}

/// The first thing in which two runs differ.
fn same(model: &Model, fast: &Record, slow: &Second<'_>) -> Result<(), String> {
    for (index, (fast, slow)) in fast.stations.iter().zip(&slow.stations).enumerate() {
        same_station(model, fast, slow).map_err(|what| format!("station {index}: {what}"))?;
    }
    for (index, (fast, slow)) in fast.classes.iter().zip(&slow.classes).enumerate() {
        same_class(model, index, fast, slow).map_err(|what| format!("class {index}: {what}"))?;
    }
    let queued: Vec<u32> = bins(model).map(|(from, to)| slow.queued.max(from, to) as u32).collect();
    equal("queued_max", &fast.queued_max, &queued)
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, fast: &T, slow: &T) -> Result<(), String> {
    if fast == slow { Ok(()) } else { Err(format!("{what}: {fast:?}, and {slow:?} by the second engine")) }
}

fn bins(model: &Model) -> impl Iterator<Item = (Time, Time)> {
    (0..model.bins()).map(|bin| model.bin_bounds(bin))
}

/// Counts in each bin from what they were after every change.
fn per_bin<T: Copy + Default>(model: &Model, history: &[(Time, T)], count: impl Fn(&T) -> u64) -> Vec<u32> {
    let before = |at: Time| history.iter().take_while(|(when, _)| *when < at).last().map_or(0, |(_, tally)| count(tally));
    bins(model).map(|(from, to)| (before(to) - before(from)) as u32).collect()
}

fn same_station(model: &Model, fast: &clickday::engine::StationRecord, slow: &StationBook) -> Result<(), String> {
    let end = model.end;
    let counts = |s: &StationBook| [s.served, s.refused, s.dropped, s.timeouts];
    equal("served, refused, dropped, timeouts", &[fast.served, fast.refused, fast.dropped, fast.timeouts], &counts(slow))?;
    equal("busy", &fast.busy, &slow.busy.area(Time::ZERO, end))?;
    equal("available", &fast.available, &slow.available.area(Time::ZERO, end))?;
    equal("wasted", &fast.wasted, &slow.wasted)?;
    let longest = slow.queue.max(Time::ZERO, end);
    equal(
        "queue_max",
        &(u64::from(fast.queue_max), fast.queue_max_at),
        &(longest, if longest > 0 { slow.queue.first(longest) } else { Time::ZERO }),
    )?;
    if fast.queue != slow.queue.histogram(end) {
        return Err("time at each length of the queue".to_owned());
    }
    let series = &fast.series;
    let columns = [&series.requests, &series.answered, &series.timeouts, &series.refused, &series.failed];
    for (place, column) in columns.into_iter().enumerate() {
        equal(&format!("series {place}"), column, &per_bin(model, &slow.history, |counts| counts[place]))?;
    }
    equal("series queue_average", &series.queue_average, &bins(model).map(|(from, to)| slow.queue.average(from, to)).collect())?;
    equal("series queue_max", &series.queue_max, &bins(model).map(|(from, to)| slow.queue.max(from, to) as u32).collect())
}

fn same_class(model: &Model, index: usize, fast: &clickday::engine::ClassRecord, slow: &ClassBook) -> Result<(), String> {
    equal("population", &fast.population, &slow.population)?;
    equal("tally", &fast.tally, &slow.tally)?;
    equal("pending", &fast.pending, &slow.inside)?;
    if fast.wait != slow.wait {
        return Err(format!("waits: {:?} on average, and {:?} by the second engine", fast.wait.mean(), slow.wait.mean()));
    }
    if fast.time_to_complete != slow.time_to_complete {
        return Err("times to complete".to_owned());
    }
    let series = &fast.series;
    let count = |of: fn(&ClassTally) -> u64| per_bin(model, &slow.history, of);
    equal("series arrived", &series.arrived, &count(|tally| tally.arrived))?;
    equal("series requests", &series.requests, &count(|tally| tally.requests))?;
    equal("series completed", &series.completed, &count(|tally| tally.completed))?;
    equal("series answered", &series.answered, &count(|tally| tally.answered))?;
    equal("series timeouts", &series.timeouts, &count(|tally| tally.timeouts))?;
    equal("series refused", &series.refused, &count(|tally| tally.refused))?;
    equal("series failed", &series.failed, &count(|tally| tally.failed))?;
    equal("series closed", &series.closed, &count(|tally| tally.closed))?;
    for (what, fast, slow) in [
        ("in_orbit", &series.in_orbit, &slow.in_orbit),
        ("away", &series.away, &slow.away),
        ("backlog", &series.backlog, &slow.backlog),
    ] {
        equal(&format!("series {what}"), fast, &bins(model).map(|(from, to)| slow.average(from, to)).collect())?;
    }
    let Some(operators) = &model.classes[index].operators else { return equal("operators", &fast.operators.is_none(), &true) };
    let Some(record) = fast.operators else { return Err("no record of operators".to_owned()) };
    equal("backlog_max", &record.backlog_max, &slow.backlog.max(Time::ZERO, model.end))?;
    equal("operators busy", &record.busy, &slow.at_work.area(Time::ZERO, model.end))?;
    // On duty all count, off it those who finish.
    let all = [(Time::ZERO, model.end)];
    let pieces = operators.hours.as_ref().map_or(&all[..], |hours| hours.pieces());
    let on = |of: &dyn Fn(Time, Time) -> u128| pieces.iter().map(|(from, to)| of(*from, (*to).min(model.end))).sum::<u128>();
    let on_duty = on(&|from, to| u128::from(to.since(from).0) * u128::from(operators.count));
    let at_work_on_duty = on(&|from, to| slow.at_work.between(from, to));
    equal("operators available", &record.available, &(on_duty + record.busy - at_work_on_duty))
}
