//! The program's own solver of the fluid limit: growing copies come to it, and it agrees with the account of this suite.

use super::line::power;
use crate::lab::{exponential, seconds};
use clickday::engine::{ClassTally, Record, Trial, simulate};
use clickday::fluid::{Account, FluidPolicy, solve};
use clickday::model::Study;
use clickday::scenario::Scenario;
use rayon::prelude::*;
use serde_json::json;
use std::path::Path;
use std::sync::OnceLock;

/// A count of a run, and of the account.
type Count = (&'static str, fn(&ClassTally) -> u64, fn(&Account) -> f64);

const COUNTS: [Count; 4] = [
    ("completed", |tally| tally.completed, |account| account.total.counts.completed),
    ("requests", |tally| tally.requests, |account| account.total.counts.requests),
    ("timeouts", |tally| tally.timeouts, |account| account.total.counts.timeouts),
    ("refused", |tally| tally.refused, |account| account.total.counts.refused),
];

/// So many standard errors of the largest copy's mean a count may be away, beside the step's error and what may be left of the bias.
pub(crate) const MOST: f64 = 4.5;

/// One system at several sizes, each four times the one before.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// Scales with their replications.
    pub(crate) scales: &'static [(f64, u32)],
    /// Length of a bin in hours.
    pub(crate) bin: f64,
    pub(crate) fluid: FluidPolicy,
    /// Requests waiting by bin, mean over replications and per unit of scale.
    pub(crate) queues: Vec<Vec<f64>>,
    pub(crate) rows: Vec<Row>,
}

/// One count of a case.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) count: &'static str,
    pub(crate) fluid: f64,
    /// What the solver says it may be off by.
    pub(crate) step: f64,
    /// By scale: how far the mean is from the fluid, its standard error, and the deviation of one replication, per unit of scale.
    pub(crate) away: Vec<(f64, f64, f64)>,
}

impl Row {
    /// The distance of a scale's mean from the fluid and its standard error, as shares of the fluid.
    pub(crate) fn bias(&self, scale: usize) -> (f64, f64) {
        let (away, error, _) = self.away[scale];
        (away / self.fluid, error / self.fluid)
    }

    /// How far the largest copy's mean may be from the fluid: chance, the step's error, and what is left of the bias of the copy before,
    /// were it to fall as the root of the scale only.
    pub(crate) fn bound(&self) -> f64 {
        let last = self.away.len() - 1;
        MOST * self.away[last].1 + self.step + 0.5 * self.away[last - 1].0.abs()
    }

    pub(crate) fn holds(&self) -> bool {
        self.away.last().is_some_and(|(away, _, _)| away.abs() < self.bound())
    }
}

impl Case {
    fn new(name: &'static str, what: &'static str, text: &str, policy: usize, scales: &'static [(f64, u32)]) -> Case {
        let full = compiled(text, 1.0);
        let fluid = solve(&full, &[policy], None).unwrap_or_else(|wrong| panic!("{wrong:?}")).policies.remove(0);
        let runs: Vec<Vec<Record>> = scales.iter().map(|(scale, n)| simulated(text, policy, *scale, *n)).collect();
        let queue = |(runs, (scale, _)): (&Vec<Record>, &(f64, u32))| -> Vec<f64> {
            let bins = 0..runs[0].stations[0].series.queue_average.len();
            let sum = |bin: usize| runs.iter().map(|run| run.stations[0].series.queue_average[bin]).sum::<f64>();
            bins.map(|bin| sum(bin) / runs.len() as f64 / scale).collect()
        };
        let queues = runs.iter().zip(scales).map(queue).collect();
        let row = |(count, of_run, of): &Count| {
            let fluid_count = of(&fluid.account);
            let away = |(runs, (scale, _)): (&Vec<Record>, &(f64, u32))| {
                let sum = |run: &Record| run.classes.iter().map(|class| of_run(&class.tally) as f64).sum::<f64>() / scale;
                let (values, n): (Vec<f64>, f64) = (runs.iter().map(sum).collect(), runs.len() as f64);
                let mean = values.iter().sum::<f64>() / n;
                let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
                (mean - fluid_count, deviation / n.sqrt(), deviation)
            };
            let step = (fluid_count - of(&fluid.plain)).abs();
            Row { count, fluid: fluid_count, step, away: runs.iter().zip(scales).map(away).collect() }
        };
        let rows = COUNTS.iter().map(row).collect();
        Case { name, what, scales, bin: full.model.bin.seconds() / 3600.0, fluid, queues, rows }
    }

    /// The root mean square of the biases at a scale.
    pub(crate) fn bias(&self, scale: usize) -> f64 {
        root_mean_square(self.rows.iter().map(|row| row.bias(scale).0))
    }

