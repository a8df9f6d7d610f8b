//! The day that both sides play: the first two days at INPS, reduced to those who come on their own account.

use crate::lab::seconds;
use serde_json::{Value, json};

const HOUR: f64 = 3600.0;
pub(super) const END: f64 = 48.0 * HOUR;

pub(super) const STEPS: usize = 3;
pub(super) const ATTEMPTS: usize = 8;
pub(super) const CLASSES: usize = 2;

/// Mean work of login, form and submit; mean pause before each, lognormal of cv 1.
pub(super) const WORK: [f64; STEPS] = [2.0, 4.0, 7.0];
pub(super) const THINK: [f64; STEPS] = [0.0, 120.0, 480.0];
pub(super) const TIMEOUT: f64 = 120.0;
/// Backoff: uniform up to the least of `LONGEST` and `FIRST`·2^(tries − 1).
const FIRST: f64 = 5.0;
const LONGEST: f64 = 300.0;
/// Mean return after eight failures, lognormal of cv 1, as often as need be; mean return after an opening, exponential.
pub(super) const RETURN: f64 = 4.0 * HOUR;
pub(super) const AFTER_OPENING: f64 = 1200.0;
pub(super) const PLACES: f64 = 10_000.0;

/// The instant at which the number of workers doubles, and outages.
pub(super) const WORKERS: [(f64, f64); 2] = [(0.0, 200.0), (25.0 * HOUR, 400.0)];
pub(super) const OUTAGES: [(f64, f64); 2] = [(0.0, HOUR), (13.5 * HOUR, 17.75 * HOUR)];

/// Citizens and accountants: how many, and when each may not enter.
pub(super) const PEOPLE: [f64; CLASSES] = [1_194_500.0, 69_000.0];
pub(super) const CLOSED: [&[(f64, f64)]; CLASSES] = [&[(32.0 * HOUR, 40.0 * HOUR)], &[(40.0 * HOUR, END)]];

/// The share of a class that intends to come by an instant.
pub(super) fn intended(class: usize, t: f64) -> f64 {
    if class == 1 {
        return ((t - 32.0 * HOUR) / (10.0 * HOUR)).clamp(0.0, 1.0);
    }
    let opening = 8.5 * HOUR;
    let weibull = |t: f64| -(-((t - opening).max(0.0) / (5.9 * 24.0 * HOUR)).powf(0.7)).exp_m1();
    0.26 * (t / opening).min(1.0) + 0.74 * weibull(t) / weibull(END)
}

pub(super) fn backoff(tries: usize) -> f64 {
    LONGEST.min(FIRST * 2f64.powi(tries as i32 - 1))
}

pub(super) fn workers(t: f64) -> f64 {
    WORKERS.iter().rev().find(|(from, _)| *from <= t).map_or(0.0, |(_, workers)| *workers)
}

pub(super) fn is_within(t: f64, spans: &[(f64, f64)]) -> Option<f64> {
    spans.iter().find(|(from, to)| (*from..*to).contains(&t)).map(|(_, to)| *to)
}

fn moment(t: f64) -> String {
    crate::lab::moment(t as u64)
}

/// The scenario, at full size. Both days are days of UTC.
pub(super) fn scenario(bin: f64) -> Value {
    let lognormal = |mean: f64| json!({"lognormal": {"mean": seconds(mean), "cv": 1}});
    let step = |k: usize| {
        let name = ["login", "form", "submit"][k];
        let mut step = json!({"name": name, "station": "portal", "service": {"exponential": {"mean": seconds(WORK[k])}}});
        if THINK[k] > 0.0 {
            step["think"] = lognormal(THINK[k]);
        }
        step
    };
    let class = |class: usize, arrivals: Value| {
        json!({
            "population": PEOPLE[class],
            "arrivals": arrivals,
            "journey": [step(0), step(1), step(2)],
            "timeout": seconds(TIMEOUT),
            "retry": {
                "attempts": ATTEMPTS, "resume": "step",
                "backoff": {"capped_exponential": {"first": seconds(FIRST), "factor": 2, "max": seconds(LONGEST), "jitter": "full"}},
                "return_after": lognormal(RETURN), "returns": 1000,
            },
            "closed": {"aware": 1, "return_delay": {"exponential": {"mean": seconds(AFTER_OPENING)}}},
        })
    };
    let outage = |(from, to): &(f64, f64)| json!({"from": moment(*from), "to": moment(*to)});
    json!({
        "format": 1,
        "name": "inps-without-operators",
        "clock": {"start": moment(0.0), "end": moment(END), "time_zone": "UTC", "bin": seconds(bin)},
        "stations": {"portal": {
            "workers": WORKERS[0].1, "queue": PLACES, "discipline": "random", "on_timeout": "orphan", "on_full": "refuse",
            "workers_at": [{"from": moment(WORKERS[1].0), "workers": WORKERS[1].1}],
            "outages": [outage(&OUTAGES[0]), outage(&OUTAGES[1])],
        }},
        "classes": {
            "citizens": class(0, json!([
                {"share": 0.26, "curve": {"uniform": {"from": moment(0.0), "to": moment(8.5 * HOUR)}}},
                {"share": 0.74, "curve": {"weibull": {"from": moment(8.5 * HOUR), "shape": 0.7, "scale": "5.9d", "truncate": true}}},
            ])),
            "accountants": class(1, json!([
                {"share": 1, "curve": {"uniform": {"from": moment(32.0 * HOUR), "to": moment(42.0 * HOUR)}}},
            ])),
        },
        "policies": {"time-split": {"rules": [{"windows": {
            "from": moment(32.0 * HOUR),
            "open": {"citizens": ["16:00-08:00"], "accountants": ["08:00-16:00"]},
        }}]}},
        "experiment": {"replications": 1},
    })
}
