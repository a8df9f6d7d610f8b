//! An interval of 95 % holds the truth in 95 % of cases.
//!
//! Each count of intervals that hold it is binomial; a test fails where it lies outside the central interval of the binomial
//! distribution of level 1 − 10⁻⁶, which a right program leaves once in a million runs.

use clickday::experiment::{Plan, Progress, run};
use clickday::model::Study;
use clickday::random::{Draw, Key, NameHash, Purpose};
use clickday::scenario::Scenario;
use clickday::stats::{Estimate, normal_quantile, wilson};
use rayon::prelude::*;
use serde_json::json;
use statrs::distribution::{Binomial, DiscreteCDF};
use std::path::Path;

const EXPERIMENTS: u32 = 1000;
const REPLICATIONS: u32 = 10;
const LEVEL: f64 = 1e-6;

fn holds(estimate: &Estimate, truth: f64) -> bool {
    estimate.low.expect("an interval") <= truth && truth <= estimate.high.expect("an interval")
}

/// Whether so many of the experiments may hold the truth where each does so with this chance.
#[track_caller]
fn assert_binomial(case: &str, held: u32, experiments: u32, chance: f64) {
    let binomial = Binomial::new(chance, u64::from(experiments)).expect("a chance");
    let (below, above) = (binomial.cdf(u64::from(held)), binomial.sf(u64::from(held).saturating_sub(1)));
    let share = f64::from(held) / f64::from(experiments);
    assert!(below.min(above) > LEVEL / 2.0, "{case}: {share} of {experiments} intervals hold the truth, not {chance}");
}

/// `n` uniform numbers of an experiment.
fn uniforms(case: &str, experiment: u32, n: u64) -> impl Iterator<Item = f64> {
    let key = Key::new(1, experiment, NameHash::new("coverage", case));
    (0..n).map(move |i| key.uniform(Purpose::Service, i, Draw::default()))
}

#[test]
fn of_normal_values_with_few_and_with_many_replications() {
    let experiments = 40_000;
    for replications in [2, 3, 10, 50] {
        let held = (0..experiments).into_par_iter().filter(|experiment| {
            let values: Vec<f64> =
                uniforms("normal", *experiment, replications).map(|u| 5.0 + 2.0 * normal_quantile(u)).collect();
            holds(&Estimate::of(&values).expect("values"), 5.0)
        });
        assert_binomial(&format!("{replications} normal values"), held.count() as u32, experiments, 0.95);
    }
}

/// Of a figure as skewed as an exponential one, Student's interval over ten replications holds less than it says: 90 %. Days are
/// sums over many people and far less skewed; where one is near its tipping point, the collapse is told instead.
#[test]
fn of_skewed_values_it_falls_short_as_is_known() {
    let experiments = 40_000;
    let of = |replications: u64| {
        let held = (0..experiments).into_par_iter().filter(|experiment| {
            let values: Vec<f64> = uniforms("exponential", *experiment, replications).map(|u| -libm::log(u)).collect();
            holds(&Estimate::of(&values).expect("values"), 1.0)
        });
        held.count() as f64 / f64::from(experiments)
    };
    let (ten, many) = (of(10), of(200));
    assert!((0.89..0.91).contains(&ten), "{ten}");
    assert!((0.94..0.95).contains(&many), "{many}");
}

/// The chance that Wilson's interval holds the truth, from the binomial distribution itself: between 0.92 and 0.98 for any
/// share that is not close to 0 or 1 (Brown, Cai & DasGupta 2001, *Interval estimation for a binomial proportion*).
#[test]
fn of_shares_wilson_holds_on_average() {
    let cover = |share: f64, n: u32| -> f64 {
        use statrs::distribution::Discrete;
        let binomial = Binomial::new(share, u64::from(n)).expect("a share");
        (0..=n).filter(|k| holds(&wilson(*k, n).expect("tries"), share)).map(|k| binomial.pmf(u64::from(k))).sum()
    };
    for n in [10, 20, 100] {
        let shares: Vec<f64> = (1..200).map(|i| f64::from(i) / 200.0).collect();
        let covers: Vec<f64> = shares.iter().map(|share| cover(*share, n)).collect();
        let mean = covers.iter().sum::<f64>() / covers.len() as f64;
        assert!((0.945..0.965).contains(&mean), "n = {n}: {mean}");
        assert!(covers.iter().all(|cover| *cover > 0.82), "n = {n}");
    }
}

