//! Small systems for tests: one class whose people all come when the clock starts, at a desk with many workers.

use super::record::Record;
use super::run::{Trial, simulate};
use crate::model::Model;
use crate::scenario::Scenario;
use std::path::Path;

/// One request, which is answered at once.
pub(super) const AT_ONCE: &str = r#""journey": [{"name": "ask", "station": "desk", "service": "0s"}]"#;

pub(super) const TRIAL: Trial = Trial { policy: 0, seed: 3, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: true };

/// So many people of one class, the rules of one policy, and a clock of so many hours from 2020-01-06T00:00 on.
pub(super) fn system(people: u32, class: &str, rules: &str, hours: u32) -> Model {
    let text = format!(
        r#"{{"format": 1, "name": "small",
            "clock": {{"start": "2020-01-06T00:00", "end": "2020-01-06T{hours:02}:00", "time_zone": "UTC", "bin": "1min"}},
            "stations": {{"desk": {{"workers": 1000}}}},
            "classes": {{"people": {{
                "population": {people},
                "arrivals": [{{"share": 1, "curve": {{"spike": {{"at": "2020-01-06T00:00", "delay": "0s"}}}}}}],
                {class}}}}},
            "policies": {{"only": {{"rules": [{rules}]}}}}}}"#
    );
    compiled(&text)
}

/// The system that a scenario describes.
pub(super) fn compiled(text: &str) -> Model {
    let study = Scenario::parse(text, Path::new("small.json")).and_then(|scenario| scenario.compile(None));
    study.unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}")).model
}

/// One run of it, all of whose laws hold.
pub(super) fn play(model: &Model) -> Record {
    simulate(model, &TRIAL, &mut |_| true).unwrap_or_else(|error| panic!("{error}"))
}

/// What the first rule did, by these names.
pub(super) fn figures<const N: usize>(record: &Record, names: [&str; N]) -> [f64; N] {
    let figures = &record.rules[0].figures;
    names.map(|name| figures.iter().find(|(known, _)| *known == name).and_then(|(_, value)| *value).unwrap())
}
