//! Every mistake of a scenario file is told, each with its place, all at once.

mod compiled;
mod explained;
mod files;
mod mistakes_a_newcomer_makes;
mod mistakes_in_behaviour;
mod mistakes_in_the_system;
mod schemas;

use clickday::scenario::Scenario;
use std::path::Path;

/// A scenario without mistakes; each case below replaces a piece of it.
const GOOD: &str = r#"{
  "format": 1,
  "name": "office",
  "clock": {"start": "2020-03-28T00:00", "end": "2020-03-30T00:00", "time_zone": "Europe/Rome", "bin": "1min"},
  "stations": {
    "portal": {"workers": 4, "queue": 50}
  },
  "classes": {
    "citizens": {
      "population": 1000,
      "arrivals": [{"share": 1, "curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}}],
      "journey": [{"name": "form", "station": "portal", "service": "1s"}],
      "timeout": "60s",
      "retry": {"attempts": 3, "backoff": "5s"}
    }
  },
  "policies": {
    "open": {"rules": []},
    "split": {"rules": [{"windows": {"open": {"citizens": ["08:00-16:00"]}}}]}
  },
  "observations": [],
  "experiment": {"seed": 1, "replications": 10}
}
"#;

/// The mistakes of a text, each line without the path.
fn mistakes(text: &str) -> Vec<String> {
    match Scenario::parse(text, Path::new("s.json")) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.to_string().lines().map(|line| line.trim_start_matches("s.json:").to_owned()).collect(),
    }
}

/// The good scenario with one piece replaced.
fn with(piece: &str, other: &str) -> String {
    assert!(GOOD.contains(piece), "{piece}");
    GOOD.replacen(piece, other, 1)
}

/// What is replaced, by what, and every line that is told.
type Case = (&'static str, &'static str, &'static [&'static str]);

fn hold(cases: &[Case]) {
    for (piece, other, lines) in cases {
        assert_eq!(mistakes(&with(piece, other)), *lines, "{piece} -> {other}");
    }
}

#[test]
fn the_good_scenario_is_good() {
    assert_eq!(mistakes(GOOD), [""; 0]);
}
