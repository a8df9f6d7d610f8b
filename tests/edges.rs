//! Rules at their edges: each of these was wrong once.

use clickday::engine::{Record, Trial, simulate};
use clickday::scenario::Scenario;
use serde_json::{Value, json};
use std::path::Path;

/// A day of one class at one desk, all of whose people come at once at midnight.
fn day(desk: Value, people: Value, end: &str) -> Value {
    let mut class = json!({
        "population": 1,
        "arrivals": [{"share": 1, "curve": {"spike": {"at": "2020-04-01T00:00", "delay": "0s"}}}],
        "journey": [{"name": "ask", "station": "desk", "service": "1min"}]
    });
    let (Some(class_keys), Value::Object(people)) = (class.as_object_mut(), people) else { panic!("want objects") };
    class_keys.extend(people);
    json!({
        "format": 1, "name": "edge",
        "clock": {"start": "2020-04-01T00:00", "end": end, "time_zone": "UTC", "bin": "1h"},
        "stations": {"desk": desk},
        "classes": {"people": class},
        "policies": {"open": {"rules": []}},
        "experiment": {"replications": 1}
    })
}

fn record(scenario: &Value, policy: usize, scale: Option<f64>) -> Record {
    let study = Scenario::parse(&scenario.to_string(), Path::new("edge.json")).and_then(|s| s.compile(scale));
    let study = study.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let trial = Trial { policy, seed: 1, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: true };
    simulate(&study.model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn an_orphan_in_service_at_the_end_is_waste() {
    let people = json!({"journey": [{"name": "ask", "station": "desk", "service": "10h"}], "timeout": "1s"});
    let desk = &record(&day(json!({"workers": 1}), people, "2020-04-01T04:00"), 0, None).stations[0];
    assert_eq!(desk.busy, 4 * 3600 * 1_000_000_000);
    assert_eq!(desk.wasted, desk.busy);
}

#[test]
fn levels_are_whole_where_counting_begins_within_a_bin() {
    let mut scenario = day(json!({"workers": 0}), json!({"population": 1000}), "2020-04-01T02:00");
    scenario["clock"]["measure_from"] = json!("2020-04-01T00:30");
    let record = record(&scenario, 0, None);
    assert_eq!(record.stations[0].series.queue_average, [1000.0, 1000.0]);
    assert_eq!(record.stations[0].queue.mean(), Some(1000.0));
    assert_eq!(record.classes[0].tally.arrived, 1000);
}

#[test]
fn nobody_takes_an_application_when_hours_end() {
    let people = json!({"population": 9, "operators": 1, "prepare": "59min", "hours": ["00:00-02:00"]});
    let record = record(&day(json!({"workers": 1}), people, "2020-04-01T06:00"), 0, None);
    assert_eq!(record.classes[0].tally.completed, 2);
}

#[test]
fn operators_wait_for_the_window_and_no_longer() {
    let people = json!({"operators": 1, "closed": {"aware": 0.5, "return_delay": "1h"}});
    let mut scenario = day(json!({"workers": 1}), people, "2020-04-01T06:00");
    scenario["policies"] = json!({"late": {"rules": [{"windows": {"open": {"people": ["01:00-24:00"]}}}]}});
    let people = &record(&scenario, 0, None).classes[0];
    assert_eq!(people.tally.closed, 0);
    assert_eq!(people.time_to_complete.max(), Some(61 * 60 * 1_000_000_000));
}

/// Five come together, the desk serves one; when the patience of the others ends, the free worker does not start those
/// whose patience ends at the same instant.
#[test]
fn a_worker_freed_by_a_timeout_starts_nobody_who_leaves_at_that_instant() {
    let people = json!({"population": 5, "timeout": "10s"});
    let record = record(&day(json!({"workers": 1, "on_timeout": "leave"}), people, "2020-04-01T01:00"), 0, None);
    assert_eq!(record.classes[0].tally.timeouts, 5);
    assert_eq!(record.classes[0].wait.count(), 1);
}

/// A full house slows down as much in a small copy as in the system itself.
#[test]
fn a_scaled_copy_is_slowed_like_the_whole() {
    let desk = json!({"workers": 100, "slowdown": {"contention": 0.05, "coherency": 0}});
    let scenario = day(desk, json!({"population": 100_000}), "2020-04-02T00:00");
    let served = |scale: f64| record(&scenario, 0, Some(scale)).classes[0].tally.completed as f64 / scale;
    let (whole, copy) = (served(1.0), served(0.1));
    assert!((whole - copy).abs() < 0.05 * whole, "{whole} served by the whole, {copy} by the copy");
}

/// Long services that are cut do not fill the memory: their slots are used again.
#[test]
fn cut_services_are_forgotten() {
    let people = json!({
        "population": 200_000,
        "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-04-01T00:00", "to": "2020-04-01T01:00"}}}],
        "journey": [{"name": "ask", "station": "desk", "service": "3h"}],
        "timeout": "1s"
    });
    let record = record(&day(json!({"workers": 1000, "on_timeout": "leave"}), people, "2020-04-01T04:00"), 0, None);
    assert_eq!(record.classes[0].tally.timeouts, 200_000);
    assert!(record.peak_services < 10_000, "{} slots for services", record.peak_services);
}
