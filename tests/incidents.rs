//! What is answered in an incident is counted to the last answer, and counting it changes nothing.

use clickday::experiment::{IncidentCounts, Plan, Progress, Results, run};
use clickday::report::Summary;
use clickday::scenario::Scenario;
use serde_json::{Value, json};
use std::path::Path;

/// Ten people at once, one worker, a second a request, two steps: the answers come at 1 s, 2 s ... 20 s.
fn office() -> Value {
    json!({
        "format": 1, "name": "office",
        "clock": {"start": "2020-04-01T00:00", "end": "2020-04-01T00:01", "time_zone": "UTC", "bin": "1s"},
        "stations": {"desk": {"workers": 1, "queue": "unbounded"}},
        "classes": {
            "people": {
                "population": 10, "timeout": "never",
                "arrivals": [{"share": 1, "curve": {"spike": {"at": "2020-04-01T00:00", "delay": "0s"}}}],
                "journey": [
                    {"name": "ask", "station": "desk", "service": "1s"},
                    {"name": "sign", "station": "desk", "service": "1s"}
                ]
            }
        },
        "policies": {"open": {"rules": []}},
        "experiment": {"replications": 2}
    })
}

fn results(scenario: &Value, scale: Option<f64>) -> Results {
    let text = serde_json::to_string_pretty(scenario).unwrap();
    let study = Scenario::parse(&text, Path::new("office.json")).and_then(|scenario| scenario.compile(scale));
    let study = study.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let policies = (0..study.names.policies.len()).collect();
    run(&study, &Plan { policies, threads: Some(2) }, &Progress::default()).unwrap()
}

/// Answers, people and completions in the mean.
fn counts(counts: &IncidentCounts) -> [f64; 3] {
    [counts.answered, counts.people, counts.completed].map(|figure| figure.unwrap().mean)
}

fn total(scenario: &Value, incident: &Value) -> Vec<[f64; 3]> {
    let mut scenario = scenario.clone();
    scenario["incidents"] = json!({"one": incident});
    let results = results(&scenario, None);
    results.policies[0].incidents[0].iter().map(|figures| counts(&figures.total)).collect()
}

/// A moment of the office's first minute.
fn second(seconds: &str) -> String {
    format!("2020-04-01T00:00:{seconds}")
}

#[test]
fn an_answer_at_the_begin_counts_and_one_at_the_end_does_not() {
    // Everybody asks first, first in first out: who asks is answered at 1 s to 10 s, who signs at 11 s to 20 s.
    let lasts = json!({"from": second("02"), "lasts": ["1ns", "1s", "3s", "18s", "19s"]});
    let expected = [[1, 1, 0], [1, 1, 0], [3, 3, 0], [18, 10, 9], [19, 10, 10]];
    assert_eq!(total(&office(), &lasts), expected.map(|row| row.map(f64::from)));
    let ends = |from: &str, to: &str| total(&office(), &json!({"from": second(from), "to": second(to)}));
    assert_eq!(ends("09.5", "12"), [[2.0, 2.0, 1.0]]);
    assert_eq!(ends("00", "01"), [[0.0; 3]]);
    assert_eq!(ends("00", "59"), [[20.0, 10.0, 10.0]]);
    assert_eq!(ends("20.000000001", "59"), [[0.0; 3]]);
}

#[test]
fn only_the_steps_that_are_named_count() {
    let of = |step: &str| total(&office(), &json!({"from": second("00"), "to": second("30"), "steps": [step]}));
    assert_eq!(of("ask"), [[10.0, 10.0, 0.0]]);
    assert_eq!(of("sign"), [[10.0, 10.0, 10.0]]);
}

fn small_example() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small-example.json");
    let mut scenario: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    scenario["experiment"]["replications"] = json!(2);
    scenario
}

#[test]
fn an_incident_as_long_as_the_clock_holds_every_answer_of_every_class() {
    let mut scenario = small_example();
    scenario["incidents"] = json!({
        "all": {"from": "2020-04-01T00:00", "to": "2020-04-03T00:00"},
        "first": {"from": "2020-04-01T00:00", "to": "2020-04-01T17:00"},
        "second": {"from": "2020-04-01T17:00", "to": "2020-04-03T00:00"}
    });
    let results = results(&scenario, Some(0.05));
    for policy in &results.policies {
        let [all, first, second] = [0, 1, 2].map(|incident| &policy.incidents[incident][0]);
        for (class, figures) in policy.classes.iter().enumerate() {
            let [answered, people, completed] = counts(&all.classes[class]);
            assert_eq!(answered, figures.counts.answered.unwrap().mean);
            assert_eq!(completed, figures.counts.completed.unwrap().mean);
            assert!(people >= completed && people <= figures.counts.arrived.unwrap().mean);
            let (a, b) = (counts(&first.classes[class]), counts(&second.classes[class]));
            assert_eq!((answered, completed), (a[0] + b[0], a[2] + b[2]), "what adjoins adds up");
            assert!(people <= a[1] + b[1] && people >= a[1].max(b[1]), "people may be answered in both");
        }
        let sum = |place: usize| all.classes.iter().map(|class| counts(class)[place]).sum::<f64>();
        assert_eq!(counts(&all.total), [sum(0), sum(1), sum(2)]);
    }
}

#[test]
fn counting_changes_nothing_else() {
    let summary = |scenario: &Value| Summary::new(&results(scenario, Some(0.05))).to_json().unwrap();
    let mut with = small_example();
    with["incidents"] = json!({"noon": {"from": "2020-04-01T12:00", "lasts": ["10min", "1h"]}});
    let (plain, mut counted) = (summary(&small_example()), summary(&with));
    for policy in counted["policies"].as_object_mut().unwrap().values_mut() {
        let incidents = policy.as_object_mut().unwrap().remove("incidents").unwrap();
        assert_eq!(incidents["noon"][1]["to"], "2020-04-01T13:00");
        assert!(
            incidents["noon"][1]["total"]["people"]["mean"].as_f64() >= incidents["noon"][0]["total"]["people"]["mean"].as_f64()
        );
    }
    assert_eq!(plain, counted);
}
