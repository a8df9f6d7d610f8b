//! The rules of policies: that each is told of and shown, and that each does what is known of it from elsewhere: a formula, a
//! count that must come out, a law.

#[path = "../theory/lab.rs"]
#[allow(dead_code, reason = "shared with the tests against theory, which use more of it")]
mod lab;

mod booked;
mod limits;
mod mistakes;
mod registry;
mod room;
mod weekdays;

use clickday::engine::{Record, Trial, simulate};
use clickday::scenario::Scenario;
use serde_json::{Value, json};
use std::path::Path;

/// The model of a scenario of a day in UTC with one station of many workers, `desk`, some classes and one policy.
fn play(classes: &Value, rules: &Value, hours: u32) -> Record {
    let scenario = json!({
        "format": 1,
        "name": "rules",
        "clock": {"start": "2020-01-06T00:00", "end": format!("2020-01-{:02}T{:02}:00", 6 + hours / 24, hours % 24), "time_zone": "UTC", "bin": "1min"},
        "stations": {"desk": {"workers": 1_000_000}},
        "classes": classes,
        "policies": {"only": {"rules": rules}},
    });
    let text = format!("{scenario:#}");
    let study = Scenario::parse(&text, Path::new("rules.json")).and_then(|scenario| scenario.compile(None));
    let model = study.unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}")).model;
    let trial = Trial { policy: 0, seed: 11, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: false };
    simulate(&model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}"))
}

/// So many people who all come at one time of the day, and whose one request takes `service`.
fn crowd(people: u64, at: &str, service: &Value) -> Value {
    json!({
        "population": people,
        "arrivals": [{"share": 1, "curve": {"spike": {"at": format!("2020-01-06T{at}"), "delay": "0s"}}}],
        "journey": [{"name": "request", "station": "desk", "service": service}],
    })
}

/// A figure of the first rule that has figures.
fn figure(record: &Record, name: &str) -> f64 {
    let figures = &record.rules[0].figures;
    figures.iter().find(|(known, _)| *known == name).and_then(|(_, value)| *value).unwrap_or_else(|| panic!("no {name}"))
}

/// Holds the mean of independent replications to a reference: within 4.5 of its standard errors, which are at most 2 % of it.
fn agree(what: &str, reference: f64, values: &[f64]) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let error = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n * (n - 1.0))).sqrt();
    println!("{what}: {reference:.5} by theory, {mean:.5} ± {error:.5} simulated");
    assert!(error <= 0.02 * reference, "{what}: {mean} ± {error} says too little about {reference}");
    assert!((mean - reference).abs() <= 4.5 * error, "{what}: {reference} by theory, {mean} ± {error} simulated");
}

/// The share that a queue with one server and constant services `d` does not serve, where of those who would wait `v` the
/// share `joins(v)` does: the density f of the work in the system solves
/// f(x) = λ P₀ 1{x < d} joins(0) + λ ∫ f(u) joins(u) 1{x − u < d} du (level crossings, Brill & Posner 1977), here on a grid.
fn lost_by_waiting(rate: f64, d: f64, most: f64, joins: impl Fn(f64) -> f64) -> f64 {
    let steps_a_service = 1000;
    let step = d / f64::from(steps_a_service);
    let n = (most / step) as usize;
    let mut f: Vec<f64> = Vec::with_capacity(n);
    // With P₀ = 1; `work` is the sum of f·joins over the last service's length, at midpoints.
    let mut window = 0.0;
    for i in 0..n {
        let back = i.checked_sub(steps_a_service as usize);
        if let Some(back) = back {
            window -= f[back] * joins((back as f64 + 0.5) * step) * step;
        }
        let first = if i < steps_a_service as usize { rate * joins(0.0) } else { 0.0 };
        // The half cell of f itself is on both sides.
        let here = joins((i as f64 + 0.5) * step) * step / 2.0 * rate;
        let value = (first + rate * window) / (1.0 - here);
        f.push(value);
        window += value * joins((i as f64 + 0.5) * step) * step;
    }
    let total = 1.0 + f.iter().sum::<f64>() * step;
    let joined = joins(0.0) + f.iter().enumerate().map(|(i, f)| f * joins((i as f64 + 0.5) * step) * step).sum::<f64>();
    1.0 - joined / total
}

#[test]
fn the_solver_knows_queues_that_have_a_formula() {
    // Whoever finds work leaves: Erlang's loss formula, ρ/(1 + ρ).
    let one = lost_by_waiting(0.8, 1.0, 3.0, |v| f64::from(u8::from(v <= 0.0)));
    assert!((one - 0.8 / 1.8).abs() < 1e-3, "{one}");
    // Everybody joins: nobody is lost.
    assert!(lost_by_waiting(0.5, 1.0, 60.0, |_| 1.0).abs() < 1e-9);
}
