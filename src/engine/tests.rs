//! Small runs whose every figure is worked out by hand, most of them at the instant at which a rule begins or ends to hold.

use super::begin::ready;
use super::lab::{TRIAL, compiled};
use super::{Record, Trial, simulate};
use crate::model::Model;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Nanoseconds in a second.
const SECOND: u64 = 1_000_000_000;

/// The civil time so many seconds after the start.
fn at(seconds: f64) -> String {
    format!("2020-04-01T00:{:02}:{:04.1}", seconds as u32 / 60, seconds % 60.0)
}

/// So many who all come at that second, and whose one request takes so long, with more keys of their class.
fn crowd(people: u32, seconds: u32, station: &str, service: &str, more: Value) -> Value {
    let mut class = json!({
        "population": people,
        "arrivals": [{"share": 1, "curve": {"spike": {"at": at(seconds.into()), "delay": "0s"}}}],
        "journey": [{"name": "request", "station": station, "service": service}],
    });
    if let (Value::Object(class), Value::Object(more)) = (&mut class, more) {
        class.extend(more);
    }
    class
}

/// With one policy, until so many seconds after the start.
fn model(end: u32, stations: Value, classes: Value, rules: Value) -> Model {
    let scenario = json!({
        "format": 1, "name": "by-hand",
        "clock": {"start": at(0.0), "end": at(end.into()), "time_zone": "UTC", "bin": "1min", "measure_from": at(0.0)},
        "stations": stations, "classes": classes, "policies": {"only": {"rules": rules}},
    });
    compiled(&format!("{scenario:#}"))
}

fn play(end: u32, stations: Value, classes: Value, rules: Value) -> Record {
    simulate(&model(end, stations, classes, rules), &TRIAL, &mut |_| true).unwrap()
}

fn seconds(number: u64) -> u128 {
    u128::from(number * SECOND)
}

#[test]
fn whoever_came_and_went_before_counting_began_is_not_of_the_population() {
    let classes = json!({"early": crowd(5, 0, "desk", "1s", json!({})), "late": crowd(3, 40, "desk", "1s", json!({}))});
    let mut model = model(60, json!({"desk": {"workers": 9}}), classes, json!([]));
    model.measure_from = crate::time::Time(30 * SECOND);
    let classes = simulate(&model, &TRIAL, &mut |_| true).unwrap().classes;
    assert_eq!((classes[0].population, classes[0].tally.arrived), (0, 0));
    assert_eq!((classes[1].population, classes[1].tally.arrived), (3, 3));
}

/// The arrival, and the looks at 60 s and 120 s; the service lasts longer than the clock, and nobody can be ordered.
#[test]
fn the_first_look_at_the_load_is_one_interval_after_the_start_and_orders_nobody_beyond_the_ceiling() {
    let rule = json!([{"autoscale": {"station": "desk", "every": "60s", "delay": "5s", "step": 1, "ceiling": 1}}]);
    let classes = json!({"people": crowd(1, 0, "desk", "1000s", json!({}))});
    assert_eq!(play(180, json!({"desk": {"workers": 1}}), classes, rule).events, 3);
}

#[test]
fn only_the_station_whose_workers_follow_the_load_is_paid_by_the_hour() {
    let rule = json!([{"autoscale": {"station": "floor", "every": "60s", "delay": "5s", "step": 1, "ceiling": 5}}]);
    let classes = json!({"people": crowd(1, 0, "floor", "1s", json!({}))});
    let run = play(180, json!({"desk": {"workers": 1}, "floor": {"workers": 2}}), classes, rule);
    assert_eq!((run.stations[0].paid, run.stations[1].paid), (None, Some(2 * seconds(180))));
}

/// A refusal costs 10 s, which the next worker to be free pays; none becomes free, and the look at 60 s sends nobody away.
#[test]
fn a_look_at_the_load_that_changes_nothing_makes_nobody_pay_a_debt() {
    let rules = json!([
        {"reserve": {"station": "desk", "classes": ["meant"], "workers": 2}},
        {"autoscale": {"station": "desk", "every": "60s", "delay": "5s", "step": 1, "ceiling": 3, "below": 0.5}},
    ]);
    let desk = json!({"desk": {"workers": 3, "queue": 0, "refusal_cost": "10s"}});
    let classes = json!({"meant": crowd(1, 119, "desk", "1000s", json!({})), "others": crowd(2, 1, "desk", "1000s", json!({}))});
    let run = play(120, desk, classes, rules);
    assert_eq!((run.classes[0].tally.refused, run.classes[1].tally.refused), (0, 1));
    assert_eq!((run.stations[0].busy, run.stations[0].wasted), (seconds(119 + 1), 0));
}

