//! The fluid solver at the command line, and its own error. Copies that come to it, and another account of the same days, are in the theory
//! suite and on the page that it writes, `docs/validation.md`.

use assert_cmd::Command;
use clickday::fluid::solve;
use clickday::model::Study;
use clickday::scenario::Scenario;
use clickday::time::Span;
use serde_json::Value;
use std::path::Path;

mod support;

fn compiled(text: &str, scale: f64) -> Study {
    let read = Scenario::parse(text, Path::new("fluid.json")).and_then(|scenario| scenario.compile(Some(scale)));
    read.unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn inps() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/inps-2020-04.json");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn halving_the_cells_halves_the_error_at_least() {
    let study = compiled(&inps(), 1.0);
    let of = |seconds: u64| {
        let fluid = solve(&study, &[0], Some(Span::from_seconds(seconds))).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let policy = &fluid.policies[0];
        (policy.account.total.counts.timeouts - policy.plain.total.counts.timeouts).abs()
    };
    let (coarse, fine) = (of(30), of(15));
    assert!(fine < 0.55 * coarse, "{coarse} {fine}");
}

fn clickday(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("clickday").unwrap();
    command.current_dir(folder);
    command
}

#[test]
fn the_command_writes_figures_a_series_and_a_chart() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("day.json"), support::small_day().to_string()).unwrap();
    let output = clickday(home.path()).args(["fluid", "day.json", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let folder = home.path().join("output/small-day-fluid");
    let written: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("fluid.json")).unwrap()).unwrap();
    assert_eq!(told, written);
    let total = &told["policies"]["open"]["total"];
    let figure = |name: &str| total[name]["value"].as_f64().unwrap();
    assert!((figure("arrived") - figure("completed") - figure("abandoned") - figure("pending")).abs() < 1e-3);
    let series = std::fs::read_to_string(folder.join("fluid.csv")).unwrap();
    assert!(series.starts_with("policy,time,scope,name,arrived") && series.lines().count() == 1 + 2 * 144 * 4);
    assert!(std::fs::read(folder.join("fluid.png")).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn a_run_with_the_fluid_has_both_and_without_it_is_as_ever() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("day.json"), support::small_day().to_string()).unwrap();
    let run = |out: &str, more: &[&str]| {
        let output =
            clickday(home.path()).args(["run", "day.json", "--replications", "2", "--out", out]).args(more).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = run("both", &["--fluid"]);
    assert!(text.contains("the fluid limit") && text.contains("simulated"), "{text}");
    run("alone", &[]);
    let read = |name: &str| std::fs::read(home.path().join(name)).unwrap();
    assert_eq!(read("both/summary.json"), read("alone/summary.json"));
    assert!(home.path().join("both/fluid.png").is_file() && !home.path().join("alone/fluid.json").exists());
}

#[test]
fn what_the_fluid_does_not_cover_is_refused_by_its_key_and_nothing_is_written() {
    let home = tempfile::tempdir().unwrap();
    for command in [["fluid", "rule-waiting-room"], ["run", "rule-waiting-room"]] {
        let mut clickday = clickday(home.path());
        clickday.args(command);
        if command[0] == "run" {
            clickday.arg("--fluid");
        }
        let output = clickday.output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains("waiting_room: of all rules the fluid covers `windows` only"), "{error}");
        assert!(!home.path().join("output").exists());
    }
}
