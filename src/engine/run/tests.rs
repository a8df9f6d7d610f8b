//! Small runs, counted by hand.

use super::super::begin::ready;
use super::super::lab::{TRIAL, compiled};
use super::*;
use crate::time::Span;

const SECOND: u64 = 1_000_000_000;

/// People who come at once at midnight; `journey` is the stations and how long each serves.
fn class(name: &str, people: u32, journey: &[(&str, &str)], more: &str) -> String {
    let step = |(index, (station, service)): (usize, &(&str, &str))| {
        format!(r#"{{"name": "step{index}", "station": "{station}", "service": "{service}"}}"#)
    };
    let steps = journey.iter().enumerate().map(step).collect::<Vec<_>>().join(", ");
    let at_once = r#"[{"share": 1, "curve": {"spike": {"at": "2020-04-01T00:00", "delay": "0s"}}}]"#;
    format!(r#""{name}": {{"population": {people}, "arrivals": {at_once}, "journey": [{steps}]{more}}}"#)
}

/// From midnight to the hour `until`.
fn model(until: &str, stations: &str, classes: &[String], rules: &str) -> Model {
    let classes = classes.join(", ");
    let text = format!(
        r#"{{"format": 1, "name": "small",
             "clock": {{"start": "2020-04-01T00:00", "end": "2020-04-01T{until}", "time_zone": "UTC", "bin": "1h"}},
             "stations": {{{stations}}}, "classes": {{{classes}}}, "policies": {{"only": {{"rules": [{rules}]}}}}}}"#
    );
    compiled(&text)
}

fn play(stations: &str, classes: &[String]) -> Record {
    simulate(&model("01:00", stations, classes, ""), &TRIAL, &mut |_| true).unwrap()
}

