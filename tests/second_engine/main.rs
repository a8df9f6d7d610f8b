//! A second engine, deliberately simple, plays random small scenarios, and must come to the very same as the fast one:
//! every count, every bin, every nanosecond.
//!
//! `CLICKDAY_ROUNDS=100000 cargo test --release --test second_engine` plays more of them than the usual few hundred.

mod engine;
mod scenario;

use clickday::engine::{ClassTally, Record, Trial, simulate};
use clickday::model::{Discipline, Model, Rule};
use clickday::scenario::Scenario;
use clickday::time::Time;
use engine::{ClassBook, Second, StationBook, play};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::collections::BTreeMap;
use std::path::Path;

/// How many scenarios a round of tests plays.
fn rounds() -> u32 {
    std::env::var("CLICKDAY_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(300)
}

#[test]
fn both_engines_agree_to_the_last_unit() {
    let config = Config { cases: rounds(), failure_persistence: None, max_shrink_iters: 4000, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&proptest::collection::vec(any::<u8>(), 0..300), |tape| agree(&tape));
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// Tapes of the plainest scenario and of some that are next to it.
const PLAIN: &[&[u8]] = &[&[], &[1; 160], &[2; 160], &[3; 160], &[7; 160]];

#[test]
fn both_engines_agree_on_plain_scenarios() {
    for tape in PLAIN {
        agree(tape).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Scenarios like those on which the engines once disagreed.
#[test]
fn both_engines_agree_on_what_was_found() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_engine/found");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 3);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        agree_on(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

/// What is compared does happen: every outcome, every figure of every rule, in many scenarios.
#[test]
fn scenarios_are_eventful() {
    let mut seen: BTreeMap<&str, u32> = Rule::NAMES.iter().map(|name| (*name, 0)).collect();
    let mut chance: u64 = 1;
    for _ in 0..1000 {
        let tape: Vec<u8> = std::iter::repeat_with(|| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (chance >> 56) as u8
        })
        .take(300)
        .collect();
        let text = scenario::scenario(&tape).to_string();
        let study = Scenario::parse(&text, Path::new("made.json")).and_then(|scenario| scenario.compile(None));
        let study = study.unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"));
        let run = play(&study.model, 0, 1, 0);
        let rules = study.model.policies[0].rules.iter().map(|rule| (rule.name(), 1));
        for (what, count) in rules.chain(happened(&study.model, &run)) {
            *seen.entry(what).or_default() += u32::from(count > 0);
        }
    }
    println!("of 1,000 scenarios so many have: {seen:#?}");
    assert!(seen.values().all(|seen| *seen >= 8), "{seen:#?}");
}

/// What may happen in a run, and how often it did.
fn happened(model: &Model, run: &Second<'_>) -> Vec<(&'static str, u64)> {
    let mut all = Vec::new();
    for class in &run.classes {
        let tally = &class.tally;
        let came_back = tally.sessions.saturating_sub(tally.arrived);
        all.extend([("completed", tally.completed), ("abandoned", tally.abandoned), ("timeouts", tally.timeouts)]);
        all.extend([("refused", tally.refused), ("failed", tally.failed), ("closed", tally.closed)]);
        all.extend([("retries", tally.retries), ("came back", came_back)]);
        all.push(("long backlog", class.backlog.max(Time::ZERO, model.end).saturating_sub(1)));
    }
    for (station, model) in run.stations.iter().zip(&model.stations) {
        let shared = model.discipline == Discipline::ProcessorSharing;
        all.extend([("wasted", (station.wasted > 0).into()), ("dropped", station.dropped)]);
        all.extend([("crashes", station.crashes), ("taken out", station.taken_out)]);
        all.extend([("held", station.held_most()), ("cold start", station.cold_starts())]);
        all.push(("served at shared workers", if shared { station.served } else { 0 }));
        all.push(("wasted at shared workers", (shared && station.wasted > 0).into()));
    }
    all.push(("workers ordered", run.workers_ordered()));
    all.extend(run.rooms.iter().flat_map(|room| room.counts.figures()));
    all.extend(run.contacts.iter().flat_map(|contacts| contacts.figures()));
    all.extend(run.appointments.iter().flat_map(|slots| slots.figures()));
    all
}

fn agree(tape: &[u8]) -> Result<(), TestCaseError> {
    let made = scenario::scenario(tape);
    agree_on(&serde_json::to_string_pretty(&made).unwrap_or_default())
}

fn agree_on(text: &str) -> Result<(), TestCaseError> {
    let study = Scenario::parse(text, Path::new("made.json")).and_then(|scenario| scenario.compile(None));
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
        same_station(model, index, fast, slow).map_err(|what| format!("station {index}: {what}"))?;
    }
    for (index, (fast, slow)) in fast.classes.iter().zip(&slow.classes).enumerate() {
        same_class(model, index, fast, slow).map_err(|what| format!("class {index}: {what}"))?;
    }
    same_rules(model, fast, slow)?;
    let queued: Vec<u32> = bins(model).map(|(from, to)| slow.queued.max(from, to) as u32).collect();
    equal("queued_max", &fast.queued_max, &queued)
}

/// What rooms, contacts and appointments have figures for.
fn same_rules(model: &Model, fast: &Record, slow: &Second<'_>) -> Result<(), String> {
    let of = |rule: &'static str| fast.rules.iter().filter(move |record| record.rule == rule);
    let counts =
        |counts: Vec<(&'static str, u64)>| -> Vec<_> { counts.into_iter().map(|(name, n)| (name, Some(n as f64))).collect() };
    for (fast, slow) in of("waiting_room").zip(&slow.rooms) {
        let mut figures = counts(slow.counts.figures());
        figures.push(("people_max", Some(slow.people.max(Time::ZERO, model.end) as f64)));
        figures.push(("people_average", slow.people.histogram(model.end).mean()));
        equal("waiting_room", &fast.figures, &figures)?;
        equal("time_in_room", &fast.times.iter().all(|(_, times)| *times == slow.time), &true)?;
    }
    for (fast, slow) in of("callback").zip(&slow.contacts) {
        equal("callback", &fast.figures, &counts(slow.figures()))?;
    }
    for (fast, slow) in of("slots").zip(&slow.appointments) {
        equal("slots", &fast.figures, &counts(slow.figures()))?;
    }
    Ok(())
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, fast: &T, slow: &T) -> Result<(), String> {
    if fast == slow { Ok(()) } else { Err(format!("{what}: {fast:?}, and {slow:?} by the second engine")) }
}

fn bins(model: &Model) -> impl Iterator<Item = (Time, Time)> {
    (0..model.bins()).map(|bin| model.bin_bounds(bin))
}

/// Counts in each bin from what they were after every change.
fn per_bin<T: Copy + Default>(model: &Model, history: &[(Time, T)], count: impl Fn(&T) -> u64) -> Vec<u32> {
    let before =
        |at: Time| history[..history.partition_point(|(when, _)| *when < at)].last().map_or(0, |(_, tally)| count(tally));
    bins(model).map(|(from, to)| (before(to) - before(from)) as u32).collect()
}

fn same_station(model: &Model, index: usize, fast: &clickday::engine::StationRecord, slow: &StationBook) -> Result<(), String> {
    let end = model.end;
    let counts = |s: &StationBook| [s.served, s.refused, s.dropped, s.timeouts];
    equal("served, refused, dropped, timeouts", &[fast.served, fast.refused, fast.dropped, fast.timeouts], &counts(slow))?;
    equal("busy", &fast.busy, &slow.busy.area(Time::ZERO, end))?;
    equal("available", &fast.available, &slow.available.area(Time::ZERO, end))?;
    equal("wasted", &fast.wasted, &slow.wasted)?;
    let held = model.stations[index].conduct.calls.is_some().then(|| slow.held.area(Time::ZERO, end));
    equal("held", &fast.held, &held)?;
    equal("crashes", &fast.crashes.unwrap_or(0), &slow.crashes)?;
    equal("taken out", &fast.taken_out.unwrap_or(0), &slow.taken_out)?;
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
    equal("series admitted", &series.admitted, &count(|tally| tally.admitted))?;
    for (what, fast, slow) in [
        ("in_orbit", &series.in_orbit, &slow.in_orbit),
        ("away", &series.away, &slow.away),
        ("backlog", &series.backlog, &slow.backlog),
        ("in_room", &series.in_room, &slow.in_room),
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
