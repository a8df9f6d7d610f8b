//! Rate limits: losses that are known, and what `Retry-After` does.

use super::lab::{Clock, System};
use super::{agree, crowd, figure, lost_by_waiting, play};
use serde_json::json;

/// A bucket of b tokens refuses whoever would have to wait longer than b − 1 tokens take: one of b = 1 refuses as Erlang's
/// loss formula says, ρ/(1 + ρ).
#[test]
fn a_bucket_refuses_as_a_queue_with_so_many_places_loses() {
    for burst in [1_u32, 2, 5] {
        let rate = 1.3;
        let clock = Clock::steady(4e5 / 20.0, rate, 30.0);
        let mut system = System::desk(clock, rate, json!({"workers": 1_000_000}), json!("0s"), json!({}));
        system.rules = json!([{"rate_limit": {"per_minute": 60, "burst": burst}}]);
        let [refused] = system.observe(&format!("burst {burst}"), 20, |run| {
            [figure(&run.record, "refused") / (figure(&run.record, "refused") + figure(&run.record, "passed"))]
        });
        let spare = f64::from(burst) - 1.0;
        let lost = lost_by_waiting(rate, 1.0, spare + 2.0, |v: f64| f64::from(u8::from(v <= spare)));
        agree(&format!("share that a bucket of {burst} refuses"), lost, &refused);
        if burst == 1 {
            agree("the same, by Erlang's loss formula", rate / (1.0 + rate), &refused);
        }
    }
}

/// With a token a second, all who are refused are told one second; each second one of them gets through.
#[test]
fn clients_that_heed_retry_after_all_come_back_with_the_next_token() {
    let mut people = crowd(40, "00:00", &json!("0s"));
    people["retry"] = json!({"attempts": 1000, "backoff": "17min"});
    let limit = json!({"per_minute": 60, "respected": 1});
    let record = play(&json!({"people": people}), &json!([{"rate_limit": limit}]), 1);
    let tally = record.classes[0].tally;
    assert_eq!((tally.completed, tally.requests, tally.refused), (40, 40 * 41 / 2, 39 * 40 / 2));
    assert_eq!(record.classes[0].time_to_complete.max(), Some(39_000_000_000));
    assert_eq!(record.stations[0].refused, 0);
    // Those who do not heed it wait as they please: 17 minutes, when one more gets through, and so on.
    let record = play(&json!({"people": people}), &json!([{"rate_limit": {"per_minute": 60}}]), 1);
    assert_eq!(record.classes[0].tally.completed, 4);
}

/// A share of the people heeds it, each person always or never.
#[test]
fn a_share_of_people_heeds_retry_after() {
    let mut people = crowd(4000, "00:00", &json!("0s"));
    people["retry"] = json!({"attempts": 2, "backoff": "30min"});
    let limit = json!({"per_minute": 0.01, "retry_after": "10min", "respected": 0.3});
    let record = play(&json!({"people": people}), &json!([{"rate_limit": limit}]), 1);
    let in_bin = |minute: usize| f64::from(record.classes[0].series.refused[minute]);
    let (heeded, not) = (in_bin(10), in_bin(30));
    assert_eq!(heeded + not, 3999.0);
    assert!((heeded - 1200.0).abs() < 4.0 * (4000.0_f64 * 0.21).sqrt(), "{heeded}");
}

/// A bucket each: nobody is kept out by what others do.
#[test]
fn a_bucket_each_limits_each_alone() {
    let mut people = crowd(50, "00:00", &json!("0s"));
    people["journey"] =
        json!([{"name": "a", "station": "desk", "service": "0s"}, {"name": "b", "station": "desk", "service": "0s"}]);
    people["retry"] = json!({"attempts": 100, "backoff": "10s"});
    let record = play(&json!({"people": people}), &json!([{"rate_limit": {"per": "applicant", "per_minute": 1}}]), 1);
    // The second step is refused at 0, 10 … 50 s, and passes after a minute.
    assert_eq!((record.classes[0].tally.refused, record.classes[0].tally.completed), (50 * 6, 50));
    assert_eq!(record.classes[0].time_to_complete.max(), Some(60_000_000_000));
    let first = json!([{"rate_limit": {"per": "applicant", "per_minute": 1, "applies_to": "sessions"}}]);
    assert_eq!(play(&json!({"people": people}), &first, 1).classes[0].tally.refused, 0);
    let together = json!([{"rate_limit": {"per": "class", "per_minute": 1}}]);
    assert!(play(&json!({"people": people}), &together, 1).classes[0].tally.refused > 2000);
}
