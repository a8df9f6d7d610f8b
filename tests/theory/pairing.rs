//! What pairing gains on the days of INPS, as they were and on a site that copes.

use clickday::experiment::{Figure, Plan, Progress, Results, run};
use clickday::scenario::Scenario;
use clickday::stats::Estimate;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::OnceLock;

/// Size of the copies, and replications.
pub(crate) const SCALE: f64 = 0.02;
pub(crate) const REPLICATIONS: u32 = 20;

/// A difference to open access, and its variance paired as a share of that of independent runs.
#[derive(Debug)]
pub(crate) struct Gain {
    pub(crate) site: &'static str,
    pub(crate) policy: String,
    pub(crate) figure: &'static str,
    pub(crate) difference: Estimate,
    pub(crate) ratio: f64,
}

/// On which sites.
pub(crate) const SITES: [(&str, u32); 2] = [("as it was", 1), ("four times the workers", 4)];

/// The square of the interval's half width, which goes with the variance: all have the same number of replications.
fn square(estimate: &Estimate) -> f64 {
    (estimate.high.expect("an interval") - estimate.mean).powi(2)
}

fn results(factor: u32) -> Results {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/inps-2020-04.json");
    let text = std::fs::read_to_string(&file).expect("the scenario");
    let mut scenario: Value = serde_json::from_str(&text).expect("JSON");
    let portal = &mut scenario["stations"]["portal"];
    portal["workers"] = json!(200 * factor);
    portal["workers_at"][0]["workers"] = json!(400 * factor);
    scenario["experiment"] = json!({"seed": 1, "replications": REPLICATIONS});
    let study = Scenario::parse(&scenario.to_string(), &file).and_then(|scenario| scenario.compile(Some(SCALE)));
    let study = study.unwrap_or_else(|mistakes| panic!("{mistakes}"));
    run(&study, &Plan { policies: vec![0, 1, 2], threads: None }, &Progress::default()).expect("a run")
}

/// All differences, computed once.
pub(crate) fn gains() -> &'static [Gain] {
    static GAINS: OnceLock<Vec<Gain>> = OnceLock::new();
    GAINS.get_or_init(|| {
        let mut gains = Vec::new();
        for (site, factor) in SITES {
            let results = results(factor);
            let open = &results.policies[0].total;
            for policy in &results.policies[1..] {
                let total = &policy.total;
                let figures: [(&'static str, &Figure, &Figure); 4] = [
                    ("completed", &open.counts.completed, &total.counts.completed),
                    ("requests", &open.counts.requests, &total.counts.requests),
                    ("timeouts", &open.counts.timeouts, &total.counts.timeouts),
                    ("time_to_complete.p50", &open.time_to_complete.p50, &total.time_to_complete.p50),
                ];
                for (figure, ours, theirs) in figures {
                    let found =
                        results.comparisons.iter().find(|c| c.policy == policy.policy && c.class.is_none() && c.figure == figure);
                    let difference = found.expect("a comparison").difference;
                    let independent = square(&ours.expect("a figure")) + square(&theirs.expect("a figure"));
                    if independent == 0.0 {
                        continue;
                    }
                    let policy = results.study.names.policies[policy.policy].clone();
                    gains.push(Gain { site, policy, figure, difference, ratio: square(&difference) / independent });
                }
            }
        }
        gains
    })
}

/// The geometric mean of the ratios on a site.
pub(crate) fn ratio(site: &str) -> f64 {
    let ratios: Vec<f64> = gains().iter().filter(|gain| gain.site == site).map(|gain| gain.ratio.ln()).collect();
    (ratios.iter().sum::<f64>() / ratios.len() as f64).exp()
}

#[test]
fn pairing_gains_on_the_whole_and_much_where_few_people_are_moved() {
    let gains = gains();
    for Gain { site, policy, figure, difference, ratio } in gains {
        println!("{site:<24} {policy:<28} {figure:<22} {:>12.1} {ratio:>8.4}", difference.mean);
    }
    for (site, _) in SITES {
        assert!(ratio(site) < 0.8, "{site}: {}", ratio(site));
    }
    let requests = gains.iter().filter(|gain| gain.policy == "time-split" && gain.figure == "requests");
    assert!(
        requests.clone().all(|gain| gain.ratio < 0.1),
        "the first day is the same under both: {:?}",
        requests.collect::<Vec<_>>()
    );
}
