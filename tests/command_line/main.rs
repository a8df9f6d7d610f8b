//! The command line through the binary: what it prints, what it writes, what it refuses, and with which exit status.

#[cfg(unix)]
mod interrupted;
#[path = "../support/mod.rs"]
mod support;

use assert_cmd::Command;
use predicates::prelude::*;
use predicates::str::{contains, is_empty};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::small_day;
use tempfile::TempDir;

/// So many replications that no test could wait for them: who refuses in time has not simulated.
const ENDLESS: u32 = 100_000;

/// Ends a command that hangs; none comes near it.
const PATIENCE: Duration = Duration::from_secs(120);

const CHARTS: usize = 8;

/// A folder of its own with a scenario in it, and the command run there.
struct Home(TempDir);

impl Home {
    fn new() -> Home {
        let home = Home(tempfile::tempdir().unwrap());
        home.scenario("day.json", &small_day());
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn scenario(&self, name: &str, scenario: &Value) {
        fs::write(self.path(name), serde_json::to_string_pretty(scenario).unwrap()).unwrap();
    }

    fn clickday(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clickday"));
        command.current_dir(self.0.path()).args(line.split_whitespace()).timeout(PATIENCE);
        command
    }

    /// Runs `day.json` without charts, with few replications.
    fn run(&self, options: &str) -> Command {
        self.clickday(&format!("run day.json --replications 2 --charts none {options}"))
    }

    /// The names in a folder, sorted.
    fn names(&self, folder: &str) -> Vec<String> {
        names(&self.path(folder))
    }

    fn summary(&self, folder: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path(folder).join("summary.json")).unwrap()).unwrap()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_run_writes_its_files_and_says_where() {
    let home = Home::new();
    let told = contains("A small day").and(contains("open")).and(contains("time-split")).and(contains("output/small-day"));
    home.clickday("run day.json --replications 2").assert().success().stdout(told).stderr(is_empty());
    assert_eq!(home.names("."), ["day.json", "output"]);
    assert_eq!(home.names("output"), ["small-day"], "nothing temporary is left");
    let files = home.names("output/small-day");
    assert!(files.contains(&"summary.json".to_owned()) && files.contains(&"series.csv".to_owned()), "{files:?}");
    let charts: Vec<&String> = files.iter().filter(|name| name.ends_with(".png")).collect();
    assert!(charts.len() >= CHARTS, "{files:?}");
    for chart in charts {
        let bytes = fs::read(home.path("output/small-day").join(chart)).unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{chart}");
    }
}

#[test]
fn json_prints_the_summary_and_nothing_else() {
    let home = Home::new();
    let output = home.run("--json --out result").assert().success().stderr(is_empty()).get_output().stdout.clone();
    assert_eq!(String::from_utf8(output).unwrap(), fs::read_to_string(home.path("result/summary.json")).unwrap());
}

#[test]
fn quiet_prints_nothing_but_errors() {
    let home = Home::new();
    home.run("--quiet --out result").assert().success().stdout(is_empty()).stderr(is_empty());
    assert_eq!(home.names("result"), ["arrivals.csv", "completion.csv", "scenario.json", "series.csv", "summary.json"]);
    home.run("--quiet --out day.json").assert().code(2).stdout(is_empty()).stderr(contains("day.json"));
}

#[test]
fn charts_are_drawn_as_asked() {
    let home = Home::new();
    home.run("--out none").assert().success();
    assert_eq!(home.names("none"), ["arrivals.csv", "completion.csv", "scenario.json", "series.csv", "summary.json"]);
    home.clickday("run day.json --replications 2 --charts svg --out svg").assert().success();
    let charts: Vec<String> = home.names("svg").into_iter().filter(|name| name.ends_with(".svg")).collect();
    assert!(charts.len() >= CHARTS && charts.len() == home.names("svg").len() - 5, "{:?}", home.names("svg"));
    for chart in charts {
        let text = fs::read_to_string(home.path("svg").join(&chart)).unwrap();
        assert!(text.starts_with("<svg") || text.starts_with("<?xml"), "{chart}");
        assert!(text.trim_end().ends_with("</svg>"), "{chart}");
    }
    home.clickday("run day.json --charts gif").assert().code(2).stderr(contains("png").and(contains("svg")));
}

#[test]
fn policies_are_chosen_by_name_and_stay_in_the_order_of_the_file() {
    let home = Home::new();
    home.run("--policy time-split --policy open --out both").assert().success();
    assert_eq!(keys(&home.summary("both")["policies"]), ["open", "time-split"]);
    assert_eq!(home.summary("both")["comparisons"][0]["against"], "open");
    home.run("--policy time-split --out one").assert().success();
    let one = home.summary("one");
    assert_eq!(keys(&one["policies"]), ["time-split"]);
    assert_eq!(one["comparisons"], json!([]), "with one policy there is nothing to compare");
    assert_eq!(one["policies"]["time-split"], home.summary("both")["policies"]["time-split"]);
}

#[test]
fn an_unknown_policy_is_refused_with_the_known_ones() {
    let home = Home::new();
    let told = contains("`opne`").and(contains("`open`")).and(contains("`time-split`"));
    home.run("--policy opne").assert().code(2).stdout(is_empty()).stderr(told);
    home.run("--policy time_split").assert().code(2).stderr(contains("did you mean `time-split`?"));
    assert_eq!(home.names("."), ["day.json"]);
}

#[test]
fn seed_replications_and_threads_are_those_of_the_command_line() {
    let home = Home::new();
    home.run("--out a --threads 1").assert().success();
    home.run("--out b --threads 2").assert().success();
    home.run("--out c --seed 8").assert().success();
    let (a, c) = (home.summary("a"), home.summary("c"));
    assert_eq!((&a["seed"], &a["replications"], &c["seed"]), (&json!(7), &json!(2), &json!(8)));
    assert_ne!(a["policies"], c["policies"]);
    for file in ["summary.json", "series.csv"] {
        assert!(fs::read(home.path("a").join(file)).unwrap() == fs::read(home.path("b").join(file)).unwrap(), "{file}");
    }
    for options in ["--threads 0", "--threads many", "--replications 0", "--seed -1", "--seed 1.5", "--scale -1"] {
        let told = contains("--").and(contains("tip:").not());
        home.clickday(&format!("run day.json {options}")).assert().code(2).stderr(told);
    }
}

#[test]
fn precision_adds_replications_and_says_what_stopped_it() {
    let home = Home::new();
    let run = "run day.json --replications 2 --charts none";
    let told = contains("stopped by --max-replications 12, not by --precision").and(contains("means of 12 replications"));
    home.clickday(&format!("{run} --precision 0.001% --max-replications 12 --out a")).assert().success().stdout(told);
    let told = contains("stopped by --precision 50 %: requests of time-split is known");
    home.clickday(&format!("{run} --precision 50% --metric time-split:requests --out b")).assert().success().stdout(told);
    let (a, b) = (home.summary("a"), home.summary("b"));
    assert_eq!((&a["replications"], &a["precision"]["stopped_by"]), (&json!(12), &json!("max_replications")));
    assert_eq!((&b["replications"], &b["precision"]["policy"]), (&json!(10), &json!("time-split")));
    assert_eq!((&b["precision"]["scope"], &b["precision"]["against"]), (&json!("total"), &Value::Null));
    let told = contains("the difference of completed_share of citizens under time-split to open is known");
    let of_class = "--metric completed_share@citizens --against open --out d";
    home.clickday(&format!("{run} --precision 50% {of_class}")).assert().success().stdout(told);
    let d = home.summary("d");
    assert_eq!((&d["precision"]["scope"], &d["precision"]["against"]), (&json!("citizens"), &json!("open")));
    let of = |c: &&Value| c["scope"] == "citizens" && c["figure"] == "completed_share";
    let difference = &d["comparisons"].as_array().unwrap().iter().find(of).unwrap()["difference"];
    let half = (difference["high"].as_f64().unwrap() - difference["low"].as_f64().unwrap()) / 2.0;
    let relative = half / difference["mean"].as_f64().unwrap().abs();
    assert!((relative - d["precision"]["half_width"].as_f64().unwrap()).abs() < 1e-6, "it is the interval of the comparison");
    for (options, text) in [
        ("--precision 0", "want a part such as 1%"),
        ("--precision 1% --metric wait", "there is no figure `wait`"),
        ("--precision 1% --metric nobody:requests", "`nobody` of --metric is no policy that is run; `open`, `time-split` are"),
        ("--precision 1% --policy open --metric time-split:requests", "`time-split` of --metric is no policy"),
        ("--metric requests", "--precision"),
        ("--max-replications 50", "--precision"),
        ("--precision 1% --metric requests@nobody", "`nobody` of --metric is no class; `citizens`, `patronati` are"),
        ("--precision 1% --against nobody", "`nobody` of --against is no policy that is run"),
        ("--precision 1% --metric open:requests --against open", "--against wants another policy"),
        ("--against open", "--precision"),
    ] {
        home.clickday(&format!("{run} {options} --out c")).assert().code(2).stderr(contains(text));
    }
}

#[test]
fn a_folder_with_something_else_in_it_is_refused_before_simulating_and_kept() {
    let home = Home::new();
    fs::create_dir(home.path("thesis")).unwrap();
    fs::write(home.path("thesis/chapter.txt"), "years of work").unwrap();
    let told = contains("thesis").and(contains("not empty"));
    home.clickday(&format!("run day.json --replications {ENDLESS} --out thesis")).assert().code(2).stderr(told);
    assert_eq!(home.names("thesis"), ["chapter.txt"]);
    assert_eq!(fs::read_to_string(home.path("thesis/chapter.txt")).unwrap(), "years of work");
    assert_eq!(home.names("."), ["day.json", "thesis"]);
}

#[test]
fn an_earlier_result_is_replaced_whole() {
    let home = Home::new();
    home.clickday("run day.json --replications 2 --out result").assert().success();
    assert_eq!(home.names("result").len(), 5 + CHARTS);
    home.run("--seed 8 --out result").assert().success().stdout(contains("replaced the earlier result"));
    assert_eq!(home.names("result"), ["arrivals.csv", "completion.csv", "scenario.json", "series.csv", "summary.json"]);
    assert_eq!(home.summary("result")["seed"], 8);
    assert_eq!(home.names("."), ["day.json", "result"]);
}

#[test]
fn results_cannot_go_where_no_folder_can_be() {
    let home = Home::new();
    fs::write(home.path("file"), "a file").unwrap();
    home.clickday(&format!("run day.json --replications {ENDLESS} --out file"))
        .assert()
        .code(2)
        .stderr(contains("file is a file, not a folder"));
    // Below a file nobody can make a folder, whatever their rights.
    home.clickday(&format!("run day.json --replications {ENDLESS} --out file/below/result"))
        .assert()
        .code(predicate::in_iter([1, 2]))
        .stderr(contains("file").and(contains("irectory")).and(contains("panicked").not()));
    assert_eq!(fs::read_to_string(home.path("file")).unwrap(), "a file");
    assert_eq!(home.names("."), ["day.json", "file"]);
}

#[test]
fn every_mistake_of_a_scenario_is_told_and_nothing_is_written() {
    let home = Home::new();
    let mut bad = small_day();
    bad["classes"]["citizens"]["timeout"] = json!("60 parsecs");
    bad["stations"]["portal"]["wrokers"] = json!(3);
    home.scenario("bad.json", &bad);
    let place = |what| predicate::str::is_match(format!(r"(?m)^bad\.json:\d+:\d+: .*{what}")).unwrap();
    let told = || place("parsecs").and(place("wrokers")).and(contains("`workers`"));
    home.clickday("run bad.json").assert().code(2).stdout(is_empty()).stderr(told());
    home.clickday("check bad.json").assert().code(2).stderr(told());
    home.clickday("run day.json bad.json --out both").assert().code(2).stderr(told());
    assert_eq!(home.names("."), ["bad.json", "day.json"]);
}

#[test]
fn a_missing_file_is_named() {
    let home = Home::new();
    for command in ["run nowhere.json", "check nowhere.json", "check day.json nowhere.json"] {
        home.clickday(command).assert().code(2).stderr(contains("nowhere.json"));
    }
    fs::create_dir(home.path("empty")).unwrap();
    home.clickday("run empty").assert().code(2).stderr(contains("panicked").not().and(contains("no scenario files")));
    home.clickday("run").assert().code(2).stderr(contains("SCENARIO"));
    assert_eq!(home.names("."), ["day.json", "empty"]);
}

#[test]
fn check_explains_and_runs_nothing() {
    let home = Home::new();
    let told = contains("small-day").and(contains("3,000 people")).and(contains("portal"));
    home.clickday("check day.json").assert().success().stdout(told).stderr(is_empty());
    assert_eq!(home.names("."), ["day.json"]);
}

#[test]
fn several_scenarios_have_a_folder_each() {
    let home = Home::new();
    let mut night = small_day();
    night["name"] = json!("small-night");
    home.scenario("night.json", &night);
    home.clickday("run day.json night.json --replications 1 --charts none --out results").assert().success();
    assert_eq!(home.names("results"), ["small-day", "small-night"]);
    assert_eq!(home.summary("results/small-night")["scenario"], "small-night");
    let both = home.clickday("run day.json night.json --replications 1 --charts none --json").assert().success();
    let both: Value = serde_json::from_slice(&both.get_output().stdout).unwrap();
    assert_eq!((&both[0]["scenario"], &both[1]["scenario"]), (&json!("small-day"), &json!("small-night")));
    fs::remove_dir_all(home.path("output")).unwrap();
    home.clickday("run day.json day.json").assert().code(2).stderr(contains("`small-day`"));
    assert_eq!(home.names("."), ["day.json", "night.json", "results"]);
}

#[test]
fn a_scale_that_would_be_another_system_is_refused() {
    let home = Home::new();
    let told = contains("workers of `portal`").and(contains("5 %")).and(contains("another scale"));
    home.run("--scale 0.3").assert().code(2).stderr(told);
    for scale in ["0", "-1", "NaN", "inf", "half"] {
        home.run(&format!("--scale={scale}")).assert().code(2).stderr(contains("positive number"));
    }
    assert_eq!(home.names("."), ["day.json"]);
    home.run("--scale 2").assert().success().stdout(contains("output/small-day-scale-2"));
    home.run("--scale 3 --out larger").assert().success();
    let citizens = &home.summary("larger")["policies"]["open"]["classes"]["citizens"];
    assert_eq!(citizens["population"]["mean"], 9000.0);
    assert_eq!(home.summary("larger")["observations"][0]["observed"], 1500.0);
}

/// The writing end of a pipe that nobody reads any more.
fn closed_pipe() -> std::process::Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn whoever_stops_reading_causes_no_error() {
    let home = Home::new();
    let command = |line: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_clickday"));
        command.current_dir(home.0.path()).args(line.split_whitespace());
        command
    };
    let run = "run day.json --replications 1 --charts none --out result";
    for line in ["schema", "check day.json", "--help", "--version", run, &format!("{run} --json")] {
        let output = command(line).stdout(closed_pipe()).output().unwrap();
        assert!(output.status.success(), "{line}: {output:?}");
        assert!(output.stderr.is_empty(), "{line}: {output:?}");
    }
    assert_eq!(home.names("result"), ["arrivals.csv", "completion.csv", "scenario.json", "series.csv", "summary.json"]);
    for (line, status) in [("run nowhere.json", 2), ("nonsense", 2), ("run day.json --policy opne", 2)] {
        let output = command(line).stderr(closed_pipe()).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{line}: {output:?}");
    }
}

