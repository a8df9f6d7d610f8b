//! Several scenarios at once, and folders of them.

use super::*;

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
