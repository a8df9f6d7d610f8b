//! Small scenarios, run in replications and held against a reference.

use clickday::engine::{Record, Trial, simulate};
use clickday::model::{Model, Study};
use clickday::scenario::Scenario;
use clickday::stats::Estimate;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::Path;

/// Standard errors that a mean may lie away from its reference: a right program passes 24 replications of one comparison but
/// for once in 30,000 times (Student's t, 23 degrees of freedom).
const FAR: f64 = 5.0;

/// The civil time so many seconds after the start.
pub(crate) fn moment(seconds: u64) -> String {
    let start = jiff::civil::date(2020, 1, 1).at(0, 0, 0, 0);
    (start + jiff::SignedDuration::from_secs(seconds as i64)).to_string()
}

/// An exponential distribution with this mean in seconds.
pub(crate) fn exponential(mean: f64) -> Value {
    json!({"exponential": {"mean": format!("{}ns", (mean * 1e9).round())}})
}

/// People who come evenly spread, as a Poisson stream, between two seconds, with more keys of their class.
pub(crate) fn stream(from: u64, to: u64, rate: f64, more: Value) -> Value {
    let mut class = json!({
        "population": {"poisson": rate * (to - from) as f64},
        "arrivals": [{"share": 1, "curve": {"uniform": {"from": moment(from), "to": moment(to)}}}],
    });
    if let (Value::Object(class), Value::Object(more)) = (&mut class, more) {
        class.extend(more);
    }
    class
}

/// A journey of one request to a station.
pub(crate) fn request(station: &str, service: Value) -> Value {
    json!([{"name": "request", "station": station, "service": service}])
}

/// A scenario with one policy: counted from `skip`, until `end`, in seconds.
pub(crate) fn scenario(skip: u64, end: u64, stations: Value, classes: Value, rules: Value) -> Value {
    json!({
        "format": 1,
        "name": "servers",
        "clock": {"start": moment(0), "end": moment(end), "time_zone": "UTC", "bin": "60s", "measure_from": moment(skip)},
        "stations": stations,
        "classes": classes,
        "policies": {"only": {"rules": rules}},
    })
}

/// The scenario as it would be compiled from a file.
pub(crate) fn study(scenario: &Value) -> Study {
    let text = format!("{scenario:#}");
    let read = Scenario::parse(&text, Path::new("servers.json")).and_then(|scenario| scenario.compile(None));
    read.unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}"))
}

/// The mistakes that are told.
pub(crate) fn mistakes(scenario: &Value) -> String {
    let text = format!("{scenario:#}");
    match Scenario::parse(&text, Path::new("servers.json")).and_then(|scenario| scenario.compile(None)) {
        Ok(_) => String::new(),
        Err(mistakes) => mistakes.to_string(),
    }
}

/// One run of a policy; the laws are checked at every bin.
pub(crate) fn play(model: &Model, policy: usize, replication: u32) -> Record {
    let trial = Trial { policy, seed: 5, replication, demand: 1.0, capacity: 1.0, check_every_bin: true };
    simulate(model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}"))
}

/// One run of the only policy.
pub(crate) fn play_one(scenario: &Value) -> Record {
    play(&study(scenario).model, 0, 0)
}

/// A figure in each of so many replications.
pub(crate) fn observe(scenario: &Value, replications: u32, figure: impl Fn(&Record) -> f64 + Sync) -> Vec<f64> {
    let model = study(scenario).model;
    let trial = |replication| Trial { policy: 0, seed: 5, replication, demand: 1.0, capacity: 1.0, check_every_bin: false };
    let one = |replication| simulate(&model, &trial(replication), &mut |_| true).unwrap_or_else(|error| panic!("{error}"));
    (0..replications).into_par_iter().map(|replication| figure(&one(replication))).collect()
}

/// Holds a mean against a reference, and the comparison against being too blunt to see anything.
#[track_caller]
pub(crate) fn hold(case: &str, reference: f64, values: &[f64]) {
    let estimate = Estimate::of(values).expect("values");
    let mean = estimate.mean;
    let square: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let error = (square / (values.len() - 1) as f64 / values.len() as f64).sqrt();
    assert!(error <= 0.03 * reference.abs(), "{case}: a standard error of {error} proves nothing about {reference}");
    assert!((mean - reference).abs() <= FAR * error, "{case}: {mean} +- {error}, not {reference}");
}
