//! A loss system with an exact answer for its few minutes: M/M/c/c from empty, which loses whoever finds all workers busy.

use clickday::model::Study;
use clickday::scenario::Scenario;
use serde_json::json;
use statrs::distribution::{ContinuousCDF, Gamma};
use std::path::Path;

pub(super) const WORKERS: usize = 5;
pub(super) const SECONDS: f64 = 240.0;
pub(crate) const ARRIVALS: f64 = 300.0;
pub(super) const SERVICE: f64 = 4.0;
/// The coefficient of variation of demand where it is in doubt.
pub(crate) const DOUBT: f64 = 0.2;

/// The system as a user would write it. Under the second policy nobody may enter in the second half.
pub(super) fn study(seed: u64, replications: u32, in_doubt: bool) -> Study {
    let people = json!({
        "population": {"poisson": ARRIVALS},
        "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-01-01T00:00", "to": "2020-01-01T00:04"}}}],
        "journey": [{"name": "call", "station": "desk", "service": {"exponential": {"mean": format!("{SERVICE}s")}}}],
    });
    let mut experiment = json!({"seed": seed, "replications": replications});
    if in_doubt {
        experiment["demand"] = json!({"cv": DOUBT});
    }
    let scenario = json!({
        "format": 1,
        "name": "coverage",
        "clock": {"start": "2020-01-01T00:00", "end": "2020-01-01T00:04", "time_zone": "UTC", "bin": "4min"},
        "stations": {"desk": {"workers": WORKERS, "queue": 0}},
        "classes": {"people": people},
        "policies": {
            "open": {"rules": []},
            "half": {"rules": [{"windows": {"open": {"people": ["00:00-00:02"]}}}]},
        },
        "experiment": experiment,
    });
    let read = Scenario::parse(&scenario.to_string(), Path::new("coverage.json")).and_then(|scenario| scenario.compile(None));
    read.unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// What is expected at the end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    pub(super) arrived: f64,
    pub(super) lost: f64,
    pub(super) busy: f64,
}

impl Expected {
    /// Of `arrivals` in all those of the first `open` part of the time may enter: Kolmogorov's forward equations for the number
    /// of busy workers, by Runge and Kutta's fourth-order rule.
    pub(super) fn of(arrivals: f64, open: f64) -> Expected {
        let rate = arrivals / SECONDS;
        let (steps, h) = (2400, SECONDS / 2400.0);
        let mut p: Vector = [0.0; WORKERS + 2];
        p[0] = 1.0;
        for step in 0..steps {
            let rate = if f64::from(step) < open * f64::from(steps) { rate } else { 0.0 };
            let a = slope(rate, &p);
            let b = slope(rate, &along(&p, &a, h / 2.0));
            let c = slope(rate, &along(&p, &b, h / 2.0));
            let d = slope(rate, &along(&p, &c, h));
            p = std::array::from_fn(|i| p[i] + h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]));
        }
        let busy = (0..=WORKERS).map(|busy| busy as f64 * p[busy]).sum();
        Expected { arrived: arrivals * open, lost: p[WORKERS + 1], busy }
    }

    pub(super) fn completed(self) -> f64 {
        self.arrived - self.lost - self.busy
    }
}

/// By the number of busy workers; the last place counts the lost.
type Vector = [f64; WORKERS + 2];

fn slope(rate: f64, p: &Vector) -> Vector {
    let mut d = [0.0; WORKERS + 2];
    for busy in 0..=WORKERS {
        let ends = busy as f64 / SERVICE * p[busy];
        d[busy] -= ends;
        if busy > 0 {
            d[busy - 1] += ends;
        }
        if busy < WORKERS {
            d[busy] -= rate * p[busy];
            d[busy + 1] += rate * p[busy];
        }
    }
    d[WORKERS + 1] = rate * p[WORKERS];
    d
}

fn along(p: &Vector, d: &Vector, by: f64) -> Vector {
    std::array::from_fn(|i| p[i] + by * d[i])
}

/// The expected number lost where a gamma factor of mean 1 multiplies the arrivals: the mean over its quantiles.
pub(super) fn lost_in_doubt() -> f64 {
    let shape = 1.0 / (DOUBT * DOUBT);
    let factor = Gamma::new(shape, shape).expect("a shape");
    let parts = 400;
    let lost = |i: u32| Expected::of(ARRIVALS * factor.inverse_cdf((f64::from(i) + 0.5) / f64::from(parts)), 1.0).lost;
    (0..parts).map(lost).sum::<f64>() / f64::from(parts)
}