    /// That of the deviations of one replication, as shares of the fluid.
    pub(crate) fn deviation(&self, scale: usize) -> f64 {
        root_mean_square(self.rows.iter().map(|row| row.away[scale].2 / row.fluid))
    }

    /// The exponent of the scale in the deviation of a count.
    pub(crate) fn slope(&self, row: &Row) -> f64 {
        let points = || self.scales.iter().zip(&row.away).map(|((scale, _), (_, _, deviation))| (scale.ln(), deviation.ln()));
        let n = self.scales.len() as f64;
        let (x, y) = (points().map(|p| p.0).sum::<f64>() / n, points().map(|p| p.1).sum::<f64>() / n);
        points().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>() / points().map(|p| (p.0 - x).powi(2)).sum::<f64>()
    }

    /// The exponent of the scale in the bias of a count, and its standard error.
    pub(crate) fn rate(&self, row: &Row) -> (f64, f64) {
        let points = self.scales.iter().zip(&row.away).map(|((scale, _), (away, error, _))| (*scale, *away, *error));
        power(&points.collect::<Vec<_>>())
    }
}

fn root_mean_square(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    (values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64).sqrt()
}

fn compiled(text: &str, scale: f64) -> Study {
    let read = Scenario::parse(text, Path::new("fluid.json")).and_then(|scenario| scenario.compile(Some(scale)));
    read.unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn simulated(text: &str, policy: usize, scale: f64, replications: u32) -> Vec<Record> {
    let study = compiled(text, scale);
    let one = |replication| {
        let seed = 5 + (scale * 1e6) as u64;
        let trial = Trial { policy, seed, replication, demand: 1.0, capacity: 1.0, check_every_bin: false };
        simulate(&study.model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}"))
    };
    (0..replications).into_par_iter().with_max_len(1).map(one).collect()
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
            "journey": [{"name": "ask", "station": "desk", "service": exponential(20.0)}],
            "timeout": exponential(60.0),
            "retry": {"attempts": 4, "backoff": {"exponential": {"mean": seconds(120.0)}}}
        }},
        "policies": {"open": {"rules": []}}
    })
    .to_string()
}

/// The cases, computed once.
pub(crate) fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/inps-2020-04.json");
        let inps = std::fs::read_to_string(path).expect("the shipped scenario");
        vec![
            Case::new(
                "a rush",
                "2,400 people (Poisson) in two hours, half of them in thirty minutes, on 10 workers (mean service 20 s, exponential), 40 places, \
                 first come first served; clients leave after 60 s (exponential) and try four times, 2 min apart (exponential)",
                &rush(),
                0,
                &[(1.0, 64), (4.0, 48), (16.0, 32), (64.0, 8)],
            ),
            Case::new(
                "INPS, `time-split`",
                "`scenarios/inps-2020-04.json` as shipped: 1.5 million people of five classes, operators, outages, windows, 200 and then 400 workers, \
                 10,000 places served in random order, timeouts of 120 s that the server does not learn of, eight tries, ten returns",
                &inps,
                1,
                &[(0.01, 12), (0.04, 6), (0.16, 3)],
            ),
        ]
    })
}

/// The solver's counts for the day that this suite's own account plays: completed, requests, refused and timeouts up to an hour.
pub(crate) fn of_the_day() -> &'static FluidPolicy {
    static DAY: OnceLock<FluidPolicy> = OnceLock::new();
    DAY.get_or_init(|| {
        let study = compiled(&super::day::scenario(super::BIN).to_string(), 1.0);
        solve(&study, &[0], None).unwrap_or_else(|wrong| panic!("{wrong:?}")).policies.remove(0)
    })
}

#[test]
fn growing_copies_come_to_what_the_solver_says() {
    for case in cases() {
        for row in &case.rows {
            println!("{} {}: {:.0} ± {:.0} {:?}", case.name, row.count, row.fluid, row.step, row.away);
            assert!(row.holds(), "{} {}: {:?} from the fluid, at most {}", case.name, row.count, row.away.last(), row.bound());
        }
        let (first, last) = (case.bias(0), case.bias(case.scales.len() - 1));
        assert!(last < 0.5 * first, "{}: the bias must fall: {first} to {last}", case.name);
    }
    for row in &cases()[0].rows {
        let slope = cases()[0].slope(row);
        assert!((slope + 0.5).abs() < 0.2, "{}: the deviation falls with the exponent {slope}", row.count);
    }
}

#[test]
fn the_solver_agrees_with_the_account_of_this_suite() {
    for figure in &super::outcome().figures {
        let (value, step) = figure.solver();
        println!("{:<28} {:>12.0} ± {:>6.0} {value:>12.0} ± {step:>6.0}", figure.name, figure.fluid, figure.grid);
        let bound = figure.grid + step + super::AGREE * figure.fluid;
        assert!((value - figure.fluid).abs() < bound, "{}: {value} {}", figure.name, figure.fluid);
    }
}
