//! What a policy's openings do to the requests around them.

use clickday::experiment::{Plan, Progress, run};
use clickday::model::{Metric, Moment, Observation};
use clickday::scenario::Scenario;
use clickday::time::Span;
use std::path::Path;

#[test]
fn an_opening_loses_what_an_observation_of_its_ten_minutes_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/inps-2020-04.json");
    let scenario = Scenario::load(&file).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut study = scenario.compile(Some(0.02)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    study.experiment.replications = 2;
    let policy = study.names.policies.iter().position(|name| name == "time-split").unwrap();
    let at = study.calendar.parse("2020-04-02T16:00").unwrap();
    let observation = |moment| Observation {
        moment,
        policy: Some(policy),
        classes: Vec::new(),
        metric: Metric::LostShare,
        value: 0.5,
        tolerance: 1.0,
        source: String::new(),
    };
    let ten_minutes = Span::from_seconds(600);
    let earlier = study.calendar.parse("2020-04-02T15:50").unwrap();
    study.observations = vec![observation(Moment::Between(earlier, at)), observation(Moment::Between(at, at + ten_minutes))];
    let results = run(&study, &Plan { policies: vec![0, policy], threads: None }, &Progress::default()).unwrap();
    assert!(results.policies[0].openings.is_empty(), "open access opens nothing");
    let openings = &results.policies[1].openings;
    assert_eq!(openings.iter().map(|opening| opening.at).collect::<Vec<_>>(), [at]);
    let class = |name: &str| study.names.classes.iter().position(|known| known == name).unwrap();
    assert_eq!(openings[0].classes, [class("citizens"), class("families")]);
    assert!(!openings[0].station_down);
    assert_eq!(openings[0].lost_before, results.observations[0].simulated);
    assert_eq!(openings[0].lost_after, results.observations[1].simulated);
    assert!(openings[0].lost_after.unwrap().mean > openings[0].lost_before.unwrap().mean + 0.1, "a second rush");
}
