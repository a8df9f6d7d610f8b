//! The readers of files, each fed with any bytes: what they say does not matter, only that they come back. Shared by the fuzz targets and
//! `tests/corpus.rs`.

use clickday::import::{self, Options, Unit};
use clickday::scenario::{Scenario, explain, warnings};
use clickday::sweep::Sweep;
use std::fs;
use std::path::Path;

/// A scenario: read, checked, compiled, explained.
pub(crate) fn scenario(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(scenario) = Scenario::parse(text, Path::new("fuzz.json")) else { return };
    let _ = scenario.compile(Some(0.01));
    if let Ok(study) = scenario.compile(None) {
        let _ = explain(&scenario, &study);
        let _ = warnings(&study);
    }
    // What was read and written again is read the same.
    let again = scenario.to_json().to_string();
    let again = Scenario::parse(&again, Path::new("fuzz.json"));
    assert!(again.is_ok_and(|again| again.to_json() == scenario.to_json()), "written again, it is another scenario");
}

/// A scenario whose arrivals are in the file.
const WITH_TRACE: &str = r#"{
    "format": 1, "name": "traced",
    "clock": {"start": "2020-04-01T00:00", "end": "2020-04-02T00:00", "time_zone": "Europe/Rome", "bin": "1h"},
    "stations": {"desk": {"workers": 1}},
    "classes": {"people": {
        "population": 10,
        "arrivals": [{"share": 1, "curve": {"trace": {"file": "trace.csv"}}}],
        "journey": [{"name": "ask", "station": "desk", "service": "1s"}]
    }},
    "policies": {"open": {"rules": []}}
}"#;

/// A trace of arrivals.
pub(crate) fn trace(data: &[u8]) {
    let Ok(home) = tempfile::tempdir() else { return };
    if fs::write(home.path().join("trace.csv"), data).is_ok() {
        let _ = Scenario::parse(WITH_TRACE, &home.path().join("traced.json"));
    }
}

/// An access log, a table of requests, or the results of a load test.
pub(crate) fn requests(data: &[u8]) {
    let Ok(home) = tempfile::tempdir() else { return };
    let path = home.path().join("requests");
    if fs::write(&path, data).is_err() {
        return;
    }
    // Centuries: a table may go from one end of the calendar to the other, and each bin of it is named.
    let options = Options {
        format: None,
        bin_seconds: 3_153_600_000,
        zone: None,
        path: None,
        time: None,
        duration: None,
        unit: Unit::Seconds,
    };
    let _ = import::requests(std::slice::from_ref(&path), &options);
    let _ = import::load_test(&path);
}

/// A sweep, over the plain scenario of the corpus or whatever other file it names.
pub(crate) fn sweep(data: &[u8]) {
    let Ok(home) = tempfile::tempdir() else { return };
    let (base, path) = (home.path().join("plain.json"), home.path().join("sweep.json"));
    if fs::write(base, include_str!("corpus/scenario/plain.json")).is_ok() && fs::write(&path, data).is_ok() {
        let _ = Sweep::load(&path);
    }
}
