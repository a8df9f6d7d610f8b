//! Every rule of the list is told of in the docs, has a line in the schema, and a small scenario that shows it.

use clickday::model::Rule;
use clickday::scenario::{Scenario, explain, schema};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// The scenario in `scenarios/rules/` that shows a rule.
fn example(rule: &str) -> Scenario {
    let path = root().join("scenarios/rules").join(rule.replace('_', "-") + ".json");
    Scenario::load(&path).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn every_rule_has_its_section_in_the_docs_and_its_place_in_the_schema() {
    let read = |name: &str| std::fs::read_to_string(root().join("docs").join(name)).unwrap();
    let (model, keys, schema) = (read("model.md"), read("scenario.md"), schema());
    let kinds = schema.pointer("/$defs/Rule/anyOf").and_then(|kinds| kinds.as_array()).unwrap();
    let tagged: Vec<&str> = kinds.iter().filter_map(|kind| kind.pointer("/required/0").and_then(|tag| tag.as_str())).collect();
    assert_eq!(tagged, Rule::NAMES);
    for rule in Rule::NAMES {
        assert!(keys.contains(&format!("\n### `{rule}`\n")), "docs/scenario.md has no section on {rule}");
        assert!(model.contains(&format!("\n### `{rule}`\n")), "docs/model.md does not say what {rule} means");
    }
}

#[test]
fn every_rule_has_a_small_scenario_that_shows_it() {
    for rule in Rule::NAMES {
        let scenario = example(rule);
        let study = scenario.compile(None).unwrap();
        let used = study.model.policies.iter().flat_map(|policy| &policy.rules).any(|used| used.name() == *rule);
        assert!(used, "scenarios/rules/ does not show {rule}");
        assert!(study.model.policies.iter().any(|policy| policy.rules.is_empty()), "nothing to compare {rule} with");
        assert!(explain(&scenario, &study).contains("What is compared"));
    }
}
