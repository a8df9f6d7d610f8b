//! What a sweep gives, and that others can read it.

use super::*;
use clickday::experiment::{Plan, Progress, run};
use clickday::scenario::Scenario;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

#[test]
fn threads_change_no_byte() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --threads 1 --out one --charts none").with(0);
    home.clickday("sweep sweep.json --threads 3 --out three --charts none").with(0);
    assert_same(&home, "one", "three");
    assert_eq!(home.read("one/parts/1-of-1.part"), home.read("three/parts/1-of-1.part"));
    let again = home.clickday("sweep sweep.json --out one --charts none").with(0);
    assert!(again.out.contains("all 54 runs were there already"), "{}", again.out);
    assert_same(&home, "one", "three");
}

#[test]
fn a_cell_is_the_run_of_its_scenario() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --out out --charts none").with(0);
    let rows = rows(&home.text("out/results.csv"));
    assert_eq!(
        rows[0],
        [
            "cell",
            "/stations/counter/workers",
            "/classes/citizens/timeout",
            "policy",
            "scope",
            "name",
            "figure",
            "unit",
            "mean",
            "low",
            "high",
            "n"
        ]
    );
    // Nine cells, two policies; the total and two classes have two figures, the total whether it collapsed, the agents
    // their uploads, the counter its use.
    assert_eq!(rows.len(), 1 + 9 * 2 * (2 * 3 + 3));
    let base = Scenario::load(&home.path("day.json")).unwrap();
    let study = base.with(&[("/stations/counter/workers", 3.into()), ("/classes/citizens/timeout", "5min".into())]);
    let study = study.and_then(|scenario| scenario.compile(None)).unwrap();
    let results = run(&study, &Plan { policies: vec![0, 1], threads: None }, &Progress::default()).unwrap();
    let figure = |policy: &str, name: &str, figure: &str| {
        let is_it = |row: &&Vec<String>| row[0] == "7" && row[3] == policy && row[5] == name && row[6] == figure;
        let row = rows.iter().find(is_it).unwrap_or_else(|| panic!("{policy} {name} {figure}"));
        assert_eq!((row[1].as_str(), row[2].as_str()), ("3", "5min"));
        (row[8].parse::<f64>().unwrap(), row[9].parse::<f64>().unwrap(), row[11].clone())
    };
    let near = |got: (f64, f64, String), want: Option<clickday::stats::Estimate>| {
        let want = want.unwrap();
        let close = |got: f64, want: f64| (got - want).abs() <= 1e-8 * want.abs().max(1e-3);
        assert!(close(got.0, want.mean) && close(got.1, want.low.unwrap()) && got.2 == "3", "{got:?}, not {want:?}");
    };
    let (open, later) = (&results.policies[0], &results.policies[1]);
    near(figure("open", "total", "timeout_share"), open.total.counts.timeout_share);
    near(figure("open", "citizens", "time_to_complete.p95"), open.classes[0].time_to_complete.p95);
    near(figure("later", "agents", "operators.uploaded"), later.operators[1].as_ref().unwrap().uploaded);
    near(figure("later", "counter", "station.utilisation"), later.stations[0].work.utilisation);
    near(figure("open", "total", "collapsed"), open.collapse.probability);
}

#[test]
fn parquet_has_the_rows_of_the_table_and_says_what_they_are() {
    let mut sweep = grid();
    sweep["parameters"] = json!({"/classes/citizens/timeout": ["1min", "5min"], "/policies/later/rules/0/windows/open/agents/0": ["09:00-12:00", "11:00-12:00"]});
    sweep["cost"] = json!({});
    let home = Home::new(&sweep);
    home.clickday("sweep sweep.json --out out --charts none").with(0);
    let table = rows(&home.text("out/results.csv"));
    let reader = SerializedFileReader::new(fs::File::open(home.path("out/results.parquet")).unwrap()).unwrap();
    let metadata = reader.metadata().file_metadata().clone();
    let known = |key: &str| {
        let pairs = metadata.key_value_metadata().unwrap();
        pairs.iter().find(|pair| pair.key == format!("clickday.{key}")).and_then(|pair| pair.value.clone()).unwrap()
    };
    let layout: Value = serde_json::from_str(&home.text("out/sweep.json")).unwrap();
    assert_eq!((known("seed"), known("version")), ("5".to_owned(), env!("CARGO_PKG_VERSION").to_owned()));
    assert_eq!(known("hash"), layout["hash"].as_str().unwrap());
    let units: Value = serde_json::from_str(&known("parameters")).unwrap();
    assert_eq!(units["/classes/citizens/timeout"], "s");
    assert_eq!(units["/policies/later/rules/0/windows/open/agents/0"], "text");
    let text = |field: &Field| match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Long(number) => number.to_string(),
        Field::Int(number) => number.to_string(),
        Field::Double(number) => format!("{number}"),
        other => panic!("{other:?}"),
    };
    let mut count = 0;
    for (row, want) in reader.get_row_iter(None).unwrap().zip(&table[1..]) {
        let row = row.unwrap();
        for ((name, field), (head, want)) in row.get_column_iter().zip(table[0].iter().zip(want)) {
            let got = text(field);
            let same = got == *want || got.parse::<f64>().ok().zip(want.parse::<f64>().ok()).is_some_and(|(a, b)| a == b);
            assert!(name == head && same, "{name}: {got}, not {want}");
        }
        count += 1;
    }
    assert_eq!(count, table.len() - 1);
}

