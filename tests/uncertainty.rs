//! What nobody knows: demand and capacity that differ from day to day, collapse, and how many replications are enough.

mod support;

use clickday::engine::{Record, Trial, simulate};
use clickday::experiment::{Plan, Precision, Progress, Results, run_to_precision};
use clickday::stats::Estimate;
use serde_json::{Value, json};
use support::{files, results, run_all, small_day, study};

fn play(scenario: &Value, capacity: f64) -> Record {
    let trial = Trial { policy: 0, seed: 3, replication: 0, demand: 1.0, capacity, check_every_bin: true };
    simulate(&study(scenario).model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn twice_the_capacity_is_half_of_every_service() {
    let mut half = small_day();
    half["stations"]["portal"]["refusal_cost"] = json!("2500us");
    let citizens = &mut half["classes"]["citizens"]["journey"];
    citizens[0]["service"] = json!({"lognormal": {"mean": "2s", "cv": 1.5}});
    citizens[1]["service"] = json!({"exponential": {"mean": "4s"}});
    half["classes"]["patronati"]["journey"][0]["service"] = json!({"uniform": {"min": "2500ms", "max": "7500ms"}});
    let (twice, halved) = (play(&small_day(), 2.0), play(&half, 1.0));
    // Rounding of halves to nanoseconds apart, it is the same day.
    let near = |a: u64, b: u64| a.abs_diff(b) * 200 <= a;
    assert!(near(twice.stations[0].served, halved.stations[0].served));
    for (fast, short) in twice.classes.iter().zip(&halved.classes) {
        assert_eq!(fast.tally.arrived, short.tally.arrived);
        assert!(near(fast.tally.completed, short.tally.completed), "{} {}", fast.tally.completed, short.tally.completed);
        assert!(near(fast.tally.requests, short.tally.requests), "{} {}", fast.tally.requests, short.tally.requests);
    }
    let (busy, work) = (twice.stations[0].busy as f64, play(&small_day(), 1.0).stations[0].busy as f64);
    assert!(busy < 0.9 * work, "{busy} {work}");
}

fn in_doubt() -> Value {
    let mut day = small_day();
    day["experiment"] = json!({"seed": 7, "replications": 8, "demand": {"cv": 0.3}, "capacity": {"cv": 0.2}});
    day
}

fn half_width(figure: &Value) -> f64 {
    (figure["high"].as_f64().unwrap() - figure["low"].as_f64().unwrap()) / 2.0
}

#[test]
fn what_is_in_doubt_is_told_with_and_without_the_doubt() {
    let mut sure = small_day();
    sure["experiment"] = json!({"seed": 7, "replications": 8});
    let ((doubtful, _), (sure, _)) = (run_all(&in_doubt()), run_all(&sure));
    for policy in ["open", "time-split"] {
        let (with, without) = (&doubtful["policies"][policy], &doubtful["policies"][policy]["sure"]["total"]);
        assert_eq!(*without, sure["policies"][policy]["total"], "the same seeds, so the very figures of a sure day");
        assert!(sure["policies"][policy].get("sure").is_none());
        for figure in ["arrived", "requests", "completed_share"] {
            let (wide, narrow) = (half_width(&with["total"][figure]), half_width(&without[figure]));
            assert!(wide > 2.0 * narrow, "{policy} {figure}: {wide} against {narrow}");
        }
    }
    assert!(doubtful["work"]["events"].as_u64() > sure["work"]["events"].as_u64().map(|events| events * 3 / 2));
}

#[test]
fn a_capacity_in_doubt_leaves_everybodys_arrival_as_it_was() {
    let mut slow = small_day();
    slow["experiment"]["capacity"] = json!({"cv": 0.5});
    let (before, after) = (run_all(&small_day()).0, run_all(&slow).0);
    assert_eq!(before["policies"]["open"]["total"]["arrived"], after["policies"]["open"]["total"]["arrived"]);
    assert_ne!(before["policies"]["open"]["total"]["completed"], after["policies"]["open"]["total"]["completed"]);
}

fn to_precision(scenario: &Value, goal: f64, most: u32, threads: usize) -> Results {
    let study = study(scenario);
    let plan = Plan { policies: vec![0, 1], threads: Some(threads) };
    let precision = Precision { policy: 0, against: None, class: None, metric: "timeout_share".to_owned(), goal, most };
    run_to_precision(&study, &plan, &precision, &Progress::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn replications_are_added_until_the_figure_is_known_and_are_those_of_a_direct_run() {
    let found = to_precision(&in_doubt(), 0.1, 1000, 1);
    let stopped = found.sequential.clone().unwrap();
    assert!(
        stopped.met && found.replications > 10 && found.replications.is_multiple_of(10),
        "{} {stopped:?}",
        found.replications
    );
    let share: Estimate = found.policies[0].total.counts.timeout_share.unwrap();
    assert!(share.half_width().unwrap() <= 0.1 / 1.1 * share.mean, "{share:?}");
    assert_eq!(files(&found), files(&to_precision(&in_doubt(), 0.1, 1000, 8)), "on any number of threads");
    let mut direct = study(&in_doubt());
    direct.experiment.replications = found.replications;
    let mut alone = found.clone();
    alone.sequential = None;
    assert_eq!(files(&alone), files(&results(&direct, None)));
    let mut one_batch_less = study(&in_doubt());
    one_batch_less.experiment.replications = found.replications - 10;
    let before = results(&one_batch_less, None).policies[0].total.counts.timeout_share.unwrap();
    assert!(before.half_width().unwrap() > 0.1 / 1.1 * before.mean, "it did not stop at the first chance: {before:?}");
}

#[test]
fn the_limit_stops_what_precision_would_not() {
    let found = to_precision(&small_day(), 1e-6, 15, 2);
    let stopped = found.sequential.unwrap();
    assert_eq!((found.replications, stopped.met, stopped.most), (15, false, 15));
}

#[test]
fn a_system_at_its_tipping_point_has_two_outcomes() {
    let scenario = |people: u32, experiment: Value| {
        let day = json!({
            "format": 1, "name": "tipping",
            "clock": {"start": "2021-05-03T12:00", "end": "2021-05-03T12:20", "time_zone": "UTC", "bin": "1s"},
            "stations": {"portal": {"workers": 10, "queue": 1000}},
            "classes": {"people": {
                "population": {"poisson": people},
                "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2021-05-03T12:00", "to": "2021-05-03T12:20"}}}],
                "journey": [{"name": "apply", "station": "portal", "service": {"exponential": {"mean": "100ms"}}}],
                "timeout": "2s", "retry": {"attempts": 5, "backoff": "1s"}
            }},
            "policies": {"open": {"rules": []}},
            "experiment": experiment
        });
        run_all(&day).0["policies"]["open"]["collapse"].clone()
    };
    // The workers can serve 120,000.
    let edge = scenario(114_000, json!({"replications": 20, "demand": {"cv": 0.1}}));
    let share = edge["probability"]["mean"].as_f64().unwrap();
    assert!(share > 0.0 && share < 1.0, "{edge}");
    assert_eq!(edge["probability"]["n"], 20);
    let through = |given: &str| edge[given]["completed_share"]["mean"].as_f64().unwrap();
    assert!(through("given_collapse") < through("given_none") - 0.1, "{edge}");
    assert!(edge["given_none"]["timeout_share"]["mean"].as_f64().unwrap() < 0.2, "{edge}");
    let safe = scenario(90_000, json!({"replications": 3}));
    assert_eq!(safe["probability"]["mean"], 0.0, "{safe}");
    assert!(safe["given_collapse"].is_null());
}