#[test]
fn the_first_health_check_is_one_interval_after_the_start() {
    let check = json!({"every": "10s", "slower_than": "5s", "fall": 1, "rise": 1});
    let desk = json!({"desk": {"workers": 1, "outages": [{"from": at(0.0), "to": at(5.0)}], "health_check": check}});
    let run = play(60, desk, json!({"people": crowd(1, 7, "desk", "1s", json!({}))}), json!([]));
    assert_eq!((run.stations[0].taken_out, run.classes[0].tally.completed), (Some(0), 1));
}

/// One is served from 0 s on, and one waits from 4 s or 5 s on when the look at 10 s comes.
#[test]
fn a_health_check_finds_slow_what_waits_for_longer_than_it_may_and_not_for_as_long() {
    let check = json!({"every": "10s", "slower_than": "5s", "fall": 1, "rise": 1});
    for (comes, taken_out) in [(4, 1), (5, 0)] {
        let classes =
            json!({"served": crowd(1, 0, "desk", "100s", json!({})), "waits": crowd(1, comes, "desk", "1s", json!({}))});
        let run = play(15, json!({"desk": {"workers": 1, "health_check": check}}), classes, json!([]));
        assert_eq!(run.stations[0].taken_out, Some(taken_out));
    }
}

/// One is served and one waits, and no more can; then two come who are more urgent.
#[test]
fn the_urgent_push_out_as_many_as_are_less_urgent_and_only_where_the_rule_says_so() {
    let desk = || json!({"desk": {"workers": 1, "queue": 1}});
    let classes = || json!({"first": crowd(2, 2, "desk", "1s", json!({})), "last": crowd(2, 0, "desk", "100s", json!({}))});
    for (push_out, refused) in [(true, [1, 1]), (false, [2, 0])] {
        let rule = json!([{"priority": {"station": "desk", "order": ["first"], "push_out": push_out}}]);
        let run = play(60, desk(), classes(), rule);
        assert_eq!([0, 1].map(|class: usize| run.classes[class].tally.refused), refused);
        assert_eq!(run.stations[0].queue_max, 1);
    }
}

/// From 3 s to 8 s the urgent one pauses, and meanwhile another takes the only place to wait.
#[test]
fn the_urgent_push_out_at_their_second_try_too() {
    let classes = json!({
        "first": crowd(1, 1, "desk", "1s", json!({"timeout": "2s", "retry": {"attempts": 2, "backoff": "5s"}})),
        "served": crowd(1, 0, "desk", "100s", json!({})),
        "last": crowd(1, 5, "desk", "1s", json!({})),
    });
    let rule = json!([{"priority": {"station": "desk", "order": ["first"], "push_out": true}}]);
    let run = play(60, json!({"desk": {"workers": 1, "queue": 1, "on_timeout": "leave"}}), classes, rule);
    assert_eq!([0, 1, 2].map(|class: usize| run.classes[class].tally.refused), [0, 0, 1]);
}

/// The client leaves at 5 s and is served again from 6 s on when, at 6.5 s, the turn of the call for the first try comes: it is
/// dropped, and the call for the second try is served from 7 s to 8 s.
#[test]
fn a_call_for_a_try_that_its_client_gave_up_is_dropped_though_the_client_is_back() {
    let stations = json!({
        "base": {"workers": 0, "workers_at": [{"from": at(6.5), "workers": 1}]},
        "web": {"workers": 2, "calls": {"station": "base", "service": "1s"}},
    });
    let patience = json!({"timeout": "5s", "retry": {"attempts": 2, "backoff": "1s"}});
    let classes = json!({"people": crowd(1, 0, "web", "1s", patience)});
    let run = play(60, stations, classes, json!([{"shed": {"station": "base", "deadline": true}}]));
    assert_eq!((run.stations[0].refused, run.stations[0].served), (1, 1));
    assert_eq!((run.classes[0].tally.completed, run.classes[0].time_to_complete.sum()), (1, seconds(8)));
}

