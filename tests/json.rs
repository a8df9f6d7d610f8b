//! Every command prints JSON where it is asked to, and a schema says what it is.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

fn command(home: &TempDir, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clickday"));
    command.current_dir(home.path()).args(line.split_whitespace());
    command
}

/// What a command prints that succeeds.
fn json(home: &TempDir, line: &str) -> Value {
    let output = command(home, line).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn fits(home: &TempDir, schema: &str, value: &Value) {
    let schema = json(home, &format!("schema {schema}"));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{value:#}");
    // A schema that takes anything would tell nothing.
    assert!(!validator.is_valid(&Value::from("nothing of the kind")), "{schema}");
}

/// The commands, as the parser of the command line knows them.
fn commands(home: &TempDir) -> Vec<String> {
    let manual = json(home, "man --out pages --json");
    fits(home, "man", &manual);
    let pages = manual["pages"].as_array().unwrap();
    assert_eq!(pages.len(), fs::read_dir(home.path().join("pages")).unwrap().count());
    pages.iter().map(|page| page["command"].as_str().unwrap().to_owned()).filter(|name| name != "clickday").collect()
}

/// What is in the home besides what commands put there.
fn prepare(home: &TempDir) {
    let sweep = serde_json::json!({
        "format": 1, "name": "two", "scenario": "day.json", "scale": 0.25, "replications": 2,
        "parameters": {"/stations/portal/workers": [4, 8], "/classes/citizens/timeout": ["1min", "never"]},
        "figures": ["timeout_share", "time_to_complete.p95"]
    });
    fs::write(home.path().join("two.json"), sweep.to_string()).unwrap();
    let log = "10.0.0.1 - - [20/Nov/2026:09:00:00 +0100] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\" 0.5\n";
    fs::write(home.path().join("access.log"), log.repeat(50)).unwrap();
    assert!(command(home, "new day --from small-example").output().unwrap().status.success());
}

const QUICK: &str = "--scale 0.05 --replications 2 --charts none";

/// Command lines that try a command, in an order in which all of them can be run, each with the schema of what it prints.
fn tries(name: &str) -> Vec<(String, &'static str)> {
    let one = |line: &str, schema| vec![(format!("{line} --json"), schema)];
    match name {
        "list" => one("list", "list"),
        "new" => one("new other", "new"),
        "run" => vec![
            (format!("run day.json {QUICK} --json"), "run"),
            (format!("run shelf {QUICK} --json"), "library"),
            ("run rule-waiting-room --scale 0.25 --replications 2 --charts none --json".to_owned(), "summary"),
        ],
        "report" => {
            [one("run day.json --scale 0.05 --replications 2 --charts none --out result", "run"), one("report result", "report")]
                .concat()
        }
        "sweep" => vec![
            ("sweep two.json --charts none --quiet --json".to_owned(), "sweep-result"),
            ("sweep two.json --charts none --shard 1/2 --out parts --json".to_owned(), "sweep-result"),
            ("sweep two.json --charts none --sensitivity=morris --json".to_owned(), "sweep-result"),
        ],
        "merge" => [
            one("sweep two.json --shard 1/2 --out parts", "sweep-result"),
            one("sweep two.json --shard 2/2 --out parts", "sweep-result"),
            one("merge parts --charts none", "merge"),
        ]
        .concat(),
        "submit" => one("submit two.json --engine kubernetes --parts 3 --out job", "submit"),
        "plan" => {
            one("plan day.json --vary /stations/portal/workers --from 2 --to 6 --goal timeout_share<=1% --charts none", "plan")
        }
        "fluid" => one("fluid day.json --charts none", "fluid"),
        "check" => one("check day.json two.json", "check"),
        "schema" => one("schema plan", "schema"),
        "calibrate" => one(
            "calibrate day.json --scale 0.05 --replications 2 --tries 6 --quiet --free /stations/portal/workers=20..80",
            "calibrate",
        ),
        "import" => one("import access.log --bin 60 --duration-field last --out found", "import"),
        "export" => one("export day.json --k6 --out script.js", "export"),
        "completions" => one("completions fish", "completions"),
        "man" => one("man run", "man"),
        // It does not end by itself: see below.
        "serve" => Vec::new(),
        other => panic!("`{other}` is not tried here: what does it print with --json, and which schema is that of?"),
    }
}

#[test]
fn every_command_prints_json_that_fits_its_schema() {
    let home = tempfile::tempdir().unwrap();
    prepare(&home);
    fs::create_dir(home.path().join("shelf")).unwrap();
    fs::copy(home.path().join("day.json"), home.path().join("shelf/day.json")).unwrap();
    let commands = commands(&home);
    assert!(commands.len() > 15, "{commands:?}");
    for name in &commands {
        for (line, schema) in tries(name) {
            fits(&home, schema, &json(&home, &line));
        }
    }
}

#[test]
fn the_results_of_a_sweep_are_those_of_its_table_and_of_its_parts_put_together() {
    let home = tempfile::tempdir().unwrap();
    prepare(&home);
    let whole = json(&home, "sweep two.json --charts none --json --out whole");
    for k in [1, 2, 3] {
        let part = json(&home, &format!("sweep two.json --shard {k}/3 --out parts --json"));
        let cells = [2, 1, 1][k - 1];
        assert_eq!((&part["part"], &part["cells"]), (&Value::from(format!("{k}/3")), &Value::from(cells)));
        assert_eq!((part["made"].as_u64(), part["failed"].as_u64()), (Some(cells * 4), Some(0)));
    }
    let mut merged = json(&home, "merge parts --charts none --json");
    assert_eq!(merged["folder"], "parts");
    merged["folder"] = "whole".into();
    assert_eq!(merged, whole);
    let mut rows = 0;
    for row in csv::Reader::from_path(home.path().join("whole/results.csv")).unwrap().records() {
        let row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        let cell = &whole["cells"][row[0].parse::<usize>().unwrap()];
        let place = whole["figures"].as_array().unwrap().iter().position(|key| {
            (&key["scope"], &key["name"], &key["figure"])
                == (&row[4].clone().into(), &row[5].clone().into(), &row[6].clone().into())
        });
        let figure = &cell["policies"][&row[3]][place.unwrap()];
        assert_eq!(cell["values"][0].to_string(), row[1]);
        let mean = figure["mean"].as_f64().map_or(String::new(), |mean| mean.to_string());
        assert_eq!(mean, row[8], "{row:?}");
        rows += 1;
    }
    assert_eq!(rows, 4 * 2 * whole["figures"].as_array().unwrap().len());
}

#[test]
#[cfg(unix)]
fn what_an_engine_says_does_not_get_into_the_json_of_the_results() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    prepare(&home);
    // In place of HyperQueue, whose job is a program of Python: the parts are there when it is asked for them.
    let engine = home.path().join("python3");
    fs::write(&engine, "#!/bin/sh\necho Job submitted successfully, job ID: 1\n").unwrap();
    fs::set_permissions(&engine, fs::Permissions::from_mode(0o755)).unwrap();
    for k in [1, 2] {
        json(&home, &format!("sweep two.json --shard {k}/2 --out parts --json"));
    }
    let mut submit = command(&home, "submit two.json --engine hyperqueue --parts 2 --out parts --run --json");
    let output = submit.env("PATH", format!("{}:/usr/bin:/bin", home.path().display())).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.contains("submitted successfully"), "{said}");
    let submitted: Value = serde_json::from_slice(&output.stdout).unwrap();
    fits(&home, "submit", &submitted);
    assert_eq!(submitted["results"]["cells"].as_array().unwrap().len(), 4);
}

