//! What a policy changes of stations is what the scenario would be with those stations; a budget pays so many completions
//! and no more; the ranking is by what people feel.

#[path = "support/mod.rs"]
mod support;

use clickday::experiment::{Plan, Progress, Results, run};
use clickday::report::Summary;
use clickday::scenario::Scenario;
use serde_json::{Value, json};
use std::path::Path;
use support::small_day;

fn scenario(value: &Value) -> Scenario {
    Scenario::parse(&value.to_string(), Path::new("day.json")).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn results(value: &Value, policies: Vec<usize>) -> Results {
    let mut study = scenario(value).compile(None).unwrap();
    study.experiment.replications = 3;
    run(&study, &Plan { policies, threads: None }, &Progress::default()).unwrap()
}

fn mistakes(value: &Value) -> String {
    Scenario::parse(&value.to_string(), Path::new("day.json")).unwrap_err().to_string()
}

fn station(day: &Value) -> String {
    day["stations"].as_object().unwrap().keys().next().unwrap().clone()
}

#[test]
fn a_changed_station_is_the_scenario_with_that_station() {
    let mut day = small_day();
    let portal = station(&day);
    let change = json!({"workers": 3, "queue": 17, "discipline": "lifo", "workers_at": []});
    day["policies"] = json!({"open": {"rules": []}, "changed": {"rules": [], "stations": {&portal: change}}});
    day["observations"] = json!([]);
    let mut other = day.clone();
    for (key, value) in change.as_object().unwrap() {
        other["stations"][&portal][key] = value.clone();
    }
    other["policies"] = json!({"changed": {"rules": []}});
    let of = |results: &Results| Summary::new(results).to_json().unwrap()["policies"]["changed"].clone();
    let (changed, reference) = (results(&day, vec![1]), results(&other, vec![0]));
    assert_eq!(of(&changed), of(&reference));
    let untouched = results(&day, vec![0]);
    assert_ne!(Summary::new(&untouched).to_json().unwrap()["policies"]["open"]["total"], of(&changed)["total"]);
}

#[test]
fn changes_that_make_no_sense_are_told() {
    let mut day = small_day();
    let portal = station(&day);
    day["observations"] = json!([]);
    day["policies"] = json!({"open": {"rules": [], "stations": {"prtal": {"workers": 3}, &portal: {}}}});
    let told = mistakes(&day);
    assert!(told.contains("no station is called `prtal`") && told.contains("nothing is changed"), "{told}");
    day["policies"] = json!({"open": {"rules": [], "stations": {&portal: {"workers": 3}}}});
    assert!(mistakes(&day).contains("would undo these `workers`"), "{}", mistakes(&day));
    day["policies"]["open"]["stations"][&portal]["workers_at"] = json!([]);
    scenario(&day);
    day["budget"] = json!({"completions": 0, "classes": ["nobody"]});
    let told = mistakes(&day);
    assert!(told.contains("nobody"), "{told}");
}

#[test]
fn copies_scale_what_a_policy_changes() {
    let mut day = small_day();
    let portal = station(&day);
    day["observations"] = json!([]);
    day["stations"][&portal]["workers"] = json!(20);
    day["stations"][&portal]["queue"] = json!(200);
    day["stations"][&portal]["workers_at"] = json!([]);
    day["classes"]["patronati"]["operators"] = json!(30);
    day["budget"] = json!({"completions": 500});
    day["policies"] = json!({"open": {"rules": [], "stations": {&portal: {"workers": 40, "queue": 200, "workers_at": []}}}});
    day["experiment"]["scale"] = json!(0.5);
    let scenario = scenario(&day);
    assert_eq!(scenario.scale(), Some(0.5));
    assert_eq!(scenario.compile(None).unwrap().model.under(0).stations[0].workers, 40);
    let copy = scenario.compile(Some(0.1)).unwrap();
    let stations = copy.model.under(0);
    assert_eq!((stations.stations[0].workers, stations.stations[0].queue), (4, Some(20)));
    assert_eq!(copy.budget.unwrap().completions, 50);
}

#[test]
fn a_budget_pays_the_first_completions_and_no_more() {
    let mut day = small_day();
    let all = results(&day, vec![0]);
    let completed = all.policies[0].total.counts.completed.unwrap().mean;
    let arrived = all.policies[0].total.counts.arrived.unwrap().mean;
    assert!(all.policies[0].budget.is_none() && completed > 100.0);
    for (budget, used_up) in [((completed / 3.0) as u64, true), ((completed * 3.0) as u64, false)] {
        day["budget"] = json!({"completions": budget});
        let results = results(&day, vec![0]);
        let figures = results.policies[0].budget.as_ref().unwrap();
        let paid: f64 = figures.classes.iter().flatten().map(|class| class.paid.unwrap().mean).sum();
        let out: f64 = figures.classes.iter().flatten().map(|class| class.left_out.unwrap().mean).sum();
        assert_eq!(figures.used_up_share, f64::from(u8::from(used_up)));
        assert_eq!(figures.used_up_after.is_some(), used_up);
        let expected = if used_up { budget as f64 } else { completed };
        assert!((paid - expected).abs() < 1e-6 * expected, "{paid} of {expected}");
        assert!((figures.left.unwrap().mean - (budget as f64 - expected)).abs() < 1e-6 * budget as f64);
        assert!((out - (arrived - expected)).abs() < 1e-6 * arrived && (figures.left_out.unwrap().mean - out).abs() < 1e-6);
    }
}

#[test]
fn more_servers_rank_above_fewer() {
    let mut day = small_day();
    let portal = station(&day);
    day["observations"] = json!([]);
    let with = |workers: u32| json!({"rules": [], "stations": {&portal: {"workers": workers, "workers_at": []}}});
    day["policies"] = json!({"one": with(1), "few": with(2), "many": with(100), "none": with(0)});
    let results = results(&day, vec![0, 1, 2, 3]);
    let felt = results.felt();
    let order: Vec<&str> =
        felt.iter().map(|one| results.study.names.policies[results.policies[one.place].policy].as_str()).collect();
    assert_eq!((order[0], order[3]), ("many", "none"), "{felt:?}");
    let nobody = felt.iter().find(|one| one.completed_share == 0.0).unwrap();
    assert_eq!((nobody.median, nobody.p95, nobody.within), (None, None, [0.0; 3]));
    assert!((felt.iter().map(|one| one.rank).sum::<f64>() - 10.0).abs() < 1e-9);
}