/// The call at 1 s finds one in service and, at 3 s a service, is reckoned to be answered at 7 s.
#[test]
fn a_call_is_refused_when_its_client_leaves_before_the_estimated_end_and_not_when_at_it() {
    for (timeout, refused) in [("7s", 0), ("6999999999ns", 1)] {
        let stations = json!({"base": {"workers": 1}, "web": {"workers": 1, "calls": {"station": "base", "service": "1s"}}});
        let classes = json!({
            "before": crowd(1, 0, "base", "3s", json!({})),
            "people": crowd(1, 0, "web", "1s", json!({"timeout": timeout})),
        });
        let run = play(60, stations, classes, json!([{"shed": {"station": "base", "deadline": true}}]));
        assert_eq!((run.stations[0].refused, run.classes[1].tally.failed), (refused, refused));
        assert_eq!(run.classes[1].time_to_complete.sum(), if refused == 0 { seconds(4) } else { 0 });
    }
}

/// At 10 s one worker is idle, who is kept; at 20 s two are.
#[test]
fn others_start_only_while_more_workers_are_idle_than_are_kept() {
    let classes = json!({
        "long": crowd(1, 0, "desk", "20s", json!({})),
        "others": crowd(1, 1, "desk", "1s", json!({})),
        "short": crowd(1, 0, "desk", "10s", json!({})),
    });
    let rule = json!([{"reserve": {"station": "desk", "classes": ["long", "short"], "workers": 1}}]);
    let run = play(60, json!({"desk": {"workers": 2}}), classes, rule);
    assert_eq!((run.classes[1].wait.count(), run.classes[1].wait.sum()), (1, seconds(19)));
}

/// The queue stands since 1 s; at 10 s one has waited 9 s, the other exactly the target.
#[test]
fn controlled_delay_drops_who_waited_longer_than_the_target_and_not_who_waited_so_long() {
    let classes = json!({
        "a": crowd(1, 0, "desk", "10s", json!({})),
        "b": crowd(1, 1, "desk", "1s", json!({})),
        "c": crowd(1, 6, "desk", "1s", json!({})),
    });
    let rule = json!([{"codel": {"station": "desk", "target": "4s", "interval": "5s"}}]);
    let run = play(60, json!({"desk": {"workers": 1}}), classes, rule);
    assert_eq!([0, 1, 2].map(|class: usize| run.classes[class].tally.refused), [0, 1, 0]);
    assert_eq!(run.classes[2].wait.sum(), seconds(4));
}

/// The two at the desk have the slots of a call that has ended, and of the service that made it.
#[test]
fn an_outage_fails_the_clients_of_a_station_that_nobody_calls() {
    let stations = json!({
        "base": {"workers": 1},
        "desk": {"workers": 2, "outages": [{"from": at(15.0), "to": at(20.0)}]},
        "web": {"workers": 1, "calls": {"station": "base", "service": "1s"}},
    });
    let classes = json!({"callers": crowd(1, 0, "web", "1s", json!({})), "people": crowd(2, 10, "desk", "100s", json!({}))});
    let run = play(60, stations, classes, json!([]));
    assert_eq!((run.peak_services, run.classes[0].tally.completed), (2, 1));
    assert_eq!((run.classes[1].tally.failed, run.classes[1].tally.abandoned), (2, 2));
}

/// The worker is free at the instant at which the outage begins, which comes before services start.
#[test]
fn a_worker_who_is_free_when_the_outage_begins_starts_nobody() {
    let desk = json!({"desk": {"workers": 1, "outages": [{"from": at(10.0), "to": at(20.0)}]}});
    let run = play(60, desk, json!({"people": crowd(2, 0, "desk", "10s", json!({}))}), json!([]));
    assert_eq!((run.classes[0].tally.completed, run.classes[0].tally.failed), (1, 1));
    assert_eq!(run.classes[0].wait.count(), 1);
}