/// Neither starts of services nor timeouts of those who have their answer are events.
#[test]
fn arrivals_and_completions_are_all_the_events_of_people_who_do_not_pause() {
    let together = class("people", 4, &[("desk", "1min")], r#", "timeout": "30min""#);
    assert_eq!(play(r#""desk": {"workers": 2}"#, &[together]).events, 4 + 4);
    let one = class("people", 1, &[("desk", "1min"), ("desk", "1min")], "");
    assert_eq!(play(r#""desk": {"workers": 2}"#, &[one]).events, 1 + 2);
}

/// One worker: a look after 10 s finds that both need 20 s. Two workers: both are done after 10 s.
#[test]
fn shared_workers_are_looked_at_no_more_often_than_needed() {
    for (workers, looks) in [(1, 3), (2, 2)] {
        let desk = format!(r#""desk": {{"workers": {workers}, "discipline": "processor_sharing"}}"#);
        let record = play(&desk, &[class("people", 2, &[("desk", "10s")], "")]);
        assert_eq!((record.events, record.classes[0].tally.completed), (2 + looks, 2), "{workers} workers");
    }
}

/// After 10 s someone leaves the only place to wait; whoever comes at that instant from the other station finds it free.
#[test]
fn a_request_without_a_pause_comes_after_the_timeouts_of_its_instant() {
    let stations = r#""front": {"workers": 1}, "desk": {"workers": 1, "queue": 1, "on_timeout": "leave"}"#;
    let served = class("served", 1, &[("desk", "50min")], "");
    let leaves = class("leaves", 1, &[("desk", "1s")], r#", "timeout": "10s""#);
    let comes = class("comes", 1, &[("front", "10s"), ("desk", "1s")], "");
    let record = play(stations, &[served, leaves, comes]);
    let tally = |class: usize| record.classes[class].tally;
    assert_eq!((tally(1).timeouts, tally(2).requests, tally(2).refused, tally(2).completed), (1, 2, 0, 1));
}

/// After 10 s both are done, first the one who goes on to the desk, where then nobody is.
#[test]
fn a_request_without_a_pause_comes_after_all_completions_of_its_instant() {
    let stations = r#""front": {"workers": 1}, "desk": {"workers": 1, "queue": 0}"#;
    let goes_on = class("goes_on", 1, &[("front", "10s"), ("desk", "10s")], "");
    let leaves = class("leaves", 1, &[("desk", "10s")], "");
    let record = play(stations, &[goes_on, leaves]);
    assert_eq!((record.classes[0].tally.refused, record.classes[0].time_to_complete.max()), (0, Some(20 * SECOND)));
}

#[test]
fn workers_twice_as_fast_take_half_the_time() {
    let model = model("01:00", r#""desk": {"workers": 1}"#, &[class("people", 1, &[("desk", "1min")], "")], "");
    for (capacity, seconds) in [(2.0, 30), (1.0, 60), (0.5, 120)] {
        let record = simulate(&model, &Trial { capacity, ..TRIAL }, &mut |_| true).unwrap();
        assert_eq!(record.classes[0].time_to_complete.max(), Some(seconds * SECOND), "{capacity}");
        assert_eq!(record.stations[0].busy, u128::from(seconds * SECOND), "{capacity}");
    }
}

#[test]
fn a_service_that_would_end_with_the_clock_does_not_end() {
    let record = play(r#""desk": {"workers": 1}"#, &[class("people", 1, &[("desk", "1h")], "")]);
    assert_eq!((record.classes[0].tally.completed, record.classes[0].pending, record.events), (0, 1, 1));
}

/// Whoever does not know when it opens is told once; two hours after each opening it is closed again.
#[test]
fn whoever_was_told_the_schedule_sends_no_more_requests_to_a_closed_gate() {
    let closed = r#", "closed": {"aware": 0, "return_delay": "2h"}"#;
    let rule = r#"{"windows": {"open": {"people": ["01:00-02:00", "05:00-06:00"]}}}"#;
    let people = class("people", 1, &[("desk", "1min")], closed);
    let model = model("20:00", r#""desk": {"workers": 1}"#, &[people], rule);
    let tally = simulate(&model, &TRIAL, &mut |_| true).unwrap().classes[0].tally;
    assert_eq!((tally.closed, tally.requests, tally.sessions), (1, 1, 1));
}

/// However many go on beside them: no more than half of what is held is cut.
#[test]
fn services_that_are_cut_are_forgotten_beside_many_that_go_on() {
    let model = model("01:00", r#""desk": {"workers": 1}"#, &[class("people", 1, &[("desk", "1min")], "")], "");
    let mut run = ready(&model, &TRIAL);
    let long = Span::from_seconds(600);
    for _ in 0..1500 {
        run.occupy(0, None, long);
    }
    for _ in 0..10_000 {
        let slot = run.occupy(0, None, long);
        run.cut_service(slot);
    }
    assert!(run.services.len() <= 2 * 1500 + 1, "{} slots for services", run.services.len());
}

/// Beside a station whose workers are shared all departures stay in the heap: whoever never goes there fares alike. Many of the
/// constant services end at once.
#[test]
fn few_and_many_services_end_in_the_order_of_the_heap() {
    let rest = r#", "timeout": "70s", "retry": {"attempts": 2, "backoff": {"uniform": {"min": "0s", "max": "5min"}}}"#;
    let drawn = class("drawn", 6000, &[("desk", "1min"), ("desk", "2min")], rest)
        .replace(r#""service": "1min""#, r#""service": {"exponential": {"mean": "1min"}}"#);
    let classes = [class("constant", 2000, &[("desk", "45s"), ("desk", "45s")], rest), drawn];
    for workers in [5_u64, 60, 400, 2500] {
        let desk = format!(r#""desk": {{"workers": {workers}, "on_timeout": "leave"}}"#);
        let alone = play(&desk, &classes);
        let beside = play(&format!(r#"{desk}, "idle": {{"workers": 1, "discipline": "processor_sharing"}}"#), &classes);
        let [constant, drawn] = [&alone.classes[0].tally, &alone.classes[1].tally];
        let some = workers / 3;
        assert!(constant.answered > some && drawn.answered > some && drawn.timeouts > 1024, "{constant:?} {drawn:?}");
        assert_eq!((alone.events, format!("{:?}", alone.classes)), (beside.events, format!("{:?}", beside.classes)));
    }
}

/// Whether the lines of the stations keep their timeouts themselves.
fn keep_their_timeouts(stations: &str, classes: &[String], rules: &str) -> Vec<bool> {
    let model = model("01:00", stations, classes, rules);
    ready(&model, &TRIAL).stations.iter().map(|station| station.patience.is_some()).collect()
}

/// The same people at the same stations, with every timeout kept by itself: ties, retries, two lines, others' timeouts between.
#[test]
fn a_line_that_keeps_its_timeouts_itself_gives_what_each_kept_by_itself_gives() {
    let retry = r#""retry": {"attempts": 3, "backoff": {"exponential": {"mean": "20s"}}}, "timeout_covers": "queue""#;
    let many = |name: &str, journey: &[(&str, &str)], timeout: &str| {
        class(name, 400, journey, &format!(r#", "timeout": {timeout}, {retry}"#)).replace(
            r#"{"spike": {"at": "2020-04-01T00:00", "delay": "0s"}}"#,
            r#"{"spike": {"at": "2020-04-01T00:00", "delay": {"lognormal": {"mean": "5min", "cv": 2}}}}"#,
        )
    };
    let desk = r#""desk": {"workers": 2, "queue": 30, "on_timeout": "leave"}"#;
    let both = format!(r#"{desk}, "back": {{"workers": 1, "on_timeout": "leave"}}"#);
    let at_once = class("people", 50, &[("desk", "3s")], &format!(r#", "timeout": "10s", {retry}"#));
    let drawn = r#"{"exponential": {"mean": "8s"}}"#;
    for (stations, classes, kept) in [
        (desk, vec![many("a", &[("desk", "4s")], r#""10s""#)], &[true][..]),
        (desk, vec![at_once], &[true]),
        (&both, vec![many("a", &[("desk", "4s"), ("back", "3s")], r#""10s""#)], &[true, true]),
        (&both, vec![many("a", &[("desk", "4s")], r#""10s""#), many("b", &[("back", "3s")], drawn)], &[true, false]),
    ] {
        assert_eq!(keep_their_timeouts(stations, &classes, ""), kept, "{stations}");
        let model = model("01:00", stations, &classes, "");
        let one_by_one = || {
            let mut run = ready(&model, &TRIAL);
            run.stations.iter_mut().for_each(|station| station.patience = None);
            let events = run.play(Place::default(), &mut |_| true, &mut Nobody).unwrap();
            run.finish(events).unwrap()
        };
        let record = simulate(&model, &TRIAL, &mut |_| true).unwrap();
        assert!(record.classes[0].tally.timeouts > 20);
        // Timeouts of those who are served already are no events here, and there where two stations have one list.
        let told = |record: Record| format!("{:?}", Record { events: 0, ..record });
        assert!(told(record) == told(one_by_one()), "{stations}");
    }
}

/// Where another order is served, the server does not learn of timeouts, they last into the service or differ, or people leave
/// the line for other reasons, each timeout is kept by itself.
#[test]
fn lines_that_are_left_in_another_order_do_not_keep_their_timeouts() {
    let people = |more: &str| class("people", 1, &[("desk", "1min")], more);
    let queue = r#", "timeout": "10s", "timeout_covers": "queue""#;
    let with = |station: &str, class: &str, rules: &str| {
        let desk = format!(r#""desk": {{"workers": 1{station}}}, "base": {{"workers": 1}}"#);
        keep_their_timeouts(&desk, &[people(class)], rules)[0]
    };
    let leave = r#", "on_timeout": "leave""#;
    assert!(with(leave, queue, ""));
    for station in [
        "".to_owned(),
        format!(r#"{leave}, "discipline": "lifo""#),
        format!(r#"{leave}, "queue": 5, "on_full": "drop""#),
        format!(r#"{leave}, "outages": [{{"from": "2020-04-01T00:10", "to": "2020-04-01T00:20"}}]"#),
        format!(r#"{leave}, "queue": 9, "crash": {{"queue": 5, "restart": "2min"}}"#),
        format!(r#"{leave}, "calls": {{"station": "base", "service": "1s"}}"#),
    ] {
        assert!(!with(&station, queue, ""), "{station}");
    }
    for class in ["", r#", "timeout": "10s""#, r#", "timeout": {"exponential": {"mean": "10s"}}, "timeout_covers": "queue""#] {
        assert!(!with(leave, class, ""), "{class}");
    }
    let other = class("other", 1, &[("desk", "1min")], r#", "timeout": "11s", "timeout_covers": "queue""#);
    let desk = r#""desk": {"workers": 1, "on_timeout": "leave"}"#;
    assert_eq!(keep_their_timeouts(desk, &[people(queue), other], ""), [false]);
    assert!(!with(leave, queue, r#"{"adaptive_lifo": {"station": "desk", "interval": "1min"}}"#));
}