#[test]
fn help_version_and_words_that_are_no_command() {
    let home = Home::new();
    for line in ["--help", "--version", "help", "run --help", "check --help", "schema --help"] {
        home.clickday(line).assert().success().stdout(is_empty().not()).stderr(is_empty());
    }
    home.clickday("--version").assert().stdout(contains(env!("CARGO_PKG_VERSION")));
    home.clickday("--help").assert().stdout(contains("Exit status").and(contains("130")));
    for line in ["nonsense", "", "--nonsense", "run day.json --nonsense", "schema nonsense"] {
        home.clickday(line).assert().code(2).stdout(is_empty()).stderr(is_empty().not());
    }
}

fn schema(home: &Home, line: &str) -> Value {
    let output = home.clickday(line).assert().success().stderr(is_empty()).get_output().stdout.clone();
    serde_json::from_slice(&output).unwrap()
}

fn errors(schema: &Value, json: &Value) -> Vec<String> {
    jsonschema::validator_for(schema).unwrap().iter_errors(json).map(|error| error.to_string()).collect()
}

#[test]
fn the_schemas_fit_what_is_read_and_what_is_written() {
    let home = Home::new();
    let both = schema(&home, "schema");
    let (scenario, summary) = (schema(&home, "schema scenario"), schema(&home, "schema summary"));
    let sweep = schema(&home, "schema sweep");
    assert_eq!(both, json!({"scenario": scenario, "sweep": sweep, "summary": summary}));
    let mut shipped = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let json = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            assert_eq!(errors(&scenario, &json), [""; 0], "{}", path.display());
            shipped += 1;
        }
    }
    assert!(shipped >= 5, "only {shipped} scenarios");
    let mut bad = small_day();
    bad["stations"]["portal"]["wrokers"] = json!(3);
    assert!(!errors(&scenario, &bad).is_empty(), "an unknown key fits the schema");
    home.run("--out two").assert().success();
    home.clickday("run day.json --replications 1 --charts none --out one").assert().success();
    for folder in ["one", "two"] {
        assert_eq!(errors(&summary, &home.summary(folder)), [""; 0]);
    }
    let mut without = home.summary("two");
    without.as_object_mut().unwrap().remove("audit");
    assert!(!errors(&summary, &without).is_empty(), "a summary without its audit fits the schema");
}

