//! What a run writes and shows, and what its options change.

use super::*;

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
fn an_earlier_result_is_replaced_whole() {
    let home = Home::new();
    home.clickday("run day.json --replications 2 --out result").assert().success();
    assert_eq!(home.names("result").len(), 5 + CHARTS);
    home.run("--seed 8 --out result").assert().success().stdout(contains("replaced the earlier result"));
    assert_eq!(home.names("result"), ["arrivals.csv", "completion.csv", "scenario.json", "series.csv", "summary.json"]);
    assert_eq!(home.summary("result")["seed"], 8);
    assert_eq!(home.names("."), ["day.json", "result"]);
}
