//! The INPS scenarios show what happened, and say where each of their numbers comes from.

mod sources;

use clickday::experiment::{Columns, Plan, Progress, Results, run};
use clickday::scenario::Scenario;
use clickday::time::Time;
use serde_json::Value;
use sources::{REMARKS, unsourced_in};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A copy of the two days with a fifth of everything.
const SCALE: f64 = 0.2;
const REPLICATIONS: u32 = 3;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

fn json(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file(name)).unwrap()).unwrap()
}

/// What the institute did, in a smaller copy.
fn history() -> Results {
    let scenario = Scenario::load(&file("inps-2020-04.json")).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut study = scenario.compile(Some(SCALE)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    study.experiment.replications = REPLICATIONS;
    let time_split = study.names.policies.iter().position(|name| name == "time-split").unwrap();
    run(&study, &Plan { policies: vec![time_split], threads: None }, &Progress::default()).unwrap()
}

/// Sums a column from one moment to another.
struct Between<'a>(&'a Results, Time, Time);

impl<'a> Between<'a> {
    fn new(results: &'a Results, from: &str, to: &str) -> Between<'a> {
        let at = |text: &str| results.study.calendar.parse(text).unwrap();
        Between(results, at(from), at(to))
    }

    fn seconds(&self) -> f64 {
        self.2.since(self.1).seconds()
    }

    fn sum(&self, columns: &Columns, column: fn(&Columns) -> &Vec<f64>) -> f64 {
        let inside = |bin: &usize| {
            let (start, end) = self.0.study.model.bin_bounds(*bin);
            self.1 <= start && end <= self.2
        };
        let values = column(columns);
        (0..values.len()).filter(inside).map(|bin| values[bin]).sum()
    }
}

#[test]
fn the_published_facts_come_out_of_the_mechanisms() {
    let results = history();
    assert!(results.audit.holds, "{:?}", results.audit);

    let told: Vec<String> = results.observations.iter().map(|o| format!("{o:?}")).collect();
    assert_eq!(told.len(), json("inps-2020-04.json")["observations"].as_array().unwrap().len());
    let missed: Vec<&String> = results.observations.iter().zip(&told).filter(|(o, _)| !o.holds).map(|(_, text)| text).collect();
    assert!(missed.is_empty(), "{missed:#?}");

    let series = &results.policies[0].series;
    let night = Between::new(&results, "2020-04-01T01:00", "2020-04-01T08:30");
    let morning = Between::new(&results, "2020-04-01T08:30", "2020-04-01T11:00");
    let accepted = |part: &Between<'_>| part.sum(&series.total, |c| &c.completed) / part.seconds();
    let offered = morning.sum(&series.total, |c| &c.requests) / morning.seconds();
    let (before, after) = (accepted(&night), accepted(&morning));
    assert!(after < 0.5 * before, "accepted a second: {after:.2} in the morning, {before:.2} in the night");
    assert!(offered > 100.0 * SCALE, "offered a second: {offered:.1}");
    // No switch: the site is up and works all morning, on requests whose people have left.
    let portal = &series.stations[0];
    let answered = morning.sum(portal, |c| &c.completed);
    assert!(morning.sum(portal, |c| &c.timeouts) > answered, "most work is for people who have gone");
    assert_eq!(morning.sum(portal, |c| &c.failed), 0.0);

    let opening = Between::new(&results, "2020-04-02T16:00", "2020-04-02T16:10");
    let lost = opening.sum(&series.total, |c| &c.timeouts) + opening.sum(&series.total, |c| &c.refused);
    let requests = opening.sum(&series.total, |c| &c.requests) - opening.sum(&series.total, |c| &c.closed);
    assert!(lost > 0.5 * requests, "lost {lost:.0} of {requests:.0}");

    let patronati = results.study.names.classes.iter().position(|name| name == "patronati").unwrap();
    let evening = Between::new(&results, "2020-04-01T00:00", "2020-04-02T20:00");
    let collected = evening.sum(&series.classes[patronati], |c| &c.arrived);
    let uploaded = evening.sum(&series.classes[patronati], |c| &c.completed);
    assert!(uploaded > 0.0 && collected > 10.0 * uploaded, "{collected:.0} collected, {uploaded:.0} uploaded");
}

#[test]
fn every_number_of_the_classes_and_stations_says_where_it_comes_from() {
    for name in ["inps-2020-04.json", "inps-2020-04-to-20.json"] {
        assert_eq!(unsourced_in(&json(name)), [""; 0], "{name}");
    }
    let mut stripped = json("inps-2020-04.json");
    stripped.pointer_mut("/classes/citizens/retry").unwrap().as_object_mut().unwrap().remove("source");
    assert!(unsourced_in(&stripped).contains(&"/classes/citizens/retry".to_owned()));
    let service = "/classes/citizens/journey/0/service/exponential";
    stripped.pointer_mut(service).unwrap().as_object_mut().unwrap().remove("chosen");
    assert!(unsourced_in(&stripped).contains(&service.to_owned()));
}

fn texts<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| match value {
            Value::String(text) if name == key => found.push(text),
            _ => texts(value, key, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| texts(item, key, found)),
        _ => {}
    }
}

#[test]
fn six_numbers_are_chosen_and_no_more() {
    let file = json("inps-2020-04.json");
    let mut chosen = Vec::new();
    texts(&file, "chosen", &mut chosen);
    let (numbered, others): (Vec<&str>, Vec<&str>) = chosen.into_iter().partition(|text| text.contains(" of 6"));
    let numbers: BTreeSet<&str> = numbered.iter().filter_map(|text| text.split_once(" of 6")).map(|(n, _)| n).collect();
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6"].into());
    assert_eq!(numbered.len(), 6, "{numbered:#?}");
    assert!(others.iter().all(|text| text.starts_with("as for ")), "chosen besides the six: {others:#?}");
}

fn without_remarks(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let kept = object.iter().filter(|(key, _)| !REMARKS.contains(&key.as_str()));
            Value::Object(kept.map(|(key, value)| (key.clone(), without_remarks(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_remarks).collect()),
        other => other.clone(),
    }
}

#[test]
fn what_is_chosen_as_for_citizens_is_what_citizens_have() {
    for name in ["inps-2020-04.json", "inps-2020-04-to-20.json"] {
        let file = json(name);
        let classes = file["classes"].as_object().unwrap();
        let journey = without_remarks(&classes["citizens"]["journey"]);
        assert!(classes.len() > 3, "{name}");
        for (class, described) in classes {
            assert_eq!(without_remarks(&described["journey"]), journey, "{name}: {class}");
            assert_eq!(described["timeout"], classes["citizens"]["timeout"], "{name}: {class}");
        }
    }
}
