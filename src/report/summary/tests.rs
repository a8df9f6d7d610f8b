//! Names, order and schema of `summary.json`.

use super::*;
use crate::report::testdata;

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn keys_come_in_the_order_of_the_file_and_absent_figures_are_null() {
    let results = testdata::two_days();
    let json = Summary::new(&results).to_json().unwrap();
    assert_eq!(
        keys(&json),
        [
            "format",
            "clickday",
            "scenario",
            "seed",
            "replications",
            "scale",
            "policies",
            "comparisons",
            "fell_most",
            "observations",
            "audit",
            "work"
        ]
    );
    assert_eq!(keys(&json["policies"]), results.study.names.policies);
    let open = &json["policies"]["open"];
    assert_eq!(keys(open), ["total", "classes", "stations", "openings", "worst_treated", "collapse"]);
    assert_eq!(open["openings"].as_array().map(Vec::len), Some(0));
    let opening = &json["policies"]["time-split"]["openings"][0];
    assert_eq!(keys(opening), ["at", "classes", "station_down", "lost_before", "lost_after"]);
    assert_eq!((&opening["at"], &opening["classes"][1]), (&"2020-04-02T16:00".into(), &"self-employed".into()));
    assert_eq!(keys(&open["classes"]), results.study.names.classes);
    let total = keys(&open["total"]);
    assert_eq!(&total[..3], ["population", "arrived", "not_arrived"]);
    assert_eq!(&total[16..], ["lost_share", "requests_per_completion", "done_within", "wait", "time_to_complete"]);
    assert_eq!(keys(&open["total"]["done_within"]), ["1h", "4h", "24h"]);
    assert_eq!(keys(&open["total"]["arrived"]), ["mean", "low", "high", "n"]);
    assert!(open["classes"]["citizens"].get("operators").is_none());
    assert_eq!(keys(&open["classes"]["patronati"]["operators"]), ["collected", "uploaded", "backlog_max", "utilisation"]);
    let station = &open["stations"]["portal"];
    assert_eq!(keys(&station["queue_length"]), ["time_average", "p95", "max", "time_of_max"]);
    assert_eq!(station["queue_length"]["time_of_max"], "2020-04-01T09:12");
    assert!(open["stations"]["pin-service"]["wasted_share"].is_null());
}

#[test]
fn comparisons_and_observations_speak_in_names() {
    let json = Summary::new(&testdata::two_days()).to_json().unwrap();
    let first = &json["comparisons"][0];
    assert_eq!(keys(first), ["policy", "against", "scope", "figure", "difference", "distinct", "p_holm"]);
    assert_eq!((first["policy"].as_str(), first["against"].as_str()), (Some("time-split"), Some("open")));
    let observations = json["observations"].as_array().unwrap();
    assert_eq!(observations[0]["at"], "2020-04-01T08:30");
    assert!(observations[0]["class"].is_null() && observations[0].get("from").is_none());
    let rate = observations.iter().find(|o| o.get("from").is_some()).unwrap();
    assert_eq!(rate["metric"], "completed_rate");
    assert!(observations.iter().any(|o| o["class"] == "citizens + self-employed"));
}

#[test]
fn one_replication_has_no_interval() {
    let text = Summary::new(&testdata::one_bin()).to_text().unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    let arrived = &json["policies"]["open"]["total"]["arrived"];
    assert!(arrived["low"].is_null() && arrived["high"].is_null() && arrived["mean"].is_number());
}

#[test]
fn the_summary_obeys_its_schema() {
    let schema = schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for results in testdata::all() {
        let json = Summary::new(&results).to_json().unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", results.study.name);
    }
}

#[test]
fn what_rules_did_is_told_where_they_have_figures() {
    let json = Summary::new(&testdata::two_days()).to_json().unwrap();
    assert!(json["policies"]["open"].get("rules").is_none());
    let policies: Vec<&Value> = json["policies"].as_object().unwrap().values().collect();
    let rule = &policies[1]["rules"][0];
    assert_eq!(keys(rule), ["rule", "figures", "times"]);
    assert_eq!((&rule["rule"], keys(&rule["figures"])), (&"waiting_room".into(), vec!["joined", "people_average"]));
    assert!(rule["figures"]["people_average"].is_null() && rule["times"]["time_in_room"]["mean"]["mean"] == 600.0);
}

#[test]
fn doubt_collapse_and_precision_are_told_where_there_are_any() {
    let json = Summary::new(&testdata::in_doubt()).to_json().unwrap();
    assert_eq!(
        json["precision"],
        serde_json::json!({"policy": "open", "against": null, "scope": "total", "figure": "timeout_share", "goal": 0.01, "half_width": 0.0087,
                           "stopped_by": "precision", "max_replications": 1000})
    );
    let open = &json["policies"]["open"];
    assert_eq!(keys(open), ["total", "classes", "stations", "openings", "worst_treated", "collapse", "sure", "incidents"]);
    assert!(open["sure"]["total"]["completed_share"]["mean"].is_number());
    assert_eq!(keys(&open["collapse"]), ["probability", "given_collapse", "given_none"]);
    assert_eq!(open["collapse"]["probability"]["mean"], 0.3);
    assert_eq!(keys(&open["collapse"]["given_none"]), ["completed_share", "timeout_share", "time_to_complete"]);
    assert!(json["policies"]["time-split"]["collapse"]["given_collapse"].is_null());
    let fell: Vec<_> =
        json["fell_most"].as_array().unwrap().iter().map(|f| (f["policy"].as_str(), f["against"].as_str())).collect();
    assert_eq!(fell, [(Some("time-split"), Some("open")), (Some("waiting room"), Some("open"))]);
}
