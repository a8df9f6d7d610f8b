//! Demand that nobody knows: a random factor on all populations, a gamma of mean 1.

use super::family::families;
use super::lab::effort;
use super::table::Table;
use clickday::experiment::{Plan, Progress, run};
use clickday::scenario::Scenario;
use clickday::stats::Estimate;
use serde_json::json;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::path::Path;

families! {
    a_random_factor_makes_populations_vary_together:
        "A random factor on all populations",
        "Greenwood & Yule 1920: variances of a gamma mixture";
}

/// Experiments, each an estimate of mean and variance over its own replications.
const EXPERIMENTS: f64 = 40.0;
const RUNS: u32 = 200;

/// The variance over replications, from the interval that a user sees: half width = t·√(variance/n).
fn variance(estimate: &Estimate) -> f64 {
    let n = f64::from(estimate.n);
    let t = StudentsT::new(0.0, 1.0, n - 1.0).expect("degrees of freedom").inverse_cdf(0.975);
    let half = (estimate.high.expect("an interval") - estimate.low.expect("an interval")) / 2.0;
    (half / t).powi(2) * n
}

/// Given its factor a Poisson population of mean m is Poisson, so that over factors it is negative binomial of variance
/// m + m²·cv² (Greenwood & Yule 1920); a fixed one has the variance m²·cv² and that of rounding, 1/12. Two classes share
/// the factor: their sum has the variance of both and twice their covariance, m₁·m₂·cv².
fn a_random_factor_makes_populations_vary_together(table: &mut Table) {
    table.power(0.03);
    for cv in [0.0_f64, 0.1, 0.5] {
        let case = format!("demand of cv {cv}");
        let (poisson, fixed) = (80.0, 60.0);
        let of = |seed: u64| {
            let mut experiment = json!({"seed": seed, "replications": RUNS});
            if cv > 0.0 {
                experiment["demand"] = json!({"cv": cv});
            }
            let class = |population| {
                json!({
                    "population": population,
                    "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-01-01T00:00", "to": "2020-01-01T01:00"}}}],
                    "journey": [{"name": "request", "station": "desk", "service": "1s"}],
                })
            };
            let scenario = json!({
                "format": 1,
                "name": "theory",
                "clock": {"start": "2020-01-01T00:00", "end": "2020-01-01T01:00", "time_zone": "UTC", "bin": "1h"},
                "stations": {"desk": {"workers": 5}},
                "classes": {"poisson": class(json!({"poisson": poisson})), "fixed": class(json!(fixed))},
                "policies": {"only": {"rules": []}},
                "experiment": experiment,
            });
            let study = Scenario::parse(&scenario.to_string(), Path::new("theory.json"))
                .and_then(|scenario| scenario.compile(None))
                .unwrap_or_else(|mistakes| panic!("{mistakes}"));
            let results = run(&study, &Plan { policies: vec![0], threads: None }, &Progress::default()).expect("a run");
            let policy = &results.policies[0];
            let figure = |figure: &Option<Estimate>| figure.expect("a figure");
            (
                figure(&policy.classes[0].counts.arrived),
                figure(&policy.classes[1].counts.arrived),
                figure(&policy.total.counts.arrived),
            )
        };
        let runs: Vec<_> = (0..(EXPERIMENTS * effort()) as u64).map(of).collect();
        let square = cv * cv;
        let mean: Vec<f64> = runs.iter().map(|run| run.2.mean).collect();
        table.compare(&case, "mean", poisson + fixed, &mean);
        let first: Vec<f64> = runs.iter().map(|run| variance(&run.0)).collect();
        table.compare(&case, "variance, Poisson", poisson + poisson * poisson * square, &first);
        let rounding = if cv > 0.0 { 1.0 / 12.0 } else { 0.0 };
        if cv > 0.0 {
            let second: Vec<f64> = runs.iter().map(|run| variance(&run.1)).collect();
            table.compare(&case, "variance, fixed", fixed * fixed * square + rounding, &second);
        }
        let both: Vec<f64> = runs.iter().map(|run| variance(&run.2)).collect();
        table.compare(&case, "variance, both", poisson + (poisson + fixed) * (poisson + fixed) * square + rounding, &both);
    }
}
