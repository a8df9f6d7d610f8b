//! The account against what is known by hand.

use super::*;
use crate::scenario::Scenario;
use serde_json::{Value, json};
use std::path::Path;

fn study(scenario: &Value) -> Study {
    let text = scenario.to_string();
    let compiled = Scenario::parse(&text, Path::new("fluid.json")).and_then(|scenario| scenario.compile(None));
    compiled.unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn day() -> Value {
    json!({
        "format": 1, "name": "fluid",
        "clock": {"start": "2020-04-01T00:00", "end": "2020-04-01T04:00", "time_zone": "UTC", "bin": "1min"},
        "stations": {"desk": {"workers": 100, "queue": 2000, "discipline": "fifo", "on_timeout": "orphan"}},
        "classes": {"people": {
            "population": 10000,
            "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-04-01T00:00", "to": "2020-04-01T01:00"}}}],
            "journey": [{"name": "ask", "station": "desk", "service": {"exponential": {"mean": "30s"}}}],
            "timeout": "never",
        }},
        "policies": {"open": {"rules": []}},
    })
}

fn solved(scenario: &Value) -> FluidPolicy {
    solve(&study(scenario), &[0], None).unwrap_or_else(|wrong| panic!("{wrong:?}")).policies.remove(0)
}

#[test]
fn below_capacity_nobody_waits_and_above_it_the_queue_grows_at_the_difference() {
    let mut day = day();
    let account = solved(&day).account;
    assert!(account.total.counts.completed > 9_999.9 && account.stations[0].queue_length.max < 1e-6);
    // 10,000 services of 30 s on 100 workers over four hours.
    assert!((account.stations[0].utilisation - 3e5 / (100.0 * 14_400.0)).abs() < 1e-6);
    // 20,000 in an hour are 5.56 a second; 3.33 are served.
    day["classes"]["people"]["population"] = json!(20_000);
    day["stations"]["desk"]["queue"] = json!("unbounded");
    let account = solved(&day).account;
    let most = 20_000.0 - 3600.0 * 100.0 / 30.0;
    // Workers are busy only after half a minute.
    assert!((account.stations[0].queue_length.max - most).abs() < 110.0, "{}", account.stations[0].queue_length.max);
    assert!(account.total.counts.completed > 19_999.9);
}

#[test]
fn at_a_full_queue_who_is_refused_is_the_excess_and_a_refusal_costs_its_time() {
    let mut day = day();
    day["classes"]["people"]["population"] = json!(20_000);
    day["stations"]["desk"]["queue"] = json!(50);
    let refused = |day: &Value| solved(day).account.total.counts.refused;
    // Who finds workers and places: those of an hour's work, the workers and the places.
    let all = 20_000.0 - (3600.0 * 100.0 / 30.0 + 100.0 + 50.0);
    assert!((refused(&day) - all).abs() < 40.0, "{}", refused(&day));
    // A refusal of 3 s takes a tenth of a service: of x that are served, 20,000 − x refusals cost as much as a tenth of so many.
    day["stations"]["desk"]["refusal_cost"] = json!("3s");
    let served = (12_000.0 - 2_000.0) / 0.9;
    let away = refused(&day);
    assert!((20_000.0 - away - served).abs() < 200.0, "{}", 20_000.0 - away);
}

#[test]
fn patience_that_leaves_the_queue_is_the_steady_state_of_whitt() {
    // Overloaded: 10 a second on 100 workers of 20 s are 5 served a second; exponential patience of 60 s holds the queue at
    // (10 − 5)·60 = 300, whatever the discipline.
    for discipline in ["fifo", "lifo", "random"] {
        let mut day = day();
        day["stations"]["desk"] = json!({"workers": 100, "discipline": discipline, "on_timeout": "leave"});
        let people = &mut day["classes"]["people"];
        people["population"] = json!(144_000);
        people["arrivals"][0]["curve"]["uniform"]["to"] = json!("2020-04-01T04:00");
        people["journey"][0]["service"] = json!({"exponential": {"mean": "20s"}});
        people["timeout"] = json!({"exponential": {"mean": "60s"}});
        people["journey"][0]["timeout_covers"] = json!("queue");
        people["retry"] = json!({"attempts": 1, "backoff": "1s"});
        let account = solved(&day).account;
        let queue = account.stations[0].series.queue_average[180];
        assert!((queue / 300.0 - 1.0).abs() < 0.02, "{discipline}: {queue}");
        let lost = account.total.counts.timeouts / account.total.counts.arrived;
        assert!((lost - 0.5).abs() < 0.01, "{discipline}: {lost}");
    }
}

