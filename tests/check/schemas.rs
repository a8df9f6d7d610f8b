//! The JSON Schema and the docs against the reader.

use super::{GOOD, mistakes, with};
use clickday::scenario::{Scenario, explain, schema};
use std::path::Path;

#[test]
fn shipped_scenarios_are_right_and_fit_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = |folder: &Path| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let mut count = 0;
    for path in [files(&folder), files(&folder.join("rules"))].concat() {
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read_to_string(&path).unwrap();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            let scenario = Scenario::load(&path).unwrap_or_else(|mistakes| panic!("{mistakes}"));
            let study = scenario.compile(None).unwrap_or_else(|mistakes| panic!("{mistakes}"));
            assert!(explain(&scenario, &study).contains(&study.title));
            count += 1;
        }
    }
    assert!(count >= 3);
}

#[test]
fn the_schema_in_the_docs_is_the_one_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("CLICKDAY_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let shipped = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shipped == text, "docs/scenario.schema.json is out of date; run the tests with CLICKDAY_UPDATE=1");
}

#[test]
fn the_docs_tell_of_every_key() {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md")).unwrap();
    let mut keys = Vec::new();
    collect_keys(&schema(), &mut keys);
    keys.sort();
    keys.dedup();
    assert!(keys.len() > 60);
    let untold: Vec<_> =
        keys.iter().filter(|key| !docs.contains(&format!("`{key}`")) && !docs.contains(&format!("`\"{key}\"`"))).collect();
    assert!(untold.is_empty(), "docs/scenario.md says nothing of {untold:?}");
}

/// The names of all properties in a schema, and its words.
fn collect_keys(schema: &serde_json::Value, keys: &mut Vec<String>) {
    if let Some(object) = schema.as_object() {
        keys.extend(object.get("properties").and_then(|map| map.as_object()).into_iter().flat_map(|map| map.keys().cloned()));
        keys.extend(object.get("const").and_then(|word| word.as_str()).map(str::to_owned));
        object.values().for_each(|value| collect_keys(value, keys));
    }
    schema.as_array().into_iter().flatten().for_each(|value| collect_keys(value, keys));
}

#[test]
fn schema_and_reader_agree_on_what_is_wrong() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let valid = |text: &str| validator.is_valid(&serde_json::from_str(text).unwrap());
    assert!(valid(GOOD));
    for (piece, other) in [
        ("\"queue\": 50", "\"quue\": 50"),
        ("\"workers\": 4", "\"workers\": -4"),
        ("\"60s\"", "\"60 parsecs\""),
        ("\"5s\"", "{\"capped\": {}}"),
        ("08:00-16:00", "24:00-08:00"),
        ("\"format\": 1", "\"format\": 2"),
        ("\"name\": \"office\"", "\"name\": \".office\""),
        ("\"share\": 1", "\"share\": 2"),
    ] {
        let text = with(piece, other);
        assert!(!valid(&text) && !mistakes(&text).is_empty(), "{piece} -> {other}");
    }
}

/// JSON pointers of all values within one.
fn pointers(value: &serde_json::Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    for (key, value) in value.as_object().into_iter().flatten() {
        pointers(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
    }
    for (i, value) in value.as_array().into_iter().flatten().enumerate() {
        pointers(value, &format!("{at}/{i}"), found);
    }
}

/// Values that stand where they should not, and some that may.
fn junk() -> Vec<serde_json::Value> {
    let texts = [
        "",
        "60s",
        "0s",
        "never",
        "unbounded",
        "fifo",
        "08:00-16:00",
        "2020-03-29T02:30",
        "2020-03-28T12:00",
        "portal",
        "584y",
        "é",
    ];
    let mut values: Vec<serde_json::Value> = texts.into_iter().map(Into::into).collect();
    for json in [
        "null",
        "true",
        "0",
        "-1",
        "0.5",
        "1",
        "18446744073709551615",
        "1e308",
        "[]",
        "{}",
        "[[]]",
        "{\"\": {}}",
        "{\"note\": \"x\"}",
        "{\"exponential\": {\"mean\": \"0s\"}}",
        "{\"pareto\": {\"min\": \"1s\", \"shape\": 0.5}}",
        "{\"lognormal\": {\"mean\": \"584d\", \"cv\": 1e12}}",
        "{\"uniform\": {\"from\": \"2020-03-28T12:00\", \"to\": \"2020-03-31T12:00\"}}",
        "{\"open\": {\"citizens\": []}}",
    ] {
        values.push(serde_json::from_str(json).unwrap());
    }
    values
}

#[test]
fn no_value_anywhere_makes_it_crash_and_what_is_read_fits_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for file in ["small-example", "collapse-in-two-minutes"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{file}.json"));
        let whole: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut places = Vec::new();
        pointers(&whole, "", &mut places);
        for place in &places {
            for value in junk() {
                let mut changed = whole.clone();
                *changed.pointer_mut(place).unwrap() = value.clone();
                if let Ok(scenario) = Scenario::parse(&changed.to_string(), Path::new("s.json")) {
                    assert!(validator.is_valid(&changed), "{place} = {value}: read, but not by the schema");
                    let study = scenario.compile(None).unwrap();
                    assert!(!explain(&scenario, &study).is_empty());
                }
            }
        }
    }
}
