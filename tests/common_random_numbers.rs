//! The same people bring the same luck to every policy, so a difference is far surer than the figures it is made of.

mod support;

use clickday::engine::{Trial, simulate};
use clickday::experiment::Figure;
use clickday::model::Model;
use clickday::stats::Estimate;
use serde_json::json;
use support::{results, small_day, study};

/// Half the width of the interval; it goes with the standard deviation, as all have the same number of replications.
fn half_width(estimate: &Estimate) -> f64 {
    estimate.high.unwrap() - estimate.mean
}

#[test]
fn the_paired_difference_of_two_policies_varies_far_less_than_an_unpaired_one() {
    let mut scenario = small_day();
    scenario["experiment"] = json!({"seed": 11, "replications": 40});
    scenario["stations"]["portal"]["workers"] = json!(3);
    scenario["stations"]["portal"]["workers_at"] = json!([]);
    scenario["stations"]["portal"]["discipline"] = json!("fifo");
    scenario["classes"]["citizens"]["population"] = json!({"poisson": 3000});
    // An hour at noon, in a system that copes: most people meet the same site on the same day under both. (Past overload
    // a small difference grows by chance into a large one, and pairing gains less.)
    scenario["policies"]["time-split"] = json!({"rules": [{"windows": {"open": {"citizens": ["13:00-12:00"]}}}]});
    let results = results(&study(&scenario), None);
    let (open, split) = (&results.policies[0].total, &results.policies[1].total);
    let figures: [(&str, &Figure, &Figure); 5] = [
        ("completed", &open.counts.completed, &split.counts.completed),
        ("requests", &open.counts.requests, &split.counts.requests),
        ("wait.mean", &open.wait.mean, &split.wait.mean),
        ("time_to_complete.p50", &open.time_to_complete.p50, &split.time_to_complete.p50),
        ("time_to_complete.p95", &open.time_to_complete.p95, &split.time_to_complete.p95),
    ];
    for (name, open, split) in figures {
        let comparison = results.comparisons.iter().find(|c| c.class.is_none() && c.figure == name).unwrap();
        let paired = half_width(&comparison.difference).powi(2);
        let unpaired = half_width(&open.unwrap()).powi(2) + half_width(&split.unwrap()).powi(2);
        assert!(paired > 0.0, "{name}: the policies are one and the same");
        assert!(paired < 0.2 * unpaired, "{name}: variance {:.3} of the unpaired one", paired / unpaired);
    }
}

/// Mean wait of the first class, in seconds.
fn wait(model: &Model, replication: u32) -> f64 {
    let trial = Trial { policy: 0, seed: 5, replication, demand: 1.0, capacity: 1.0, check_every_bin: false };
    let record = simulate(model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}"));
    record.classes[0].wait.mean().unwrap() * 1e-9
}

#[test]
fn one_worker_more_is_told_apart_by_few_runs_of_the_same_people() {
    let queue = |workers: u32| {
        let scenario = json!({
            "format": 1, "name": "queue",
            "clock": {"start": "2020-04-01T00:00", "end": "2020-04-01T02:00", "time_zone": "UTC", "bin": "1h"},
            "stations": {"desk": {"workers": workers, "queue": "unbounded"}},
            "classes": {"people": {
                "population": {"poisson": 25900},
                "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-04-01T00:00", "to": "2020-04-01T02:00"}}}],
                "journey": [{"name": "ask", "station": "desk", "service": {"exponential": {"mean": "10s"}}}],
                "timeout": "never"
            }},
            "policies": {"open": {"rules": []}},
            "experiment": {"seed": 5, "replications": 1}
        });
        study(&scenario).model
    };
    let (forty, one_more) = (queue(40), queue(41));
    let of = |model: &Model, from: u32| -> Vec<f64> { (from..from + 30).map(|replication| wait(model, replication)).collect() };
    let (ours, theirs, strangers) = (of(&forty, 0), of(&one_more, 0), of(&one_more, 30));
    let paired = Estimate::of_differences(&theirs, &ours).unwrap();
    let unpaired = Estimate::of_differences(&strangers, &ours).unwrap();
    assert!(paired.is_distinct_from_zero() && paired.mean < 0.0, "{paired:?}");
    let ratio = (half_width(&paired) / half_width(&unpaired)).powi(2);
    assert!(ratio < 0.5, "variance {ratio:.3} of the unpaired one");
    assert!(
        ours.iter().zip(&theirs).all(|(forty, one_more)| one_more <= forty),
        "with the same people, more workers never wait longer"
    );
}
