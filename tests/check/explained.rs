//! Explanations and warnings.

use super::{GOOD, with};
use clickday::scenario::{Scenario, explain, warnings};
use std::path::Path;

#[test]
fn warnings_name_the_zombie_cliff_and_the_lock_in() {
    let told = |text: &str| warnings(&Scenario::parse(text, Path::new("s.json")).unwrap().compile(None).unwrap());
    assert!(told(GOOD).is_empty(), "fifty places at four a second are served in thirteen seconds");
    let long = told(&with("\"queue\": 50", "\"queue\": 5000"));
    assert_eq!(long.len(), 1, "{long:?}");
    assert!(long[0].starts_with("zombie cliff at `portal`: with 4 workers a full queue takes 21 min to serve"), "{long:?}");
    let busy = told(&with("\"queue\": 50", "\"queue\": 5000").replace("\"population\": 1000", "\"population\": 500000"));
    assert!(busy.len() == 2 && busy[1].starts_with("lock-in at `portal`"), "{busy:?}");
    assert!(told(&with("\"queue\": 50", "\"on_timeout\": \"leave\"")).is_empty());
}

#[test]
fn an_explanation_tells_windows_load_and_work() {
    let scenario = Scenario::parse(GOOD, Path::new("s.json")).unwrap();
    let text = explain(&scenario, &scenario.compile(None).unwrap());
    for line in [
        "office (office)",
        "From 2020-03-28T00:00 to 2020-03-30T00:00 in Europe/Rome: 1 d 23 h.",
        "  citizens: 1,000 people",
        "    form at portal: 1.0 s of work, waits 60.0 s at most",
        "  portal: 4 workers, 50 waiting places",
        "  open (the baseline): everybody may enter at any time",
        "    citizens may enter",
        "      2020-03-28 to 2020-03-29: 08:00-16:00",
        "  2 policies x 10 replications from seed 1: 20,000 applicants in all",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\nis not in\n{text}");
    }
}

#[test]
fn an_explanation_tells_what_is_in_doubt() {
    let doubt = r#""seed": 1, "demand": {"cv": 0.2}, "capacity": {"cv": 0.1}"#;
    let scenario = Scenario::parse(&with("\"seed\": 1", doubt), Path::new("s.json")).unwrap();
    let text = explain(&scenario, &scenario.compile(None).unwrap());
    for line in [
        "  2 policies x 10 replications from seed 1: 40,000 applicants in all",
        "  how many come is in doubt: one factor a replication, coefficient of variation 0.2",
        "  how fast the workers are is in doubt: one factor a replication, coefficient of variation 0.1",
        "  each replication is run twice, with the doubt and without",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\nis not in\n{text}");
    }
}
