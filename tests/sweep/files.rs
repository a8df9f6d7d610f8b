//! Sweep files: the schema, the shipped ones, and mistakes with their places.

use super::*;
use clickday::sweep::{Sweep, explain_sweep, schema};

#[test]
fn the_schema_in_the_docs_is_the_one_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sweep.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("CLICKDAY_UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let shipped = fs::read_to_string(&path).unwrap_or_default();
    assert!(shipped == text, "docs/sweep.schema.json is out of date; run the tests with CLICKDAY_UPDATE=1");
}

#[test]
fn shipped_sweeps_are_right_and_fit_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let mut count = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/sweeps")).unwrap() {
        let path = entry.unwrap().path();
        let json: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        let sweep = Sweep::load(&path).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        assert!(explain_sweep(&sweep).contains(&sweep.layout.title));
        count += 1;
    }
    assert!(count >= 1);
}

/// What is told of a sweep with one key replaced, without the path.
fn told(key: &str, value: Value) -> Vec<String> {
    let mut sweep = grid();
    if key == "parameters" {
        sweep["cost"] = json!({});
    }
    sweep[key] = value;
    let home = Home::new(&sweep);
    let ended = home.clickday("check sweep.json").with(2);
    assert!(!exists(&home.path("output")));
    let place = |line: &str| line.splitn(4, ':').nth(3).unwrap_or(line).trim().to_owned();
    ended.err.lines().map(place).collect()
}

fn assert_told(key: &str, value: Value, lines: &[&str]) {
    let got = told(key, value.clone());
    let alike = got.len() == lines.len() && got.iter().zip(lines).all(|(got, want)| got.starts_with(want));
    assert!(alike, "{key} = {value}: {got:#?}, not {lines:#?}");
}

#[test]
fn every_mistake_has_its_place_and_says_what_would_be_right() {
    let workers = "/parameters/~1stations~1counter~1workers";
    assert_told("parameters", json!({}), &["/parameters: nothing is varied; name a parameter such as"]);
    assert_told("parameters", json!({"/stations/counter/workers": []}), &[&format!("{workers}: there is no value")]);
    assert_told(
        "parameters",
        json!({"/stations/counter/workers": [1, -2, 2.5]}),
        &[
            &format!("{workers}/1: the scenario says: /stations/counter/workers: found -2; expected a whole number"),
            &format!("{workers}/2: the scenario says: /stations/counter/workers: found 2.5; expected a whole number"),
        ],
    );
    assert_told(
        "parameters",
        json!({"/stations/counter/wrokers": [1]}),
        &[
            "/parameters/~1stations~1counter~1wrokers/0: the scenario says: /stations/counter/wrokers: unknown key `wrokers`; did you mean `workers`?",
        ],
    );
    assert_told(
        "parameters",
        json!({"/nowhere/at/all": [1]}),
        &["/parameters/~1nowhere~1at~1all/0: the scenario says: no value stands at"],
    );
    assert_told("parameters", json!({"workers": [1]}), &["/parameters/workers: `workers` is no JSON Pointer"]);
    assert_told(
        "parameters",
        json!({"/stations/counter/workers": {"range": {"from": 5, "to": "1min", "count": 3}}}),
        &[&format!("{workers}: one of these is a duration and the other a number")],
    );
    assert_told(
        "parameters",
        json!({"/stations/counter/workers": {"range": {"from": 0, "to": 8, "count": 3, "spacing": "logarithmic"}}}),
        &[&format!("{workers}: equal factors need values greater than zero")],
    );
    assert_told(
        "parameters",
        json!({"/stations/counter/workers": {"uniform": {"from": 1, "to": 3}}}),
        &[&format!("{workers}: a grid takes a list or a range; a distribution is for latin-hypercube and sobol")],
    );
    assert_told(
        "parameters",
        json!({"/classes/citizens/retry": [{"attempts": 1}], "/classes/citizens/retry/attempts": [1, 2]}),
        &["/parameters/~1classes~1citizens~1retry~1attempts: this lies within `/classes/citizens/retry`"],
    );
    assert_told(
        "parameters",
        json!({"/experiment/seed": [1, 2]}),
        &["/parameters/~1experiment~1seed: this is the same in every cell"],
    );
    assert_told("design", json!("gird"), &["/design: unknown word `gird`; did you mean `grid`?"]);
    assert_told(
        "design",
        json!({"sobol": {"size": 0}}),
        &["/design/sobol/size: found 0; expected a whole number from 1 to 65536"],
    );
    assert_told(
        "policies",
        json!(["opne", "open", "open"]),
        &["/policies/0: the scenario has no policy `opne`; did you mean `open`?", "/policies/2: `open` stands here twice"],
    );
    assert_told(
        "figures",
        json!(["timeout_shar"]),
        &["/figures/0: there is no figure `timeout_shar`; did you mean `timeout_share`?", "/goal: `timeout_share` is not kept"],
    );
    assert_told("goal", json!("timeout_share=1"), &["/goal: `timeout_share=1` is no goal; write it as"]);
    assert_told(
        "goal",
        json!("citizen:timeout_share<=1%"),
        &["/goal: `citizen` is no class or station with that figure; did you mean `citizens`?"],
    );
    assert_told(
        "cost",
        json!({"/stations/counter/queue": 1}),
        &["/cost/~1stations~1counter~1queue: this is no parameter of the sweep"],
    );
    assert_told("replicatons", json!(3), &["/replicatons: unknown key `replicatons`; did you mean `replications`?"]);
    assert_told("scale", json!(0.01), &["/scale: /stations/counter/workers: scaled by 0.01"]);
}

#[test]
fn a_zip_wants_lists_of_one_length() {
    let mut sweep = grid();
    sweep["design"] = json!("zip");
    sweep["parameters"] = json!({"/stations/counter/workers": [1, 2, 3], "/classes/citizens/timeout": ["1min", "5min"]});
    let home = Home::new(&sweep);
    let ended = home.clickday("sweep sweep.json").with(2);
    assert!(ended.err.contains("/design: a zip takes as many values of each parameter; there are 3 and 2"), "{}", ended.err);
}

#[test]
fn mistakes_of_the_scenario_are_told_in_its_file() {
    let home = Home::new(&grid());
    let mut day = scenario();
    day["stations"]["counter"]["workers"] = json!("two");
    fs::write(home.path("day.json"), day.to_string()).unwrap();
    let ended = home.clickday("sweep sweep.json").with(2);
    assert!(ended.err.starts_with("day.json:1:"), "{}", ended.err);
    fs::remove_file(home.path("day.json")).unwrap();
    assert!(home.clickday("check sweep.json").with(2).err.contains("day.json: there is no such file"));
}

#[test]
fn check_explains_a_sweep() {
    let home = Home::new(&grid());
    let out = home.clickday("check sweep.json").with(0).out;
    for words in
        ["/stations/counter/workers from 1 to 3 in 3 values", "whole numbers", "the scenario has 2", "Cells      9", "54 in all"]
    {
        assert!(out.contains(words), "{words}\n{out}");
    }
}