#[test]
fn charts_come_with_the_parameters_that_they_show() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --out out --charts svg").with(0);
    for name in ["heat-map.svg", "effects.svg", "pareto.svg"] {
        let svg = home.text(&format!("out/{name}"));
        assert!(svg.contains("timeout_share") && svg.contains("later"), "{name}");
    }
    assert!(!exists(&home.path("out/response.svg")));
    let mut one = grid();
    one["parameters"] = json!({"/stations/counter/workers": [1, 2, 4]});
    home.set(&one);
    home.clickday("sweep sweep.json --out response --charts svg").with(0);
    assert!(home.text("response/response.svg").contains("/stations/counter/workers"));
    assert!(!exists(&home.path("response/heat-map.svg")));
}

#[test]
fn samples_give_the_cells_that_they_say() {
    for design in ["latin-hypercube", "sobol"] {
        let mut sweep = grid();
        sweep["design"] = json!({design: {"size": 8}});
        sweep["replications"] = json!(1);
        sweep["parameters"] = json!({
            "/stations/counter/workers": {"uniform": {"from": 1, "to": 8}},
            "/classes/citizens/timeout": {"loguniform": {"from": "30s", "to": "10min"}}
        });
        let home = Home::new(&sweep);
        home.clickday("sweep sweep.json --out out --charts none").with(0);
        let rows = rows(&home.text("out/results.csv"));
        let cells: std::collections::BTreeMap<u64, (f64, f64)> =
            rows[1..].iter().map(|row| (row[0].parse().unwrap(), (row[1].parse().unwrap(), row[2].parse().unwrap()))).collect();
        assert_eq!(cells.len(), 8);
        assert!(cells.values().all(|(workers, timeout)| workers.fract() == 0.0 && (30.0..=600.0).contains(timeout)), "{cells:?}");
        let short = cells.values().filter(|(_, timeout)| *timeout < (30.0 * 600.0_f64).sqrt()).count();
        assert_eq!(short, 4, "half of the timeouts below the middle of a range of factors: {cells:?}");
    }
}

#[test]
fn sensitivity_tells_workers_from_what_does_not_matter() {
    let mut sweep = grid();
    sweep["replications"] = json!(1);
    sweep["policies"] = json!(["open"]);
    sweep["parameters"] = json!({
        "/stations/counter/workers": {"uniform": {"from": 1, "to": 6}},
        "/classes/citizens/timeout": {"loguniform": {"from": "4min", "to": "6min"}},
        "/stations/counter/slowdown/contention": {"uniform": {"from": 0, "to": 1e-9}}
    });
    let mut day = scenario();
    day["stations"]["counter"]["slowdown"] = json!({"contention": 0});
    let home = Home::new(&sweep);
    fs::write(home.path("day.json"), day.to_string()).unwrap();
    for (method, measure) in [("morris", "mu_star"), ("sobol", "total")] {
        let out = home.clickday(&format!("sweep sweep.json --sensitivity={method} --out {method} --charts svg")).with(0).out;
        assert!(out.contains("Which parameters matter"), "{out}");
        assert!(home.text(&format!("{method}/tornado.svg")).contains("/stations/counter/workers"));
        let rows = rows(&home.text(&format!("{method}/sensitivity.csv")));
        let of = |pointer: &str| {
            let is_it =
                |row: &&Vec<String>| row[2] == "total" && row[3] == "timeout_share" && row[4] == pointer && row[5] == measure;
            rows.iter().find(is_it).unwrap()[6].parse::<f64>().unwrap()
        };
        let (workers, timeout) = (of("/stations/counter/workers"), of("/classes/citizens/timeout"));
        let nothing = of("/stations/counter/slowdown/contention");
        assert!(workers > 1.5 * timeout && nothing < 0.05 * workers, "{method}: {workers} {timeout} {nothing}");
    }
    let mixed = home.clickday("sweep sweep.json --sensitivity=sobol --out morris").with(2);
    assert!(mixed.err.contains("changed"), "{}", mixed.err);
}