#[test]
fn books_balance_with_windows_cohorts_retries_returns_and_outages() {
    let mut day = day();
    day["stations"]["desk"]["queue"] = json!(100);
    day["stations"]["desk"]["outages"] = json!([{"from": "2020-04-01T00:20", "to": "2020-04-01T00:30"}]);
    let people = &mut day["classes"]["people"];
    people["population"] = json!(15_000);
    people["timeout"] = json!("45s");
    people["journey"] = json!([
        {"name": "ask", "station": "desk", "service": {"exponential": {"mean": "10s"}}},
        {"name": "send", "station": "desk", "think": "1min", "service": {"lognormal": {"mean": "20s", "cv": 2}}},
    ]);
    people["closed"] = json!({"aware": 0.5, "return_delay": {"exponential": {"mean": "5min"}}});
    for resume in ["step", "journey"] {
        for applies_to in ["sessions", "requests"] {
            day["classes"]["people"]["retry"] = json!({"attempts": 3, "resume": resume, "backoff": {"exponential": {"mean": "20s"}},
                                                       "return_after": "10min", "returns": 2});
            day["policies"] = json!({"split": {"rules": [{"windows": {"applies_to": applies_to, "cohorts": {"people": {"a": 0.5, "b": 0.5}},
                "open": {"people": {"a": ["00:00-00:40"], "b": ["00:10-01:30"]}}}}]}});
            let account = solved(&day).account;
            let counts = &account.total.counts;
            let ended = counts.answered + counts.timeouts + counts.refused + counts.failed + counts.closed;
            assert!((counts.requests / ended - 1.0).abs() < 1e-6, "{resume} {applies_to}: {} {ended}", counts.requests);
            assert!(counts.completed > 1_000.0 && counts.failed > 50.0 && counts.closed > 100.0, "{counts:?}");
            let away = account.total.series.away.last().copied().unwrap_or(0.0);
            assert!((counts.pending - away).abs() < 1e-3 * counts.arrived, "{resume} {applies_to}: {} {away}", counts.pending);
        }
    }
}

#[test]
fn classes_alike_are_one_crowd_in_proportion() {
    let mut day = day();
    let people = &mut day["classes"]["people"];
    people["population"] = json!(20_000);
    people["timeout"] = json!("45s");
    people["retry"] = json!({"attempts": 3, "backoff": "20s", "return_after": "10min", "returns": 3});
    day["stations"]["desk"]["queue"] = json!(50);
    let one = solved(&day).account;
    let mut others = day["classes"]["people"].clone();
    (day["classes"]["people"]["population"], others["population"]) = (json!(15_000), json!(5_000));
    day["classes"]["others"] = others;
    let both = solved(&day).account;
    // Told apart by nothing but a step that takes a nanosecond more.
    day["classes"]["others"]["journey"][0]["think"] = json!("1ns");
    day["classes"]["people"]["journey"][0]["think"] = json!("2ns");
    let apart = solved(&day).account;
    for of in
        [|scope: &Scope| scope.counts.refused, |scope: &Scope| scope.counts.abandoned, |scope: &Scope| scope.counts.completed]
    {
        assert!((of(&both.total) / of(&one.total) - 1.0).abs() < 1e-9 && of(&one.total) > 100.0);
        for (class, share) in both.classes.iter().zip([0.75, 0.25]) {
            assert!((of(class) / of(&both.total) / share - 1.0).abs() < 1e-9);
        }
        for (class, share) in apart.classes.iter().zip([0.75, 0.25]) {
            assert!((of(class) / of(&apart.total) / share - 1.0).abs() < 1e-6, "{} {}", of(class), of(&apart.total));
        }
    }
    assert!((both.total.wait / one.total.wait - 1.0).abs() < 1e-9);
}

#[test]
fn any_number_of_threads_solves_alike() {
    let study = study(&day());
    let of = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap_or_else(|error| panic!("{error}"));
        format!("{:?}", pool.install(|| solve(&study, &[0], None)))
    };
    assert_eq!(of(1), of(3));
}

#[test]
fn what_is_not_covered_is_named() {
    let mut day = day();
    day["stations"]["desk"]["slowdown"] = json!({"contention": 0.1, "coherency": 0.0});
    day["policies"]["slow"] = json!({"rules": [{"rate_limit": {"per_minute": 60}}]});
    let wrong = solve(&study(&day), &[0, 1], None).map(drop).expect_err("not covered");
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(
        wrong[0].starts_with("stations.desk.slowdown") && wrong[1].starts_with("policies.slow.rules[0].rate_limit"),
        "{wrong:?}"
    );
}

#[test]
fn a_copy_has_the_same_shares_whatever_its_size() {
    let text = include_str!("../../scenarios/small-example.json");
    let of = |scale: f64| {
        let compiled = Scenario::parse(text, Path::new("small.json")).and_then(|scenario| scenario.compile(Some(scale)));
        let study = compiled.unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let grid = Grid::new(&study.model, Span::from_seconds(30));
        play(&study, 0, grid).total.counts
    };
    let (one, many) = (of(1.0), of(1000.0));
    assert!((one.completed_share / many.completed_share - 1.0).abs() < 1e-9);
    assert!((one.requests * 1000.0 / many.requests - 1.0).abs() < 1e-9);
}

#[test]
fn the_days_at_inps_are_a_few_thousand_cells_and_the_error_is_told_by_the_figures_beside() {
    let text = include_str!("../../scenarios/inps-2020-04.json");
    let compiled = Scenario::parse(text, Path::new("inps.json")).and_then(|scenario| scenario.compile(None));
    let study = compiled.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    // Two cells in the timeout of 120 s.
    let grid = Grid::new(&study.model, Grid::width_for(&study.model));
    assert_eq!((grid.cells, grid.halved(&study.model).cells), (2_880, 5_760));
    let fluid = solve(&study, &[1], None).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let (account, plain) = (&fluid.policies[0].account, &fluid.policies[0].plain);
    let apart = |of: fn(&Account) -> f64| (of(account) / of(plain) - 1.0).abs();
    assert!(apart(|account| account.total.counts.completed) < 0.0002);
    assert!(apart(|account| account.total.counts.requests) < 0.005);
    let timeouts = apart(|account| account.total.counts.timeouts);
    assert!((1e-4..0.012).contains(&timeouts), "{timeouts}");
    let counts = &account.total.counts;
    assert!((counts.arrived - counts.completed - counts.abandoned - counts.pending).abs() < 1e-3);
}
