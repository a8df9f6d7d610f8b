//! Figures at the edges of every type, names that are paths, things that are no files: a clear error, or the right behaviour.

mod support;

use assert_cmd::Command;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use support::small_day;
use tempfile::TempDir;

/// A folder with scenarios in it.
struct Home(TempDir);

impl Home {
    fn new() -> Home {
        Home(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, scenario: &Value) {
        fs::write(self.path(name), scenario.to_string()).unwrap();
    }

    /// Runs a command line, and gives its exit status and what it said on standard error.
    fn run(&self, line: &str) -> (i32, String) {
        let mut command = Command::cargo_bin("clickday").unwrap();
        let output = command.current_dir(self.0.path()).args(line.split_whitespace()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("panicked"), "{line}: {said}");
        (output.status.code().unwrap_or(-1), said)
    }

    /// What is in a folder, sorted.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// One person, one step, one desk: it runs at once.
fn plain() -> Value {
    json!({
        "format": 1, "name": "plain",
        "clock": {"start": "2020-04-01T00:00", "end": "2020-04-01T01:00", "time_zone": "UTC", "bin": "1min"},
        "stations": {"desk": {"workers": 1}},
        "classes": {"people": {
            "population": 1,
            "arrivals": [{"share": 1, "curve": {"spike": {"at": "2020-04-01T00:00", "delay": "0s"}}}],
            "journey": [{"name": "ask", "station": "desk", "service": "1min"}]
        }},
        "policies": {"open": {"rules": []}},
        "experiment": {"replications": 1}
    })
}

/// The plain scenario with a value put at a JSON pointer.
fn with(pointer: &str, value: Value) -> Value {
    let mut scenario = plain();
    put(&mut scenario, pointer, value);
    scenario
}

fn put(scenario: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = scenario.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}"));
    match parent {
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        _ => parent[key] = value,
    }
}

const SERVICE: &str = "/classes/people/journey/0/service";

/// A value somewhere, and what the program should say; nothing where it should run.
fn edges() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("/experiment/seed", json!(u64::MAX), ""),
        ("/experiment/seed", json!(1e19), "expected a whole number"),
        ("/experiment/seed", json!(-1), "seed"),
        ("/experiment/replications", json!(u64::MAX), "replications"),
        ("/experiment/replications", json!(0), "replications"),
        ("/classes/people/population", json!(0), ""),
        ("/classes/people/population", json!(u64::MAX), "population"),
        ("/classes/people/population", json!(1e308), "population"),
        ("/classes/people/population", json!({"poisson": 5e-324}), ""),
        ("/classes/people/population", json!({"poisson": 1e308}), "poisson"),
        ("/classes/people/population", json!(4_000_000_001u64), "from 0 to 4000000000"),
        ("/stations/desk/workers", json!(10_000_000), ""),
        ("/stations/desk/workers", json!(u32::MAX), "from 0 to 10000000"),
        ("/stations/desk/workers", json!(u64::from(u32::MAX) + 1), "workers"),
        ("/stations/desk/queue", json!(u32::MAX), ""),
        ("/stations/desk/queue", json!(0), ""),
        ("/clock/bin", json!("0s"), "a bin of no length"),
        ("/clock/bin", json!("1ns"), "bins; widen it"),
        ("/clock/bin", json!("300d"), ""),
        ("/clock/bin", json!("18446744073709551615ns"), ""),
        ("/clock/bin", json!("18446744073709551616ns"), "too long"),
        ("/clock/end", json!("2320-04-01T00:00"), "bins; widen it"),
        ("/clock/end", json!("9999-12-31T23:59"), "out of range"),
        (SERVICE, json!("0s"), ""),
        (SERVICE, json!("109500d"), ""),
        (SERVICE, json!("18446744073709551615ns"), ""),
        (SERVICE, json!("300000d"), "too long"),
        (SERVICE, json!({"exponential": {"mean": "200000d"}}), ""),
        (SERVICE, json!({"exponential": {"mean": "1ns"}}), ""),
        (SERVICE, json!({"lognormal": {"mean": "200000d", "cv": 1000}}), ""),
        (SERVICE, json!({"lognormal": {"mean": "1s", "cv": 1e308}}), "at most 1e12"),
        (SERVICE, json!({"lognormal": {"mean": "1s", "cv": 5e-324}}), ""),
        (SERVICE, json!({"gamma": {"mean": "1s", "cv": 1000}}), ""),
        (SERVICE, json!({"gamma": {"mean": "1s", "cv": 5e-324}}), ""),
        (SERVICE, json!({"weibull": {"shape": 5e-324, "scale": "1s"}}), ""),
        (SERVICE, json!({"weibull": {"shape": 1e12, "scale": "200000d"}}), ""),
        (SERVICE, json!({"pareto": {"min": "200000d", "shape": 5e-324}}), ""),
        (SERVICE, json!({"pareto": {"min": "1ns", "shape": 1e12}}), ""),
        (SERVICE, json!({"uniform": {"min": "0s", "max": "18446744073709551615ns"}}), ""),
        ("/classes/people/timeout", json!("1ns"), ""),
        ("/classes/people/timeout", json!("0s"), "a timeout of zero"),
        ("/stations/desk/slowdown", json!({"contention": 1, "coherency": 1}), ""),
        ("/stations/desk/slowdown", json!({"contention": 1e308, "coherency": 0}), "a share from 0 to 1"),
        ("/stations/desk/refusal_cost", json!("200000d"), ""),
        ("/classes/people/retry", json!({"attempts": 65536}), "attempts"),
        ("/classes/people/retry", json!({"attempts": 65535, "backoff": "200000d"}), ""),
        (
            "/classes/people/retry",
            json!({"attempts": 65535, "backoff": {"capped_exponential": {"first": "1ns", "factor": 1000, "max": "200000d", "jitter": "full"}}}),
            "",
        ),
        ("/classes/people/arrivals/0/share", json!(5e-324), "share"),
        ("/classes/people/arrivals/0/share", json!(1e308), "share"),
    ]
}