/// Twice as fast: a service of 10 s, and then the 4 s of a refusal.
#[test]
fn fast_workers_pay_for_refusals_as_fast() {
    let desk = json!({"desk": {"workers": 1, "queue": 0, "refusal_cost": "4s"}});
    let model = model(60, desk, json!({"people": crowd(2, 0, "desk", "10s", json!({}))}), json!([]));
    for (capacity, service, debt) in [(1.0, 10, 4), (2.0, 5, 2), (0.5, 20, 8)] {
        let desk = &simulate(&model, &Trial { capacity, ..TRIAL }, &mut |_| true).unwrap().stations[0];
        assert_eq!((desk.busy, desk.wasted), (seconds(service + debt), seconds(debt)));
    }
}

#[test]
fn a_service_that_was_cut_is_one_of_the_departures_until_its_end_has_passed() {
    let people = crowd(1, 0, "desk", "10s", json!({"timeout": "5s"}));
    let desk = json!({"desk": {"workers": 1, "on_timeout": "leave"}});
    let model = model(60, desk, json!({"people": people}), json!([]));
    let mut run = ready(&model, &TRIAL);
    if let Some(sender) = run.arrive() {
        run.send_now(sender);
    }
    run.now = run.expiries.peek();
    run.expire();
    assert_eq!((run.now.0, run.cut_departures, run.departures.len()), (5 * SECOND, 1, 1));
    run.now = run.departures.peek();
    assert!(run.complete().is_none());
    assert_eq!((run.now.0, run.cut_departures, run.departures.len()), (10 * SECOND, 0, 0));
}

proptest! {
    /// Beside a rule that is asked of every request and lets each through, so that none is refused without a look at it: in a
    /// crowd, at a desk that is closed for a while, with refusals that cost time, and tries that run out.
    #[test]
    fn tries_that_are_refused_again_are_counted_as_if_each_were_looked_at(
        (workers, queue, cost) in (1u32..4, 0u32..5, 0u32..50),
        discipline in select(vec!["fifo", "lifo", "random", "priority", "processor_sharing"]),
        (on_full, on_timeout) in (select(vec!["refuse", "refuse", "drop"]), select(vec!["orphan", "leave"])),
        (attempts, returns, resume) in (2u32..6, 0u32..3, select(vec!["step", "journey"])),
        operators in any::<bool>(),
        counted_from in 0u64..40,
    ) {
        let backoff = json!({"capped_exponential": {"first": "1s", "factor": 2, "max": "8s", "jitter": "full"}});
        let retry = json!({"attempts": attempts, "resume": resume, "backoff": backoff, "returns": returns,
                           "return_after": {"exponential": {"mean": "20s"}}});
        let class = |more| {
            let mut class = crowd(60, 1, "desk", "500ms", more);
            let second = json!({"name": "again", "station": "desk", "service": "500ms", "think": "2s"});
            class["journey"].as_array_mut().unwrap().push(second);
            class
        };
        let mut worked = json!({"timeout": "4s", "retry": retry.clone()});
        if operators {
            worked["operators"] = json!(30);
        }
        let mut desk = json!({"workers": workers, "queue": queue, "discipline": discipline, "on_full": on_full, "on_timeout": on_timeout,
                              "refusal_cost": format!("{cost}ms"), "outages": [{"from": at(30.0), "to": at(60.0)}]});
        if discipline == "processor_sharing" {
            desk["connections"] = json!(workers + 2);
        }
        let run = |rules| {
            let classes = json!({"first": class(json!({"timeout": "4s", "retry": retry.clone()})), "second": class(worked.clone())});
            let mut model = model(300, json!({"desk": desk.clone()}), classes, rules);
            model.measure_from = crate::time::Time(counted_from * SECOND);
            simulate(&model, &TRIAL, &mut |_| true).unwrap()
        };
        let asked = run(json!([{"rate_limit": {"per_minute": 1_000_000, "burst": 1_000_000}}]));
        let run = run(json!([]));
        let refused: u64 = run.classes.iter().map(|class| class.tally.refused).sum();
        prop_assert!(refused > 0 || on_full == "drop" || counted_from > 0);
        prop_assert_eq!(run.events, asked.events);
        let books = |record: &Record| format!("{:?} {:?}", record.classes, record.stations);
        prop_assert_eq!(books(&run), books(&asked));
    }
}
