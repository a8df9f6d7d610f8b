use super::*;
use crate::experiment::Progress;
use crate::scenario::Scenario;
use std::path::Path;

/// A day whose completions by noon and by the end are known from a number of workers.
fn day(workers: u32, observed: [f64; 2]) -> Scenario {
    let text = serde_json::json!({
        "format": 1, "name": "day",
        "clock": {"start": "2020-04-01T08:00", "end": "2020-04-01T16:00", "time_zone": "UTC", "bin": "5min"},
        "stations": {"portal": {"workers": workers, "queue": 5000, "on_timeout": "leave"}},
        "classes": {"people": {
            "population": 3000,
            "arrivals": [
                {"share": 0.7, "curve": {"uniform": {"from": "2020-04-01T08:00", "to": "2020-04-01T12:00"}}},
                {"share": 0.3, "curve": {"uniform": {"from": "2020-04-01T12:00", "to": "2020-04-01T16:00"}}}
            ],
            "journey": [{"name": "ask", "station": "portal", "service": {"exponential": {"mean": "60s", "chosen": "a guess"}}}],
            "timeout": "20h", "retry": {"attempts": 1, "resume": "step", "backoff": "1s"}
        }},
        "policies": {"open": {"rules": []}},
        "observations": [
            {"at": "2020-04-01T12:00", "metric": "completed", "value": observed[0], "tolerance": 0.05},
            {"at": "2020-04-01T16:00", "metric": "completed", "value": observed[1], "tolerance": 0.05}
        ],
        "experiment": {"seed": 7, "replications": 2}
    });
    Scenario::parse(&text.to_string(), Path::new("day.json")).unwrap()
}

fn settings() -> Settings {
    Settings { scale: None, replications: 2, seed: None, tries: 40, threads: Some(1) }
}

fn fit(scenario: &Scenario, free: &[&str]) -> (Scenario, Calibration) {
    let free: Vec<Free> = free.iter().map(|text| Free::parse(text, scenario).unwrap()).collect();
    calibrate(scenario, &free, &settings(), &Progress::default()).unwrap()
}

#[test]
fn the_number_that_made_the_figures_is_found_again() {
    // With 5 workers of a minute each, saturated from the start, 5 a minute are through: 1200 by noon, 2400 by the end.
    let scenario = day(2, [1200.0, 2400.0]);
    let (fitted, calibration) = fit(&scenario, &["/stations/portal/workers=1..12"]);
    assert_eq!(fitted.value("/stations/portal/workers"), Some(5.into()));
    assert!(calibration.misfit_after < 1.0 && calibration.misfit_before > 50.0, "{calibration:?}");
    assert!(calibration.fitted[0].told && calibration.confusions.is_empty(), "{calibration:?}");
    assert_eq!(fitted.file.name.0, "day-fitted");
    let said = fitted.value("/stations/portal/chosen").unwrap();
    assert!(said.as_str().unwrap().starts_with("fitted by clickday calibrate: /stations/portal/workers = 5"), "{said}");
}

#[test]
fn what_only_counts_as_a_product_cannot_be_told_apart() {
    // Saturated, only workers over work counts.
    let scenario = day(4, [1200.0, 2400.0]);
    let free = ["/stations/portal/workers=2..20", "/classes/people/journey/0/service/exponential/mean=20s..200s"];
    let (fitted, calibration) = fit(&scenario, &free);
    assert!(calibration.misfit_after < calibration.misfit_before, "{calibration:?}");
    let confused = calibration.confusions.iter().any(|confusion| confusion.along.len() == 2);
    assert!(confused, "{calibration:?}");
    let said = fitted.value("/classes/people/journey/0/service/exponential/chosen").unwrap();
    assert!(said.as_str().unwrap().starts_with("a guess; fitted by"), "{said}");
}

#[test]
fn shares_add_up_and_bad_ranges_are_told() {
    let scenario = day(40, [1500.0, 3000.0]);
    let (fitted, calibration) = fit(&scenario, &["/classes/people/arrivals/0/share=0.1..0.9"]);
    let share = |place: usize| fitted.value(&format!("/classes/people/arrivals/{place}/share")).unwrap().as_f64().unwrap();
    assert!((share(0) + share(1) - 1.0).abs() < 1e-9);
    assert!((share(0) - 0.5).abs() < 0.02, "{calibration:?}");
    let parse = |text: &str| Free::parse(text, &scenario).unwrap_err().to_string();
    assert!(parse("/stations/portal/workers").contains("POINTER=LOW..HIGH"));
    assert!(parse("/stations/x/workers=1..2").contains("no value stands"));
    assert!(parse("/name=1..2").contains("no number"));
    assert!(parse("/classes/people/timeout=1..2").contains("duration"));
    assert!(parse("/stations/portal/workers=2..1").contains("empty"));
}