#[test]
fn a_folder_is_run_into_one_table() {
    let home = Home::new();
    fs::create_dir(home.path("days")).unwrap();
    for name in ["first", "second"] {
        let mut day = small_day();
        day["name"] = json!(name);
        home.scenario(&format!("days/{name}.json"), &day);
    }
    let published = small_day()["observations"].as_array().map_or(0, Vec::len);
    let line = "run days --replications 2 --charts none";
    let told = contains("first").and(contains("second")).and(contains(format!("of {} published figures", 2 * published)));
    home.clickday(line).assert().success().stdout(told).stderr(is_empty());
    assert_eq!(home.names("output"), ["days", "first", "second"]);
    assert_eq!(home.names("output/days"), ["observations.csv", "summary.json", "table.md"]);
    let rows = fs::read_to_string(home.path("output/days/observations.csv")).unwrap().lines().count();
    assert_eq!(rows, 1 + 2 * published);
    let summary = home.summary("output/days");
    assert_eq!((summary["library"].as_str(), summary["scenarios"].as_array().map(Vec::len)), (Some("days"), Some(2)));
    // Again, in place of the earlier results, as JSON.
    let json = home.clickday(&format!("{line} --json")).assert().success();
    let printed: Value = serde_json::from_slice(&json.get_output().stdout).unwrap();
    assert_eq!(printed, summary);
    home.clickday("check days").assert().success();
}