/// A clear error names the place and comes with status 2; else all is well with status 0. Never a panic, a hang or another status.
#[test]
fn figures_at_the_edges_of_their_types() {
    let home = Home::new();
    let mut wrong = Vec::new();
    for (index, (pointer, value, says)) in edges().into_iter().enumerate() {
        home.write("edge.json", &with(pointer, value.clone()));
        let (status, said) = home.run(&format!("run edge.json --quiet --charts none --max-memory none --out edge-{index}"));
        let fine =
            if says.is_empty() { status == 0 } else { status == 2 && said.contains(says) && said.contains("edge.json:1:") };
        if !fine {
            wrong.push(format!("{pointer} = {value}: want `{says}`, got {status}, {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_journey_of_a_million_steps_is_an_error() {
    let home = Home::new();
    let step = json!({"name": "ask", "station": "desk", "service": "1s"});
    home.write("long.json", &with("/classes/people/journey", json!(vec![step; 1_000_000])));
    let (status, said) = home.run("check long.json");
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("1000000 steps; at most 65535"), "{said}");
}

#[test]
fn a_nested_bomb_is_an_error() {
    let home = Home::new();
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        fs::write(home.path("bomb.json"), open.repeat(1_000_000) + "1" + &close.repeat(1_000_000)).unwrap();
        for command in ["check", "run"] {
            let (status, said) = home.run(&format!("{command} bomb.json"));
            assert_eq!(status, 2, "{said}");
            assert!(said.contains("nested deeper than 128 levels"), "{said}");
        }
    }
    assert_eq!(home.names("."), ["bomb.json"]);
}

#[test]
fn windows_over_centuries_stay_small_or_are_refused() {
    let home = Home::new();
    let mut scenario =
        with("/clock", json!({"start": "2020-04-01T00:00", "end": "2320-04-01T00:00", "time_zone": "UTC", "bin": "300d"}));
    scenario["policies"]["open"]["rules"] = json!([{"windows": {"open": {"people": ["01:00-02:00"]}}}]);
    home.write("long.json", &scenario);
    assert_eq!(home.run("run long.json --quiet --charts none --out long").0, 0);
    let times: Vec<String> =
        (0..1439).map(|m| format!("{:02}:{:02}:00-{:02}:{:02}:30", m / 60, m % 60, m / 60, m % 60)).collect();
    scenario["policies"]["open"]["rules"] = json!([{"windows": {"open": {"people": times}}}]);
    home.write("bomb.json", &scenario);
    let (status, said) = home.run("check bomb.json");
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("pieces of time"), "{said}");
}

#[test]
fn what_needs_more_than_is_allowed_is_refused_with_the_estimate() {
    let home = Home::new();
    home.write("day.json", &small_day());
    for (bound, says) in
        [("--max-memory 1MiB", "MiB of memory, and 1.0 MiB are allowed"), ("--max-events 1000", "events, and 1.00e3 are allowed")]
    {
        let (status, said) = home.run(&format!("run day.json {bound} --out result"));
        assert_eq!(status, 2, "{said}");
        assert!(said.contains("`small-day` was not started") && said.contains(says), "{said}");
    }
    for bad in ["--max-memory much", "--max-memory -1", "--max-events 0", "--max-events nan"] {
        assert_eq!(home.run(&format!("run day.json {bad} --out result")).0, 2, "{bad}");
    }
    assert_eq!(home.names("."), ["day.json"], "nothing is written");
    // Far above what is needed, and far below what a machine has.
    assert_eq!(home.run("run day.json --max-memory 2GiB --max-events 1e9 --charts none --quiet --out result").0, 0);
}

#[test]
fn a_sweep_that_needs_more_than_is_allowed_is_refused() {
    let home = Home::new();
    home.write("plain.json", &plain());
    let sweep = json!({
        "format": 1, "name": "workers", "scenario": "plain.json", "parameters": {"/stations/desk/workers": [1, 2, 3]},
        "design": "grid", "replications": 2, "figures": ["completed_share"]
    });
    home.write("sweep.json", &sweep);
    let (status, said) = home.run("sweep sweep.json --max-events 10 --out result");
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("`workers` was not started") && said.contains("events, and 1.00e1 are allowed"), "{said}");
    assert_eq!(home.names("."), ["plain.json", "sweep.json"]);
    let (status, said) = home.run("sweep sweep.json --max-events 1e6 --quiet --charts none --out result");
    assert_eq!(status, 0, "{said}");
}

