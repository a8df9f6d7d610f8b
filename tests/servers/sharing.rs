//! Processor sharing: the mean does not depend on the distribution of the work, only on its mean.

use super::chain::{birth_death, mean};
use super::lab::{exponential, hold, mistakes, observe, play_one, request, scenario, stream};
use serde_json::{Value, json};

const SKIP: u64 = 1000;
const END: u64 = 41_000;

fn shared(workers: u32, rate: f64, service: Value, more: Value) -> Value {
    let mut desk = json!({"workers": workers, "discipline": "processor_sharing"});
    if let (Value::Object(desk), Value::Object(more)) = (&mut desk, more) {
        desk.extend(more);
    }
    let people = stream(0, END, rate, json!({"journey": request("desk", service)}));
    scenario(SKIP, END, json!({"desk": desk}), json!({"people": people}), json!([]))
}

/// M/G/1 with processor sharing: the mean response is 1/(mu - lambda) whatever the distribution (Kleinrock, *Queueing Systems*,
/// vol. 2, 4.4): insensitivity. First come first served would give 2.0, 3.33 and 8.5 at these variances.
#[test]
fn the_mean_response_is_insensitive_to_the_distribution_of_the_work() {
    let rate = 0.7;
    for service in [
        exponential(1.0),
        json!("1s"),
        json!({"lognormal": {"mean": "1s", "cv": 2}}),
        json!({"gamma": {"mean": "1s", "cv": 0.5}}),
    ] {
        let case = format!("M/G/1-PS, {service}");
        let day = shared(1, rate, service, json!({}));
        let response = observe(&day, 24, |run| run.classes[0].time_to_complete.mean().unwrap() * 1e-9);
        hold(&case, 1.0 / (1.0 - rate), &response);
        let busy = observe(&day, 24, |run| run.stations[0].busy as f64 * 1e-9 / (END - SKIP) as f64);
        hold(&case, rate, &busy);
    }
}

/// A request of work x takes x/(1-rho) in the mean, however large it is (Kleinrock, as above): two classes of fixed work,
/// ten times as much one as the other, are slowed down alike.
#[test]
fn everybody_is_slowed_down_in_proportion_to_their_work() {
    let class = |rate: f64, work: &str| stream(0, END, rate, json!({"journey": request("desk", json!(work))}));
    let classes = json!({"small": class(0.4, "500ms"), "large": class(0.08, "5s")});
    let desk = json!({"desk": {"workers": 1, "discipline": "processor_sharing"}});
    let day = scenario(SKIP, END, desk, classes, json!([]));
    for (class, work) in [(0, 0.5), (1, 5.0)] {
        let response = observe(&day, 24, |run| run.classes[class].time_to_complete.mean().unwrap() * 1e-9);
        hold("M/D/1-PS by size", work / (1.0 - 0.6), &response);
    }
}

/// Two workers shared by all, no request faster than one worker; three connections and four places to wait. With
/// exponential work the number inside is a birth-death chain: M/M/2/7.
#[test]
fn connections_and_places_bound_what_is_shared() {
    let (rate, places) = (1.9, 7);
    let p = birth_death(|n| if n < places { rate } else { 0.0 }, |n| n.min(2) as f64);
    let day = shared(2, rate, exponential(1.0), json!({"connections": 3, "queue": 4}));
    let refused = observe(&day, 24, |run| run.stations[0].refused as f64 / (rate * (END - SKIP) as f64));
    hold("share refused", p[places], &refused);
    let waiting = observe(&day, 24, |run| run.stations[0].queue.mean().unwrap());
    hold("waiting", mean(&p, |n| n.saturating_sub(3) as f64), &waiting);
    let busy = observe(&day, 24, |run| run.stations[0].busy as f64 * 1e-9 / (END - SKIP) as f64);
    hold("busy workers", mean(&p, |n| n.min(2) as f64), &busy);
}

/// Two come at once with 10 s of work each: both are done after 20 s. A third after 5 s, with 1 s of work, has a third of the
/// worker: done 3 s later, and the two others after 21 s.
#[test]
fn a_few_requests_by_hand() {
    let at = |seconds: u64, work: &str, people: u32| {
        json!({"population": people, "journey": request("desk", json!(work)),
               "arrivals": [{"share": 1, "curve": {"spike": {"at": super::lab::moment(seconds), "delay": "0s"}}}]})
    };
    let classes = json!({"two": at(0, "10s", 2), "third": at(5, "1s", 1)});
    let desk = json!({"desk": {"workers": 1, "discipline": "processor_sharing"}});
    let run = play_one(&scenario(0, 60, desk, classes, json!([])));
    let took = |class: usize| run.classes[class].time_to_complete.max().unwrap() as f64 * 1e-9;
    assert!((took(0) - 21.0).abs() < 0.03, "{}", took(0));
    assert!((took(1) - 3.0).abs() < 0.01, "{}", took(1));
    assert_eq!(run.stations[0].busy, 21_000_000_000);
}

/// Clients who leave free their share; those who stay in spite of it waste it. An outage cuts all.
#[test]
fn timeouts_outages_and_changes_of_workers_keep_the_books() {
    for on_timeout in ["leave", "orphan"] {
        let desk = json!({"workers": 2, "discipline": "processor_sharing", "connections": 20, "queue": 10, "on_timeout": on_timeout,
                          "workers_at": [{"from": super::lab::moment(300), "workers": 0}, {"from": super::lab::moment(400), "workers": 3}],
                          "outages": [{"from": super::lab::moment(700), "to": super::lab::moment(760)}]});
        let class = json!({"journey": request("desk", exponential(1.0)), "timeout": "8s",
                           "retry": {"attempts": 3, "backoff": "2s"}});
        let day = scenario(100, 1200, json!({"desk": desk}), json!({"people": stream(0, 1200, 2.5, class)}), json!([]));
        let run = play_one(&day);
        assert!(run.classes[0].tally.timeouts > 50 && run.classes[0].tally.failed > 5 && run.classes[0].tally.refused > 5);
        assert_eq!(run.stations[0].wasted > 0, on_timeout == "orphan");
    }
}

#[test]
fn what_does_not_go_with_shared_workers_is_refused() {
    let told = mistakes(&shared(1, 0.1, json!("1s"), json!({"slowdown": {"contention": 0.1}, "connections": 0})));
    for part in [
        "/stations/desk/slowdown",
        "shared workers slow down by being shared",
        "/stations/desk/connections",
        "nobody is ever served",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let told = mistakes(&shared(1, 0.1, json!("1s"), json!({"discipline": "fifo", "connections": 3})));
    assert!(told.contains("only a station whose discipline is \"processor_sharing\" has `connections`"), "{told}");
}
