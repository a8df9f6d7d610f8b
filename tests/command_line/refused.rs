//! What is refused, with what words, and that nothing is written then.

use super::*;

#[test]
fn an_unknown_policy_is_refused_with_the_known_ones() {
    let home = Home::new();
    let told = contains("`opne`").and(contains("`open`")).and(contains("`time-split`"));
    home.run("--policy opne").assert().code(2).stdout(is_empty()).stderr(told);
    home.run("--policy time_split").assert().code(2).stderr(contains("did you mean `time-split`?"));
    assert_eq!(home.names("."), ["day.json"]);
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

#[test]
fn files_of_the_user_are_never_replaced() {
    let home = Home::new();
    fs::write(home.path("cal.json"), fs::read_to_string(home.path("day.json")).unwrap()).unwrap();
    let day = fs::read(home.path("day.json")).unwrap();
    // What --json prints makes no folder a result.
    fs::create_dir(home.path("project")).unwrap();
    fs::write(home.path("project/summary.json"), r#"{"clickday": "0.1.0"}"#).unwrap();
    fs::write(home.path("project/thesis.tex"), "years of work").unwrap();
    let told = contains("thesis.tex").and(contains("choose another folder"));
    home.clickday(&format!("run day.json --replications {ENDLESS} --out project")).assert().code(2).stderr(told);
    assert_eq!(home.names("project"), ["summary.json", "thesis.tex"]);
    home.clickday("export day.json --k6 --out ./day.json").assert().code(2).stderr(contains("which is read"));
    home.clickday("export day.json --k6 --out project").assert().code(2).stderr(contains("is a folder; name a file"));
    home.clickday("report project --out day.json").assert().code(2).stderr(contains("is no page"));
    home.clickday("import --load-test day.json --out project").assert().code(2).stderr(contains("--out"));
    assert_eq!(fs::read(home.path("day.json")).unwrap(), day);
}

#[test]
fn a_fit_replaces_nothing_and_needs_observations() {
    let home = Home::new();
    home.clickday("new fresh").assert().success();
    let text = fs::read_to_string(home.path("fresh.json")).unwrap();
    let without: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(without.get("observations").is_none(), "the template has none");
    let workers = without["stations"].as_object().unwrap().keys().next().unwrap().clone();
    let fit = format!("calibrate fresh.json --replications 1 --tries 1 --free /stations/{workers}/workers=20..100");
    home.clickday(&fit).assert().code(2).stderr(contains("no observations"));
    fs::write(home.path("fresh-fitted.json"), "edited").unwrap();
    home.clickday(&fit).assert().code(2).stderr(contains("there already").and(contains("--out")));
    home.clickday(&format!("{fit} --out fresh.json")).assert().code(2).stderr(contains("which is read"));
    assert_eq!(fs::read_to_string(home.path("fresh-fitted.json")).unwrap(), "edited");
    assert_eq!(fs::read_to_string(home.path("fresh.json")).unwrap(), text);
}

#[test]
fn control_characters_of_a_file_do_not_reach_the_terminal() {
    let home = Home::new();
    let mut day: serde_json::Value = serde_json::from_slice(&fs::read(home.path("day.json")).unwrap()).unwrap();
    day["title"] = "x\u{1b}]52;c;cm0=\u{7}y".into();
    fs::write(home.path("odd.json"), day.to_string()).unwrap();
    let raw = || contains("\u{1b}]").or(contains("\u{7}"));
    home.clickday("check odd.json").assert().success().stdout(raw().not());
    day["\u{1b}]0;key\u{7}"] = 1.into();
    fs::write(home.path("odd.json"), day.to_string()).unwrap();
    home.clickday("check odd.json").assert().code(2).stderr(contains("key").and(raw().not()));
}

#[test]
fn a_sweep_for_a_scenario_and_the_other_way_round_are_told() {
    let home = Home::new();
    fs::write(home.path("sweep.json"), r#"{"format": 1, "name": "s", "scenario": "day.json", "parameters": {}}"#).unwrap();
    for command in ["run", "fluid", "export --k6"] {
        let told = contains("this is a sweep, not a scenario; clickday sweep sweep.json runs it").and(contains("unknown").not());
        home.clickday(&format!("{command} sweep.json")).assert().code(2).stderr(told);
    }
    let told = contains("this is a scenario").and(contains("clickday run day.json"));
    home.clickday("sweep day.json").assert().code(2).stderr(told);
    assert_eq!(home.names("."), ["day.json", "sweep.json"]);
}

/// The copy of a scenario among its results names traces that lie beside the scenario.
#[test]
fn a_report_without_the_traces_says_where_they_are_looked_for() {
    let home = Home::new();
    let mut day: serde_json::Value = serde_json::from_slice(&fs::read(home.path("day.json")).unwrap()).unwrap();
    let class = day["classes"].as_object_mut().unwrap().values_mut().next().unwrap();
    class["arrivals"] = serde_json::json!([{"share": 1, "curve": {"trace": {"file": "arrivals.csv"}}}]);
    let start: jiff::civil::DateTime = day["clock"]["start"].as_str().unwrap().parse().unwrap();
    let next = start.checked_add(jiff::ToSpan::hour(1)).unwrap();
    fs::write(home.path("arrivals.csv"), format!("time,count\n{start},5\n{next},6\n")).unwrap();
    fs::write(home.path("day.json"), day.to_string()).unwrap();
    home.run("").assert().success();
    let results = home.names("output")[0].clone();
    home.clickday(&format!("report output/{results}")).assert().code(2).stderr(contains("--scenario"));
    home.clickday(&format!("report output/{results} --scenario day.json")).assert().success();
}
