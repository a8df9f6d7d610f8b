//! The fluid solver against simulation: copies of growing size come to it, at the rates of theory; against another account of the
//! same days; and at the command line. `CLICKDAY_UPDATE=1 cargo test --test fluid` writes what is found into `docs/scale.md`.

use assert_cmd::Command;
use clickday::engine::{Record, Trial, simulate};
use clickday::fluid::{Account, Fluid, solve};
use clickday::model::Study;
use clickday::scenario::Scenario;
use clickday::time::Span;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

mod support;

/// A figure of a run and of the account, per unit of scale.
type Figure = (&'static str, fn(&Record) -> f64, fn(&Account) -> f64);

const FIGURES: [Figure; 4] = [
    ("completed", |run| sum(run, |tally| tally.completed), |account| account.total.counts.completed),
    ("requests", |run| sum(run, |tally| tally.requests), |account| account.total.counts.requests),
    ("timeouts", |run| sum(run, |tally| tally.timeouts), |account| account.total.counts.timeouts),
    ("refused", |run| sum(run, |tally| tally.refused), |account| account.total.counts.refused),
];

fn sum(run: &Record, of: fn(&clickday::engine::ClassTally) -> u64) -> f64 {
    run.classes.iter().map(|class| of(&class.tally) as f64).sum()
}

fn compiled(text: &str, scale: f64) -> Study {
    let read = Scenario::parse(text, Path::new("fluid.json")).and_then(|scenario| scenario.compile(Some(scale)));
    read.unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Means and standard deviations of the figures over replications, per unit of scale.
fn simulated(text: &str, policy: usize, scale: f64, replications: u32) -> Vec<(f64, f64)> {
    let study = compiled(text, scale);
    let one = |replication| {
        let seed = 5 + (scale * 1e6) as u64;
        let trial = Trial { policy, seed, replication, demand: 1.0, capacity: 1.0, check_every_bin: false };
        let run = simulate(&study.model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}"));
        FIGURES.map(|(_, of, _)| of(&run) / scale)
    };
    let runs: Vec<[f64; FIGURES.len()]> = (0..replications).into_par_iter().with_max_len(1).map(one).collect();
    let n = f64::from(replications);
    let statistics = |figure: usize| {
        let mean = runs.iter().map(|run| run[figure]).sum::<f64>() / n;
        (mean, (runs.iter().map(|run| (run[figure] - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
    };
    (0..FIGURES.len()).map(statistics).collect()
}

/// One system at several sizes.
struct Case {
    name: &'static str,
    /// Scales with their replications, each four times the one before.
    scales: &'static [(f64, u32)],
    fluid: Fluid,
    samples: Vec<Vec<(f64, f64)>>,
}

impl Case {
    fn new(name: &'static str, text: &str, policy: usize, scales: &'static [(f64, u32)]) -> Case {
        let fluid = solve(&compiled(text, 1.0), &[policy], None).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let samples = scales.iter().map(|(scale, replications)| simulated(text, policy, *scale, *replications)).collect();
        Case { name, scales, fluid, samples }
    }

    fn account(&self) -> &Account {
        &self.fluid.policies[0].account
    }

    /// The distance of a simulated mean from the fluid, as a share of it.
    fn bias(&self, scale: usize, figure: usize) -> f64 {
        self.samples[scale][figure].0 / FIGURES[figure].2(self.account()) - 1.0
    }

    fn table(&self) -> String {
        let head: Vec<String> = self.scales.iter().map(|(scale, n)| format!("{scale} ({n})")).collect();
        let mut text = format!("| {} | fluid | ± step | {} | slope of the deviation |\n", self.name, head.join(" | "));
        text += &format!("| --- | --: | --: |{} --: |\n", " --: |".repeat(head.len()));
        for (place, (name, _, of)) in FIGURES.iter().enumerate() {
            let (fine, coarse) = (of(self.account()), of(&self.fluid.policies[0].coarse));
            let cells: Vec<String> = (0..self.scales.len())
                .map(|scale| {
                    let error = self.samples[scale][place].1 / f64::from(self.scales[scale].1).sqrt() / fine;
                    format!("{:+.2} % ± {:.2}", 100.0 * self.bias(scale, place), 100.0 * error).replace('-', "−")
                })
                .collect();
            let slope = format!("{:.2}", self.slope(place)).replace('-', "−");
            let _ = writeln!(
                text,
                "| {name} | {fine:.0} | {:.2} % | {} | {slope} |",
                100.0 * (fine - coarse).abs() / fine,
                cells.join(" | ")
            );
        }
        text
    }

    /// The exponent of the scale in the standard deviation of a replication.
    fn slope(&self, figure: usize) -> f64 {
        let points: Vec<(f64, f64)> =
            self.scales.iter().zip(&self.samples).map(|((scale, _), sample)| (scale.ln(), sample[figure].1.ln())).collect();
        let n = points.len() as f64;
        let (x, y) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
        points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>()
    }
}

/// Two hours on ten workers, a rush in the second quarter of them, impatience and retries: M_t/M/c with both.
fn rush() -> String {
    json!({
        "format": 1, "name": "rush",
        "clock": {"start": "2020-04-01T08:00", "end": "2020-04-01T10:00", "time_zone": "UTC", "bin": "5min"},
        "stations": {"desk": {"workers": 10, "queue": 40, "discipline": "fifo", "on_timeout": "leave"}},
        "classes": {"people": {
            "population": {"poisson": 2400},
            "arrivals": [
                {"share": 0.5, "curve": {"uniform": {"from": "2020-04-01T08:00", "to": "2020-04-01T10:00"}}},
                {"share": 0.5, "curve": {"uniform": {"from": "2020-04-01T08:30", "to": "2020-04-01T09:00"}}}
            ],
            "journey": [{"name": "ask", "station": "desk", "service": {"exponential": {"mean": "20s"}}}],
            "timeout": {"exponential": {"mean": "60s"}},
            "retry": {"attempts": 4, "backoff": {"exponential": {"mean": "2min"}}}
        }},
        "policies": {"open": {"rules": []}}
    })
    .to_string()
}

fn inps() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/inps-2020-04.json");
    std::fs::read_to_string(path).unwrap()
}

const FROM: &str = "<!-- written by CLICKDAY_UPDATE=1 cargo test --test fluid -->\n";
const TO: &str = "<!-- to here -->";

#[test]
fn growing_copies_come_to_the_fluid() {
    let cases = [
        Case::new("a rush, 2,400 people", &rush(), 0, &[(1.0, 64), (4.0, 48), (16.0, 32), (64.0, 8)]),
        Case::new("INPS, `time-split`, 1.5 million", &inps(), 1, &[(0.01, 12), (0.04, 6), (0.16, 3)]),
    ];
    let mut page = String::new();
    for case in &cases {
        println!("{}", case.table());
        let _ = write!(page, "\n{}", case.table());
        let root = |scale: usize| {
            let squares = (0..FIGURES.len()).map(|figure| case.bias(scale, figure).powi(2)).sum::<f64>();
            (squares / FIGURES.len() as f64).sqrt()
        };
        let last = case.scales.len() - 1;
        assert!(root(last) < 0.5 * root(0), "{}: the bias must fall: {} to {}", case.name, root(0), root(last));
        for (figure, (name, _, of)) in FIGURES.into_iter().enumerate() {
            let (fine, coarse) = (of(case.account()), of(&case.fluid.policies[0].coarse));
            let (_, deviation) = case.samples[last][figure];
            let chance = 4.5 * deviation / f64::from(case.scales[last].1).sqrt();
            // What is left of the bias of the copy before, were it to fall as the root of the scale only.
            let left = 0.5 * case.bias(last - 1, figure).abs() * fine;
            let away = case.bias(last, figure).abs() * fine;
            assert!(away < chance + left + (fine - coarse).abs(), "{} {name}: {away} from the fluid", case.name);
        }
    }
    for (figure, (name, _, _)) in FIGURES.into_iter().enumerate() {
        let slope = cases[0].slope(figure);
        assert!((slope + 0.5).abs() < 0.2, "{name}: the deviation falls with the exponent {slope}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scale.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(FROM).unwrap();
    let (there, after) = rest.split_once(TO).unwrap();
    let page = page + "\n";
    if std::env::var_os("CLICKDAY_UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{FROM}{page}{TO}{after}")).unwrap();
    } else {
        assert_eq!(there, page, "docs/scale.md is not what is found; CLICKDAY_UPDATE=1 cargo test --test fluid writes it");
    }
}

#[test]
fn halving_the_cells_halves_the_error_at_least() {
    let study = compiled(&inps(), 1.0);
    let of = |seconds: u64| {
        let fluid = solve(&study, &[0], Some(Span::from_seconds(seconds))).unwrap_or_else(|wrong| panic!("{wrong:?}"));
        let policy = &fluid.policies[0];
        (policy.account.total.counts.timeouts - policy.coarse.total.counts.timeouts).abs()
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
