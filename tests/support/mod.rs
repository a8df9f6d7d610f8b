//! A small day for tests to run, and ways to run it.

#![allow(dead_code, reason = "no test file uses all of it")]

use clickday::experiment::{Plan, Progress, Results, run};
use clickday::model::Study;
use clickday::report::{Summary, write_arrivals, write_series};
use clickday::scenario::Scenario;
use serde_json::{Value, json};
use std::path::Path;

/// A day with a rush, retries, timeouts, an outage, operators, a window and uncertain populations; too few workers until
/// noon. It takes some milliseconds.
pub(crate) fn small_day() -> Value {
    json!({
        "format": 1,
        "name": "small-day",
        "title": "A small day",
        "clock": {"start": "2020-04-01T00:00", "end": "2020-04-02T00:00", "time_zone": "Europe/Rome", "bin": "10min"},
        "stations": {
            "portal": {
                "workers": 1, "queue": 40, "discipline": "random", "on_timeout": "orphan", "refusal_cost": "5ms",
                "workers_at": [{"from": "2020-04-01T12:00", "workers": 2}],
                "outages": [{"from": "2020-04-01T13:30", "to": "2020-04-01T13:45", "why": "maintenance"}]
            }
        },
        "classes": {
            "citizens": {
                "population": 3000,
                "arrivals": [
                    {"share": 0.7, "curve": {"weibull": {"from": "2020-04-01T08:00", "shape": 0.7, "scale": "2h", "truncate": true}}},
                    {"share": 0.3, "curve": {"uniform": {"from": "2020-04-01T00:00", "to": "2020-04-02T00:00"}}}
                ],
                "journey": [
                    {"name": "login", "station": "portal", "service": {"lognormal": {"mean": "4s", "cv": 1.5}}},
                    {"name": "form", "station": "portal", "think": {"gamma": {"mean": "4min", "cv": 0.8}}, "service": {"exponential": {"mean": "8s"}}}
                ],
                "timeout": {"uniform": {"min": "50s", "max": "70s"}},
                "retry": {
                    "attempts": 4, "resume": "step",
                    "backoff": {"capped_exponential": {"first": "5s", "factor": 2, "max": "5min", "jitter": "full"}},
                    "return_after": {"exponential": {"mean": "1h"}}, "returns": 2
                },
                "closed": {"aware": 0.8, "return_delay": {"exponential": {"mean": "20min"}}}
            },
            "patronati": {
                "population": {"poisson": 200}, "operators": 3, "prepare": {"lognormal": {"mean": "6min", "cv": 0.5}},
                "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-04-01T06:00", "to": "2020-04-01T18:00"}}}],
                "journey": [{"name": "upload", "station": "portal", "service": {"uniform": {"min": "5s", "max": "15s"}}}],
                "timeout": "120s",
                "retry": {"attempts": 20, "backoff": "30s"}
            }
        },
        "policies": {
            "open": {"rules": []},
            "time-split": {"rules": [{"windows": {"open": {"patronati": ["08:00-16:00"], "citizens": ["16:00-08:00"]}}}]}
        },
        "observations": [
            {"at": "2020-04-01T08:30", "policy": "open", "class": "citizens", "metric": "completed", "value": 500, "tolerance": 0.9, "source": "invented"}
        ],
        "experiment": {"seed": 7, "replications": 5}
    })
}

/// The scenario as it would be compiled from a file.
pub(crate) fn study(scenario: &Value) -> Study {
    let loaded = Scenario::parse(&scenario.to_string(), Path::new("test.json"));
    loaded.and_then(|scenario| scenario.compile(None)).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// All policies of a study.
pub(crate) fn results(study: &Study, threads: Option<usize>) -> Results {
    let plan = Plan { policies: (0..study.names.policies.len()).collect(), threads };
    run(study, &plan, &Progress::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// The bytes of `summary.json`, `series.csv` and `arrivals.csv`.
pub(crate) fn files(results: &Results) -> [String; 3] {
    let (mut series, mut arrivals) = (Vec::new(), Vec::new());
    write_series(results, &mut series).unwrap();
    write_arrivals(results, &mut arrivals).unwrap();
    [Summary::new(results).to_text().unwrap(), String::from_utf8(series).unwrap(), String::from_utf8(arrivals).unwrap()]
}

/// `summary.json` of a scenario, read back, and the rows of its `series.csv`.
pub(crate) fn run_all(scenario: &Value) -> (Value, Vec<Vec<String>>) {
    let [summary, series, _] = files(&results(&study(scenario), None));
    let rows = series.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect();
    (serde_json::from_str(&summary).unwrap(), rows)
}
