//! The same scenario and seed give the same results, to the byte; and what is added beside a thing does not change it.

mod support;

use serde_json::{Value, json};
use support::{files, results, run_all, small_day, study};

type Rows = Vec<Vec<String>>;

/// The rows of `series.csv` that begin with a policy, and have a scope and a name.
fn rows_of<'r>(rows: &'r Rows, policy: &str, scope: &str, name: &str) -> Vec<&'r [String]> {
    let found: Vec<&[String]> =
        rows.iter().filter(|row| row[0] == policy && row[2] == scope && row[3] == name).map(Vec::as_slice).collect();
    assert!(!found.is_empty(), "no rows of {policy}, {scope} {name}");
    found
}

/// `arrived` bin by bin.
fn arrived(rows: &Rows, policy: &str, class: &str) -> Vec<String> {
    rows_of(rows, policy, "class", class).iter().map(|row| row[4].clone()).collect()
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let study = study(&small_day());
    let on_one = files(&results(&study, Some(1)));
    for threads in [2, 8] {
        let more = files(&results(&study, Some(threads)));
        for (name, (more, one)) in ["summary.json", "series.csv", "arrivals.csv"].iter().zip(more.iter().zip(&on_one)) {
            assert!(more == one, "other bytes of {name} on {threads} threads");
        }
    }
}

#[test]
fn another_seed_gives_other_results() {
    let day = study(&small_day());
    let mut other = day.clone();
    other.experiment.seed += 1;
    let (first, second) = (results(&day, None), results(&other, None));
    assert_ne!(first.policies[0].total, second.policies[0].total);
    assert_ne!(first.policies[0].series, second.policies[0].series);
}

#[test]
fn replications_differ_and_more_of_them_do_not_change_the_first() {
    let mut one = small_day();
    one["experiment"] = json!({"seed": 7, "replications": 1});
    let mut two = small_day();
    two["experiment"] = json!({"seed": 7, "replications": 2});
    let mean = |scenario: &Value| run_all(scenario).0["policies"]["open"]["total"]["requests"]["mean"].as_f64().unwrap();
    let (first, both) = (mean(&one), mean(&two));
    assert_ne!(first, both);
    let second = 2.0 * both - first;
    assert_eq!(second.fract(), 0.0, "a count of requests, so the first replication is what it was alone");
}

#[test]
fn a_further_policy_changes_no_number_of_the_others() {
    let before = small_day();
    let mut after = small_day();
    let further = json!({"windows": {"open": {"citizens": ["09:00-17:00"]}}});
    after["policies"] = json!({
        "office-hours": {"rules": [further]},
        "open": before["policies"]["open"],
        "time-split": before["policies"]["time-split"],
    });
    let ((summary, rows), (more, more_rows)) = (run_all(&before), run_all(&after));
    for policy in ["open", "time-split"] {
        assert_eq!(summary["policies"][policy], more["policies"][policy]);
        for (scope, name) in [("total", "total"), ("class", "citizens"), ("class", "patronati"), ("station", "portal")] {
            assert_eq!(rows_of(&rows, policy, scope, name), rows_of(&more_rows, policy, scope, name));
        }
    }
    assert_ne!(more["policies"]["office-hours"]["total"], more["policies"]["open"]["total"]);
}

#[test]
fn a_further_class_elsewhere_changes_nobodys_draws() {
    let before = small_day();
    let mut after = small_day();
    let firms = json!({
        "population": 500,
        "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-04-01T06:00", "to": "2020-04-01T18:00"}}}],
        "journey": [{"name": "claim", "station": "desk", "service": {"exponential": {"mean": "1min"}}}],
        "timeout": "5min",
        "retry": {"attempts": 3, "backoff": "30s"}
    });
    let desk = json!({"workers": 1, "queue": "unbounded"});
    // First in the file, so that every other class and station gets another place.
    after["classes"] =
        json!({"firms": firms, "citizens": before["classes"]["citizens"], "patronati": before["classes"]["patronati"]});
    after["stations"] = json!({"desk": desk, "portal": before["stations"]["portal"]});
    let ((summary, rows), (more, more_rows)) = (run_all(&before), run_all(&after));
    for policy in ["open", "time-split"] {
        let (ours, theirs) = (&summary["policies"][policy], &more["policies"][policy]);
        for class in ["citizens", "patronati"] {
            assert_eq!(ours["classes"][class], theirs["classes"][class]);
            assert_eq!(rows_of(&rows, policy, "class", class), rows_of(&more_rows, policy, "class", class));
        }
        assert_eq!(ours["stations"]["portal"], theirs["stations"]["portal"]);
        assert_eq!(rows_of(&rows, policy, "station", "portal"), rows_of(&more_rows, policy, "station", "portal"));
        assert!(theirs["classes"]["firms"]["completed"]["mean"].as_f64().unwrap() > 0.0);
    }
}

#[test]
fn capacity_behaviour_and_policy_leave_everybodys_intended_arrival_as_it_was() {
    let (before, rows) = run_all(&small_day());
    let changes = [
        ("/stations/portal/workers", json!(6)),
        ("/stations/portal/queue", json!(0)),
        ("/classes/citizens/timeout", json!("10s")),
        ("/classes/citizens/retry/attempts", json!(1)),
        ("/classes/citizens/closed/aware", json!(0)),
    ];
    for (pointer, value) in changes {
        let mut scenario = small_day();
        *scenario.pointer_mut(pointer).unwrap() = value;
        let (after, changed) = run_all(&scenario);
        assert_ne!(before["policies"], after["policies"], "{pointer} makes no difference to anything");
        for class in ["citizens", "patronati"] {
            for policy in ["open", "time-split"] {
                assert_eq!(arrived(&rows, policy, class), arrived(&changed, policy, class), "{pointer}");
            }
        }
    }
    for class in ["citizens", "patronati"] {
        assert_eq!(arrived(&rows, "open", class), arrived(&rows, "time-split", class));
    }
}
