//! What the program says of itself: checks, help, schemas; and to whom does not listen.

use super::*;

#[test]
fn check_explains_and_runs_nothing() {
    let home = Home::new();
    let told = contains("small-day").and(contains("3,000 people")).and(contains("portal"));
    home.clickday("check day.json").assert().success().stdout(told).stderr(is_empty());
    assert_eq!(home.names("."), ["day.json"]);
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
    let all = schema(&home, "schema");
    let (scenario, summary) = (schema(&home, "schema scenario"), schema(&home, "schema summary"));
    let sweep = schema(&home, "schema sweep");
    for (name, one) in all.as_object().unwrap() {
        assert_eq!(one, &schema(&home, &format!("schema {name}")), "{name}");
    }
    assert_eq!((&all["scenario"], &all["sweep"], &all["summary"]), (&scenario, &sweep, &summary));
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
