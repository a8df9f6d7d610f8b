//! The comforts: scenarios by name, new ones, JSON with schemas, pages, logs, fits, load tests, completions and man pages.

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn clickday(home: &TempDir, line: &str) -> Command {
    let mut command = Command::cargo_bin("clickday").unwrap();
    command.current_dir(home.path()).args(line.split_whitespace());
    command
}

fn json(home: &TempDir, line: &str) -> Value {
    serde_json::from_slice(&clickday(home, line).assert().success().get_output().stdout).unwrap()
}

fn fits(home: &TempDir, schema: &str, value: &Value) {
    let schema = json(home, &format!("schema {schema}"));
    let errors: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(value).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
}

fn home() -> TempDir {
    tempfile::tempdir().unwrap()
}

const SMALL: &str = "run small-example --scale 0.05 --replications 2 --charts none --quiet";

#[test]
fn shipped_scenarios_run_by_name_from_any_folder_and_their_report_can_be_made_later() {
    let home = home();
    clickday(&home, &format!("{SMALL} --report --out with")).assert().success();
    clickday(&home, &format!("{SMALL} --out without")).assert().success();
    let with = fs::read_to_string(home.path().join("with/report.html")).unwrap();
    assert!(!home.path().join("without/report.html").exists());
    let made = json(&home, "report without --json");
    fits(&home, "report", &made);
    assert_eq!(fs::read_to_string(home.path().join("without/report.html")).unwrap(), with, "the same bytes later");
    clickday(&home, "report without --language it --out it.html").assert().success().stdout(contains("it.html"));
    assert!(fs::read_to_string(home.path().join("it.html")).unwrap().contains("<html lang=\"it\">"));
    assert!(with.len() < 2_000_000);
    clickday(&home, "report nowhere").assert().code(2).stderr(contains("nowhere holds no results"));
    fs::write(home.path().join("without/series.csv"), "policy,time\n").unwrap();
    clickday(&home, "report without --out other.html").assert().code(2).stderr(contains("series.csv"));
    assert!(!home.path().join("other.html").exists());
}

#[test]
fn a_run_of_nothing_says_what_there_is() {
    let home = home();
    clickday(&home, "run").assert().code(2).stderr(contains("inps-2020-04").and(contains("clickday new")));
    clickday(&home, "run inps-2020-4").assert().code(2).stderr(contains("inps-2020-04"));
    let listed = json(&home, "list --json");
    fits(&home, "list", &listed);
    assert!(listed["scenarios"].as_array().unwrap().len() >= 5);
    clickday(&home, "list").assert().success().stdout(contains("small-example"));
}

#[test]
fn a_new_scenario_can_be_checked_and_run_and_is_never_overwritten() {
    let home = home();
    let made = json(&home, "new my-day --json");
    fits(&home, "new", &made);
    let checked = json(&home, "check my-day.json --json");
    fits(&home, "check", &checked);
    assert_eq!(checked["files"][0]["good"], true);
    clickday(&home, "run my-day.json --scale 0.05 --replications 2 --charts none")
        .assert()
        .success()
        .stdout(contains("queue over the clock"));
    let before = fs::read(home.path().join("my-day.json")).unwrap();
    clickday(&home, "new my-day").assert().code(2).stderr(contains("is there already"));
    assert_eq!(fs::read(home.path().join("my-day.json")).unwrap(), before);
    clickday(&home, "new ../away").assert().code(2);
    fs::write(home.path().join("bad.json"), "{\"format\": 2}").unwrap();
    let told = clickday(&home, "check bad.json --json").assert().code(2).get_output().stdout.clone();
    let told: Value = serde_json::from_slice(&told).unwrap();
    fits(&home, "check", &told);
    assert_eq!(told["files"][0]["good"], false);
    assert!(told["files"][0]["mistakes"].as_array().unwrap().len() > 1);
}