#[test]
#[cfg(feature = "serve")]
fn the_server_says_in_one_line_of_json_where_its_page_is() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let home = tempfile::tempdir().unwrap();
    prepare(&home);
    let mut server = command(&home, "serve day.json --json").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let read = BufReader::new(server.stdout.take().unwrap()).read_line(&mut line);
    server.kill().unwrap();
    server.wait().unwrap();
    read.unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    fits(&home, "serve", &ready);
    assert!(ready["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{line}");
    assert_eq!(ready["scenario"], "day");
}

#[test]
fn the_schemas_in_the_docs_are_those_of_the_program() {
    let home = tempfile::tempdir().unwrap();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = fs::read_to_string(docs.join("json.md")).unwrap();
    let all = json(&home, "schema");
    for (name, schema) in all.as_object().unwrap() {
        // Those of files that people write have their places already.
        let file = if ["scenario", "sweep"].contains(&name.as_str()) { String::new() } else { "schemas/".to_owned() };
        let file = format!("{file}{name}.schema.json");
        let text = format!("{schema:#}\n");
        if std::env::var_os("CLICKDAY_UPDATE").is_some() {
            fs::create_dir_all(docs.join("schemas")).unwrap();
            fs::write(docs.join(&file), &text).unwrap();
        }
        assert_eq!(json(&home, &format!("schema {name}")), *schema);
        let there = fs::read_to_string(docs.join(&file)).unwrap_or_default();
        assert!(there == text, "docs/{file} is out of date; run this test with CLICKDAY_UPDATE=1");
        assert!(page.contains(&format!("({file})")), "docs/json.md does not tell of docs/{file}");
    }
}