const WORKERS: usize = 5;
const MINUTES: f64 = 4.0;
const ARRIVALS: f64 = 300.0;
const SERVICE: f64 = 4.0;

/// The whole simulator: M/M/c/c from empty, which loses whoever finds all workers busy.
fn loss_system(seed: u64) -> Study {
    let people = json!({
        "population": {"poisson": ARRIVALS},
        "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-01-01T00:00", "to": "2020-01-01T00:04"}}}],
        "journey": [{"name": "call", "station": "desk", "service": {"exponential": {"mean": format!("{SERVICE}s")}}}],
    });
    let scenario = json!({
        "format": 1,
        "name": "coverage",
        "clock": {"start": "2020-01-01T00:00", "end": "2020-01-01T00:04", "time_zone": "UTC", "bin": "4min"},
        "stations": {"desk": {"workers": WORKERS, "queue": 0}},
        "classes": {"people": people},
        "policies": {"one": {"rules": []}},
        "experiment": {"seed": seed, "replications": REPLICATIONS},
    });
    let read = Scenario::parse(&scenario.to_string(), Path::new("coverage.json")).and_then(|scenario| scenario.compile(None));
    read.unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

/// Expected number lost and expected number still in service at the end: Kolmogorov's forward equations for the number of busy
/// workers, by Runge and Kutta's fourth-order rule.
fn loss_reference() -> (f64, f64) {
    let rate = ARRIVALS / (60.0 * MINUTES);
    // The last place counts the lost.
    type Vector = [f64; WORKERS + 2];
    let slope = |p: &Vector| -> Vector {
        let mut d = [0.0; WORKERS + 2];
        for busy in 0..=WORKERS {
            let ends = busy as f64 / SERVICE * p[busy];
            d[busy] -= ends;
            if busy > 0 {
                d[busy - 1] += ends;
            }
            if busy < WORKERS {
                d[busy] -= rate * p[busy];
                d[busy + 1] += rate * p[busy];
            }
        }
        d[WORKERS + 1] = rate * p[WORKERS];
        d
    };
    let along = |p: &Vector, d: &Vector, by: f64| -> Vector { std::array::from_fn(|i| p[i] + by * d[i]) };
    let mut p: Vector = [0.0; WORKERS + 2];
    p[0] = 1.0;
    let steps = 24_000;
    let h = 60.0 * MINUTES / f64::from(steps);
    for _ in 0..steps {
        let a = slope(&p);
        let b = slope(&along(&p, &a, h / 2.0));
        let c = slope(&along(&p, &b, h / 2.0));
        let d = slope(&along(&p, &c, h));
        p = std::array::from_fn(|i| p[i] + h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i]));
    }
    (p[WORKERS + 1], (0..=WORKERS).map(|busy| busy as f64 * p[busy]).sum())
}

#[test]
fn of_a_simulated_loss_system_with_an_exact_transient_answer() {
    let (lost, busy) = loss_reference();
    let plan = Plan { policies: vec![0], threads: Some(1) };
    let held: Vec<[bool; 4]> = (0..EXPERIMENTS)
        .into_par_iter()
        .map(|seed| {
            let results =
                run(&loss_system(u64::from(seed)), &plan, &Progress::default()).unwrap_or_else(|error| panic!("{error}"));
            let counts = &results.policies[0].total.counts;
            let truths = [
                (counts.arrived, ARRIVALS),
                (counts.refused, lost),
                (counts.pending, busy),
                (counts.completed, ARRIVALS - lost - busy),
            ];
            truths.map(|(figure, truth)| holds(&figure.expect("a figure"), truth))
        })
        .collect();
    for (index, figure) in ["arrived", "refused", "pending", "completed"].into_iter().enumerate() {
        let count = held.iter().filter(|held| held[index]).count() as u32;
        assert_binomial(figure, count, EXPERIMENTS, 0.95);
    }
}
