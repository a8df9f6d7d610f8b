//! Every mistake of a scenario file is told, each with its place, all at once.

use clickday::scenario::{Scenario, schema};
use std::path::Path;

#[test]
fn shipped_scenarios_are_right_and_fit_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read_to_string(&path).unwrap();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            let scenario = Scenario::load(&path).unwrap_or_else(|mistakes| panic!("{mistakes}"));
            scenario.compile(None).unwrap_or_else(|mistakes| panic!("{mistakes}"));
            count += 1;
        }
    }
    assert!(count >= 3);
}

#[test]
fn print_explanations() {
    for name in ["small-example", "collapse-in-two-minutes", "mmc-erlang"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.json"));
        let study = Scenario::load(&path).unwrap().compile(None).unwrap();
        println!("{}", clickday::scenario::explain(&study));
    }
}
