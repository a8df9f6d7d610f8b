//! Published behaviour under overload, as the scenarios in `scenarios/overload/` show it.

use super::lab::play;
use clickday::engine::Record;
use clickday::model::Model;
use clickday::scenario::Scenario;
use std::path::Path;

fn model(name: &str) -> (Model, Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/overload").join(format!("{name}.json"));
    let study = Scenario::load(&path).and_then(|scenario| scenario.compile(None)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    (study.model, study.names.policies)
}

/// Each policy's run, by name.
fn runs(name: &str) -> Vec<(String, Record, f64)> {
    let (model, policies) = model(name);
    let bin = model.bin.seconds();
    let run = |(policy, name): (usize, String)| (name, play(&model, policy, 0), bin);
    policies.into_iter().enumerate().map(run).collect()
}

/// Answers a second between two instants, in seconds.
fn goodput(run: &Record, bin: f64, from: f64, to: f64) -> f64 {
    let bins = (from / bin) as usize..(to / bin) as usize;
    run.classes[0].series.answered[bins].iter().map(|n| f64::from(*n)).sum::<f64>() / (to - from)
}

fn requests(run: &Record, bin: f64, from: f64, to: f64) -> f64 {
    let bins = (from / bin) as usize..(to / bin) as usize;
    run.classes[0].series.requests[bins].iter().map(|n| f64::from(*n)).sum::<f64>() / (to - from)
}

/// Bronson et al., *Metastable Failures in Distributed Systems*, HotOS 2021: after a stall of ten seconds 560 requests a second
/// keep the database busy with what is too late, although it bears the 280 that are wanted; it leaves that state when the load falls
/// below 150. With deadlines, a short queue or a budget of retries the same trigger heals.
#[test]
fn a_trigger_tips_it_and_only_less_load_or_a_rule_brings_it_back() {
    for (policy, run, bin) in runs("metastable") {
        assert!((goodput(&run, bin, 100.0, 300.0) - 280.0).abs() < 5.0, "{policy} before");
        let (after, late) = (goodput(&run, bin, 400.0, 600.0), goodput(&run, bin, 700.0, 900.0));
        if policy == "open" {
            assert!(after < 3.0 && late < 3.0, "{after} {late}");
            assert!((requests(&run, bin, 700.0, 900.0) - 560.0).abs() < 10.0);
            assert!((goodput(&run, bin, 1000.0, 1200.0) - 140.0).abs() < 5.0, "recovers at half the load");
        } else {
            assert!((after - 280.0).abs() < 6.0 && (late - 280.0).abs() < 6.0, "{policy}: {after} {late}");
        }
    }
}

/// Offered 100 to 400 a second and back: at 200 and 250 it serves everything on the way up and nothing on the way down.
#[test]
fn the_way_down_is_not_the_way_up() {
    for (policy, run, bin) in runs("hysteresis") {
        // Two minutes a step: 100 at 0, 150 at 120 ... 400 at 720, 350 at 840 ... 50 at 1560; the first half of each is left out.
        let up = |rate: f64| goodput(&run, bin, (rate - 100.0) / 50.0 * 120.0 + 60.0, (rate - 100.0) / 50.0 * 120.0 + 120.0);
        let down = |rate: f64| {
            goodput(&run, bin, 720.0 + (400.0 - rate) / 50.0 * 120.0 + 60.0, 720.0 + (400.0 - rate) / 50.0 * 120.0 + 120.0)
        };
        for rate in [200.0, 250.0] {
            assert!((up(rate) / rate - 1.0).abs() < 0.05, "{policy} {rate} up: {}", up(rate));
            if policy == "open" {
                assert!(down(rate) < 0.02 * rate, "{rate} down: {}", down(rate));
            } else {
                assert!((down(rate) / rate - 1.0).abs() < 0.05, "{policy} {rate} down: {}", down(rate));
            }
        }
        assert!((down(100.0) / 100.0 - 1.0).abs() < 0.05, "{policy}: {}", down(100.0));
    }
}

/// Isaacs et al., HotOS 2025: 150 places lock in, 35 recover.
#[test]
fn a_long_queue_locks_in_and_a_short_one_recovers() {
    for (policy, run, bin) in runs("queue-limit") {
        let last = goodput(&run, bin, 2400.0, 3600.0);
        match policy.as_str() {
            "places-150" => assert!(last < 0.5, "{last}"),
            _ => assert!((last - 5.0).abs() < 0.2, "{last}"),
        }
    }
}

/// Brooker, *Exponential Backoff and Jitter*, AWS Architecture Blog 2015: without jitter the calls grow as the square of the clients,
/// n(n+1)/2 where one gets through at a time; "full jitter" makes less than half as many, and is done.
#[test]
fn without_jitter_the_calls_are_the_square_of_the_clients() {
    let (_, run, _) = runs("jitter").remove(0);
    let calls: Vec<u64> = run.classes.iter().map(|class| class.tally.requests).collect();
    assert_eq!(calls[0], 5050);
    assert!(calls[1] < 5050 / 3 && calls[2] < 5050 / 3, "{calls:?}");
    assert!(run.classes.iter().all(|class| class.tally.completed == 100));
    let last = |class: usize| run.classes[class].time_to_complete.max().unwrap();
    assert!(last(2) < last(0) / 4, "the last is through sooner, too");
}

/// Brooker, *Timeouts, retries, and backoff with jitter*, Amazon Builders' Library: "a five-deep stack of services", three tries each.
#[test]
fn retries_over_five_layers_are_243() {
    let (_, run, _) = runs("layers").remove(0);
    assert_eq!(run.stations.last().unwrap().refused, 243);
}

/// Beyer et al., *Site Reliability Engineering*, chapters 21 and 22: goodput follows the load up to capacity; beyond it falls to
/// nothing, or stays, where early refusal or throttling keep the queue short.
#[test]
fn goodput_has_the_published_shape() {
    for (policy, run, bin) in runs("goodput") {
        let at = |step: f64| goodput(&run, bin, 300.0 * step + 120.0, 300.0 * step + 300.0);
        assert!((at(2.0) / 75.0 - 1.0).abs() < 0.05, "{policy} at 75: {}", at(2.0));
        let over: Vec<f64> = [6.0, 9.0, 11.0].map(at).to_vec();
        match policy.as_str() {
            "open" => assert!(over.iter().all(|goodput| *goodput < 5.0), "{over:?}"),
            "short-queue-and-throttle" => {
                assert!(over.iter().all(|goodput| *goodput > 90.0), "{over:?}");
                let sent = run.stations[0].series.requests[50..].iter().map(|n| f64::from(*n)).sum::<f64>() / 600.0;
                assert!(sent < 2.05 * 100.0, "{sent} a second are sent of 275 and 300");
            }
            _ => assert!(over.iter().all(|goodput| *goodput > 85.0), "{policy}: {over:?}"),
        }
    }
}
