//! The same people bring the same luck to every policy, so a difference is far surer than the figures it is made of.

mod support;

use clickday::engine::{Trial, simulate};
use clickday::experiment::{Figure, PolicyResult};
use clickday::model::Model;
use clickday::stats::Estimate;
use serde_json::{Value, json};
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

/// Workers for everybody, so that nobody meets anybody and a day is what its people bring: intended arrivals, work, patience, pauses. The
/// policy then moves sessions in time and changes nothing else, to the last bit.
#[test]
fn every_applicant_brings_the_same_arrival_work_and_patience_to_every_policy() {
    let class = |service: Value| {
        json!({
            "population": 1500,
            "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-04-01T00:00", "to": "2020-04-01T12:00"}}}],
            "journey": [
                {"name": "login", "station": "portal", "service": service},
                {"name": "form", "station": "portal", "think": {"lognormal": {"mean": "2min", "cv": 1}}, "service": {"gamma": {"mean": "20s", "cv": 0.7}}}
            ],
            "timeout": {"exponential": {"mean": "1min"}},
            "retry": {"attempts": 2, "resume": "step", "backoff": {"exponential": {"mean": "30s"}},
                      "return_after": {"exponential": {"mean": "1h"}}, "returns": 3},
            "closed": {"aware": 0.5, "return_delay": {"exponential": {"mean": "20min"}}}
        })
    };
    let scenario = json!({
        "format": 1, "name": "nobody-waits",
        "clock": {"start": "2020-04-01T00:00", "end": "2020-04-05T00:00", "time_zone": "UTC", "bin": "10min"},
        "stations": {"portal": {"workers": 10000}},
        "classes": {"moved": class(json!({"exponential": {"mean": "20s"}})), "free": class(json!({"lognormal": {"mean": "20s", "cv": 1}}))},
        "policies": {
            "open": {"rules": []},
            "windows": {"rules": [{"windows": {"open": {"moved": ["13:00-24:00", "00:00-03:00", "05:00-06:00"]}}}]}
        },
        "experiment": {"seed": 3, "replications": 1}
    });
    let results = results(&study(&scenario), None);
    let [open, windows] = &results.policies[..] else { panic!("two policies") };
    let (before, after) = (&open.classes[0].counts, &windows.classes[0].counts);
    assert!(after.closed.unwrap().mean > 300.0, "the windows shut nobody out: {after:?}");
    assert!(after.timeouts.unwrap().mean > 300.0, "nobody loses patience: {after:?}");
    for (figure, before, after) in [
        ("answered", &before.answered, &after.answered),
        ("timeouts", &before.timeouts, &after.timeouts),
        ("retries", &before.retries, &after.retries),
        ("completed", &before.completed, &after.completed),
        ("abandoned", &before.abandoned, &after.abandoned),
    ] {
        assert_eq!(before, after, "{figure}: patience or work differ");
    }
    assert_eq!(before.pending.unwrap().mean, 0.0, "the days must be long enough for all");
    assert_eq!(after.pending.unwrap().mean, 0.0);
    // A day's work in nanoseconds over the same worker time.
    let work = |policy: &PolicyResult| policy.stations[0].work.utilisation.unwrap().mean.to_bits();
    assert_eq!(work(open), work(windows), "the work differs");
    let arrived = |policy: &PolicyResult| policy.series.classes.iter().map(|class| class.arrived.clone()).collect::<Vec<_>>();
    assert_eq!(arrived(open), arrived(windows), "intended arrivals differ");
    // Whom the policy does not name completes at the same instants: every figure, to the bit.
    assert_eq!(open.classes[1], windows.classes[1]);
    assert!(open.classes[1].time_to_complete.p50.unwrap().mean > 60.0);
    assert_ne!(open.classes[0].time_to_complete, windows.classes[0].time_to_complete);
}