#[test]
fn a_log_becomes_a_trace_that_a_scenario_reads() {
    let home = home();
    let lines: String = (0..600)
        .map(|i| {
            let (minute, second) = (i / 60, i % 60);
            format!("10.0.0.1 - - [20/Nov/2026:09:{minute:02}:{second:02} +0100] \"GET /login HTTP/1.1\" 200 5 \"-\" \"-\" 0.5\n")
        })
        .collect();
    fs::write(home.path().join("access.log"), lines).unwrap();
    let found = json(&home, "import access.log --bin 60 --duration-field last --out found --json");
    fits(&home, "import", &found);
    assert_eq!(found["requests"]["requests"], 600);
    assert_eq!(found["parts"]["population"], 600);
    let curve = fs::read_to_string(home.path().join("found/arrivals.csv")).unwrap();
    assert!(curve.starts_with("time,count\n2026-11-20T09:00,60\n") && curve.lines().count() == 11, "{curve}");
    let scenario = serde_json::json!({
        "format": 1, "name": "from-log",
        "clock": {"start": found["parts"]["clock"]["start"], "end": found["parts"]["clock"]["end"], "time_zone": "Europe/Rome", "bin": "1min"},
        "stations": {"portal": {"workers": 5, "queue": 100}},
        "classes": {"people": {
            "population": found["parts"]["population"], "arrivals": found["parts"]["arrivals"],
            "journey": [{"name": "login", "station": "portal", "service": found["parts"]["service"]}],
            "timeout": "60s", "retry": {"attempts": 1, "resume": "step", "backoff": "1s"}
        }},
        "policies": {"open": {"rules": []}}
    });
    fs::write(home.path().join("found/day.json"), scenario.to_string()).unwrap();
    let summary = json(&home, "run found/day.json --replications 2 --charts none --json");
    assert_eq!(summary["policies"]["open"]["total"]["arrived"]["mean"], 600);
    clickday(&home, "import nothing.log").assert().code(2).stderr(contains("nothing.log"));
}

#[test]
fn a_load_test_a_fit_and_a_script() {
    let home = home();
    let k6 = r#"{"metrics": {"http_reqs": {"rate": 20}, "http_req_duration": {"avg": 100, "med": 80, "p(95)": 250}}}"#;
    fs::write(home.path().join("k6.json"), k6).unwrap();
    let found = json(&home, "import --load-test k6.json --json");
    fits(&home, "import", &found);
    assert_eq!(found["parts"]["workers_at_least"], 2.0);
    let exported = json(&home, "export small-example --k6 --scale 0.1 --out script.js --json");
    fits(&home, "export", &exported);
    let script = fs::read_to_string(home.path().join("script.js")).unwrap();
    assert!(script.contains("ramping-arrival-rate") && !script.contains("/*SCENARIO*/"));
    clickday(&home, "export small-example --k6 --from 2021-01-01T00:00").assert().code(2).stderr(contains("after clock.end"));
    let line =
        "calibrate small-example --scale 0.05 --replications 2 --tries 6 --free /stations/portal/workers=20..80 --json --quiet";
    let fitted = json(&home, line);
    fits(&home, "calibrate", &fitted);
    assert!(fitted["misfit_after"].as_f64() <= fitted["misfit_before"].as_f64());
    clickday(&home, "check small-example-fitted.json").assert().success();
    let unknown = "calibrate small-example --free /stations/portal/wrokers=20..80";
    clickday(&home, unknown).assert().code(2).stderr(contains("/stations/portal/wrokers"));
}

#[test]
fn completions_man_pages_help_and_colours() {
    let home = home();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        clickday(&home, &format!("completions {shell}")).assert().success().stdout(contains("calibrate"));
    }
    clickday(&home, "man").assert().success().stdout(contains(".TH clickday"));
    clickday(&home, "man --out pages").assert().success();
    let help = String::from_utf8(clickday(&home, "--help").assert().success().get_output().stdout.clone()).unwrap();
    let commands = ["list", "new", "run", "report", "check", "schema", "calibrate", "import", "export", "completions", "man"];
    for command in commands.into_iter().chain(cfg!(feature = "serve").then_some("serve")) {
        assert!(help.contains(command), "{command}");
        assert!(Path::new(&home.path().join(format!("pages/clickday-{command}.1"))).is_file(), "{command}");
        clickday(&home, &format!("{command} --help")).assert().success().stdout(contains("Example"));
    }
    let run = "run small-example --scale 0.05 --replications 1 --charts none";
    clickday(&home, run).assert().success().stdout(contains("\u{1b}").not());
    clickday(&home, &format!("{run} --color always")).assert().success().stdout(contains("\u{1b}[1m"));
    let plain = clickday(&home, run).env("NO_COLOR", "1").assert().success().get_output().stdout.clone();
    assert!(!plain.contains(&0x1b));
}