/// Many curves are kept in a heap, few are looked through: the same people come.
#[test]
fn a_mixture_of_many_curves_comes_in_order() {
    use clickday::model::Arrivals;
    use clickday::random::Key;
    use clickday::time::Time;
    let component = |i: usize| {
        let from = format!("2020-04-01T00:{:02}", i % 50);
        json!({"share": 0.01, "curve": {"uniform": {"from": from, "to": "2020-04-01T00:59"}}})
    };
    let mut scenario = with("/classes/people/population", json!(10_000));
    put(&mut scenario, "/classes/people/arrivals", (0..100).map(component).collect());
    let study = support::study(&scenario);
    let class = &study.model.classes[0];
    let mut arrivals = Arrivals::new(class, Key::new(1, 0, class.key), 1.0, study.model.end);
    let times: Vec<Time> = std::iter::from_fn(|| Some(arrivals.pop()).filter(|at| *at < Time::NEVER)).collect();
    assert_eq!((times.len(), arrivals.to_come()), (10_000, 0));
    assert!(times.is_sorted());
    put(&mut scenario, "/classes/people/arrivals", vec![component(0); 10_001].into());
    let home = Home::new();
    home.write("many.json", &scenario);
    let (status, said) = home.run("check many.json");
    assert!(status == 2 && said.contains("there are 10001 curves; at most 10000"), "{said}");
}

#[test]
fn what_no_machine_can_do_is_refused_by_default() {
    let home = Home::new();
    let mut people = plain();
    put(&mut people, "/classes/people/population", json!(4_000_000_000u64));
    home.write("people.json", &people);
    let (status, said) = home.run("run people.json --out result --threads 8 --replications 8 --max-events none");
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("Most of it is for people"), "{said}");
    let mut bins = plain();
    bins["clock"] = json!({"start": "2020-04-01T00:00", "end": "2022-02-23T00:00", "time_zone": "UTC", "bin": "1min"});
    let class = bins["classes"]["people"].clone();
    (0..999).for_each(|index| bins["classes"][format!("class{index}")] = class.clone());
    home.write("bins.json", &bins);
    let (status, said) = home.run("run bins.json --out result --replications 4");
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("Most of it is for series"), "{said}");
    let mut looks = plain();
    looks["stations"]["desk"]["health_check"] = json!({"every": "1s", "slower_than": "1s", "fall": 1, "rise": 1});
    home.write("looks.json", &looks);
    let (status, said) = home.run("run looks.json --out result --replications 100000 --max-events 1e8");
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("events, and"), "{said}");
    assert_eq!(home.names("."), ["bins.json", "looks.json", "people.json"]);
}

