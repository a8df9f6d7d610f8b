//! Every shipped scenario, small, gives the results on record, on any number of threads and however it was built.
//!
//! A change of a record must be explained in CHANGELOG.md. `CLICKDAY_UPDATE=1 cargo test --test golden` writes the records
//! anew; `CLICKDAY_BIN=target/release/clickday cargo test --test golden` holds another build to them.

use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A scenario of `scenarios/`, the scale at which it is quick, and the replications.
const SHIPPED: [(&str, &str, u32); 39] = [
    ("collapse-in-two-minutes", "1", 2),
    ("inps-2020-04", "0.005", 2),
    ("inps-2020-04-to-20", "0.005", 1),
    ("mmc-erlang", "1", 1),
    ("small-example", "0.025", 2),
    ("overload/goodput", "0.1", 1),
    ("overload/hysteresis", "1", 1),
    ("overload/jitter", "1", 2),
    ("overload/layers", "1", 2),
    ("overload/metastable", "1", 1),
    ("overload/queue-limit", "1", 1),
    ("rules/adaptive-lifo", "0.1", 1),
    ("rules/autoscale", "1", 1),
    ("rules/codel", "0.1", 1),
    ("rules/priority", "0.1", 1),
    ("rules/reserve", "0.5", 1),
    ("rules/retry-budget", "0.1", 1),
    ("rules/shed", "0.1", 1),
    ("rules/throttle", "0.1", 1),
    ("rules/windows", "1", 1),
    ("history/australia-mygov-2020", "0.001", 1),
    ("history/berlin-ibb-2020", "0.005", 1),
    ("history/canada-cerb-2020", "0.01", 1),
    ("history/decreto-flussi-2024", "0.005", 1),
    ("history/healthcare-gov-2013", "0.001", 1),
    ("history/hmrc-31-january", "0.1", 1),
    ("history/inail-isi", "0.01", 1),
    ("history/india-cowin-2021", "0.002", 1),
    ("history/india-irctc-tatkal", "0.001", 1),
    ("history/korea-vaccines-2021", "0.01", 1),
    ("history/michigan-unemployment-2020", "0.1", 1),
    ("history/new-york-unemployment-2020", "0.1", 1),
    ("history/ticketmaster-2022", "0.001", 1),
    ("inps-budget", "0.005", 1),
    ("inps-what-if", "0.02", 1),
    ("rules/callback", "0.5", 1),
    ("rules/rate-limit", "0.5", 1),
    ("rules/slots", "0.1", 1),
    ("rules/waiting-room", "0.5", 1),
];

/// No copy of it that keeps its capacities is quick.
const LARGE: &str = "history/bonus-mobilita-2020";

/// Figures of a policy that a record tells in plain numbers.
const FIGURES: [&str; 7] = ["arrived", "completed", "abandoned", "requests", "timeouts", "refused", "closed"];

/// Files of a result whose hashes a record holds, beside the summary's.
const TABLES: [&str; 3] = ["series.csv", "arrivals.csv", "completion.csv"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn record_of(name: &str) -> PathBuf {
    root().join("tests/golden").join(name.replace('/', "-") + ".txt")
}

/// FNV-1a, 64 bits: plain, and the same everywhere.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What a run gives, in a few lines.
fn play(name: &str, scale: &str, replications: u32, threads: u32) -> String {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("result");
    let clickday =
        std::env::var_os("CLICKDAY_BIN").map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_clickday")), |bin| root().join(bin));
    let mut command = Command::new(clickday);
    command.arg("run").arg(root().join("scenarios").join(format!("{name}.json"))).args(["--quiet", "--charts", "none"]);
    command.args(["--scale", scale, "--replications", &replications.to_string(), "--threads", &threads.to_string()]);
    let output = command.arg("--out").arg(&out).output().unwrap();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    describe(&out, scale, replications)
}

fn describe(out: &Path, scale: &str, replications: u32) -> String {
    let mut text = format!("scale {scale}, replications {replications}\n");
    let summary = fs::read_to_string(out.join("summary.json")).unwrap();
    let mut summary: Value = serde_json::from_str(&summary).unwrap();
    // The version of the program is no result.
    summary["clickday"] = Value::Null;
    writeln!(text, "summary.json {:016x}", hash(summary.to_string().as_bytes())).unwrap();
    for table in TABLES {
        writeln!(text, "{table} {:016x}", hash(&fs::read(out.join(table)).unwrap())).unwrap();
    }
    for (policy, figures) in summary["policies"].as_object().unwrap() {
        let figure = |name: &&str| format!("{name} {}", figures["total"][*name]["mean"]);
        writeln!(text, "{policy}: {}", FIGURES.iter().map(figure).collect::<Vec<_>>().join(", ")).unwrap();
    }
    text
}

#[test]
fn every_shipped_scenario_gives_the_results_on_record() {
    let update = std::env::var_os("CLICKDAY_UPDATE").is_some();
    let mut changed = String::new();
    for (name, scale, replications) in SHIPPED {
        let found = play(name, scale, replications, 2);
        for threads in [1, 8] {
            assert_eq!(play(name, scale, replications, threads), found, "{name}: other results on {threads} threads");
        }
        let record = record_of(name);
        if update {
            fs::write(&record, &found).unwrap();
        }
        let want = fs::read_to_string(&record).unwrap_or_default();
        if want != found {
            writeln!(changed, "{name}, on record:\n{want}and now:\n{found}").unwrap();
        }
    }
    assert!(changed.is_empty(), "{changed}Explain it in CHANGELOG.md, and CLICKDAY_UPDATE=1 cargo test --test golden");
}

#[test]
fn no_shipped_scenario_is_without_a_record() {
    let mut found = Vec::new();
    for folder in ["scenarios", "scenarios/history", "scenarios/overload", "scenarios/rules"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "json") {
                found.push(path.strip_prefix(root().join("scenarios")).unwrap().with_extension("").display().to_string());
            }
        }
    }
    let missing = found.iter().filter(|name| *name != LARGE);
    let missing: Vec<_> = missing.filter(|name| !SHIPPED.iter().any(|(shipped, _, _)| shipped == name)).collect();
    assert!(missing.is_empty(), "add to SHIPPED: {missing:?}");
}