#[test]
fn mistakes_of_all_files_of_a_folder_are_told_and_nothing_is_run() {
    let home = Home::new();
    fs::create_dir(home.path("days")).unwrap();
    home.clickday("run days").assert().code(2).stderr(contains("no scenario files"));
    for (name, key) in [("first", "wrokers"), ("second", "quue")] {
        let mut day = small_day();
        day["name"] = json!(name);
        let station = day["stations"].as_object_mut().and_then(|stations| stations.values_mut().next()).unwrap();
        station[key] = json!(1);
        home.scenario(&format!("days/{name}.json"), &day);
    }
    let mut whole = small_day();
    whole["name"] = json!("third");
    home.scenario("days/third.json", &whole);
    for command in ["run days --replications 100000", "check days"] {
        let told = contains("wrokers").and(contains("quue"));
        home.clickday(command).assert().code(2).stderr(told);
    }
    assert!(!home.path("output").exists());
    fs::remove_file(home.path("days/first.json")).unwrap();
    fs::remove_file(home.path("days/second.json")).unwrap();
    let mut same = small_day();
    same["name"] = json!("days");
    home.scenario("days/third.json", &same);
    home.clickday("run days").assert().code(2).stderr(contains("has the folder's name"));
    assert!(!home.path("output").exists());
}