#[test]
fn names_that_are_paths_lead_nowhere() {
    let home = Home::new();
    for name in ["../../x", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "a\0b", "con\n"] {
        home.write("named.json", &with("/name", json!(name)));
        let (status, said) = home.run("run named.json --quiet --charts none");
        assert_eq!(status, 2, "{name:?}: {said}");
        assert!(said.contains("name"), "{name:?}: {said}");
    }
    assert_eq!(home.names("."), ["named.json"]);
    // Names of things inside are words, and lead nowhere whatever they say.
    let mut inside = plain();
    inside["classes"] = json!({"../../x": inside["classes"]["people"], "日本 \u{202e}語": inside["classes"]["people"]});
    inside["policies"] = json!({"../../open": {"rules": []}, "=cmd()": {"rules": []}});
    home.write("named.json", &inside);
    assert_eq!(home.run("run named.json --quiet --report --out result").0, 0);
    assert_eq!(home.names("."), ["named.json", "result"]);
    let rows = fs::read_to_string(home.path("result/arrivals.csv")).unwrap();
    assert!(rows.contains("../../x") && rows.contains("日本"), "{rows}");
}

#[test]
fn names_in_any_script_make_folders() {
    let home = Home::new();
    for name in ["città", "данные", "日本", "été-2020"] {
        home.write("named.json", &with("/name", json!(name)));
        let (status, said) = home.run("run named.json --quiet --charts none");
        let made = home.path("output").join(name).join("summary.json").is_file();
        assert!((status == 0 && made) || (status == 2 && said.contains("name")), "{name}: {status}, {said}");
    }
}

#[cfg(unix)]
#[test]
fn links_devices_pipes_and_folders_are_no_files() {
    use std::os::unix::fs::symlink;
    let home = Home::new();
    home.write("plain.json", &plain());
    symlink(home.path("elsewhere"), home.path("link")).unwrap();
    let (status, said) = home.run("run plain.json --quiet --charts none --out link");
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("symbolic link") && !home.path("elsewhere").exists(), "{said}");
    symlink(home.path("plain.json"), home.path("good.json")).unwrap();
    assert_eq!(home.run("check good.json").0, 0, "a link to a file is that file");
    symlink(home.path("round.json"), home.path("round.json")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(home.path("pipe")).status().unwrap().success());
    for (input, says) in [
        ("/dev/zero", "no regular file"),
        ("/dev/null", "no regular file"),
        ("pipe", "no regular file"),
        ("round.json", "cannot be read"),
        ("nothing.json", "no such file"),
    ] {
        for command in ["check", "run"] {
            let (status, said) = home.run(&format!("{command} {input}"));
            assert_eq!(status, 2, "{input}: {said}");
            assert!(said.contains(says), "{input}: {said}");
        }
    }
    for out in ["/dev/null", "/dev/null/x", "plain.json", "plain.json/x", "/"] {
        let (status, said) = home.run(&format!("run plain.json --quiet --charts none --out {out}"));
        assert!(status == 1 || status == 2, "{out}: {status}, {said}");
    }
    assert!(Path::new("/dev/null").exists());
}

#[test]
fn the_same_from_anywhere_and_anywhen() {
    let home = Home::new();
    home.write("day.json", &small_day());
    let run = |out: &str, zone: &str, locale: &str| {
        let mut command = Command::cargo_bin("clickday").unwrap();
        command.env("TZ", zone).env("LC_ALL", locale).env("LANG", locale);
        command.current_dir(home.0.path()).args(["run", "day.json", "--quiet", "--charts", "none", "--out", out]);
        command.assert().success();
        ["summary.json", "series.csv", "arrivals.csv"].map(|name| fs::read(home.path(out).join(name)).unwrap())
    };
    let here = run("a", "UTC", "C");
    assert!(here == run("b", "Pacific/Apia", "de_DE.UTF-8"), "another time zone or locale gives other bytes");
    assert!(here == run("c", "nonsense", "tr_TR.UTF-8"), "another time zone or locale gives other bytes");
}
